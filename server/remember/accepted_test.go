package remember

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

func acceptedSample(root string) drift.Baseline {
	return drift.Baseline{Record: drift.Record{
		Version: drift.RecordVersion, Time: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), Root: root, Of: "editor",
		Values: map[string]string{
			"env.GOFLAGS": "-a='x' \n\xff", "env.GOFLAGS@layer": "process", "env.GOPROXY": "https://***@proxy.example", "env.GOPROXY@layer": "goenv /e",
			"env.GOPROXY@keyed": "0123456789abcdef", drift.KeySelected: "go1.26.8", drift.KeyScore: "7", "pin.go.mod:go.mod:go": "1.25", "host.os": "x",
		},
	}}
}

// TestAccepted holds that a prompt reads the variables of the baseline and no more,
// without a database, and refuses what nobody published.
func TestAccepted(t *testing.T) {
	dir, root := t.TempDir(), "/w/it's"
	if _, err := ReadAccepted(dir, root); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing was published, and read: %v", err)
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	b := acceptedSample(root)
	if err := s.Publish(b, []string{"GOPROXY", "GOFLAGS"}); err != nil {
		t.Fatal(err)
	}
	a, err := ReadAccepted(dir, root)
	if err != nil {
		t.Fatal(err)
	}
	want := acceptedSample(root).Record
	for _, key := range []string{drift.KeyScore, "pin.go.mod:go.mod:go", "host.os"} {
		delete(want.Values, key)
	}
	if diff := cmp.Diff(Accepted{want, []string{"GOFLAGS", "GOPROXY"}}, a); diff != "" {
		t.Error(diff)
	}
	if len(b.Record.Values) != len(acceptedSample(root).Record.Values) {
		t.Error("the baseline was changed")
	}
	file := AcceptedFile(dir, root)
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error(info, err)
	}
	if there, err := s.Exists(); there || err != nil {
		t.Error("a database was made", err)
	}

	// What stands there already is not written again, so that no prompt looks again.
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(b, []string{"GOFLAGS", "GOPROXY"}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || !info.ModTime().Equal(old) {
		t.Error("it was written again", err)
	}

	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"cut":             string(text[:len(text)/2]),
		"changed":         strings.Replace(string(text), "go1.26.8", "go1.26.9", 1),
		"another version": strings.Replace(string(text), "v1 ", "v2 ", 1),
		"another root":    strings.Replace(string(text), "/w/it's", "/w/other", 1),
		"other variables": strings.Replace(string(text), "GOFLAGS GOPROXY", "GOFLAGS PATH", 1),
		"huge":            string(text) + strings.Repeat("x", maxAccepted),
		"empty":           "",
	} {
		if err := os.WriteFile(file, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if a, err := ReadAccepted(dir, root); err == nil || !strings.Contains(err.Error(), "godrift check") {
			t.Errorf("%s: read as %+v, %v", name, a, err)
		}
	}
	if err := s.Publish(b, nil); err != nil {
		t.Fatal(err)
	}
	if a, err := ReadAccepted(dir, root); err != nil || len(a.Chosen) != 0 {
		t.Errorf("it was not mended: %+v, %v", a, err)
	}
}

func FuzzAccepted(f *testing.F) {
	dir := f.TempDir()
	s, err := Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Publish(acceptedSample("/w"), []string{"GOFLAGS"}); err != nil {
		f.Fatal(err)
	}
	text, err := os.ReadFile(AcceptedFile(dir, "/w"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(acceptedHeading + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := decodeAccepted(text)
		if err != nil {
			return
		}
		for key, value := range a.Record.Values {
			if name, ok := drift.KeyVariable(key); ok && key == drift.EnvKey(name) && drift.Mask(name, value) != value {
				t.Errorf("a secret in %s was read", name)
			}
		}
	})
}
