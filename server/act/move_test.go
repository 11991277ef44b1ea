package act

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

func moveOf(w *world, from, to string) drift.Action {
	return drift.Action{Kind: drift.ActionMove, File: w.path(from), To: w.path(to)}
}

func TestMoveAndUndo(t *testing.T) {
	w := newWorld(t)
	w.write("a/one", "1")
	w.write("a/two/in", "2")
	fix := fixOf(moveOf(w, "a/one", "aside/one"), moveOf(w, "a/two", "aside/two"))
	p, err := Plan(context.Background(), w.opts, fix)
	if err != nil || len(p.Commands) != 2 || !strings.HasPrefix(p.Commands[0], "move ") {
		t.Fatalf("the plan is %+v, %v", p, err)
	}
	res, err := Apply(context.Background(), w.opts, fix)
	if err != nil {
		t.Fatal(err)
	}
	if exists(w.path("a/one")) || w.read("aside/one") != "1" || w.read("aside/two/in") != "2" {
		t.Fatal("it was not moved")
	}
	undone, err := Undo(context.Background(), w.opts, res.ID)
	if err != nil {
		t.Fatal(err)
	}
	if exists(w.path("aside/one")) || w.read("a/one") != "1" || w.read("a/two/in") != "2" {
		t.Fatal("it was not moved back")
	}
	if _, err := Undo(context.Background(), w.opts, undone.ID); err != nil || w.read("aside/one") != "1" {
		t.Fatalf("it was not moved again: %v", err)
	}
}

// What was made anew since the move is not overwritten by the undo, and does
// not keep the rest from coming back.
func TestUndoOfAMoveLeavesWhatIsNew(t *testing.T) {
	w := newWorld(t)
	w.write("one", "old")
	w.write("two", "2")
	res, err := Apply(context.Background(), w.opts, fixOf(moveOf(w, "one", "aside/one"), moveOf(w, "two", "aside/two")))
	if err != nil {
		t.Fatal(err)
	}
	w.write("one", "new")
	undone, err := Undo(context.Background(), w.opts, res.ID)
	if err != nil {
		t.Fatal(err)
	}
	if w.read("one") != "new" || w.read("aside/one") != "old" || w.read("two") != "2" {
		t.Error("the new file was touched, or the other did not come back")
	}
	if !strings.Contains(strings.Join(undone.Done, "\n"), "made anew") {
		t.Errorf("it says %q", undone.Done)
	}
}

// One move that is not possible means that none is done.
func TestMoveIsAllOrNothing(t *testing.T) {
	w := newWorld(t)
	w.write("one", "1")
	w.write("two", "2")
	w.write("taken", "3")
	for _, bad := range []drift.Action{moveOf(w, "gone", "x"), moveOf(w, "two", "taken")} {
		_, err := Apply(context.Background(), w.opts, fixOf(moveOf(w, "one", "aside/one"), bad))
		if !errors.Is(err, ErrChanged) || w.read("one") != "1" || w.read("taken") != "3" {
			t.Errorf("%s: %v", bad.File, err)
		}
	}
	if _, err := Apply(context.Background(), w.opts, fixOf(drift.Action{Kind: drift.ActionMove, File: "rel", To: w.path("x")})); err == nil {
		t.Error("a relative name was taken")
	}
	if _, err := Apply(context.Background(), w.opts, fixOf(moveOf(w, "one", "one"))); err == nil {
		t.Error("a move onto itself was taken")
	}
}

// A broken link is moved as it is: nothing follows it.
func TestMoveOfALink(t *testing.T) {
	w := newWorld(t)
	if err := os.Symlink("nowhere", w.path("link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	res, err := Apply(context.Background(), w.opts, fixOf(moveOf(w, "link", "aside/link")))
	if err != nil {
		t.Fatal(err)
	}
	if to, err := os.Readlink(w.path("aside/link")); err != nil || to != "nowhere" {
		t.Errorf("got %q, %v", to, err)
	}
	if _, err := Undo(context.Background(), w.opts, res.ID); err != nil {
		t.Error(err)
	}
}
