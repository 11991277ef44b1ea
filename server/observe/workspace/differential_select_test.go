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

// goVersions are what stands in go lines.
var goVersions = []string{
	"1.16", "1.18", "1.20", "1.20.14", "1.21", "1.21rc2", "1.21.0", "1.21.13", "1.22", "1.22.5", "1.22.12", "1.23.12", "1.24.9",
	"1.25", "1.25rc1", "1.25.0", "1.25.3", "1.25.4", "1.26", "1.26.0", "1.26.8", "1.26.9", "1.27", "1.27rc1", "1.30", "1.30.0", "1.30.1rc1",
	"1.99", "2.0", "1", "1.9", "1.19.1", "1.20rc1", "1.21.0rc1", "1.22beta1",
}

// badVersions are go lines that no Go accepts, or not every Go.
var badVersions = []string{
	"v1.22", "01.22", "1.25.03", "1.x", "1.25.x", `"1.30"`, "`1.30`", "1.30;", "1.25.3-custom", "1.21 1.22", "go1.22", "", "1.22.", "1..2",
	"1.22.1.1", "1.30,", "1.021", "1.25 // x", "latest", "'1.25'", "1.25.3+auto", "1.25rc", "1.25rc01", "-1.25", "1.99999999999999999999",
}

var toolchainNames = []string{
	"go1.19", "go1.20.14", "go1.21", "go1.21.0", "go1.21.13", "go1.22.12", "go1.22", "go1.23.12", "go1.24.9", "go1.25.3", "go1.25.3-custom",
	"go1.26.8", "go1.26.9", "go1.26.8-corp", "go1.27rc1", "go1.30", "go1.30.0", "go1.30.0-custom", "default", "go1.25.0", "go1.20", "go1.20.0",
}

var badToolchains = []string{
	"local", "1.25.3", "gccgo-go1.25.3", "go2.1", "auto", "path", `"go1.30.0"`, "go1.25.x", "go1.25.03", "goo", "go", "go1.30.0+auto",
	"go1.30.0 go1.31.0", "go1.25.3 custom", "x/go1.25.3", "go1.25.3/x", "Default", "GO1.25.3", "devel", "default2", "my-go1.30.0", "gox-go1.30.0-y",
}

func (m *maker) goVersion() string {
	if m.chance(15) {
		return pick(m, badVersions...)
	}
	v := pick(m, goVersions...)
	m.asks("go" + v)
	if strings.Count(v, ".") == 1 && !strings.Contains(v, "rc") {
		m.asks("go" + v + ".0")
	}
	return v
}

func (m *maker) toolchainName() string {
	name := pick(m, toolchainNames...)
	if m.chance(15) {
		name = pick(m, badToolchains...)
	}
	m.asks(name)
	return name
}

func (m *maker) asks(name string) {
	if strings.HasPrefix(name, "go1") && !strings.ContainsAny(name, "/ +\t\r") && !slices.Contains(m.asked, name) {
		m.asked = append(m.asked, name)
	}
}

// settings are GOTOOLCHAIN values.
func (m *maker) gotoolchain() string {
	v := pick(m, "", "auto", "local", "path", "local+auto", "local+path", "go1.22.12", "go1.25.3", "go1.24.9", "go1.21.13", "go1.20.14", "go1.30.0",
		"go1.22.12+auto", "go1.22.12+path", "go1.24.9+auto", "go1.25.3+auto", "go1.25.3+path", "go1.30.0+auto", "go1.27rc1+path", "go1.27rc1",
		"go1.25.3-custom", "go1.25.3-custom+auto", "go1.26.8", "go1.26.8-corp", "go1.26.8+path", "go1.21.0", "go1.23.12", "go1.19", "go1.20.14+auto")
	if m.chance(20) {
		v = pick(m, "go1.22", "go1.99", "go1.99.0", "go1.25.x", "go1.25.03", "1.25.3", "auto+path", "path+auto", "go1.25.3+", "go1.25.3+local", "+auto", "local+",
			"go2.0", "go2.0+auto", "gccgo-go1.22.12", "go1", "Local", "AUTO", " local", "local ", "go1.25.3 ", "go1.25.3 x", "go1.25.3\tx", "go1.25.3/x", "bash", "go1.25.3+auto+path",
			"\"go1.30.0\"", "'local'", "local\r", "auto,path", "default", "go1.19rc1", "go1.22.12+Auto", "local+go1.22", "go1.25.3-", "-go1.25.3", "x-go1.30.0", "devel", "go1.25.3-Corp", "go1.26.8-corp+auto", "go1.30-x", "go1.20", "go1.20.0")
	}
	name, _, _ := strings.Cut(v, "+")
	m.asks(name)
	return v
}

