package toolchain

import (
	"strings"
	"testing"
)

func TestParseMod(t *testing.T) {
	tests := []struct {
		name, text string
		releases   []int
		want       string // empty if the file is fine
	}{
		{"plain", "module m\ngo 1.20\n", []int{20, 21, 26}, ""},
		{"toolchain", "module m\ngo 1.20\ntoolchain go1.25.3\n", []int{21, 26}, ""},
		{"toolchain in 1.20", "module m\ngo 1.20\ntoolchain go1.25.3\n", []int{20}, "F:3: unknown directive: toolchain"},
		{"patch level", "module m\ngo 1.21.0\n", []int{21, 26}, ""},
		{"patch level in 1.20", "module m\ngo 1.21.0\n", []int{20}, "F:2: invalid go version '1.21.0': must match format 1.23"},
		{"after an invalid go line Go 1.20 takes the next", "module m\ngo 1.21.0\ngo 1.21\n", []int{20}, "F:2: invalid go version '1.21.0': must match format 1.23"},
		{"two go lines", "module m\ngo 1.21\ngo 1.22\n", []int{20, 21, 26}, "F:3: repeated go statement"},
		{"invalid version", "module m\ngo v1\n", []int{22, 26}, "F:2: invalid go version 'v1': must match format 1.23.0"},
		{"invalid version before", "module m\ngo v1\n", []int{20, 21}, "F:2: invalid go version 'v1': must match format 1.23"},
		{"invalid toolchain", "module m\ngo 1.21\ntoolchain local\n", []int{23, 26}, "F:3: invalid toolchain version 'local': must match format go1.23.0 or default"},
		{"invalid toolchain in 1.22", "module m\ngo 1.21\ntoolchain local\n", []int{22}, "F:3: invalid toolchain version 'local': must match format go1.23.0 or local"},
		{"invalid toolchain in 1.21", "module m\ngo 1.21\ntoolchain local\n", []int{21}, "F:3: invalid toolchain version 'local': must match format go1.23 or local"},
		{"blocks", "module m\ngo (\n\t1.21\n)\ntoolchain (\n\tgo1.22.0\n)\n", []int{20, 21, 26}, "F:2: unknown block type: go\nF:5: unknown block type: toolchain"},
		{"godebug", "module m\ngo 1.21\ngodebug (\n\tdefault=go1.21\n)\n", []int{23, 26}, ""},
		{"godebug before", "module m\ngo 1.21\ngodebug (\n\tnonsense\n)\n", []int{20, 22}, "F:3: unknown block type: godebug"},
		{"tool", "module m\ngo 1.21\ntool x.example/y\n", []int{24, 26}, ""},
		{"tool before", "module m\ngo 1.21\ntool x.example/y\n", []int{21, 23}, "F:3: unknown directive: tool"},
		{"ignore before", "module m\ngo 1.21\nignore ./x\n", []int{24}, "F:3: unknown directive: ignore"},
		{"punctuation in 1.20", "module m\ngo 1.30,\n", []int{20}, "F:2: go directive expects exactly one argument"},
		{"open block", "module m\nrequire (\n", []int{20, 26}, "F:3: syntax error (unterminated block started at F:2:1)"},
		{"C comments", "/* x */\nmodule m\n", []int{20, 26}, "F:1: mod files must use // comments (not /* */ comments)"},
	}
	for _, tt := range tests {
		for _, release := range tt.releases {
			p := parseMod(parsedKey{release: release}, []byte(tt.text))
			got := ""
			if p.file == nil {
				got = message("F", "F", p.errs)
			}
			if got != tt.want {
				t.Errorf("%s, go1.%d:\ngot  %q\nwant %q", tt.name, release, got, tt.want)
			}
		}
	}
}

