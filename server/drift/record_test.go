package drift

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func reportOf(root string, vars []Variable, pins []Pin) *Report {
	return &Report{Score: 90, Snapshot: &Snapshot{
		Time: time.Date(2026, 5, 4, 3, 2, 1, 987654321, time.UTC), Root: root,
		Environment: Environment{Of: "editor", Variables: vars},
		Selection:   Selection{Selected: "go1.26.8", GOROOT: "/usr/local/go", How: HowLocal, Go: &Toolchain{Executable: "/usr/local/go/bin/go"}},
		Pins:        pins,
	}}
}

func TestNewRecord(t *testing.T) {
	root := filepath.FromSlash("/w")
	file := func(name string) Place { return Place{File: filepath.FromSlash(name)} }
	report := reportOf(root, []Variable{
		{Name: "GOFLAGS", Layer: Layer{Kind: LayerGOENV, Value: "-mod=mod", File: "/home/me/.config/go/env", Line: 3}},
		{Name: "GOPROXY", Layer: Layer{Kind: LayerProcess, Value: "https://me:hunter2@goproxy.example"}},
		{Name: "GOGCCFLAGS", Layer: Layer{Kind: LayerDefault, Value: "-fPIC"}},
		{Name: "AWS_SECRET_ACCESS_KEY", Layer: Layer{Kind: LayerProcess, Value: "hunter2"}},
	}, []Pin{
		{Source: SourceGoModGo, Place: file("/w/go.mod"), Raw: "1.26.0"},
		{Source: SourceDockerfileFrom, Place: file("/w/build/Dockerfile"), Raw: "1.26"},
		{Source: SourceDockerfileFrom, Place: file("/w/build/Dockerfile"), Raw: "1.25"},
		{Source: SourceToolVersions, Place: file("/home/me/.tool-versions"), Raw: "1.24.1"},
	})
	report.Snapshot.Tools = []Tool{
		{Name: "gopls", State: ToolRead, First: true, Version: "v0.21.0", GoVersion: "go1.26.8"},
		{Name: "gopls", State: ToolRead, Version: "v0.20.0"},
		{Name: "dlv", State: ToolScript, First: true},
		{Name: "a b", State: ToolRead, First: true, Version: "v1.0.0"},
	}
	got := NewRecord(report, Facts{
		Values: map[string]string{"host.os": "linux", "host.libc": ""},
		Keyed:  func(name, value string) string { return fmt.Sprintf("%08x%08x", len(name), len(value)) },
	})
	want := Record{
		Version: 1, Time: time.Date(2026, 5, 4, 3, 2, 1, 987000000, time.UTC), Root: root, Of: "editor",
		Values: map[string]string{
			"go.selected": "go1.26.8", "go.goroot": "/usr/local/go", "go.how": "local", "go.path": "/usr/local/go/bin/go",
			"env.GOFLAGS": "-mod=mod", "env.GOFLAGS@layer": "goenv /home/me/.config/go/env",
			"env.GOPROXY": "https://***@goproxy.example", "env.GOPROXY@layer": "process", "env.GOPROXY@keyed": "0000000700000022",
			"pin.go.mod:go.mod:go":                       "1.26.0",
			"pin.build/Dockerfile:dockerfile:from":       "1.26",
			"pin.build/Dockerfile:dockerfile:from#2":     "1.25",
			"pin./home/me/.tool-versions:.tool-versions": "1.24.1",
			"host.os": "linux", "score": "90", "tool.gopls": "v0.21.0 go1.26.8",
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
	if err := got.Check(); err != nil {
		t.Errorf("its own record is refused: %v", err)
	}
	if !got.Secret("GOPROXY") || got.Secret("GOFLAGS") {
		t.Error("the masked variable is GOPROXY")
	}
	for key, want := range map[string]string{
		"pin.build/Dockerfile:dockerfile:from#2":     "build/Dockerfile dockerfile:from 2",
		"pin./home/me/.tool-versions:.tool-versions": "/home/me/.tool-versions .tool-versions 1",
	} {
		f, source, n, ok := ParsePinKey(key)
		if got := fmt.Sprint(f, " ", source, " ", n); !ok || got != want {
			t.Errorf("ParsePinKey(%q) = %s, want %s", key, got, want)
		}
	}
}

// The same state has one ID, whoever saw it, and another state another.
func TestRecordID(t *testing.T) {
	a := Record{Version: 1, Time: time.Unix(1, 0), Root: "/a", Of: "cli", Values: map[string]string{"go.how": "local", "score": "1"}}
	b := a
	b.Time, b.Root, b.Of, b.Values = time.Unix(2, 0), "/b", "editor", maps.Clone(a.Values)
	if a.ID() != b.ID() {
		t.Error("time and scope take part in the ID")
	}
	for _, other := range []map[string]string{
		{"go.how": "local"}, {"go.how": "localscore", "": "1"}, {"go.how": "local", "score": "2"}, {"go.how": "", "localscore": "1"},
	} {
		b.Values = other
		if a.ID() == b.ID() {
			t.Errorf("%v has the ID of %v", other, a.Values)
		}
	}
}

func TestRecordCheck(t *testing.T) {
	good := func() Record {
		return Record{Version: 1, Time: time.Unix(1, 0), Root: "/w", Of: "cli", Values: map[string]string{"env.GOFLAGS": "-x", "env.GOFLAGS@layer": "process"}}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ key, value, want string }{
		{"env.AWS_SECRET_ACCESS_KEY", "x", "no variable of the go command"},
		{"env.PATH", "/bin", "no variable of the go command"},
		{"env.GOPROXY", "https://me:hunter2@goproxy.example", "secret"},
		{"env.GOTOKEN", "hunter2", "secret"},
		{"go.error", "reading https://me:hunter2@goproxy.example", "secret"},
		{"pin.x:go.mod:go", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "secret"},
		{"env.GOROOT@layer", "process", "unknown fact"},
		{"env.GOFLAGS@layer", "goenv https://me:hunter2@goproxy.example", "secret"},
		{"env.GOFLAGS@layer", "ghp_0123456789abcdefghijABCDEFGHIJ012345", "secret"},
		{"env.GOFLAGS@layer", "anything", "not of the form"},
		{"env.GOFLAGS@keyed", "in plain text", "not of the form"},
		{"env.GOFLAGS@keyed", "0123456789abcdef0", "not of the form"},
		{"pin.ghp_0123456789abcdefghijABCDEFGHIJ012345/x:go.mod:go", "1", "secret"},
		{"pin.x:ghp_0123456789abcdefghijABCDEFGHIJ012345", "1", "secret"},
		{"env.GOFLAGS@more", "process", "unknown fact"},
		{"pin.go.mod", "1", "without a source"},
		{"nonsense", "1", "unknown fact"},
		{"tool.a\nb", "1", "unknown fact"},
		{"score", strings.Repeat("1", 1<<20), "too long"},
	} {
		r := good()
		r.Values[c.key] = c.value
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s=%s: %v, want %q and no secret", c.key, Clip(c.value), err, c.want)
		}
	}
	for _, scope := range []struct{ root, of string }{{"/w/ghp_0123456789abcdefghijABCDEFGHIJ012345", "cli"}, {"/w", "ghp_0123456789abcdefghijABCDEFGHIJ012345"}} {
		r := good()
		r.Root, r.Of = scope.root, scope.of
		if err := r.Check(); err == nil || !strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", scope, err)
		}
	}
	newer := good()
	newer.Version = 2
	if newer.Check() == nil {
		t.Error("a version of the future is accepted")
	}
}

