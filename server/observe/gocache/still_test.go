package gocache

import (
	"os"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

// What is bad stays so when the go command changes its time, and does not when it is
// mended, or gone.
func TestStill(t *testing.T) {
	cache := newCache(t)
	outputs, _ := archives(t, cache)
	good := read(t, outputs[0])
	bad := append([]byte{}, good...)
	bad[len(bad)-20] ^= 4
	write(t, outputs[0], bad)
	found := verify(t, cache).Bad
	if len(found) != 1 {
		t.Fatalf("found %+v", found)
	}
	note := []drift.CacheBad{{Path: found[0].Path, Reason: string(found[0].Reason), Size: found[0].Size, Modified: found[0].Modified}}
	if len(Still(cache, note)) != 1 {
		t.Error("nothing changed, and it is not bad any more")
	}
	used := time.Now().Add(-time.Minute)
	if err := os.Chtimes(outputs[0], used, used); err != nil {
		t.Fatal(err)
	}
	if got := Still(cache, note); len(got) != 1 || !got[0].Modified.Equal(used) {
		t.Errorf("after a use: %+v", got)
	}
	write(t, outputs[0], good)
	if got := Still(cache, note); len(got) != 0 {
		t.Errorf("mended: %+v", got)
	}
	if err := os.Remove(outputs[0]); err != nil {
		t.Fatal(err)
	}
	if got := Still(cache, note); len(got) != 0 {
		t.Errorf("gone: %+v", got)
	}
}