// goEnvText is the go.env of an install.
func (m *maker) goEnv(in *install) {
	in.Shipped = true
	if m.chance(60) {
		return
	}
	in.Shipped = false
	const minimal = "GOPROXY=https://{PROXYHOST},direct\nGOSUMDB={SUMDB}\n"
	switch m.IntN(9) {
	case 0, 1:
		in.GoEnv = strings.ReplaceAll("# Automatically download newer toolchains.\nGOTOOLCHAIN=local\n", "#", "# This file\n#\n#") + minimal
	case 2:
		in.GoEnv = "# distro\n" + minimal + "GOTOOLCHAIN=path\n"
	case 3:
		in.GoEnv = minimal
	case 4:
		in.GoEnv = minimal + " GOTOOLCHAIN=local\n#GOTOOLCHAIN=local\n"
	case 5:
		in.GoEnv = minimal + "GOTOOLCHAIN=" + m.gotoolchain() + "\n"
	case 6:
		in.NoGoEnv = true
	case 7:
		in.GoEnv = minimal + "GOTOOLCHAIN=local\nGOTOOLCHAIN=" + pick(m, "auto", "", "path\r") + "\n"
	case 8:
		in.GoEnv = minimal + "GOTOOLCHAIN=auto\n" + pick(m, "GOROOT=/nowhere\n", "GO111MODULE=off\n", "GOWORK=off\n", "GOFLAGS=-tags=x\n", "CGO_ENABLED=0\n", "GOENV=off\n", "GOSUMDB=off\n", "GOTOOLDIR=/x\n")
	}
}

// goenvText is what stands in the user's file.
func (m *maker) goenvText() string {
	var b strings.Builder
	for range 1 + m.IntN(2) {
		switch m.IntN(12) {
		case 0, 1, 2, 3:
			b.WriteString("GOTOOLCHAIN=" + m.gotoolchain() + "\n")
		case 4:
			b.WriteString(pick(m, " ", "\t", "export ", "# ", "#", "\ufeff", "x", "go", "_") + "GOTOOLCHAIN=" + m.gotoolchain() + "\n")
		case 5:
			b.WriteString("GOTOOLCHAIN=" + m.gotoolchain() + "\r\n")
		case 6:
			b.WriteString("GOTOOLCHAIN=go1.99.0\nGOTOOLCHAIN=" + m.gotoolchain() + "\n")
		case 7:
			b.WriteString("GO111MODULE=" + pick(m, "off", "on", "auto", "yes", "", "off\r") + "\n")
		case 8:
			b.WriteString("GOWORK=" + pick(m, "off", "auto", "", "{ROOT}/other/go.work", "go.work", "{ROOT}/ws/none.work", "off ") + "\n")
		case 9:
			b.WriteString("GOTOOLCHAIN" + pick(m, " =", "= ", "==", "=local # ") + m.gotoolchain() + "\n")
		case 10:
			b.WriteString("GOTOOLCHAIN=" + pick(m, `"`, "'", "`") + "go1.30.0" + pick(m, `"`, "'", "`") + "\n")
			m.asks("go1.30.0")
		case 11:
			b.WriteString(pick(m, "GOROOT={ROOT}/sdk/b\n", "GOROOT={TC:1.25.3}\n", "GOFLAGS=-tags=x\n", "GOSUMDB=off\n", "GOSUMDB=\n", "GOMODCACHE={ROOT}/mc\n", "GOPATH={ROOT}/gp\n", "junk\n", "=x\n", "GOENV=off\n", "\n"))
		}
	}
	text := b.String()
	if m.chance(10) {
		text = strings.TrimSuffix(text, "\n")
	}
	return text
}

// goLines is the go and toolchain lines of a go.mod or go.work.
func (m *maker) goLines() string {
	v := m.goVersion()
	line := "go " + v
	switch m.IntN(16) {
	case 0:
		line = "  go   " + v + "  "
	case 1:
		line = "go\t" + v
	case 2:
		line = "go " + v + pick(m, " // needs generics", "//x", "\t// x", " //", " /* x */", "\r")
	case 3:
		line = "go (\n\t" + v + "\n)"
	case 4:
		line = "// go 1.99\ngo " + v
	case 5:
		line = "go " + v + "\ngo 1.30"
	case 6:
		line = pick(m, "go", "go ", "go\u00a0", "Go ", "go=", "go:", "go\v", "gO ", "/* x */ go ") + v
	case 7:
		line = pick(m, "require (\n\tgo 1.99\n)\ngo ", "require (\n\ttoolchain go1.30.0\n)\ngo ", "exclude (\n\tgo v1.99.0\n)\ngo ") + v
		m.asks("go1.30.0")
	}
	if m.chance(12) {
		line = ""
	}
	if m.chance(55) {
		return line + "\n"
	}
	name := m.toolchainName()
	tool := "toolchain " + name
	switch m.IntN(14) {
	case 0:
		tool = "  toolchain   " + name + "  "
	case 1:
		tool = "toolchain\t" + name
	case 2:
		tool += pick(m, " // needs generics", "//x", " //", "\r")
	case 3:
		tool = "toolchain (\n\t" + name + "\n)"
	case 4:
		tool = "// toolchain 1.99\n" + tool
	case 5:
		tool += "\ntoolchain go1.30.0"
		m.asks("go1.30.0")
	case 6:
		tool = pick(m, "toolchain", "toolchain ", "Toolchain ", "toolchain=", "tool ") + name
	}
	if m.chance(15) {
		return tool + "\n" + line + "\n"
	}
	return line + "\n" + tool + "\n"
}

