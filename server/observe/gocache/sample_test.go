package gocache

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// allFolders are what Verify reads.
func allFolders() []byte {
	var all []byte
	for i := range Folders {
		all = append(all, byte(i))
	}
	return all
}

// A sample finds what is bad in its folders and in what they lead to, and nothing else; one of
// all folders finds what a whole check does.
func TestSample(t *testing.T) {
	cache := newCache(t)
	whole, err := Sample(t.Context(), cache, allFolders())
	if err != nil || len(whole.Bad) > 0 {
		t.Fatalf("a whole cache: %+v %v", whole.Bad, err)
	}
	if all := verify(t, cache); whole.Entries != all.Entries || whole.Outputs != all.Outputs || whole.Bytes != all.Bytes {
		t.Errorf("it reads %+v, not %+v", whole, all)
	}
	outputs, entries := archives(t, cache)
	text := read(t, outputs[0])
	text[len(text)/2] ^= 1
	if err := os.Chmod(outputs[0], 0o600); err != nil {
		t.Fatal(err)
	}
	write(t, outputs[0], text)
	// What was just written and nothing in the sample names may be unfinished.
	if err := os.Chtimes(outputs[0], time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what    string
		folders []byte
		found   bool
	}{
		{"that of the output", []byte{folderOf(outputs[0])}, true},
		{"that of its entry", []byte{folderOf(entries[0])}, true},
		{"all", allFolders(), true},
		{"none", nil, false},
	} {
		got, err := Sample(t.Context(), cache, c.folders)
		if err != nil {
			t.Fatal(err)
		}
		if found := len(got.Bad) == 1 && got.Bad[0].Path == outputs[0] && got.Bad[0].Reason == ReasonContent; found != c.found {
			t.Errorf("folder %s: %+v", c.what, got.Bad)
		}
	}
	if err := os.Remove(outputs[1]); err != nil {
		t.Fatal(err)
	}
	got, err := Sample(t.Context(), cache, []byte{folderOf(entries[1])})
	if err != nil || len(got.Bad) == 0 || got.Bad[len(got.Bad)-1].Reason != ReasonMissingOutput && got.Bad[0].Reason != ReasonMissingOutput {
		t.Errorf("an entry without its output: %+v %v", got.Bad, err)
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Sample(over, cache, allFolders()); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if _, err := Sample(t.Context(), filepath.Join(cache, "none"), allFolders()); err == nil {
		t.Error("there is no cache, and no error")
	}
}
