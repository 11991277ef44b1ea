package act

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

func TestApplyAndUndoEveryKind(t *testing.T) {
	for _, reading := range []bool{false, true} {
		w := newWorld(t)
		w.write("go.mod", "module m\n\ngo 1.24\n")
		w.write(w.opts.GOENV, "GOFLAGS=-mod=mod\nGOTOOLCHAIN=local")
		fake := &editorFake{values: map[string]string{"GOROOT": "/old"}}
		w.opts.Editor = fake
		if reading {
			w.opts.Editor = readingEditor{fake}
		}
		res := w.apply(
			w.replace("go.mod", "1.24", "1.24.0"),
			w.create("godrift.toml", "# policy\n"),
			setGOENV("GOTOOLCHAIN", "go1.25.3"),
			drift.Action{Kind: drift.ActionSetEditor, Variable: "GOTOOLCHAIN", Value: "go1.25.3"},
			drift.Action{Kind: drift.ActionUnsetEditor, Variable: "GOROOT"},
			drift.Action{Kind: drift.ActionSetShell, Variable: "GOTOOLCHAIN", Value: "go1.25.3"},
		)
		w.want("go.mod", "module m\n\ngo 1.24.0\n")
		w.want("godrift.toml", "# policy\n")
		w.want(w.opts.GOENV, "GOFLAGS=-mod=mod\nGOTOOLCHAIN=go1.25.3")
		if len(fake.values) != 1 || fake.values["GOTOOLCHAIN"] != "go1.25.3" {
			t.Errorf("the editor has %v", fake.values)
		}
		if len(res.Files) != 3 || len(res.Done) != 5 || len(res.Shell) != 1 || res.ID == 0 {
			t.Errorf("Result = %+v", res)
		}
		undone := w.undo(0)
		before := func() {
			t.Helper()
			w.want("go.mod", "module m\n\ngo 1.24\n")
			w.want("godrift.toml", "<none>")
			w.want(w.opts.GOENV, "GOFLAGS=-mod=mod\nGOTOOLCHAIN=local")
			if len(fake.values) != 1 || fake.values["GOROOT"] != "/old" {
				t.Errorf("the editor has %v", fake.values)
			}
		}
		before()
		if _, err := Undo(context.Background(), w.opts, res.ID); !errors.Is(err, ErrNothing) {
			t.Errorf("undoing twice: %v", err)
		}
		redone := w.undo(undone.ID) // undo of undo
		w.want("go.mod", "module m\n\ngo 1.24.0\n")
		w.want("godrift.toml", "# policy\n")
		w.undo(redone.ID)
		before()
		if _, err := Undo(context.Background(), w.opts, 0); !errors.Is(err, ErrNothing) {
			t.Errorf("undoing when all is undone: %v", err)
		}
		w.clean()
	}
}

func TestRefusesWhatChanged(t *testing.T) {
	w := newWorld(t)
	w.write("go.mod", "module m\n\ngo 1.24\n")
	w.write(".go-version", "1.24\n")
	both := fixOf(w.replace(".go-version", "1.24", "1.25"), w.replace("go.mod", "1.24", "1.25"))
	w.write("go.mod", "module m\n\ngo 1.23\n")
	_, err := Apply(context.Background(), w.opts, both)
	if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), w.path("go.mod")) {
		t.Errorf("Apply to a changed file: %v", err)
	}
	if _, err := Plan(context.Background(), w.opts, both); !errors.Is(err, ErrChanged) {
		t.Errorf("Plan for a changed file: %v", err)
	}
	w.want(".go-version", "1.24\n")
	w.want("go.mod", "module m\n\ngo 1.23\n")

	w.write("godrift.toml", "mine\n")
	if _, err := Apply(context.Background(), w.opts, fixOf(w.create("godrift.toml", "theirs\n"))); !errors.Is(err, ErrChanged) {
		t.Errorf("Create over a file: %v", err)
	}
	w.want("godrift.toml", "mine\n")
	gone := fixOf(w.replace("godrift.toml", "mine", "x"))
	if err := os.Remove(w.path("godrift.toml")); err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(context.Background(), w.opts, gone); !errors.Is(err, ErrChanged) {
		t.Errorf("editing a file that is gone: %v", err)
	}
	w.clean()
}