func (m *maker) goMod(module string) string {
	text := "module " + module + "\n\n"
	if m.chance(12) {
		text = m.goLines() + text
	} else {
		text += m.goLines()
	}
	if m.chance(8) {
		text += pick(m, "godebug default=go1.21\n", "require example.com/dep v1.0.0\n", "tool example.com/t\n", "ignore ./x\n", "retract v1.0.0\n", "replace example.com/dep => ../dep\n",
			"require (\n", "requ", "exclude example.com/x v1.0.0\n", "godebug (\n\tpanicnil=1\n)\n", "unknown x\n", "module example.com/again\n", "use ./a\n", "require example.com/dep\n", "replace\n", ")\n", "\x00\n", "é\n", "// last")
	}
	return m.finish(text)
}

func (m *maker) finish(text string) string {
	switch m.IntN(30) {
	case 0, 1:
		text = strings.ReplaceAll(text, "\n", "\r\n")
	case 2, 3:
		text = strings.TrimRight(text, "\n")
	case 4:
		text = "\ufeff" + text
	case 5:
		text = strings.ReplaceAll(text, "\n", "\r")
	case 6:
		text = text[:m.IntN(len(text)+1)]
	}
	return text
}

func (m *maker) goWork(uses ...string) string {
	text := m.goLines() + "\n"
	switch {
	case len(uses) == 1:
		text += "use " + uses[0] + "\n"
	case len(uses) > 1:
		text += "use (\n\t" + strings.Join(uses, "\n\t") + "\n)\n"
	}
	if m.chance(8) {
		text += pick(m, "require x v1.0.0\n", "use ./none\n", "use ./a\n", "godebug default=go1.21\n", "replace example.com/dep => ./dep\n", "use\n", "use (\n", "usex\n", "use {ROOT}/ws/a\n", "use .\n", "use ./a ./b\n", "use \"./a\"\n", "module x\n")
	}
	return m.finish(text)
}

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

// mutate makes the kind "mutate": a scenario of another kind whose texts a
// careless person has been typing in.
func (m *maker) mutate() {
	pick(m, (*maker).sel, (*maker).sel, (*maker).env, (*maker).work, (*maker).tooold, (*maker).require, (*maker).vendor)(m)
	for i := range m.s.Files {
		f := &m.s.Files[i]
		if f.Content == "" || f.Mode != 0 || strings.HasSuffix(f.Path, "/mode") || strings.HasSuffix(f.Path, ".go") {
			continue
		}
		for range m.IntN(3) {
			f.Content = m.typo(f.Content)
		}
	}
}

// typo changes one thing in a text.
func (m *maker) typo(text string) string {
	lines := strings.SplitAfter(text, "\n")
	at := m.IntN(len(lines))
	switch m.IntN(7) {
	case 0:
		lines = slices.Delete(lines, at, at+1)
	case 1:
		lines = slices.Insert(lines, m.IntN(len(lines)+1), lines[at])
	case 2:
		other := m.IntN(len(lines))
		lines[at], lines[other] = lines[other], lines[at]
	case 3, 4:
		where := m.IntN(len(text) + 1)
		return text[:where] + pick(m, "(", ")", "go ", "toolchain ", "=>", "//", "\"", "`", " ", "\t", "\r", "\n", ",", ";", "1.21", "x", "=", "#", "'", "/*", "\\", "v1.0.0", "// indirect", ".", "..", "./", "\u00a0", "{ROOT}", "GO", "[", "]") + text[where:]
	case 5:
		from := m.IntN(len(text) + 1)
		return text[:from] + text[min(len(text), from+1+m.IntN(3)):]
	case 6:
		lines[at] = pick(m, "go 1.21\n", "go 1.30\n", "toolchain go1.30.0\n", "use ./a\n", "module example.com/n\n", "require example.com/dep v1.0.0\n", "GOTOOLCHAIN=local\n", "exclude example.com/dep v1.0.0\n", "retract v0.0.1\n", "replace example.com/dep v1.0.0 => ./dep\n", "godebug default=go1.21\n", "tool example.com/x\n", "ignore x\n", "require (\n", ")\n")
	}
	return strings.Join(lines, "")
}