func TestDiff(t *testing.T) {
	a := Record{Values: map[string]string{
		"go.selected": "go1.25.3", "score": "90",
		"env.GOFLAGS": "", "env.GOFLAGS@layer": "default",
		"env.GOPROXY": "https://***@x", "env.GOPROXY@layer": "process", "env.GOPROXY@keyed": "1",
		"env.CC": "gcc", "env.CC@layer": "default",
		"env.GOROOT": "/go", "env.GOROOT@layer": "process",
		"pin.go.mod:go.mod:go": "1.9", "tool.gopls": "v0.21.0", "host.os": "linux",
	}}
	b := Record{Values: map[string]string{
		"go.selected": "go1.25.10", "score": "90",
		"env.GOFLAGS": "-mod=mod", "env.GOFLAGS@layer": "goenv /e",
		"env.GOPROXY": "https://***@x", "env.GOPROXY@layer": "process", "env.GOPROXY@keyed": "2",
		"env.CC": "gcc", "env.CC@layer": "process",
		"pin.go.mod:go.mod:go": "1.10", "tool.gopls": "v0.3.0", "host.os": "linux", "tool.dlv": "v1.2.0",
	}}
	want := []Change{
		{Key: "env.CC", Kind: ChangeChanged, Old: "gcc", New: "gcc", OldLayer: "default", NewLayer: "process"},
		{Key: "env.GOFLAGS", Kind: ChangeChanged, New: "-mod=mod", OldLayer: "default", NewLayer: "goenv /e"},
		{Key: "env.GOPROXY", Kind: ChangeChanged, Old: "https://***@x", New: "https://***@x", OldLayer: "process", NewLayer: "process", Secret: true},
		{Key: "env.GOROOT", Kind: ChangeRemoved, Old: "/go", OldLayer: "process"},
		{Key: "go.selected", Kind: ChangeChanged, Old: "go1.25.3", New: "go1.25.10", Trend: TrendNewer},
		{Key: "pin.go.mod:go.mod:go", Kind: ChangeChanged, Old: "1.9", New: "1.10", Trend: TrendNewer},
		{Key: "tool.dlv", Kind: ChangeAdded, New: "v1.2.0"},
		{Key: "tool.gopls", Kind: ChangeChanged, Old: "v0.21.0", New: "v0.3.0", Trend: TrendOlder},
	}
	if diff := cmp.Diff(want, Diff(a, b)); diff != "" {
		t.Errorf("diff (-want +got):\n%s", diff)
	}
	if !Diff(a, b)[0].LayerOnly() || Diff(a, b)[1].LayerOnly() || Diff(a, b)[2].LayerOnly() {
		t.Error("only CC has changed its layer alone")
	}
	for _, c := range []struct {
		older, newer string
		want         Trend
	}{
		{"go1.26.0", "1.26.0", TrendSame},
		{"1.26rc1", "1.26.0", TrendNewer},
		{"go1.26.8 X:nodwarf5", "go1.26.7", TrendOlder},
		{"go1.25.3+auto", "go1.25.4", TrendNewer},
		{"v0.21.0 go1.26.8", "v0.21.1 go1.26.8", TrendNewer},
		{"v0.21.0 go1.26.8", "v0.3.0 go1.26.9", TrendOlder},
		{"v0.21.0 go1.26.8", "v0.21.0 go1.26.9", TrendSame},
		{"local", "go1.25.4", TrendNone},
		{"stable", "latest", TrendNone},
	} {
		if got := trend(c.older, c.newer); got != c.want {
			t.Errorf("from %s to %s: %q, want %q", c.older, c.newer, got, c.want)
		}
	}
}

