package act

import (
	"context"
	"slices"
)

// What the kinds of steps do each in their own way is told apart here: how they
// do it stands with each kind, in text.go, editor.go, move.go, tool.go and sdk.go.

// idle reports whether a step changes nothing.
func (s step) idle() bool {
	switch s.Kind {
	case stepFile:
		return same(s.Before, s.After)
	case stepGOENV, stepTool, stepSDK:
		return s.HashBefore == s.HashAfter
	case stepMove:
		return false
	default:
		return len(s.Variables) == 0
	}
}

// needEditor reports whether only an editor can carry steps out.
func needEditor(steps []step) bool {
	return slices.ContainsFunc(steps, func(s step) bool { return s.Kind == stepEditor })
}

// replaced are the files that steps replace, with all links followed. A move
// replaces nothing, and neither does an SDK: they fail by themselves if somebody
// else was faster.
func replaced(steps []step) ([]string, error) {
	var files []string
	for _, s := range steps {
		if s.File == "" || s.Kind == stepMove || s.Kind == stepSDK {
			continue
		}
		file, err := target(s.File)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

// place is where a step's file stands.
type place int

const (
	placeForeign place = iota // neither before nor after: somebody else changed it
	placeBefore
	placeAfter
)

// where says how far the world is with a step.
func (s step) where(ctx context.Context, opts *Options) (place, error) {
	switch s.Kind {
	case stepEditor:
		return s.placeOfEditor(ctx, opts)
	case stepMove:
		return s.whereMoved(), nil
	case stepTool:
		return s.placeOfTool()
	case stepSDK:
		return s.placeOfSDK()
	default:
		now, err := readDisk(s.File)
		if err != nil {
			return placeForeign, err
		}
		return s.find(now), nil
	}
}

// fit holds a step against the disk as it is now. If there is nothing to do any
// more, there says so.
func (s step) fit(opts *Options) (fitted step, there string, err error) {
	switch s.Kind {
	case stepEditor:
		return s, "", nil // the editor is asked when its turn comes
	case stepMove:
		return s.fitMove()
	case stepTool:
		return s.fitTool(opts)
	case stepSDK:
		return s.fitSDK()
	default:
		return s.fitText()
	}
}

// asBefore says that an undo has nothing to do.
func asBefore(file string) string { return file + " is already as it was before" }

// do carries a step on the disk out; an editor's is setEditor's.
func (s step) do(opts *Options, token string) error {
	switch s.Kind {
	case stepMove:
		return s.move(opts.at)
	case stepTool:
		return s.replaceTool(opts, token)
	case stepSDK:
		return s.doSDK(opts, token)
	default:
		return s.replaceText(opts, token)
	}
}

// restore brings back what was before a step, and removes what a kill left beside
// its file.
func (s step) restore(ctx context.Context, opts *Options, token string) error {
	switch s.Kind {
	case stepEditor:
		return s.restoreEditor(ctx, opts)
	case stepMove:
		return s.moveBack(opts.at)
	case stepTool:
		return s.restoreTool(opts, token)
	case stepSDK:
		return s.restoreSDK(opts, token)
	default:
		return s.restoreText(opts, token)
	}
}

// sentences say what a step did, without secrets.
func (s step) sentences() []string {
	switch s.Kind {
	case stepFile:
		switch {
		case s.Before == nil:
			return []string{"wrote " + s.File}
		case s.After == nil:
			return []string{"removed " + s.File}
		}
		return []string{"changed " + s.File}
	case stepGOENV:
		return sentences(s.Variables, "in "+s.File)
	case stepMove:
		return []string{"moved " + s.File + " to " + s.To}
	case stepTool:
		return []string{s.File + " is now " + s.ToolAfter}
	case stepSDK:
		if s.HashAfter == "" {
			return []string{"removed " + s.File}
		}
		return []string{"installed " + s.ToolAfter + " in " + s.File}
	default:
		return sentences(s.Variables, forEditor)
	}
}
