package goenv

import "testing"

func TestReleaseOf(t *testing.T) {
	for version, want := range map[string]release{
		"go1.20.14": 20, "go1.25.3": 25, "go1.26rc1": 26, "go1.25.3 X:jsonv2": 25, "go1.24.9-corp.2": 24,
		"devel go1.27-3f2a91 Mon Jan 1": 27, "": newest, "nonsense": newest,
	} {
		if got := releaseOf(version); got != want {
			t.Errorf("releaseOf(%q) = %d, want %d", version, got, want)
		}
	}
}

func TestCheckExperiment(t *testing.T) {
	tests := []struct {
		rel           release
		goarch, value string
		want          string
		boring        bool
	}{
		{26, "amd64", "", "", false},
		{26, "amd64", "jsonv2,nogreenteagc", "", false},
		{24, "amd64", "jsonv2", "unknown GOEXPERIMENT jsonv2", false},
		{26, "amd64", "nobogus", "unknown GOEXPERIMENT bogus", false},
		{26, "amd64", "none", "", false},
		{25, "amd64", "coverageredesign", "unknown GOEXPERIMENT coverageredesign", false},
		{24, "amd64", "coverageredesign", "", false},
		{21, "amd64", "boringcrypto", "", true},
		{21, "amd64", "boringcrypto,none", "", false},
		{22, "loong64", "noregabiwrappers", "GOEXPERIMENT regabiargs requires regabiwrappers", false},
		{22, "amd64", "noregabiwrappers", "", false},
		{22, "mips", "noregabiwrappers", "", false},
	}
	for _, tt := range tests {
		got, boring := checkExperiment(tt.rel, tt.goarch, tt.value)
		if got != tt.want || boring != tt.boring {
			t.Errorf("go1.%d %s GOEXPERIMENT=%s: %q, %v; want %q, %v", tt.rel, tt.goarch, tt.value, got, boring, tt.want, tt.boring)
		}
	}
}

func TestBuildError(t *testing.T) {
	tests := []struct {
		version, name, value, want string
	}{
		{"go1.22.12", "GOAMD64", "v9", "invalid GOAMD64: must be v1, v2, v3, v4"},
		{"go1.24.9", "GOAMD64", "v9", ""}, // forgotten by the check of GOARM64
		{"go1.24.9", "GOARM64", "v7", `invalid GOARM64: must start with v8.{0-9} or v9.{0-5} and may optionally end in ",lse" and/or ",crypto"`},
		{"go1.24.9", "GOARM64", "v8.9,crypto,lse", ""},
		{"go1.22.12", "GOARM64", "v7", ""},
		{"go1.21.13", "GOARM", "7,softfloat", "invalid GOARM: must be 5, 6, 7"},
		{"go1.22.12", "GOARM", "7,softfloat", ""},
		{"go1.24.9", "GORISCV64", "rva23u64", "invalid GORISCV64: must be rva20u64, rva22u64"},
		{"go1.25.3", "GORISCV64", "rva23u64", ""},
		{"go1.26.8", "GOWASM", "satconv,nope", `invalid GOWASM: no such feature "nope"`},
		{"go1.25.3", "GOFIPS140", "v2.0.0", ""},
		{"go1.26.8", "GOFIPS140", "v2.0.0", "invalid GOFIPS140: must be off, latest, inprocess, certified, or v1.Y.Z"},
		{"go1.26.8", "GOFIPS140", "v1.0.0-rc3", ""},
		{"go1.25.3", "GOFIPS140", "v1.0.0-rc3", "invalid GOFIPS140: must be off, latest, inprocess, certified, or vX.Y.Z"},
		{"go1.25.3", "GOFIPS140", "v1.0.0-c2097c7c", ""},
		{"go1.23.12", "GOFIPS140", "yes", ""},
	}
	for _, tt := range tests {
		c := load(t, machine{Version: tt.version, Environ: map[string]string{tt.name: tt.value}})
		if got := c.buildError(); got != tt.want {
			t.Errorf("%s %s=%s: %q, want %q", tt.version, tt.name, tt.value, got, tt.want)
		}
	}
}

func TestFlags(t *testing.T) {
	tests := []struct {
		version, command, goflags, want string
	}{
		{"go1.26.8", "version", "-mod=mod -x", ""},
		{"go1.26.8", "version", "-tags=a b", `go: parsing $GOFLAGS: non-flag "b"`},
		{"go1.26.8", "version", "---x", `go: parsing $GOFLAGS: non-flag "---x"`},
		{"go1.26.8", "version", "'-tags=a", "go: parsing $GOFLAGS: unterminated ' string"},
		{"go1.26.8", "version", "-nosuch", "go: parsing $GOFLAGS: unknown flag -nosuch"},
		{"go1.24.9", "version", "-artifacts", "go: parsing $GOFLAGS: unknown flag -artifacts"},
		{"go1.26.8", "version", "-artifacts", ""},
		{"go1.26.8", "env", "nodash -nosuch", ""},
		{"go1.26.8", "env", "''", "panic: runtime error: slice bounds out of range [1:0]"},
		{"go1.26.8", "version", "-m=maybe", "go: invalid boolean value \"maybe\" for flag -m (from $GOFLAGS): parse error\nusage: go version [-m] [-v] [-json] [file ...]\nRun 'go help version' for details."},
		{"go1.26.8", "list", "-tags", "go: flag needs an argument: -tags (from $GOFLAGS)\nusage: go list [-f format] [-json] [-m] [list flags] [build flags] [packages]\nRun 'go help list' for details."},
		{"go1.26.8", "list", "-ldflags=x", "go: invalid value \"x\" for flag -ldflags (from $GOFLAGS): missing =<value> in <pattern>=<value>\nusage: go list [-f format] [-json] [-m] [list flags] [build flags] [packages]\nRun 'go help list' for details."},
		{"go1.26.8", "list", "-buildvcs=auto -p=3 -json=x", ""},
	}
	for _, tt := range tests {
		c := load(t, machine{Version: tt.version, Environ: map[string]string{"GOFLAGS": tt.goflags}})
		if _, got := c.Flags(tt.command); got != tt.want {
			t.Errorf("%s %s GOFLAGS=%s:\n%q, want\n%q", tt.version, tt.command, tt.goflags, got, tt.want)
		}
	}
}
