//go:build linux

package workspace_test

import (
	"slices"
	"strings"
)

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

// gotoolchain is a GOTOOLCHAIN value.
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

// goEnv is the go.env of an install.
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
