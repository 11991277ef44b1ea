package toolchain

import (
	"strings"
	"testing"
)

func TestBounded(t *testing.T) {
	plain := strings.Repeat("go: a line as it is\n", 100)
	if bounded(plain) != plain {
		t.Error("a message that a person could read is cut")
	}
	long := "go: errors parsing go.mod:\ngo.mod:3: invalid go version '" + strings.Repeat("1", 5_000_000) + "'"
	if got := bounded(long); len(got) > 600 || !strings.HasPrefix(got, "go: errors parsing go.mod:\ngo.mod:3: invalid go version '111") || !strings.HasSuffix(got, "1…") {
		t.Errorf("%d bytes: %.100q", len(got), got)
	}
	if got := bounded(strings.Repeat(plain, 1000)); len(got) > mostText || !strings.HasSuffix(got, "\n(and more)") {
		t.Errorf("%d bytes", len(got))
	}
}
