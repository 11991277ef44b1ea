package act

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/shell"
)

// work is a fix taken apart: what is changed with an inverse, and the rest.
type work struct {
	steps    []step
	installs []string
	sdks     []string
	rebuilds []drift.Action
	trims    []drift.Action
	shell    []shell.Change
}

// reader reads a file, nil if there is none: from the disk, or as an editor
// shows it.
type reader func(name string) (*content, error)

// prepare works the steps of a fix out. Actions on the same file, on the GOENV
// file, and on the editor become one step each, so that each is changed once.
func prepare(opts *Options, fix drift.Fix, read reader) (work, error) {
	var w work
	edits := map[string][]drift.Action{}
	rebuilds := map[string]drift.Action{}
	var goenv, editor []variable
	for _, a := range fix.Actions {
		switch a.Kind {
		case drift.ActionEdit:
			if edits[a.File] == nil {
				if err := opts.stays(a.File); err != nil {
					return work{}, err
				}
				w.steps = append(w.steps, step{Kind: stepFile, File: a.File})
			}
			edits[a.File] = append(edits[a.File], a)
		case drift.ActionSetGOENV, drift.ActionUnsetGOENV:
			if goenv == nil {
				w.steps = append(w.steps, step{Kind: stepGOENV, File: opts.GOENV})
			}
			goenv = with(goenv, a, a.Kind == drift.ActionSetGOENV)
		case drift.ActionSetEditor, drift.ActionUnsetEditor:
			if editor == nil {
				w.steps = append(w.steps, step{Kind: stepEditor, Unknown: true})
			}
			editor = with(editor, a, a.Kind == drift.ActionSetEditor)
		case drift.ActionMove:
			if err := checkMove(a.File, a.To); err != nil {
				return work{}, err
			}
			w.steps = append(w.steps, step{Kind: stepMove, File: a.File, To: a.To})
		case drift.ActionTrimCache:
			if opts.TrimCache == nil || !filepath.IsAbs(a.File) || a.Limit <= 0 || a.Keep < time.Hour {
				return work{}, fmt.Errorf("trimming %q to %d bytes is not possible", a.File, a.Limit)
			}
			w.trims = append(w.trims, a)
		case drift.ActionInstallToolchain:
			if err := checkToolchain(a.Toolchain); err != nil {
				return work{}, err
			}
			w.installs = append(w.installs, a.Toolchain)
		case drift.ActionInstallSDK:
			if err := checkSDK(opts, a); err != nil {
				return work{}, err
			}
			w.sdks = append(w.sdks, a.Toolchain)
			w.steps = append(w.steps, step{Kind: stepSDK, File: sdkFolder(opts.Environ, a.Toolchain), ToolAfter: a.Toolchain})
		case drift.ActionPrependShell:
			dir := a.Value
			if dir == "" {
				if err := checkSDK(opts, a); err != nil {
					return work{}, err
				}
				dir = filepath.Join(sdkFolder(opts.Environ, a.Toolchain), "bin")
			}
			w.shell = append(w.shell, shell.Change{Variable: a.Variable, Value: dir, Prepend: true})
		case drift.ActionRebuildTool:
			if err := checkRebuild(opts, a); err != nil {
				return work{}, err
			}
			if rebuilds[a.File].File != "" {
				return work{}, fmt.Errorf("the fix rebuilds %s twice, which is not supported", a.File)
			}
			rebuilds[a.File] = a
			w.rebuilds = append(w.rebuilds, a)
			w.steps = append(w.steps, step{Kind: stepTool, File: a.File})
		case drift.ActionSetShell, drift.ActionUnsetShell:
			w.shell = append(w.shell, shell.Change{Variable: a.Variable, Value: a.Value, Unset: a.Kind == drift.ActionUnsetShell})
		default:
			return work{}, fmt.Errorf("this godrift does not know how to do %q: update godrift", a.Kind)
		}
	}
	if goenv != nil && edits[opts.GOENV] != nil {
		return work{}, fmt.Errorf("the fix changes %s both as text and by variable, which is not supported", opts.GOENV)
	}
	for i := range w.steps {
		s := &w.steps[i]
		var err error
		switch s.Kind {
		case stepFile:
			err = s.prepareFile(edits[s.File], read)
		case stepGOENV:
			err = s.prepareGOENV(goenv, read)
		case stepEditor:
			s.Variables = editor
		case stepMove:
			err = s.movable()
		case stepTool:
			err = s.prepareTool(opts, rebuilds[s.File])
		case stepSDK:
			err = s.prepareSDK(opts)
		}
		if err != nil {
			return work{}, err
		}
	}
	w.steps = slices.DeleteFunc(w.steps, step.idle)
	return w, nil
}

// with adds a change of a variable; the last word on a name counts.
func with(list []variable, a drift.Action, set bool) []variable {
	v := variable{Name: a.Variable}
	if set {
		v.After = &a.Value
	}
	list = slices.DeleteFunc(list, func(have variable) bool { return have.Name == v.Name })
	return append(list, v)
}
