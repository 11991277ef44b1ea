package workspace

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"godrift.dev/server/drift"
)

// recorded is a machine in memory: no links, no programs that can be opened, so
// that the version of a go comes from its tree, and nothing of this computer.
type recorded struct{ fstest.MapFS }

func inMap(name string) string {
	if name = strings.TrimPrefix(filepath.ToSlash(filepath.Clean(name)), "/"); name == "" {
		return "."
	}
	return name
}

func (m recorded) ReadFile(name string) ([]byte, error)       { return m.MapFS.ReadFile(inMap(name)) }
func (m recorded) Stat(name string) (fs.FileInfo, error)      { return m.MapFS.Stat(inMap(name)) }
func (m recorded) Lstat(name string) (fs.FileInfo, error)     { return m.MapFS.Stat(inMap(name)) }
func (m recorded) ReadDir(name string) ([]fs.DirEntry, error) { return m.MapFS.ReadDir(inMap(name)) }

func (m recorded) Open(name string) (drift.Content, error) {
	if strings.HasSuffix(name, "/bin/go") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: ErrTooLarge}
	}
	return drift.Open(struct{ drift.Files }{m}, name)
}

func (m recorded) EvalSymlinks(name string) (string, error) {
	if _, err := m.Stat(name); err != nil {
		return "", err
	}
	return filepath.Clean(name), nil
}

// record makes a machine with go 1.24.9 in /go, go 1.22.12 and 1.25.3 in the
// module cache, and a stand-in for go1.30.0 in /named; files come on top, those
// with an empty text are left out.
func record(environ, files map[string]string) World {
	m := fstest.MapFS{"tmp/x": {}, "ws/x": {}}
	tree := func(root, version string) {
		m[inMap(root+"/bin/go")] = &fstest.MapFile{Mode: 0o755}
		m[inMap(root+"/VERSION")] = &fstest.MapFile{Data: []byte("go" + version + "\n")}
		m[inMap(root+"/pkg/tool/x")] = &fstest.MapFile{}
		m[inMap(root+"/go.env")] = &fstest.MapFile{Data: []byte("GOPROXY=off\nGOSUMDB=sum.golang.org\nGOTOOLCHAIN=auto\n")}
	}
	tree("/go", "1.24.9")
	for _, version := range []string{"1.22.12", "1.25.3"} {
		name := "v0.0.1-go" + version + ".linux-amd64"
		tree("/home/go/pkg/mod/golang.org/toolchain@"+name, version)
		m[inMap("/home/go/pkg/mod/cache/download/golang.org/toolchain/@v/"+name+".ziphash")] = &fstest.MapFile{Data: []byte("h1:x")}
	}
	m["named/go1.30.0"] = &fstest.MapFile{Data: []byte("\x7fELF"), Mode: 0o755}
	for name, text := range files {
		m[inMap(name)] = &fstest.MapFile{Data: []byte(text), Mode: 0o755}
		if text == "" {
			delete(m, inMap(name))
		}
	}
	w := World{
		Files: recorded{m}, Of: "cli", Host: drift.Host{GOOS: "linux", GOARCH: "amd64"},
		Environ: map[string]string{"HOME": "/home", "PATH": "/go/bin"},
	}
	for name, value := range environ {
		w.Environ[name] = value
	}
	return w
}