// Going from a to b by the changes ends at b, and the way back is the reverse.
func TestDiffLaws(t *testing.T) {
	values := rapid.MapOfN(
		rapid.SampledFrom([]string{"go.selected", "score", "env.GOFLAGS", "env.CC", "pin.go.mod:go.mod:go", "tool.gopls", "host.os"}),
		rapid.SampledFrom([]string{"", "go1.25", "1.25.3", "v1.2.3", "x"}), 0, 7)
	rapid.Check(t, func(t *rapid.T) {
		a, b := Record{Values: values.Draw(t, "a")}, Record{Values: values.Draw(t, "b")}
		if (a.ID() == b.ID()) != (len(Diff(a, b)) == 0) {
			t.Fatal("records are the same and differ")
		}
		got := maps.Clone(a.Values)
		back := Diff(b, a)
		for i, c := range Diff(a, b) {
			if c.Kind == ChangeRemoved {
				delete(got, c.Key)
			} else {
				got[c.Key] = c.New
			}
			if back[i].Key != c.Key || back[i].Old != c.New || back[i].New != c.Old {
				t.Fatalf("%+v is not reversed by %+v", c, back[i])
			}
		}
		if !maps.Equal(got, b.Values) {
			t.Fatalf("%v becomes %v, not %v", a.Values, got, b.Values)
		}
	})
}

func BenchmarkDiff(b *testing.B) {
	make := func(changed int) Record {
		r := Record{Version: 1, Values: map[string]string{}}
		for i := range 1000 {
			value := fmt.Sprintf("value-%d", i)
			if i < changed {
				value += "x"
			}
			r.Values[EnvKey(fmt.Sprintf("GOVARIABLE%d", i))] = value
		}
		return r
	}
	from := make(0)
	for _, changed := range []int{1, 50} {
		to := make(changed)
		b.Run(fmt.Sprintf("changed=%d", changed), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if len(Diff(from, to)) != changed {
					b.Fatal("another number of changes")
				}
			}
		})
	}
}

// TestForms holds what is decided letter by letter, because a prompt waits for it,
// against the expressions that say the same.
func TestForms(t *testing.T) {
	name := regexp.MustCompile(`^(?:(?:GO|CGO_)[A-Z0-9_]+|AR|CC|CXX|FC|GCCGO|PKG_CONFIG)$`)
	layer := regexp.MustCompile(`^(?:process|default|(?:goenv|go\.env|process) (?s:.+)|goenv|go\.env)$`)
	keyed := regexp.MustCompile(`^[0-9a-f]{16}$`)
	other := regexp.MustCompile(`^(?:go\.(?:selected|goroot|how|path|error)|host\.[A-Za-z]{1,40}|agreed|score)$`)
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{
			"GO", "CGO_", "AR", "CC", "GCCGO", "PKG_CONFIG", "FLAGS", "a", "_", "1", " ", "\n", "process", "default", "goenv", "go.env", "/x", "go.", "selected", "how",
			"host.", "agreed", "score", "0123456789abcdef", "01234567", "é", "",
		}), 0, 4).Draw(t, "parts"), "")
		for _, c := range []struct {
			got, want bool
		}{
			{Recordable(text), text != "GOGCCFLAGS" && name.MatchString(text)},
			{isLayer(text), layer.MatchString(text)},
			{isKeyed(text), keyed.MatchString(text)},
			{isOther(text), other.MatchString(text)},
		} {
			if c.got != c.want {
				t.Fatalf("%q: %v, want %v", text, c.got, c.want)
			}
		}
	})
}
