package drift

import (
	"path/filepath"
	"testing"
)

func TestWithin(t *testing.T) {
	for _, tt := range []struct {
		dir, path string
		want      bool
	}{
		{"/ws", "/ws", true},
		{"/ws", "/ws/go.mod", true},
		{"/ws", "/ws/a/b", true},
		{"/ws", "/ws2/go.mod", false},
		{"/ws", "/w", false},
		{"/ws", "/", false},
		{"/ws/a", "/ws", false},
		{"/", "/", true},
		{"/", "/ws", true},
	} {
		dir, path := filepath.FromSlash(tt.dir), filepath.FromSlash(tt.path)
		if got := Within(dir, path); got != tt.want {
			t.Errorf("Within(%q, %q) = %v", dir, path, got)
		}
		if n := testing.AllocsPerRun(10, func() { _ = Within(dir, path) }); n != 0 {
			t.Errorf("Within(%q, %q) allocates %v times", dir, path, n)
		}
	}
}
