//go:build unix

package act

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"godrift.dev/server/drift"
)

// The environment of a child that is to be killed: its folder, what it does,
// and the number of the point at which it ends.
const (
	childDir  = "GODRIFT_TEST_CHILD_DIR"
	childDoes = "GODRIFT_TEST_CHILD_DOES"
	childEnds = "GODRIFT_TEST_CHILD_ENDS"
)

// oldTexts and newTexts are the two states that a kill may leave.
var (
	oldTexts = map[string]string{"go.mod": "go 1.24\n", ".go-version": "1.24\n", "new.toml": "<none>", "goenv": "GOFLAGS=-mod=mod\nGOTOOLCHAIN=local\n"}
	newTexts = map[string]string{"go.mod": "go 1.25\n", ".go-version": "1.25\n", "new.toml": "x = 1\n", "goenv": "GOFLAGS=-mod=mod\nGOTOOLCHAIN=auto\n"}
)

func killWorld(t *testing.T, dir string) *world {
	t.Helper()
	w := worldIn(t, dir)
	w.opts.GOENV = w.path("goenv")
	return w
}

func killFix(w *world) drift.Fix {
	return fixOf(
		w.replace("go.mod", "1.24", "1.25"), w.create("new.toml", "x = 1\n"),
		setGOENV("GOTOOLCHAIN", "auto"), w.replace(".go-version", "1.24", "1.25"),
	)
}

// TestKilledChild is not a test of its own: TestKilledAnywhere runs it in a
// process that kills itself, as kill -9 would, at one point of the work.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	ends, err := strconv.Atoi(os.Getenv(childEnds))
	if err != nil {
		t.Fatal(err)
	}
	w := killWorld(t, dir)
	w.opts.reached = killAt(ends)
	switch os.Getenv(childDoes) {
	case "apply":
		_, err = Apply(context.Background(), w.opts, killFix(w))
	case "undo":
		_, err = Undo(context.Background(), w.opts, 0)
	case "recover":
		_, err = Recover(context.Background(), w.opts)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// child runs TestKilledChild and reports whether it was killed.
func child(t *testing.T, dir, does string, ends int) (killed bool) {
	t.Helper()
	t.Setenv(childDoes, does)
	return killedChild(t, "TestKilledChild", dir, ends)
}

// killAt ends the process at its n-th point.
func killAt(n int) func(point string) {
	count := 0
	return func(point string) {
		if count++; count == n {
			fmt.Fprintln(os.Stderr, "ends at", point)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // the signal is on its way
		}
	}
}

// killedChild runs one test in a process of its own and reports whether it was
// killed.
func killedChild(t *testing.T, test, dir string, ends int) bool {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+test+"$", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), childDir+"="+dir, childEnds+"="+strconv.Itoa(ends))
	out, err := cmd.CombinedOutput()
	if err == nil {
		return false
	}
	if state, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || state.Signal() != syscall.SIGKILL {
		t.Fatalf("%s, point %d: %v\n%s", test, ends, err, out)
	}
	return true
}

// state says which of the two states the files are in.
func (w *world) state() string {
	w.t.Helper()
	old, fresh := true, true
	var seen []string
	for name := range oldTexts {
		text := w.read(name)
		old = old && text == oldTexts[name]
		fresh = fresh && text == newTexts[name]
		seen = append(seen, fmt.Sprintf("%s=%q", name, text))
	}
	switch {
	case old:
		return "old"
	case fresh:
		return "new"
	}
	return strings.Join(seen, " ")
}