func TestUndoRefusesAndKeepsTheOldText(t *testing.T) {
	w := newWorld(t)
	w.write("go.mod", "go 1.24\n")
	w.write(".go-version", "1.24\n")
	res := w.apply(w.replace(".go-version", "1.24", "1.25"), w.replace("go.mod", "1.24", "1.25"))
	w.write("go.mod", "go 1.25\n// mine\n")
	_, err := Undo(context.Background(), w.opts, res.ID)
	if !errors.Is(err, ErrChanged) {
		t.Fatalf("Undo over somebody's work: %v", err)
	}
	w.want(".go-version", "1.25\n")
	w.want("go.mod", "go 1.25\n// mine\n")
	kept := filepath.Join(w.store.Dir(), "kept", "1")
	if !strings.Contains(err.Error(), kept) {
		t.Errorf("the error does not name %s: %v", kept, err)
	}
	w.want(filepath.Join(kept, "2-go.mod"), "go 1.24\n")
	// Once the file is as it was, the same undo works.
	w.write("go.mod", "go 1.25\n")
	w.undo(res.ID)
	w.want("go.mod", "go 1.24\n")
}

func TestRollsBackWhenAStepFails(t *testing.T) {
	w := newWorld(t)
	w.write("go.mod", "go 1.24\n")
	w.write(w.opts.GOENV, "GOTOOLCHAIN=local\n")
	fake := &editorFake{values: map[string]string{}, failing: errors.New("the editor says no")}
	w.opts.Editor = fake
	_, err := Apply(context.Background(), w.opts, fixOf(
		w.replace("go.mod", "1.24", "1.25"), w.create("new/deep.txt", "x"), setGOENV("GOTOOLCHAIN", "auto"),
		drift.Action{Kind: drift.ActionSetEditor, Variable: "GOTOOLCHAIN", Value: "auto"},
	))
	if err == nil || !strings.Contains(err.Error(), "the editor says no") || strings.Contains(err.Error(), "taken back") {
		t.Errorf("Apply: %v", err)
	}
	w.want("go.mod", "go 1.24\n")
	w.want("new/deep.txt", "<none>")
	w.want(w.opts.GOENV, "GOTOOLCHAIN=local\n")
	list, err := w.store.Journal(context.Background(), w.root, 10)
	if err != nil || len(list) != 1 || list[0].State != "failed" || !strings.Contains(list[0].Note, "the editor says no") {
		t.Errorf("the journal holds %+v, %v", list, err)
	}
	if _, err := Undo(context.Background(), w.opts, list[0].ID); !errors.Is(err, ErrNothing) {
		t.Errorf("undoing what failed: %v", err)
	}
	w.clean()
}

func TestCancelledInTheMiddle(t *testing.T) {
	w := newWorld(t)
	w.write("a", "1")
	w.write("b", "1")
	ctx, cancel := context.WithCancel(context.Background())
	w.opts.reached = func(point string) {
		if point == "renamed" {
			cancel()
		}
	}
	_, err := Apply(ctx, w.opts, fixOf(w.replace("a", "1", "2"), w.replace("b", "1", "2")))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Apply: %v", err)
	}
	w.want("a", "1")
	w.want("b", "1")
	w.clean()
}

func TestNeedsAnEditor(t *testing.T) {
	w := newWorld(t)
	w.write("a", "1")
	_, err := Apply(context.Background(), w.opts, fixOf(w.replace("a", "1", "2"), drift.Action{Kind: drift.ActionSetEditor, Variable: "GOROOT", Value: "/x"}))
	if !errors.Is(err, ErrNoEditor) {
		t.Errorf("Apply without an editor: %v", err)
	}
	w.want("a", "1")
}

