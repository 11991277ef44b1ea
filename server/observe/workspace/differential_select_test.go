//go:build linux

package workspace_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// A maker makes one scenario out of random numbers.
type maker struct {
	*rand.Rand
	s *scenario
	// asked are toolchain names that the scenario's files and settings speak of.
	asked []string
}

func pick[T any](m *maker, from ...T) T { return from[m.IntN(len(from))] }

// chance is true in percent of all cases.
func (m *maker) chance(percent int) bool { return m.IntN(100) < percent }

func (m *maker) file(path, content string) {
	m.s.Files = append(m.s.Files, file{Path: path, Content: content})
}

func (m *maker) program(path, content string) {
	m.s.Files = append(m.s.Files, file{Path: path, Content: content, Mode: 0o755})
}

func (m *maker) link(path, to string) {
	m.s.Files = append(m.s.Files, file{Path: path, Symlink: to})
}

func (m *maker) stubs(dir string, names ...string) {
	for _, name := range names {
		m.program(dir+"/"+name, stub(name))
	}
}

// path adds entries at the end of PATH.
func (m *maker) path(entries ...string) {
	if p := m.s.Env["PATH"]; p != "" {
		entries = append([]string{p}, entries...)
	}
	m.s.Env["PATH"] = strings.Join(entries, ":")
}

// base is one Go on PATH in a module; makers change it.
func (m *maker) base(version string) {
	m.s.Installs = []install{{Dir: "sdk/a", Version: version, Shipped: true}}
	m.s.Env = map[string]string{"HOME": "{ROOT}/home", "PATH": "{ROOT}/sdk/a/bin", "GOPROXY": "off"}
	m.s.Cwd = "{ROOT}/ws"
	m.file("home/.config/go/telemetry/mode", "off")
}

// locals are the Gos that are found on PATH.
var locals = []string{"1.20.14", "1.21.13", "1.22.12", "1.23.12", "1.24.9", "1.25.3", "1.26.8", "1.26.8"}

func (m *maker) local() string { return pick(m, locals...) }

// switching is a Go that can switch.
func (m *maker) switching() string { return pick(m, locals[1:]...) }

// workspace makes the folder that the go command runs in.
func (m *maker) workspace() {
	cwd := "{ROOT}/ws"
	switch k := m.IntN(100); {
	case k < 10:
		m.file("ws/x.txt", "x")
		cwd += pick(m, "", "/sub/dir")
	case k < 65:
		m.file("ws/go.mod", m.goMod("example.com/m"))
		cwd += pick(m, "", "", "/sub/dir")
		if m.chance(5) {
			m.file("go.work", m.goWork("./ws"))
		}
	default:
		m.file("ws/a/go.mod", m.goMod("example.com/a"))
		m.file("ws/b/go.mod", m.goMod("example.com/b"))
		uses := []string{"./a"}
		if m.chance(60) {
			uses = append(uses, "./b")
		}
		m.file("ws/go.work", m.goWork(uses...))
		cwd += pick(m, "", "/a", "/b", "/a/sub/dir", "/b/sub/dir", "/sub/dir")
		if m.chance(25) {
			m.s.Env["GOWORK"] = pick(m, "off", "{ROOT}/ws/none.work", "./go.work", "go.work", "{ROOT}/other/go.work", "auto", "{ROOT}/ws", "OFF", "", "{ROOT}/ws/go.work")
		}
		if strings.Contains(m.s.Env["GOWORK"], "other") || m.chance(10) {
			m.file("other/go.work", pick(m, "go 1.25.3\nuse ../ws/a\n", "go 1.22\nuse ../ws/a\n", "use ../ws/a\n", "go 1.30\n"))
			m.asks("go1.30.0")
		}
	}
	m.s.Cwd = cwd
}

// sel makes the kind "select": everything that plays a part in which Go runs,
// all at once.
func (m *maker) sel() {
	m.base(m.local())
	m.s.Env["PATH"] = ""
	m.s.Installs = nil
	var dirs []string
	for _, name := range []string{"a", "b", "c"}[:1+m.IntN(3)] {
		in := install{Dir: "sdk/" + name, Version: m.local()}
		m.goEnv(&in)
		in.NoTool = m.chance(2)
		m.s.Installs = append(m.s.Installs, in)
		dirs = append(dirs, "{ROOT}/sdk/"+name+"/bin")
	}
	for _, v := range cacheable {
		if m.chance(75) {
			m.s.ModCache = append(m.s.ModCache, v)
		}
	}
	m.workspace()
	last := m.s.Installs[len(m.s.Installs)-1].Dir
	switch m.IntN(12) {
	case 0:
		m.link("d1/go", "{ROOT}/nowhere/go")
	case 1:
		m.s.Files = append(m.s.Files, file{Path: "d1/go", Dir: true})
	case 2:
		m.s.Files = append(m.s.Files, file{Path: "d1/go", Content: "#!/bin/sh\necho no\n", Mode: 0o644})
	case 3:
		m.link("d1/go", "{ROOT}/"+last+"/bin/go")
	case 4:
		value := pick(m, "local", "go1.25.3", "auto", "path", "go1.30.0", "go1.22.12+auto")
		m.program("d1/go", "#!/bin/sh\n# a shim, as from a version manager\nexport GOTOOLCHAIN="+value+"\nexec {ROOT}/"+last+"/bin/go \"$@\"\n")
	}
	if len(m.s.Files) > 0 && m.chance(60) && slices.ContainsFunc(m.s.Files, func(f file) bool { return f.Path == "d1/go" }) {
		dirs = append([]string{"{ROOT}/d1"}, dirs...)
	}
	if m.chance(15) {
		dirs = append([]string{"{ROOT}/nodir"}, dirs...)
	}
	switch m.IntN(8) {
	case 0:
		m.s.Env["GOENV"] = "off"
		m.file("home/.config/go/env", m.goenvText())
	case 1:
		m.s.Env["XDG_CONFIG_HOME"] = "{ROOT}/xdg"
		m.file("xdg/go/telemetry/mode", "off")
		m.file("xdg/go/env", m.goenvText())
	case 2:
		m.s.Env["GOENV"] = "{ROOT}/conf/goenv"
		m.file("conf/goenv", m.goenvText())
	case 3, 4:
		m.file("home/.config/go/env", m.goenvText())
	}
	if m.chance(60) {
		m.s.Env["GOTOOLCHAIN"] = m.gotoolchain()
	}
	m.rarely()
	m.named(&dirs)
	m.s.Env["PATH"] = strings.Join(dirs, ":")
}

