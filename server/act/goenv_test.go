package act

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

func TestGOENVFile(t *testing.T) {
	for _, c := range []struct {
		name, before string
		action       drift.Action
		after        string
	}{
		{"new file in a new folder", "<none>", setGOENV("GOTOOLCHAIN", "auto"), "GOTOOLCHAIN=auto\n"},
		{"last of several counts", "GOTOOLCHAIN=a\nGOFLAGS=-x\nGOTOOLCHAIN=b\n", setGOENV("GOTOOLCHAIN", "c"), "GOTOOLCHAIN=a\nGOFLAGS=-x\nGOTOOLCHAIN=c\n"},
		{"unset takes all out", "GOTOOLCHAIN=a\nGOFLAGS=-x\nGOTOOLCHAIN=b", unsetGOENV("GOTOOLCHAIN"), "GOFLAGS=-x\n"},
		{"comments stay", "# mine\n\n  GOTOOLCHAIN=no\nZ\n", setGOENV("GOTOOLCHAIN", "auto"), "# mine\n\n  GOTOOLCHAIN=no\nZ\nGOTOOLCHAIN=auto\n"},
		{"no line end", "GOFLAGS=-x", setGOENV("GOTOOLCHAIN", "auto"), "GOFLAGS=-x\nGOTOOLCHAIN=auto\n"},
		{"the carriage return was a part of the value", "GOFLAGS=-x\r\nGOTOOLCHAIN=local\r\n", setGOENV("GOTOOLCHAIN", "local"), "GOFLAGS=-x\r\nGOTOOLCHAIN=local\n"},
		{"a mark hides line 1", "\ufeffGOTOOLCHAIN=x\n", setGOENV("GOTOOLCHAIN", "auto"), "\ufeffGOTOOLCHAIN=x\nGOTOOLCHAIN=auto\n"},
		{"empty value", "GOTOOLCHAIN=x\n", setGOENV("GOTOOLCHAIN", ""), "GOTOOLCHAIN=\n"},
		{"nothing to take out", "GOFLAGS=-x\n", unsetGOENV("GOTOOLCHAIN"), "GOFLAGS=-x\n"},
		{"no file to take out of", "<none>", unsetGOENV("GOTOOLCHAIN"), "<none>"},
		{"what go env -u refuses to repair", "GOWORK=rel\n", unsetGOENV("GOWORK"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			if c.before != "<none>" {
				w.write(w.opts.GOENV, c.before)
			}
			res := w.apply(c.action)
			w.want(w.opts.GOENV, c.after)
			if (res.ID != 0) != (c.before != c.after) {
				t.Errorf("Result = %+v", res)
			}
			if res.ID != 0 {
				w.undo(res.ID)
				w.want(w.opts.GOENV, c.before)
			}
		})
	}
}

// TestGOENVUndoBesideOthers: go env -w of another variable in between does not
// stand in the way of an undo; another value of the same variable does.
func TestGOENVUndoBesideOthers(t *testing.T) {
	w := newWorld(t)
	w.write(w.opts.GOENV, "GOTOOLCHAIN=local\n")
	res := w.apply(setGOENV("GOTOOLCHAIN", "go1.25.3"))
	w.write(w.opts.GOENV, "GOFLAGS=-x\nGOTOOLCHAIN=go1.25.3\n")
	undone := w.undo(res.ID)
	w.want(w.opts.GOENV, "GOFLAGS=-x\nGOTOOLCHAIN=local\n")
	w.write(w.opts.GOENV, "GOFLAGS=-x\nGOTOOLCHAIN=path\n")
	if _, err := Undo(context.Background(), w.opts, undone.ID); err == nil || !strings.Contains(err.Error(), "GOTOOLCHAIN") {
		t.Errorf("redo over another value: %v", err)
	}
	w.want(w.opts.GOENV, "GOFLAGS=-x\nGOTOOLCHAIN=path\n")
}

func TestNoGOENV(t *testing.T) {
	for _, goenv := range []string{"", "off", "rel/env"} {
		w := newWorld(t)
		w.opts.GOENV = goenv
		if _, err := Apply(context.Background(), w.opts, fixOf(setGOENV("GOTOOLCHAIN", "auto"))); err == nil {
			t.Errorf("GOENV=%q was written to", goenv)
		}
	}
}

// TestGOENVAgainstGo: what go env -w refuses godrift refuses too, and after
// what it accepts go reads the same values.
func TestGOENVAgainstGo(t *testing.T) {
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatal("there is no go on PATH to compare with")
	}
	abs := filepath.Join(t.TempDir(), "dir")
	for _, c := range []struct{ name, value string }{
		{"GOFLAGS", "-mod=mod"},
		{"GOPROXY", "off"},
		{"GOPATH", abs},
		{"GOPATH", "rel"},
		{"GOPATH", "~/go"},
		{"GOMODCACHE", "rel"},
		{"GOMODCACHE", abs},
		{"GO111MODULE", "maybe"},
		{"GO111MODULE", "on"},
		{"GOENV", "x"},
		{"GODEBUG", "x=1"},
		{"GOWORK", "off"},
		{"GOVERSION", "go1.2"},
		{"GONONSENSE", "1"},
		{"CC", "gcc -m32"},
		{"CC", "./gcc"},
		{"CC", " "},
		{"CC", "'my cc' -x"},
		{"CC", "'open"},
		{"CXX", "sub/c++"},
		{"GOTMPDIR", "rel"},
		{"GOTMPDIR", ""},
		{"GOPRIVATE", "a\nb"},
		{"GOPRIVATE", "a\vb"},
		{"GOPRIVATE", "a\xffb"},
		{"GOPRIVATE", "*.example"},
		{"GOTOOLCHAIN", "nonsense"},
		{"PATH", "/x"},
		{"gopath", abs},
		{"GOAUTH", "off"},
		{"GOTELEMETRY", "off"},
	} {
		file := filepath.Join(t.TempDir(), "env")
		if err := os.WriteFile(file, []byte("GOSUMDB=off\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		env := append(slices.DeleteFunc(os.Environ(), func(e string) bool { return strings.HasPrefix(e, "GO") }), "GOENV="+file, "GOTOOLCHAIN=local")
		cmd := exec.Command(program, "env", "-w", c.name+"="+c.value)
		cmd.Env, cmd.Dir = env, t.TempDir()
		out, goErr := cmd.CombinedOutput()

		w := newWorld(t)
		w.write(w.opts.GOENV, "GOSUMDB=off\n")
		_, err := Apply(context.Background(), w.opts, fixOf(setGOENV(c.name, c.value)))
		if (goErr == nil) != (err == nil) {
			t.Errorf("%s=%q: go env -w says %v (%s), godrift %v", c.name, c.value, goErr, out, err)
			continue
		}
		if err != nil {
			if said := strings.TrimPrefix(strings.TrimSpace(string(out)), "go: "); !strings.Contains(err.Error(), said) {
				t.Errorf("%s=%q: go says %q, godrift %q", c.name, c.value, said, err)
			}
			continue
		}
		theirs, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{c.name, "GOSUMDB"} {
			if ours := goenvValue([]byte(w.read(w.opts.GOENV)), name); !equal(ours, goenvValue(theirs, name)) {
				t.Errorf("%s=%q: go wrote %q, godrift %q", c.name, c.value, theirs, w.read(w.opts.GOENV))
			}
		}
	}
}