// begin writes the state in which a child starts.
func (w *world) begin(does string) {
	w.t.Helper()
	for name, text := range oldTexts {
		if text != "<none>" {
			w.write(name, text)
		}
	}
	if does == "undo" {
		if _, err := Apply(context.Background(), w.opts, killFix(w)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func TestKilledAnywhere(t *testing.T) {
	for _, does := range []string{"apply", "undo"} {
		t.Run(does, func(t *testing.T) {
			outcomes := map[Outcome]int{}
			for ends := 1; ; ends++ {
				w := killWorld(t, t.TempDir())
				w.begin(does)
				w.store.Close()
				if !child(t, dirOf(w), does, ends) {
					if ends < 16 {
						t.Errorf("only %d points were reached", ends)
					}
					break
				}
				recovered, err := Recover(context.Background(), w.opts)
				if err != nil {
					t.Fatalf("point %d: %v", ends, err)
				}
				state := w.state()
				if len(recovered) > 0 {
					outcomes[recovered[0].Outcome]++
				}
				w.checkRecovered(ends, does, state, recovered)
				w.clean()
				if again, err := Recover(context.Background(), w.opts); err != nil || len(again) > 0 {
					t.Errorf("point %d: recovering twice finds %+v, %v", ends, again, err)
				}
				// Whatever is in effect can be undone; whatever is not can be applied.
				if state == "new" {
					w.undo(0)
				} else if _, err := Apply(context.Background(), w.opts, killFix(w)); err != nil {
					t.Errorf("point %d: applying afterwards: %v", ends, err)
				}
			}
			for _, o := range []Outcome{OutcomeNothing, OutcomeDone, OutcomeUndone} {
				if outcomes[o] == 0 {
					t.Errorf("no kill led to %q: %v", o, outcomes)
				}
			}
			if outcomes[OutcomeLeft] > 0 {
				t.Errorf("something was left: %v", outcomes)
			}
		})
	}
}

func dirOf(w *world) string { return strings.TrimSuffix(w.root, "/ws") }

func (w *world) checkRecovered(ends int, does, state string, recovered []Recovered) {
	w.t.Helper()
	initial, final := "old", "new"
	if does == "undo" {
		initial, final = final, initial
	}
	want := initial
	switch {
	case len(recovered) == 0:
		want = final // it was killed after the entry was closed
	case recovered[0].Outcome == OutcomeDone:
		want = final
	}
	if state != want || len(recovered) > 1 {
		w.t.Errorf("point %d: the files are %s, want %s; recovered %+v", ends, state, want, recovered)
	}
}

// TestKilledWhileRecovering kills the recovery, at each of its points, of a fix
// that was killed after its second file.
func TestKilledWhileRecovering(t *testing.T) {
	const middle = 9
	for ends := 1; ; ends++ {
		w := killWorld(t, t.TempDir())
		w.begin("apply")
		w.store.Close()
		if !child(t, dirOf(w), "apply", middle) {
			t.Fatal("the first child was not killed")
		}
		if s := w.state(); s == "old" || s == "new" {
			t.Fatalf("point %d is not in the middle any more: the files are %s", middle, s)
		}
		if !child(t, dirOf(w), "recover", ends) {
			if ends < 4 {
				t.Errorf("only %d points were reached", ends)
			}
			return
		}
		if _, err := Recover(context.Background(), w.opts); err != nil {
			t.Fatal(err)
		}
		if s := w.state(); s != "old" {
			t.Errorf("point %d: the files are %s", ends, s)
		}
		w.clean()
	}
}

// TestRecoverLeavesTheLivingAlone: another process's work is not recovered.
func TestRecoverLeavesTheLivingAlone(t *testing.T) {
	w := killWorld(t, t.TempDir())
	w.begin("apply")
	seen := 0
	other := w.opts
	w.opts.reached = func(point string) {
		got, err := Recover(context.Background(), other)
		if err != nil || len(got) > 0 {
			t.Errorf("at %s: recovered %+v, %v", point, got, err)
		}
		seen++
	}
	if _, err := Apply(context.Background(), w.opts, killFix(w)); err != nil {
		t.Fatal(err)
	}
	if s := w.state(); s != "new" || seen < 10 {
		t.Errorf("after %d points the files are %s", seen, s)
	}
}

// TestRecoverAfterSomebodyElse: a file that a person changed after the kill is
// left as it is, and the person is told.
func TestRecoverAfterSomebodyElse(t *testing.T) {
	w := killWorld(t, t.TempDir())
	w.begin("apply")
	w.store.Close()
	if !child(t, dirOf(w), "apply", 9) {
		t.Fatal("the child was not killed")
	}
	w.write("go.mod", "go 1.25\n// mine\n")
	got, err := Recover(context.Background(), w.opts)
	if err != nil || len(got) != 1 || got[0].Outcome != OutcomeLeft || !strings.Contains(got[0].Text, w.path("go.mod")) {
		t.Errorf("recovered %+v, %v", got, err)
	}
	w.want("go.mod", "go 1.25\n// mine\n")
	w.want("new.toml", "<none>")
}
