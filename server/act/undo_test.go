package act

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestUndoTakesAFileThatIsBackAlreadyForUndone(t *testing.T) {
	w := newWorld(t)
	w.write("a", "one\n")
	w.write("b", "one\n")
	w.write(w.opts.GOENV, "GOTOOLCHAIN=local\n")
	res := w.apply(w.replace("a", "one", "two"), w.replace("b", "one", "two"), setGOENV("GOTOOLCHAIN", "auto"))
	w.write("a", "one\n")
	w.write(w.opts.GOENV, "GOTOOLCHAIN=local\n")

	p, err := PlanUndo(context.Background(), w.opts, res.ID)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(p.Diff, "a/a") || !strings.Contains(p.Diff, "a/b") || !strings.Contains(strings.Join(p.Commands, "\n"), w.path("a")+" is already as it was before") {
		t.Errorf("Preview = %+v", p)
	}
	undone := w.undo(0)
	w.want("a", "one\n")
	w.want("b", "one\n")
	w.want(w.opts.GOENV, "GOTOOLCHAIN=local\n")
	if len(undone.Files) != 1 || len(undone.Done) != 3 {
		t.Errorf("Result = %+v", undone)
	}
	if _, err := Undo(context.Background(), w.opts, 0); !errors.Is(err, ErrNothing) {
		t.Errorf("it still counts as in effect: %v", err)
	}

	// All of it is back already.
	w.apply(w.replace("b", "one", "two"))
	w.write("b", "one\n")
	w.undo(0)
	if _, err := Undo(context.Background(), w.opts, 0); !errors.Is(err, ErrNothing) {
		t.Errorf("it still counts as in effect: %v", err)
	}
	w.clean()
}

func TestUndoNamesTheWayOn(t *testing.T) {
	w := newWorld(t)
	w.write("a", "one\n")
	w.write("b", "one\n")
	first := w.apply(w.replace("a", "one", "two"))
	w.undo(w.apply(w.replace("a", "two", "three")).ID) // not in effect, so no way on
	last := w.apply(w.replace("b", "one", "two"))
	w.write("b", "theirs\n")

	want := fmt.Sprintf("godrift undo --yes %d takes back", first.ID)
	_, err := PlanUndo(context.Background(), w.opts, 0)
	if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), want) {
		t.Errorf("planning: %v", err)
	}
	_, err = Undo(context.Background(), w.opts, last.ID)
	if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), want) {
		t.Errorf("undoing: %v", err)
	}
	w.undo(first.ID)
	w.want("a", "one\n")
	if _, err = Undo(context.Background(), w.opts, last.ID); err == nil || strings.Contains(err.Error(), "takes back") {
		t.Errorf("there is no older one: %v", err)
	}
	if _, err = Undo(context.Background(), w.opts, 99); !errors.Is(err, ErrNothing) || strings.Contains(err.Error(), "\n") {
		t.Errorf("a number that is none: %v", err)
	}
}
