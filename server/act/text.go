package act

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// bom is the byte order mark, after which spans are counted.
var bom = []byte("\xef\xbb\xbf")

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
	case stepEditor, stepMove, stepTool, stepSDK: // they have no text, or too much of it
	}
	return placeForeign
}

// replaceText writes the text after a step in the place of that before.
func (s step) replaceText(opts *Options, token string) error {
	now, err := readDisk(s.File)
	if err != nil {
		return err
	}
	before, after, err := s.texts(now)
	if err != nil {
		return err
	}
	file, err := target(s.File)
	if err != nil {
		return err
	}
	return replacement{file: file, token: token, old: before, text: after, at: opts.at}.do()
}

// restoreText is restore for a file of text.
func (s step) restoreText(opts *Options, token string) error {
	file, err := target(s.File)
	if err != nil {
		return err
	}
	if err := removeTemp(file, token); err != nil {
		return err
	}
	now, err := readDisk(file)
	if err != nil {
		return err
	}
	switch s.find(now) {
	case placeBefore:
		return nil
	case placeAfter:
	case placeForeign:
		return fmt.Errorf("%s was changed by somebody else and is left as it is: %w", s.File, ErrChanged)
	}
	back, err := s.reversed().onto(now)
	if err != nil {
		return err
	}
	before, after, err := back.texts(now)
	if err != nil {
		return err
	}
	return replacement{file: file, token: token, old: before, text: after, at: opts.at}.do()
}

// fitText is fit for a file of text.
func (s step) fitText() (fitted step, there string, err error) {
	now, err := readDisk(s.File)
	if err != nil {
		return step{}, "", err
	}
	if !s.idle() && s.find(now) == placeAfter {
		return s, asBefore(s.File), nil
	}
	fitted, err = s.onto(now)
	return fitted, "", err
}

// onto fits a step to what its file holds now. The GOENV file belongs to
// everybody: there it counts only whether the variables of the step are as it
// expects. Of every other file, each byte counts.
func (s step) onto(now *content) (step, error) {
	_, _, err := s.texts(now)
	if !errors.Is(err, ErrChanged) || s.Kind != stepGOENV {
		return s, err
	}
	if !s.holds(now, func(v variable) *string { return v.Before }) {
		return step{}, fmt.Errorf("%v in %s: the value is another than expected: %w", s.names(), s.File, ErrChanged)
	}
	var text []byte
	if now != nil {
		text = now.Text
	}
	s.HashBefore = s.hash(now)
	s.Splices = goenvSplices(text, s.Variables)
	after, err := applySplices(text, s.Splices)
	if err != nil {
		return step{}, err
	}
	if s.HashAfter = hashOf(after); len(s.Splices) == 0 {
		s.HashAfter = s.HashBefore
	}
	return s, nil
}

// holds reports whether a GOENV file gives the step's variables these values.
func (s step) holds(now *content, want func(variable) *string) bool {
	var text []byte
	if now != nil {
		text = now.Text
	}
	for _, v := range s.Variables {
		if !equal(goenvValue(text, v.Name), want(v)) {
			return false
		}
	}
	return true
}