func TestProbedSelect(t *testing.T) {
	const mod = "/ws/go.mod"
	type env = map[string]string
	type files = map[string]string
	tests := []struct {
		name     string
		environ  env
		files    files
		selected string
		how      drift.How
		err      string
		load     string
		decider  string // file and text that decided
	}{
		{name: "no module", selected: "go1.24.9", how: drift.HowLocal},
		{name: "new enough", files: files{mod: "module m.x/m\ngo 1.24\n"}, selected: "go1.24.9", how: drift.HowLocal},
		{name: "go line", files: files{mod: "module m.x/m\ngo 1.25.3\n"}, selected: "go1.25.3", how: drift.HowModCache, decider: mod + " 1.25.3"},
		{name: "toolchain line", files: files{mod: "module m.x/m\ngo 1.21\ntoolchain go1.25.3\n"}, selected: "go1.25.3", how: drift.HowModCache, decider: mod + " go1.25.3"},
		{name: "a language version asks for its first release", files: files{mod: "module m.x/m\ngo 1.30\n"}, environ: env{"PATH": "/go/bin:/named"}, selected: "go1.30.0", how: drift.HowPath, decider: mod + " 1.30"},
		{name: "not to be had", files: files{mod: "module m.x/m\ngo 1.26\n"}, how: drift.HowError, err: "go: download go1.26.0 for linux/amd64: toolchain not available", decider: mod + " 1.26"},
		{name: "to be downloaded", files: files{mod: "module m.x/m\ngo 1.25.1\n"}, environ: env{"GOPROXY": "https://proxy.example"}, selected: "go1.25.1", how: drift.HowDownload, decider: mod + " 1.25.1"},
		{name: "never released", files: files{mod: "module m.x/m\ngo 1.25.99\n"}, environ: env{"GOPROXY": "https://proxy.example"}, how: drift.HowError, err: "go: download go1.25.99 for linux/amd64: toolchain not available", decider: mod + " 1.25.99"},
		{
			name: "local forbids", files: files{mod: "module m.x/m\n\ngo 1.25.3\n", "/home/.config/go/env": "GOFLAGS=\nGOTOOLCHAIN=local\n"},
			selected: "go1.24.9", how: drift.HowLocal,
			load:    "go: go.mod requires go >= 1.25.3 (running go 1.24.9; GOTOOLCHAIN=local)",
			decider: "/home/.config/go/env GOTOOLCHAIN=local",
		},
		{
			name: "a named one may be older", environ: env{"GOTOOLCHAIN": "go1.22.12"}, files: files{mod: "module m.x/m\ngo 1.23\n"},
			selected: "go1.22.12", how: drift.HowModCache, load: "go: go.mod requires go >= 1.23 (running go 1.22.12; GOTOOLCHAIN=go1.22.12)",
		},
		{name: "path does not look into the cache", environ: env{"GOTOOLCHAIN": "path"}, files: files{mod: "module m.x/m\ngo 1.25.3\n"}, how: drift.HowError, err: `go: cannot find "go1.25.3" in PATH`, decider: mod + " 1.25.3"},
		{name: "invalid setting", environ: env{"GOTOOLCHAIN": "1.25.3"}, how: drift.HowError, err: `go: invalid GOTOOLCHAIN "1.25.3"`},
		{name: "invalid line", files: files{mod: "module m.x/m\ntoolchain \"go1.25.3\"\n"}, how: drift.HowError, err: `go: invalid toolchain "\"go1.25.3\"" in go.mod`, decider: mod + ` "go1.25.3"`},
		{name: "toolchain default switches the go line off", files: files{mod: "module m.x/m\ngo 1.25.3\ntoolchain default\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: go.mod requires go >= 1.25.3 (running go 1.24.9; go.mod sets toolchain default)", decider: mod + " default"},
		{name: "modules off", environ: env{"GO111MODULE": "off"}, files: files{mod: "module m.x/m\ngo 1.25.3\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: list -m cannot be used with GO111MODULE=off"},
		{name: "no checksum database, no cached toolchain", environ: env{"GOSUMDB": "off"}, files: files{mod: "module m.x/m\ngo 1.25.3\n"}, how: drift.HowError, err: "go: golang.org/toolchain@v0.0.1-go1.25.3.linux-amd64: verifying module: checksum database disabled by GOSUMDB=off", decider: mod + " 1.25.3"},
		{name: "half unpacked", files: files{mod: "module m.x/m\ngo 1.25.3\n", "/home/go/pkg/mod/cache/download/golang.org/toolchain/@v/v0.0.1-go1.25.3.linux-amd64.partial": "x"}, how: drift.HowError, err: "go: download go1.25.3 for linux/amd64: toolchain not available", decider: mod + " 1.25.3"},
		{name: "leaked switch", environ: env{"GOTOOLCHAIN_INTERNAL_SWITCH_VERSION": "go1.25.3"}, how: drift.HowError, err: "go: toolchain go1.24.9 invoked to provide go1.25.3"},
		{name: "go.work decides alone", files: files{"/ws/go.work": "go 1.21\nuse .\n", mod: "module m.x/m\ngo 1.25.3\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: module . listed in go.work file requires go >= 1.25.3, but go.work lists go 1.21; to update it:\n\tgo work use"},
		{name: "a missing GOWORK falls back", environ: env{"GOWORK": "/none.work"}, files: files{mod: "module m.x/m\ngo 1.25.3\n"}, selected: "go1.25.3", how: drift.HowModCache, load: "go: reading go.work: open /none.work: no such file or directory", decider: mod + " 1.25.3"},
		{name: "a relative GOWORK", environ: env{"GOWORK": "go.work"}, how: drift.HowError, err: "go: go: invalid GOWORK: not an absolute path"},
		{name: "a wrapper", environ: env{"PATH": "/shims:/go/bin"}, files: files{"/shims/go": "#!/bin/sh\nexport GOTOOLCHAIN=local\nexec /go/bin/go \"$@\"\n", mod: "module m.x/m\ngo 1.25.3\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: go.mod requires go >= 1.25.3 (running go 1.24.9; GOTOOLCHAIN=local)", decider: "/shims/go export GOTOOLCHAIN=local"},
		{name: "a wrapper nobody understands", environ: env{"PATH": "/shims:/go/bin"}, files: files{"/shims/go": "#!/bin/sh\nexec \"$(tool which go)\" \"$@\"\n"}, how: drift.HowLocal},
		{name: "no go", environ: env{"PATH": "/none"}, how: drift.HowNoGo},
		{name: "no GOROOT", files: files{"/go/pkg/tool/x": ""}, how: drift.HowError, err: "go: cannot find GOROOT directory: 'go' binary is trimmed and GOROOT is not set"},
		{name: "GOFLAGS", environ: env{"GOFLAGS": "nodash"}, how: drift.HowError, err: `go: parsing $GOFLAGS: non-flag "nodash"`},
		{name: "vendor", files: files{mod: "module m.x/m\ngo 1.24\nrequire e.x/d v1.0.0\n", "/ws/vendor/modules.txt": "# e.x/d v1.0.0\n## explicit; go 1.30\ne.x/d\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: e.x/d in vendor/modules.txt requires go >= 1.30 (running go 1.24.9)"},
		{name: "vendor that does not fit", files: files{mod: "module m.x/m\ngo 1.24\nrequire e.x/d v1.1.0\n", "/ws/vendor/modules.txt": "# e.x/d v1.0.0\n## explicit\ne.x/d\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: inconsistent vendoring in /ws:\n\te.x/d@v1.1.0: is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt\n\te.x/d@v1.0.0: is marked as explicit in vendor/modules.txt, but not explicitly required in go.mod\n\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo mod vendor"},
		{name: "idle toolchain line", files: files{mod: "module m.x/m\ngo 1.24.0\ntoolchain go1.24.0\n"}, selected: "go1.24.9", how: drift.HowLocal, load: "go: updates to go.mod needed; to update it:\n\tgo mod tidy"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := record(tt.environ, tt.files)
			s := Probe(w, "/ws").Select("/ws")
			if s.Selected != tt.selected || s.How != tt.how || s.Error != tt.err || s.LoadError != tt.load {
				t.Errorf("got  %q %s\n  error %q\n  load  %q\nwant %q %s\n  error %q\n  load  %q",
					s.Selected, s.How, s.Error, s.LoadError, tt.selected, tt.how, tt.err, tt.load)
			}
			if len(s.Steps) == 0 {
				t.Error("nothing is explained")
			}
			decider := ""
			if s.Decider.File != "" {
				text, err := w.Files.ReadFile(s.Decider.File)
				if err != nil {
					t.Fatal(err)
				}
				decider = s.Decider.File + " " + string(text[s.Decider.Span.Start:s.Decider.Span.End])
			}
			if decider != tt.decider {
				t.Errorf("decided by %q, want %q", decider, tt.decider)
			}
		})
	}
}

// TestSteps holds the explanation of the most common trouble word for word.
func TestProbedSteps(t *testing.T) {
	s := Probe(record(nil, map[string]string{
		"/ws/go.mod": "module m.x/m\n\ngo 1.25.3\n", "/home/.config/go/env": "\nGOTOOLCHAIN=local\n",
	}), "/ws").Select("/ws")
	var got []string
	for _, step := range s.Steps {
		got = append(got, step.Text)
	}
	want := []string{
		"the go on PATH is go1.24.9: /go/bin/go",
		"go.mod:3 asks for at least 1.25.3",
		"GOTOOLCHAIN=local from ~/.config/go/env:2 forbids switching",
		"so every go command that loads modules fails with: go: go.mod requires go >= 1.25.3 (running go 1.24.9; GOTOOLCHAIN=local)",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestProbedEnvironment(t *testing.T) {
	w := record(map[string]string{"GOTOOLCHAIN": "go1.22.12"}, map[string]string{"/ws/go.mod": "module m.x/m\ngo 1.21\n"})
	e := Probe(w, "/ws").Environment("/ws")
	if e.Error != "" || e.GOENV != "/home/.config/go/env" || e.Of != "cli" {
		t.Errorf("error %q, GOENV %q, of %q", e.Error, e.GOENV, e.Of)
	}
	for name, want := range map[string]string{
		"GOVERSION": "go1.22.12", "GOTOOLCHAIN": "go1.22.12", "GOMOD": "/ws/go.mod",
		"GOROOT": "/home/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.22.12.linux-amd64",
	} {
		if v, _ := e.Lookup(name); v.Value != want {
			t.Errorf("%s = %q, want %q", name, v.Value, want)
		}
	}
	if _, ok := e.Lookup("GODEBUG"); ok {
		t.Error("go 1.22 has no GODEBUG in go env")
	}
	if len(e.Toolchains) != 3 || e.Toolchains[0].Executable != "/go/bin/go" {
		t.Errorf("toolchains %+v", e.Toolchains)
	}
}

// TestUnchanged holds that a probe knows when its answers are out of date.
func TestUnchanged(t *testing.T) {
	changes := map[string]func(recorded){
		"nothing":         nil,
		"go.mod":          func(m recorded) { m.MapFS["ws/go.mod"] = &fstest.MapFile{Data: []byte("module m.x/m\ngo 1.25\n")} },
		"a new go.work":   func(m recorded) { m.MapFS["go.work"] = &fstest.MapFile{} },
		"a new go":        func(m recorded) { m.MapFS["first/go"] = &fstest.MapFile{Mode: 0o755} },
		"the GOENV file":  func(m recorded) { m.MapFS["home/.config/go/env"] = &fstest.MapFile{} },
		"go is gone":      func(m recorded) { delete(m.MapFS, "go/bin/go") },
		"go.env is other": func(m recorded) { m.MapFS["go/go.env"] = &fstest.MapFile{Data: []byte("GOTOOLCHAIN=local\n")} },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			w := record(map[string]string{"PATH": "/first:/go/bin"}, map[string]string{"/ws/go.mod": "module m.x/m\ngo 1.21\n", "/first/x": "x"})
			p := Probe(w, "/ws")
			p.Select("/ws")
			p.Environment("/ws")
			for range 2 {
				if !p.Unchanged() {
					t.Fatal("changed before anything changed")
				}
			}
			if change == nil {
				return
			}
			change(w.Files.(recorded))
			if p.Unchanged() {
				t.Error("the change went unnoticed")
			}
			if !p.Again(w, "/ws").Unchanged() {
				t.Error("a probe made after the change is out of date")
			}
		})
	}
}