func TestParseWork(t *testing.T) {
	tests := []struct {
		text    string
		release int
		want    string
	}{
		{"go 1.21\nuse ./a\n", 20, ""},
		{"go 1.21\ntoolchain go1.21.0\n", 20, "F:2: unknown directive: toolchain"},
		{"go 1.x\n", 22, "F:1: invalid go version '1.x': must match format 1.23"},
		{"go 1.x\n", 23, "F:1: invalid go version '1.x': must match format 1.23.0"},
		{"go 1.21\ntoolchain x\n", 22, "F:2: invalid toolchain version 'x': must match format go1.23 or local"},
		{"go 1.21\nrequire x v1.0.0\n", 26, "F:2: unknown directive: require"},
		{"go 1.21\nuse\n", 24, "F:2: usage: use local/dir"},
		{"go 1.21\ngodebug default=go1.21\n", 22, "F:2: unknown directive: godebug"},
	}
	for _, tt := range tests {
		p := parseWork(tt.release, []byte(tt.text))
		got := ""
		if p.file == nil {
			got = message("F", "F", p.errs)
		}
		if got != tt.want {
			t.Errorf("go1.%d %q:\ngot  %q\nwant %q", tt.release, tt.text, got, tt.want)
		}
	}
}

func TestFixVersion(t *testing.T) {
	tests := []struct {
		release       int
		path, version string
		offline       bool
		want          string
	}{
		{26, "example.com/x", "v1.0.0", true, ""},
		{26, "example.com/x", "v1", false, ""},
		{26, "example.com/x", "v1", true, "module lookup disabled by GOPROXY=off"},
		{26, "go", "1.30", true, "module lookup disabled by GOPROXY=off"},
		{20, "go", "1.30", true, `malformed module path "go": missing dot in first path element`},
		{26, "x", "v1", true, `malformed module path "x": missing dot in first path element`},
	}
	for _, tt := range tests {
		_, err := fixVersion(tt.release, tt.path, tt.version, tt.offline)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("go1.%d %s@%s: %q, want %q", tt.release, tt.path, tt.version, got, tt.want)
		}
	}
}

func TestCheckGodebug(t *testing.T) {
	tests := []struct {
		release          int
		key, value, want string
	}{
		{23, "panicnil", "1", ""},
		{23, "default", "go1.21", ""},
		{23, "default", "1.21", "value for default= must be goVERSION"},
		{23, "default", "go1.30", "default=go1.30 too new (toolchain is go1.25.3)"},
		{23, "fips140", "on", `unknown godebug "fips140"`},
		{24, "fips140", "on", ""},
		{23, "x509sha1", "1", ""},
		{24, "x509sha1", "1", `unknown godebug "x509sha1"`},
		{26, "x509sha1", "1", `use of removed godebug "x509sha1", see https://go.dev/doc/godebug#go-124`},
		{26, "a,b", "1", "key contains comma"},
		{26, "panicnil", "1 2", "value contains space"},
	}
	for _, tt := range tests {
		if got := checkGodebug(tt.release, "1.25.3", tt.key, tt.value); got != tt.want {
			t.Errorf("go1.%d %s=%s: %q, want %q", tt.release, tt.key, tt.value, got, tt.want)
		}
	}
}

// FuzzParseMod holds that every release reads every text, and that what an old
// one accepts has no line that only newer ones know.
func FuzzParseMod(f *testing.F) {
	for _, seed := range []string{
		"", "module m\n", "go 1.21\ngo 1.21.0", "toolchain (\n", "tool (\nx\n)\nignore y\n", "godebug(a=b\n)", "require x v1\n//", "go(1\n)", "\ufeffmodule m", ")\n(", "go \"1.21\"\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, release := range []int{20, 21, 22, 24, 26} {
			p := parseMod(parsedKey{release: release, offline: true}, text)
			if (p.file == nil) != (len(p.errs) > 0) {
				t.Fatalf("go1.%d %q: file %v, errors %v", release, text, p.file != nil, p.errs)
			}
			if p.file != nil && release < 21 && p.file.Toolchain != nil {
				t.Fatalf("go1.%d %q: has a toolchain", release, text)
			}
			if p.file == nil && strings.TrimSpace(message("F", "F", p.errs)) == "" {
				t.Fatalf("go1.%d %q: an error without text", release, text)
			}
			parseWork(release, text)
		}
	})
}
