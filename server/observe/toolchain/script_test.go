package toolchain

import (
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"godrift.dev/server/drift"
)

// tree is a drift.Files in memory, without links.
type tree struct{ fstest.MapFS }

func below(name string) string {
	if name = strings.TrimPrefix(filepath.ToSlash(filepath.Clean(name)), "/"); name == "" {
		return "."
	}
	return name
}

func (m tree) ReadFile(name string) ([]byte, error)       { return m.MapFS.ReadFile(below(name)) }
func (m tree) Stat(name string) (fs.FileInfo, error)      { return m.MapFS.Stat(below(name)) }
func (m tree) Lstat(name string) (fs.FileInfo, error)     { return m.MapFS.Stat(below(name)) }
func (m tree) ReadDir(name string) ([]fs.DirEntry, error) { return m.MapFS.ReadDir(below(name)) }
func (m tree) EvalSymlinks(name string) (string, error) {
	if _, err := m.Stat(name); err != nil {
		return "", err
	}
	return filepath.Clean(name), nil
}

func TestFollow(t *testing.T) {
	environ := map[string]string{"HOME": "/home/me", "SPACED": "a b"}
	tests := []struct {
		name, script string
		program      string
		set          map[string]string
	}{
		{"plain", "#!/bin/sh\nexec /opt/go/bin/go \"$@\"\n", "/opt/go/bin/go", nil},
		{"without exec", "#!/bin/bash\n/opt/go/bin/go \"$@\"\n", "/opt/go/bin/go", nil},
		{"export", "#!/usr/bin/env bash\nset -e\n# why\nexport GOTOOLCHAIN=local\nexec /go \"$@\"\n", "/go", map[string]string{"GOTOOLCHAIN": "local"}},
		{"assignment before", "#!/bin/sh\nGOROOT=/opt/go A='x y' exec /go \"$@\"\n", "/go", map[string]string{"GOROOT": "/opt/go", "A": "x y"}},
		{"variables", "#!/bin/sh\nROOT=$HOME/go\nexport PATH=\"${ROOT}/bin:$HOME/bin\"\nexec \"$ROOT/bin/go\" \"$@\"\n", "/home/me/go/bin/go", map[string]string{"PATH": "/home/me/go/bin:/home/me/bin"}},
		{"unset", "#!/bin/sh\nunset GOROOT\nexec /go \"$@\"\n", "/go", map[string]string{"GOROOT": ""}},
		{"export of an assigned one", "#!/bin/sh\nX=1\nexport X\nexec /go \"$@\"\n", "/go", map[string]string{"X": "1"}},
		{"word splitting", "#!/bin/sh\nexport X=$SPACED\nexec /go \"$@\"\n", "", nil},
		{"substitution", "#!/bin/sh\nexec $(which go) \"$@\"\n", "", nil},
		{"condition", "#!/bin/sh\nif true; then exec /go \"$@\"; fi\n", "", nil},
		{"other arguments", "#!/bin/sh\nexec /go version\n", "", nil},
		{"unquoted arguments", "#!/bin/sh\nexec /go $@\n", "", nil},
		{"bare name", "#!/bin/sh\nexec go \"$@\"\n", "", nil},
		{"another interpreter", "#!/usr/bin/python3\nexec /go \"$@\"\n", "", nil},
		{"nothing started", "#!/bin/sh\nexport X=1\n", "", nil},
		{"open quote", "#!/bin/sh\nexec \"/go \"$@\"\n", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := tree{fstest.MapFS{"shim": {Data: []byte(tt.script)}}}
			set := map[string]drift.Layer{}
			get := func(name string) string {
				if l, ok := set[name]; ok {
					return l.Value
				}
				return environ[name]
			}
			program, ok := follow(files, "/shim", get, set)
			if program != tt.program || ok != (tt.program != "") {
				t.Fatalf("follow = %q, %v; want %q", program, ok, tt.program)
			}
			if !ok {
				return
			}
			got := map[string]string{}
			for name, l := range set {
				got[name] = l.Value
				if l.File != "/shim" || l.Line == 0 {
					t.Errorf("%s: %+v names no line", name, l)
				}
			}
			if len(got) != len(tt.set) || len(got) > 0 && !reflect.DeepEqual(got, tt.set) {
				t.Errorf("set %v, want %v", got, tt.set)
			}
		})
	}
}

func FuzzFollow(f *testing.F) {
	for _, seed := range []string{"", "#!/bin/sh\nA=1 exec /go \"$@\"\n", "export A=\"$B${C}\"\n/go \"$@\"", "exec '/a b' \"$@\" # x", "$", "\"$@", "A=$@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		files := tree{fstest.MapFS{"shim": {Data: []byte(script)}}}
		program, ok := follow(files, "/shim", func(string) string { return "" }, map[string]drift.Layer{})
		if ok && (!filepath.IsAbs(program) || strings.ContainsAny(script, "`;|&")) && !strings.Contains(script, "#") && !strings.ContainsAny(script, `'"`) {
			t.Fatalf("%q was understood as starting %q", script, program)
		}
	})
}

func TestIdentifyDepth(t *testing.T) {
	files := tree{fstest.MapFS{"a": {Data: []byte("#!/bin/sh\nexec /b \"$@\"\n"), Mode: 0o755}, "b": {Data: []byte("#!/bin/sh\nexec /a \"$@\"\n"), Mode: 0o755}}}
	var ps Programs
	if p := ps.Identify(files, func(string) string { return "" }, "/a"); p.Kind != KindUnknown {
		t.Errorf("two scripts that start each other are %+v", p)
	}
	if p := ps.Identify(files, func(string) string { return "" }, "/none"); p.Kind != KindBroken {
		t.Errorf("a program that is not there is %+v", p)
	}
}
