package gocache

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"
)

func TestList(t *testing.T) {
	cache := newCache(t)
	res := verify(t, cache)
	write(t, filepath.Join(cache, "00", "thesis.txt"), nil)
	fuzz := filepath.Join(cache, "fuzz", "example.com", "p", "FuzzX")
	if err := os.MkdirAll(fuzz, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(fuzz, "input"), []byte("x"))
	list, err := List(t.Context(), cache)
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Entries) != res.Entries || len(list.Outputs) != res.Outputs || len(list.Fuzz) != 1 || !slices.Contains(list.Tops, "README") {
		t.Errorf("listed %d entries, %d outputs, %q and %q; verified %+v", len(list.Entries), len(list.Outputs), list.Fuzz, list.Tops, res)
	}
	if age := time.Since(list.Used); age < 0 || age > time.Minute {
		t.Errorf("used %v ago", age)
	}
	if runtime.GOOS == "windows" {
		return
	}
	// What another cache shares says nothing about this one, and takes no room of its own.
	file := filepath.Join(cache, list.Outputs[0])
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Hour)
	if err := os.Link(file, filepath.Join(t.TempDir(), "second")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, later, later); err != nil {
		t.Fatal(err)
	}
	again, err := List(t.Context(), cache)
	if err != nil {
		t.Fatal(err)
	}
	if again.Used.After(time.Now()) || again.Bytes != list.Bytes-info.Size() {
		t.Errorf("with a shared output: used %v, %d bytes of %d", again.Used, again.Bytes, list.Bytes)
	}
}
