package act

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

func setEditor(name, value string) drift.Action {
	return drift.Action{Kind: drift.ActionSetEditor, Variable: name, Value: value}
}

// TestEditorChangedSince: an editor that can be asked is not overrun.
func TestEditorChangedSince(t *testing.T) {
	w := newWorld(t)
	fake := &editorFake{values: map[string]string{"GOTOOLCHAIN": "local"}}
	w.opts.Editor = readingEditor{fake}
	w.apply(setEditor("GOTOOLCHAIN", "auto"))
	fake.values["GOTOOLCHAIN"] = "path"
	if _, err := Undo(context.Background(), w.opts, 0); !errors.Is(err, ErrChanged) {
		t.Errorf("Undo: %v", err)
	}
	if fake.values["GOTOOLCHAIN"] != "path" {
		t.Errorf("the editor has %v", fake.values)
	}
}

// TestEditorRolledBack: a file that cannot be written takes the editor's
// variables back too.
func TestEditorRolledBack(t *testing.T) {
	for _, reading := range []bool{false, true} {
		w := newWorld(t)
		w.write("go.mod", "go 1.24\n")
		fake := &editorFake{values: map[string]string{"GOTOOLCHAIN": "local"}}
		w.opts.Editor = fake
		if reading {
			w.opts.Editor = readingEditor{fake}
		}
		action := w.replace("go.mod", "1.24", "1.25")
		w.opts.reached = func(point string) {
			if point == "edited" {
				w.write("go.mod", "somebody was here\n")
			}
		}
		_, err := Apply(context.Background(), w.opts, fixOf(setEditor("GOTOOLCHAIN", "auto"), setEditor("GOFLAGS", "-x"), action))
		if err == nil {
			t.Error("the fix was applied over somebody's change")
		}
		if len(fake.values) != 1 || fake.values["GOTOOLCHAIN"] != "local" {
			t.Errorf("reading %v: the editor has %v (%v)", reading, fake.values, err)
		}
	}
}

// TestRecoverGoesOn: an entry that cannot be put right now does not stand in
// the way of the next, and stays for later; one that cannot be read is told of.
func TestRecoverGoesOn(t *testing.T) {
	w := newWorld(t)
	ctx := context.Background()
	if err := os.Mkdir(w.path("folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"folder", "new.txt"} {
		text, err := encodeSteps([]step{{Kind: stepFile, File: w.path(name), After: &content{[]byte("x")}}})
		if err != nil {
			t.Fatal(err)
		}
		id, err := w.store.Begin(ctx, remember.Entry{Root: w.root, Kind: remember.KindFix, Title: name, Token: fmt.Sprint("t", i), Steps: text})
		if err == nil {
			err = w.store.Doing(ctx, id, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.store.Begin(ctx, remember.Entry{Root: w.root, Kind: remember.KindFix, Title: "garbage", Token: "t2", Steps: []byte("garbage")}); err != nil {
		t.Fatal(err)
	}
	got, err := Recover(ctx, w.opts)
	if err == nil || !strings.Contains(err.Error(), w.path("folder")) {
		t.Errorf("the error is %v", err)
	}
	if len(got) != 2 || got[0].Outcome != OutcomeNothing || got[1].Outcome != OutcomeLeft {
		t.Errorf("recovered %+v", got)
	}
	if open, err := w.store.Unfinished(ctx); err != nil || len(open) != 1 || open[0].Title != "folder" {
		t.Errorf("still open: %+v, %v", open, err)
	}
}

// TestRecoverWaitsForTheEditor: what a killed process did to an editor's
// variables is put right by the process that has that editor.
func TestRecoverWaitsForTheEditor(t *testing.T) {
	auto, local := "auto", "local"
	for _, c := range []struct {
		now     string
		outcome Outcome
	}{{"auto", OutcomeUndone}, {"local", OutcomeNothing}, {"path", OutcomeLeft}} {
		w := newWorld(t)
		ctx := context.Background()
		w.write("go.mod", "go 1.24\n")
		steps := []step{
			{Kind: stepEditor, Variables: []variable{{Name: "GOTOOLCHAIN", Before: &local, After: &auto}}},
			{Kind: stepFile, File: w.path("go.mod"), Before: &content{[]byte("go 1.24\n")}, After: &content{[]byte("go 1.25\n")}},
		}
		text, err := encodeSteps(steps)
		if err != nil {
			t.Fatal(err)
		}
		id, err := w.store.Begin(ctx, remember.Entry{Root: w.root, Kind: remember.KindFix, Title: "x", Token: "t", Steps: text})
		if err == nil {
			err = w.store.Doing(ctx, id, text)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, foreign := range []Options{w.opts, {Root: "/elsewhere", Store: w.opts.Store, Editor: readingEditor{&editorFake{}}}} {
			if got, err := Recover(ctx, foreign); err != nil || len(got) > 0 {
				t.Errorf("recovered without that editor: %+v, %v", got, err)
			}
		}
		fake := &editorFake{values: map[string]string{"GOTOOLCHAIN": c.now}}
		w.opts.Editor = readingEditor{fake}
		got, err := Recover(ctx, w.opts)
		if err != nil || len(got) != 1 || got[0].Outcome != c.outcome {
			t.Errorf("%s: recovered %+v, %v", c.now, got, err)
		}
		want := "local"
		if c.outcome == OutcomeLeft {
			want = c.now
		}
		if fake.values["GOTOOLCHAIN"] != want {
			t.Errorf("%s: the editor has %v", c.now, fake.values)
		}
	}
}
