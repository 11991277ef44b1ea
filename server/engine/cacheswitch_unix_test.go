//go:build unix

package engine

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

// The cache in use is not switched to under another name, which would have it taken
// for one that was left behind, and removed.
func TestCacheByAnotherName(t *testing.T) {
	top := t.TempDir()
	cache, link, above := filepath.Join(top, "real", "cache"), filepath.Join(top, "link"), filepath.Join(top, "above")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{link: cache, above: filepath.Join(top, "real")} {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	in := func(value string) drift.Environment {
		return drift.Environment{Variables: []drift.Variable{{Name: "GOCACHE", Layer: drift.Layer{Kind: drift.LayerGOENV, Value: value}}}}
	}
	for _, to := range []string{link, filepath.Join(link, "in", "it"), filepath.Join(above, "cache"), above, filepath.Join(above, "cache", "in")} {
		if err := (CacheSwitch{From: cache, To: to}).fits(t.Context()); err == nil {
			t.Errorf("%s is taken for another cache than %s", to, cache)
		}
		if err := (CacheSwitch{From: link, To: to}).fits(t.Context()); err == nil {
			t.Errorf("%s is taken for another cache than %s", to, link)
		}
		if !active(in(to), cache) {
			t.Errorf("with GOCACHE=%s the cache %s counts as left behind", to, cache)
		}
	}
	for _, to := range []string{filepath.Join(above, "other"), filepath.Join(top, "cache")} {
		if err := (CacheSwitch{From: cache, To: to}).fits(t.Context()); err != nil {
			t.Errorf("%s: %v", to, err)
		}
		if active(in(to), cache) {
			t.Errorf("with GOCACHE=%s the cache %s counts as in use", to, cache)
		}
	}
	if active(in("off"), cache) {
		t.Error("off is no folder")
	}
}

// Where there is no cache, the new one goes beside the one that there would be.
func TestCacheSwitchedOn(t *testing.T) {
	home := t.TempDir()
	report := &drift.Report{Snapshot: &drift.Snapshot{Environment: drift.Environment{
		GOENV: filepath.Join(home, "env"),
		Variables: []drift.Variable{{
			Name: "GOCACHE", Layer: drift.Layer{Kind: drift.LayerGOENV, Value: "off"},
			Shadowed: []drift.Layer{{Kind: drift.LayerDefault, Value: filepath.Join(home, "go-build")}},
		}},
	}}}
	plan, err := PlanCacheSwitch(t.Context(), report, "")
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(plan.To) != home || plan.From != "off" {
		t.Errorf("from %s to %s", plan.From, plan.To)
	}
}

// A compiler can leave a pipe in place of a program.
func TestResultThatIsPipe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "program")
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := readResult(file)
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "no file") {
			t.Errorf("got %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits for the pipe")
	}
}
