package ports

import (
	"encoding/json"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestList holds the table to what the Go that runs this test says of itself.
func TestList(t *testing.T) {
	out, err := exec.Command("go", "tool", "dist", "list", "-json").Output()
	if err != nil {
		t.Fatalf("go tool dist list: %v", err)
	}
	var want []struct {
		GOOS, GOARCH string
		CgoSupported bool
	}
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	minor, err := strconv.Atoi(strings.Split(runtime.Version(), ".")[1])
	if err != nil {
		t.Fatal(err)
	}
	got := List(minor)
	if len(got) != len(want) {
		t.Errorf("%d ports, and go tool dist list has %d", len(got), len(want))
	}
	for _, w := range want {
		p := Port{w.GOOS, w.GOARCH}
		if !Known(minor, p) || !Ever(p) || !HasSystem(p.GOOS) {
			t.Errorf("%s is not known", p)
		}
		if Cgo(minor, p) != w.CgoSupported {
			t.Errorf("cgo on %s: %v, want %v", p, Cgo(minor, p), w.CgoSupported)
		}
	}
}

func TestKnown(t *testing.T) {
	tests := []struct {
		minor  int
		port   Port
		known  bool
		hasCgo bool
	}{
		{26, Port{"linux", "amd64"}, true, true},
		{20, Port{"wasip1", "wasm"}, false, false},
		{21, Port{"wasip1", "wasm"}, true, false},
		{25, Port{"windows", "arm"}, true, false},
		{26, Port{"windows", "arm"}, false, false},
		{21, Port{"openbsd", "riscv64"}, false, false},
		{22, Port{"openbsd", "riscv64"}, true, false},
		{23, Port{"openbsd", "riscv64"}, true, true},
		{26, Port{"plan10", "amd64"}, false, false},
	}
	for _, tt := range tests {
		if got := Known(tt.minor, tt.port); got != tt.known {
			t.Errorf("go1.%d knows %v: %v", tt.minor, tt.port, got)
		}
		if got := Cgo(tt.minor, tt.port); got != tt.hasCgo {
			t.Errorf("go1.%d has cgo on %v: %v", tt.minor, tt.port, got)
		}
	}
	if Ever(Port{"linux", "sparc64"}) || Ever(Port{"plan10", "amd64"}) || HasSystem("plan10") || !Ever(Port{"windows", "arm"}) {
		t.Error("what some Go builds for is told wrongly")
	}
	all := List(0)
	for _, system := range all {
		for _, architecture := range all {
			p := Port{system.GOOS, architecture.GOARCH}
			if got, want := Ever(p), slices.Contains(all, p); got != want {
				t.Errorf("some Go builds for %v: %v, and it is listed: %v", p, got, want)
			}
		}
	}
}

func TestParse(t *testing.T) {
	for _, s := range []string{"", "linux", "linux/", "/amd64", "a/b/c"} {
		if p, ok := Parse(s); ok {
			t.Errorf("%q is %v", s, p)
		}
	}
	if p, ok := Parse("linux/arm64"); !ok || p != (Port{"linux", "arm64"}) {
		t.Errorf("linux/arm64 is %v, %v", p, ok)
	}
}
