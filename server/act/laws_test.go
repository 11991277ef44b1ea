package act

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// TestEditThenUndoIsIdentity: whatever the bytes and the edits, what a fix
// makes of a file is taken back to the byte, and what is taken back is redone.
func TestEditThenUndoIsIdentity(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		text := drawText(t, "text")
		w.write("f", string(text))
		body := len(bytes.TrimPrefix(text, bom))
		cuts := rapid.SliceOfN(rapid.IntRange(0, body), 2, 8).Draw(t, "cuts")
		slices.Sort(cuts)
		action := drift.Action{Kind: drift.ActionEdit, File: w.path("f"), Hash: hashOf(text)}
		for i := 0; i+1 < len(cuts); i += 2 {
			action.Edits = append(action.Edits, drift.TextEdit{Span: drift.Span{Start: cuts[i], End: cuts[i+1]}, New: rapid.String().Draw(t, "new")})
		}
		res, err := Apply(context.Background(), w.opts, fixOf(action))
		if err != nil {
			t.Fatal(err)
		}
		after := []byte(w.read("f"))
		if bytes.HasPrefix(text, bom) != bytes.HasPrefix(after, bom) && bytes.HasPrefix(text, bom) {
			t.Fatalf("the byte order mark of %q is gone: %q", text, after)
		}
		if res.ID == 0 {
			if !bytes.Equal(after, text) {
				t.Fatalf("nothing was journaled, but %q became %q", text, after)
			}
			return
		}
		undone, err := Undo(context.Background(), w.opts, res.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.read("f"); got != string(text) {
			t.Fatalf("undone it is %q, was %q", got, text)
		}
		if _, err := Undo(context.Background(), w.opts, undone.ID); err != nil {
			t.Fatal(err)
		}
		if got := w.read("f"); got != string(after) {
			t.Fatalf("redone it is %q, was %q", got, after)
		}
	})
}

func drawText(t *rapid.T, label string) []byte {
	text := rapid.SliceOf(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\r\n\n a=1.")))).Draw(t, label)
	if rapid.Bool().Draw(t, "mark") {
		text = append(slices.Clone(bom), text...)
	}
	return text
}

// TestGOENVLaws: a change of variables in any GOENV file gives these variables
// their values, leaves those of all others alone, keeps nothing of other lines,
// and turned around gives the very bytes back.
func TestGOENVLaws(t *testing.T) {
	names := []string{"GOTOOLCHAIN", "GOFLAGS", "GOROOT", "GO386", "GO"}
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.OneOf(
			rapid.Custom(func(t *rapid.T) string {
				return rapid.SampledFrom(names).Draw(t, "name") + "=" + rapid.SampledFrom([]string{"", "a", "b=c", "x y\r", "local"}).Draw(t, "value")
			}),
			rapid.SampledFrom([]string{"", "# GOROOT=x", " GOROOT=x", "export GOFLAGS=y", "noise", "\ufeffGOROOT=z", "\r"}),
		)
		var text []byte
		for i, l := range rapid.SliceOfN(line, 0, 8).Draw(t, "lines") {
			if i > 0 {
				text = append(text, '\n')
			}
			text = append(text, l...)
		}
		if rapid.Bool().Draw(t, "line end") {
			text = append(text, '\n')
		}
		var variables []variable
		for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3, rapid.ID[string]).Draw(t, "changes") {
			v := variable{Name: name, Before: goenvValue(text, name)}
			if rapid.Bool().Draw(t, "set") {
				value := rapid.SampledFrom([]string{"", "new", "other=1"}).Draw(t, "to")
				v.After = &value
			}
			variables = append(variables, v)
		}
		s := step{Kind: stepGOENV, Variables: variables, Splices: goenvSplices(text, variables)}
		after, err := applySplices(text, s.Splices)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			want := goenvValue(text, name)
			if i := slices.IndexFunc(variables, func(v variable) bool { return v.Name == name }); i >= 0 {
				want = variables[i].After
			}
			if got := goenvValue(after, name); !equal(got, want) {
				t.Fatalf("%s is %v, want %v\nbefore %q\nafter  %q", name, show(got), show(want), text, after)
			}
		}
		for _, sp := range s.Splices {
			for _, l := range bytes.Split(bytes.Trim(sp.Old, "\n"), []byte("\n")) {
				name, _, _ := bytes.Cut(l, []byte("="))
				if len(l) > 0 && !slices.Contains(s.names(), string(name)) {
					t.Fatalf("the splice %q holds somebody else's line", sp.Old)
				}
			}
		}
		back, err := applySplices(after, s.reversed().Splices)
		if err != nil || !bytes.Equal(back, text) {
			t.Fatalf("turned around: %q, %v; was %q", back, err, text)
		}
	})
}

