package rules

import (
	"fmt"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

// The index answers as the snapshot does.
func TestHolderIsTheSnapshotsModule(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		root := filepath.FromSlash("/ws")
		folder := func(label string) string {
			dir := root
			for i := range rapid.IntRange(0, 3).Draw(t, label) {
				dir = filepath.Join(dir, rapid.SampledFrom([]string{"a", "ab", "b"}).Draw(t, fmt.Sprintf("%s %d", label, i)))
			}
			return dir
		}
		s := &drift.Snapshot{Root: root}
		for i := range rapid.IntRange(0, 6).Draw(t, "modules") {
			dir := folder(fmt.Sprintf("module %d", i))
			s.Modules = append(s.Modules, drift.Module{Dir: dir, File: filepath.Join(dir, fmt.Sprint(i))})
		}
		in := Input{Snapshot: s}.indexed()
		dir := folder("asked")
		want, wantOK := s.Module(dir)
		got, ok := in.holder(dir)
		if got.File != want.File || ok != wantOK {
			t.Fatalf("holder of %s is %q, %v; the snapshot says %q, %v", dir, got.File, ok, want.File, wantOK)
		}
	})
}
