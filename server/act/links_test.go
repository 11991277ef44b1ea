package act

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/remember"
)

// outside moves a file of the workspace out of it and leaves a link, as a
// checkout of somebody's branch can.
func (w *world) outside(name string) string {
	w.t.Helper()
	out := filepath.Join(filepath.Dir(w.root), "outside-"+name)
	if err := os.Rename(w.path(name), out); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Symlink(out, w.path(name)); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func TestUndoDoesNotFollowLinksOutOfAnUntrustedFolder(t *testing.T) {
	w := newWorld(t)
	w.write("a", "one\n")
	res := w.apply(w.replace("a", "one", "two"))
	out := w.outside("a")
	w.opts.Untrusted = true
	for what, err := range map[string]error{
		"planning": second(PlanUndo(context.Background(), w.opts, res.ID)),
		"undoing":  second(Undo(context.Background(), w.opts, 0)),
	} {
		if err == nil || !strings.Contains(err.Error(), "leads out of the folder") {
			t.Errorf("%s: %v", what, err)
		}
	}
	w.want(out, "two\n")
	w.opts.Untrusted = false
	w.undo(0)
	w.want(out, "one\n")
}

func second[T any](_ T, err error) error { return err }

func TestRecoverDoesNotFollowLinksOutOfAnUntrustedFolder(t *testing.T) {
	w := newWorld(t)
	w.write("a", "two\n")
	w.write("b", "one\n")
	steps, err := encodeSteps([]step{
		{Kind: stepFile, File: w.path("a"), Before: &content{Text: []byte("one\n")}, After: &content{Text: []byte("two\n")}},
		{Kind: stepFile, File: w.path("b"), Before: &content{Text: []byte("one\n")}, After: &content{Text: []byte("two\n")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	id, err := w.store.Begin(ctx, remember.Entry{Time: time.Now(), Root: w.root, Kind: remember.KindFix, Title: "killed", Token: "0123456789abcdef", Steps: steps})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.store.Doing(ctx, id, steps); err != nil {
		t.Fatal(err)
	}
	out := w.outside("a")

	elsewhere := w.opts
	elsewhere.Root = t.TempDir()
	if got, err := Recover(ctx, elsewhere); err != nil || len(got) != 0 {
		t.Errorf("from another folder: %+v, %v", got, err)
	}
	w.opts.Untrusted = true
	if got, err := Recover(ctx, w.opts); err == nil || !strings.Contains(err.Error(), "leads out of the folder") || len(got) != 0 {
		t.Errorf("untrusted: %+v, %v", got, err)
	}
	w.want(out, "two\n")
	w.opts.Untrusted = false
	if got, err := Recover(ctx, w.opts); err != nil || len(got) != 1 || got[0].Outcome != OutcomeUndone {
		t.Errorf("trusted: %+v, %v", got, err)
	}
	w.want(out, "one\n")
}