func show(s *string) string {
	if s == nil {
		return "unset"
	}
	return fmt.Sprintf("%q", *s)
}

// TestOneOfManyWins: several fixes of the same state of a file at once; one is
// done, every other is refused.
func TestOneOfManyWins(t *testing.T) {
	w := newWorld(t)
	w.write("go.mod", "go 1.24\n")
	const many = 6
	errs := make([]error, many)
	var fixes []drift.Fix
	for i := range many {
		fixes = append(fixes, fixOf(w.replace("go.mod", "1.24", fmt.Sprintf("1.25.%d", i))))
	}
	var group sync.WaitGroup
	for i := range many {
		// Each with a store of its own, as processes have.
		store, err := remember.Open(w.store.Dir())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { store.Close() })
		opts := w.opts
		opts.Store = func() (*remember.Store, error) { return store, nil }
		group.Go(func() { _, errs[i] = Apply(context.Background(), opts, fixes[i]) })
	}
	group.Wait()
	won := -1
	for i, err := range errs {
		switch {
		case err == nil && won >= 0:
			t.Errorf("%d and %d both won", won, i)
		case err == nil:
			won = i
		case !errors.Is(err, ErrChanged):
			t.Errorf("%d: %v", i, err)
		}
	}
	if won < 0 {
		t.Fatal("nobody won")
	}
	w.want("go.mod", fmt.Sprintf("go 1.25.%d\n", won))
	w.clean()
}

// FuzzEdit: no edit whatever makes the splicer panic or touch what lies
// outside it.
func FuzzEdit(f *testing.F) {
	f.Add([]byte("module m\n"), 0, 6, "x")
	f.Add([]byte("\ufeffgo 1.24\r\n"), 3, 7, "1.25")
	f.Add([]byte(""), 0, 0, "")
	f.Add([]byte("a"), -1, 5, "y")
	f.Fuzz(func(t *testing.T, text []byte, start, end int, fresh string) {
		out, err := edit(text, []drift.TextEdit{{Span: drift.Span{Start: start, End: end}, New: fresh}})
		if err != nil {
			return
		}
		head := len(text) - len(bytes.TrimPrefix(text, bom))
		if !bytes.HasPrefix(out, text[:head+start]) || !bytes.HasSuffix(out, text[head+end:]) {
			t.Fatalf("edit(%q, %d, %d, %q) = %q", text, start, end, fresh, out)
		}
	})
}

// FuzzGOENV: whatever is in the file, setting gives the value, taking back
// gives the bytes.
func FuzzGOENV(f *testing.F) {
	f.Add([]byte("GOTOOLCHAIN=local\nGOFLAGS=-x"), "GOTOOLCHAIN", "auto")
	f.Add([]byte("\ufeffA=1\r\n\r\nA=2"), "A", "")
	f.Add([]byte("="), "GO", "=")
	f.Fuzz(func(t *testing.T, text []byte, name, value string) {
		if name == "" || bytes.ContainsAny([]byte(name+value), "=\r\n\x00\v") {
			return
		}
		s := step{Kind: stepGOENV, Variables: []variable{{Name: name, After: &value}}}
		s.Splices = goenvSplices(text, s.Variables)
		after, err := applySplices(text, s.Splices)
		if err != nil {
			t.Fatal(err)
		}
		if got := goenvValue(after, name); got == nil || *got != value {
			t.Fatalf("%q: %s is %s, want %q", after, name, show(got), value)
		}
		back, err := applySplices(after, s.reversed().Splices)
		if err != nil || !bytes.Equal(back, text) {
			t.Fatalf("turned around: %q, %v; was %q", back, err, text)
		}
	})
}