// rarely adds settings that few machines have.
func (m *maker) rarely() {
	set := func(percent int, name string, values ...string) {
		if m.chance(percent) {
			m.s.Env[name] = pick(m, values...)
		}
	}
	set(10, "GO111MODULE", "off", "on", "auto", "", "bogus")
	set(8, "GOSUMDB", "off", "")
	set(6, "GOROOT", "{TC:1.25.3}", "{ROOT}/sdk/a", "{ROOT}/sdk/b", "{ROOT}/none", "{TC:1.20.14}")
	set(6, "GOFLAGS", "-tags=x", "-mod=mod", "-modcacherw", "x")
	set(4, "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", "go1.26.8", "go1.25.3", "x")
	set(2, "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT", "3", "89", "90", "95", "100", "x")
	set(3, "GOMODCACHE", "{ROOT}/mc", "{ROOT}/home/go/pkg/mod")
	set(3, "GOPATH", "{ROOT}/gp", "{ROOT}/home/go", "{ROOT}/home/go:{ROOT}/gp")
	set(3, "GOOS", "windows", "darwin")
	set(3, "GOARCH", "arm64", "386")
	set(2, "GONOSUMDB", "*", "golang.org")
	if m.chance(6) {
		m.s.Env["GOPROXY"] = "file://{ROOT}/proxy"
		m.s.Proxy = map[string]string{"golang.org/toolchain/@v/list": "v0.0.1-go1.30.0.{GOOS}-{GOARCH}\n"}
	}
}

// named puts go1.x files on PATH: stubs, links to real ones, files that are
// not executable.
func (m *maker) named(dirs *[]string) {
	if m.chance(45) {
		all := []string{"go1.21.0", "go1.22.0", "go1.22.12", "go1.23.0", "go1.25", "go1.25.0", "go1.25.3", "go1.25.3-custom", "go1.25.4", "go1.26.0", "go1.26.9", "go1.27.0", "go1.27rc1", "go1.30", "go1.30.0", "go1.30.0-custom", "go1.30.1", "go1.x"}
		for range 1 + m.IntN(5) {
			name := pick(m, all...)
			if slices.ContainsFunc(m.s.Files, func(f file) bool { return f.Path == "named/"+name }) {
				continue
			}
			switch m.IntN(10) {
			case 0:
				m.s.Files = append(m.s.Files, file{Path: "named/" + name, Content: stub(name), Mode: 0o644})
			case 1:
				v := pick(m, cacheable...)
				m.link("named/go"+v, "{TC:"+v+"}/bin/go")
			case 2:
				m.link("named/"+name, "{TC:"+pick(m, cacheable...)+"}/bin/go")
			default:
				m.stubs("named", name)
			}
		}
		entry := pick(m, "{ROOT}/named", "{ROOT}/named", "{ROOT}/named", "../named", "{ROOT}/sdk/../named", "{ROOT}/named/")
		if m.chance(50) {
			*dirs = append([]string{entry}, *dirs...)
		} else {
			*dirs = append(*dirs, entry)
		}
	}
	if m.chance(50) {
		for _, name := range m.asked {
			if m.chance(70) {
				m.stubs("asked", name)
			}
		}
		*dirs = append(*dirs, "{ROOT}/asked")
	}
	if m.chance(4) {
		at := m.IntN(len(*dirs) + 1)
		*dirs = slices.Insert(*dirs, at, pick(m, "", ".", "rel", "{ROOT}/ws/../asked"))
	}
}

// unsave takes texts from the disk and gives them to an editor.
func (m *maker) unsave() {
	for i := range m.s.Files {
		f := &m.s.Files[i]
		name := f.Path[strings.LastIndex(f.Path, "/")+1:]
		if f.Symlink != "" || f.Dir || name != "go.mod" && name != "go.work" && name != "env" && name != "goenv" || !m.chance(50) {
			continue
		}
		if slices.ContainsFunc(m.s.Unsaved, func(u unsaved) bool { return u.Path == f.Path }) {
			continue
		}
		// Behind a link the file stays: nobody can tell where a link to nothing leads.
		disk := pick(m, "", "module example.com/saved\n\ngo 1.22\n", "go 1.99\ntoolchain go1.99.1\n", "GOTOOLCHAIN=go1.21.0\n", "saved ", fmt.Sprintf("%s\n// saved\n", f.Content))
		if linked := slices.ContainsFunc(m.s.Files, func(f file) bool { return f.Symlink != "" }); linked && disk == "" {
			disk = "saved "
		}
		m.s.Unsaved = append(m.s.Unsaved, unsaved{Path: f.Path, Disk: disk})
	}
}
