package act

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/shell"
)

// work is a fix taken apart: what is changed with an inverse, and the rest.
type work struct {
	steps    []step
	installs []string
	rebuilds []drift.Action
	shell    []shell.Change
}

// reader reads a file, nil if there is none: from the disk, or as an editor
// shows it.
type reader func(name string) (*content, error)

// bom is the byte order mark, after which spans are counted.
var bom = []byte("\xef\xbb\xbf")

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
		case drift.ActionInstallToolchain:
			if err := checkToolchain(a.Toolchain); err != nil {
				return work{}, err
			}
			w.installs = append(w.installs, a.Toolchain)
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
		}
		if err != nil {
			return work{}, err
		}
	}
	w.steps = slices.DeleteFunc(w.steps, step.idle)
	return w, nil
}

// idle reports whether a step changes nothing.
func (s step) idle() bool {
	switch s.Kind {
	case stepFile:
		return same(s.Before, s.After)
	case stepGOENV, stepTool:
		return s.HashBefore == s.HashAfter
	case stepMove:
		return false
	default:
		return len(s.Variables) == 0
	}
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

func (s *step) prepareFile(actions []drift.Action, read reader) error {
	if !filepath.IsAbs(s.File) {
		return fmt.Errorf("editing %q: the name of the file must be absolute", s.File)
	}
	now, err := read(s.File)
	if err != nil {
		return err
	}
	s.Before = now
	var edits []drift.TextEdit
	for _, a := range actions {
		switch {
		case a.Create && now != nil:
			return changed(s.File, now, nil)
		case !a.Create && now == nil:
			return changed(s.File, nil, &content{})
		case !a.Create && hashOf(now.Text) != a.Hash:
			return changed(s.File, now, &content{})
		}
		edits = append(edits, a.Edits...)
	}
	var text []byte
	if now != nil {
		text = now.Text
	}
	out, err := edit(text, edits)
	if err != nil {
		return fmt.Errorf("editing %s: %w", s.File, err)
	}
	s.After = &content{Text: out}
	return nil
}

// edit replaces the spans, which are counted after a byte order mark, and
// leaves every other byte as it is.
func edit(text []byte, edits []drift.TextEdit) ([]byte, error) {
	head := 0
	if bytes.HasPrefix(text, bom) {
		head = len(bom)
	}
	edits = slices.Clone(edits)
	slices.SortStableFunc(edits, func(a, b drift.TextEdit) int {
		if a.Span.Start != b.Span.Start {
			return a.Span.Start - b.Span.Start
		}
		return a.Span.End - b.Span.End
	})
	out := make([]byte, 0, len(text))
	out = append(out, text[:head]...)
	body := text[head:]
	at := 0
	for _, e := range edits {
		if e.Span.Start < 0 || e.Span.End < e.Span.Start || e.Span.End > len(body) {
			return nil, fmt.Errorf("bytes %d to %d are not in its %d bytes", e.Span.Start, e.Span.End, len(body))
		}
		if e.Span.Start < at {
			return nil, errors.New("two edits overlap")
		}
		out = append(append(out, body[at:e.Span.Start]...), e.New...)
		at = e.Span.End
	}
	return append(out, body[at:]...), nil
}

func (s *step) prepareGOENV(variables []variable, read reader) error {
	if s.File == "" || s.File == "off" {
		return errors.New("changing a variable for the user: there is no GOENV file here (GOENV=off, or no home folder): set the variable in your shell's start-up file instead")
	}
	if !filepath.IsAbs(s.File) {
		return fmt.Errorf("changing a variable for the user: the GOENV file %q is not an absolute path: correct GOENV first", s.File)
	}
	now, err := read(s.File)
	if err != nil {
		return err
	}
	var text []byte
	if now != nil {
		text = now.Text
		s.HashBefore = hashOf(text)
	}
	s.Variables = slices.Clone(variables)
	for i, v := range s.Variables {
		v.Before = goenvValue(text, v.Name)
		s.Variables[i] = v
		if v.Name == "" || strings.ContainsAny(v.Name, "=\r\n\x00") {
			return fmt.Errorf("changing %s: %q is no name of a variable", s.File, v.Name)
		}
		if v.After == nil {
			continue // taking out is always allowed: that is how one gets well again
		}
		if err := checkWrite(v.Name, *v.After, v.Before != nil); err != nil {
			return fmt.Errorf("writing %s to %s, as go env -w says: %w", v.Name, s.File, err)
		}
	}
	s.Splices = goenvSplices(text, s.Variables)
	if len(s.Splices) == 0 {
		s.HashAfter = s.HashBefore
		return nil
	}
	after, err := applySplices(text, s.Splices)
	if err != nil {
		return fmt.Errorf("changing %s: %w", s.File, err)
	}
	s.HashAfter = hashOf(after)
	return nil
}

// texts returns what the step's file holds before and after, given what it
// holds now. It fails with ErrChanged if that is not the state before.
func (s step) texts(now *content) (before, after *content, err error) {
	if s.Kind == stepFile {
		if !same(now, s.Before) {
			return nil, nil, changed(s.File, now, s.Before)
		}
		return s.Before, s.After, nil
	}
	if s.hash(now) != s.HashBefore {
		want := &content{}
		if s.HashBefore == "" {
			want = nil
		}
		return nil, nil, changed(s.File, now, want)
	}
	if s.HashAfter == "" {
		return now, nil, nil
	}
	var text []byte
	if now != nil {
		text = now.Text
	}
	out, err := applySplices(text, s.Splices)
	if err != nil {
		return nil, nil, fmt.Errorf("changing %s: %w", s.File, err)
	}
	return now, &content{Text: out}, nil
}

// hash is that of a file's state, empty for no file.
func (s step) hash(now *content) string {
	if now == nil {
		return ""
	}
	return hashOf(now.Text)
}

// place is where a step's file stands.
type place int

const (
	placeForeign place = iota // neither before nor after: somebody else changed it
	placeBefore
	placeAfter
)

// find says whether the step's file is in its state before or after the step.
func (s step) find(now *content) place {
	switch s.Kind {
	case stepFile:
		if same(now, s.After) {
			return placeAfter
		}
		if same(now, s.Before) {
			return placeBefore
		}
	case stepGOENV:
		switch s.hash(now) {
		case s.HashAfter:
			return placeAfter
		case s.HashBefore:
			return placeBefore
		}
		// The file belongs to everybody: the variables decide.
		switch {
		case s.holds(now, func(v variable) *string { return v.After }):
			return placeAfter
		case s.holds(now, func(v variable) *string { return v.Before }):
			return placeBefore
		}
	case stepEditor, stepMove, stepTool: // they have no text, or too much of it
	}
	return placeForeign
}