func TestSymlinkModeAndMark(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	w := newWorld(t)
	real := w.write(filepath.Join(filepath.Dir(w.root), "elsewhere", "real.mod"), "\ufeffmodule m\r\n\r\ngo 1.24\r\n")
	if err := os.Chmod(real, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("../elsewhere/link.mod", w.path("go.mod")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("real.mod", filepath.Join(filepath.Dir(real), "link.mod")); err != nil {
		t.Fatal(err)
	}
	w.apply(w.replace("go.mod", "1.24", "1.25.0"))
	w.want(real, "\ufeffmodule m\r\n\r\ngo 1.25.0\r\n")
	info, err := os.Lstat(w.path("go.mod"))
	if err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is gone: %v %v", info.Mode(), err)
	}
	if info, err = os.Stat(real); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode is %v, %v", info.Mode(), err)
	}
	w.undo(0)
	w.want(real, "\ufeffmodule m\r\n\r\ngo 1.24\r\n")

	// A GOENV file that is a link to nowhere yet: what it names is made.
	if err := os.MkdirAll(filepath.Dir(w.opts.GOENV), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(w.root, "dotfiles", "goenv"), w.opts.GOENV); err != nil {
		t.Fatal(err)
	}
	w.apply(setGOENV("GOTOOLCHAIN", "auto"))
	w.want("dotfiles/goenv", "GOTOOLCHAIN=auto\n")
	w.undo(0)
	w.want("dotfiles/goenv", "<none>")

	// Links in a circle end with an error, not never.
	if err := os.Symlink("b", w.path("a")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("a", w.path("b")); err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(context.Background(), w.opts, fixOf(w.create("a", "x"))); err == nil {
		t.Error("a circle of links was written to")
	}
	w.clean()
}

func TestRefusesReadOnlyAndOddFiles(t *testing.T) {
	w := newWorld(t)
	if err := os.Mkdir(w.path("go.mod"), 0o755); err != nil {
		t.Fatal(err)
	}
	edit := drift.Action{Kind: drift.ActionEdit, File: w.path("go.mod"), Hash: hashOf(nil)}
	if _, err := Apply(context.Background(), w.opts, fixOf(edit)); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("editing a folder: %v", err)
	}
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		return // nothing is read-only to root
	}
	w.write("ro", "1")
	if err := os.Chmod(w.path("ro"), 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := Apply(context.Background(), w.opts, fixOf(w.replace("ro", "1", "2"))); !errors.Is(err, os.ErrPermission) {
		t.Errorf("editing a read-only file: %v", err)
	}
	w.want("ro", "1")
}

// TestErrorsSayWhatNext: whatever stops a fix, the message ends with what a
// person can do about it.
func TestErrorsSayWhatNext(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{changed("/x", nil, &content{}), "nothing was done, because /x is not there any more: changed in the meantime: look at the present findings and choose again"},
		{fmt.Errorf("locking /x: %w", remember.ErrBusy), "try again in a moment"},
		{&fs.PathError{Op: "open", Path: "/x", Err: fs.ErrPermission}, "check who owns it"},
		{&fs.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}, "make room on that disk"},
		{partly{changed("/x", nil, nil), []string{"/y was changed"}}, "could not be taken back: /y was changed"},
	} {
		if got := explain(c.err).Error(); !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
		if !errors.Is(explain(c.err), c.err) && !errors.As(c.err, new(partly)) {
			t.Errorf("%v: the cause is lost", c.err)
		}
	}
}

func TestRefusesNonsense(t *testing.T) {
	w := newWorld(t)
	w.write("a", "12345")
	at := func(edits ...drift.TextEdit) drift.Action {
		return drift.Action{Kind: drift.ActionEdit, File: w.path("a"), Hash: hashOf([]byte("12345")), Edits: edits}
	}
	span := func(start, end int) drift.TextEdit { return drift.TextEdit{Span: drift.Span{Start: start, End: end}} }
	for name, action := range map[string]drift.Action{
		"past the end":  at(span(2, 9)),
		"backwards":     at(span(3, 2)),
		"negative":      at(span(-1, 2)),
		"overlap":       at(span(0, 3), span(2, 4)),
		"relative file": {Kind: drift.ActionEdit, File: "a", Hash: hashOf([]byte("12345"))},
		"unknown kind":  {Kind: "format-disk"},
		"a flag":        {Kind: drift.ActionInstallToolchain, Toolchain: "-x"},
		"a path":        {Kind: drift.ActionInstallToolchain, Toolchain: "go1.25.3/../../x"},
	} {
		if _, err := Apply(context.Background(), w.opts, fixOf(action)); err == nil {
			t.Errorf("%s was accepted", name)
		}
		if _, err := Plan(context.Background(), w.opts, fixOf(action)); err == nil {
			t.Errorf("%s was planned", name)
		}
	}
	w.want("a", "12345")
}
