//go:build linux

package workspace_test

import "strings"

// A kind makes scenarios that vary one thing and leave the rest alone, so that
// the rare case within one topic is met too.
type kind struct {
	name string
	// weight is how often the kind is made.
	weight int
	make   func(*maker)
}

var kinds = []kind{
	{"select", 300, (*maker).sel},
	{"env", 200, (*maker).env},
	{"mutate", 100, (*maker).mutate},
	{"gtc", 25, (*maker).gtc},
	{"goline", 20, (*maker).goline},
	{"tcline", 25, (*maker).tcline},
	{"scan", 25, (*maker).scan},
	{"pre121", 15, (*maker).pre121},
	{"src", 25, (*maker).src},
	{"gomodule", 15, (*maker).gomodule},
	{"work", 35, (*maker).work},
	{"root", 30, (*maker).rootKind},
	{"leak", 15, (*maker).leak},
	{"path", 30, (*maker).pathKind},
	{"goroot", 25, (*maker).goroot},
	{"cache", 15, (*maker).cache},
	{"install", 10, (*maker).install},
	{"require", 15, (*maker).require},
	{"goflags", 30, (*maker).goflags},
	{"vendor", 15, (*maker).vendor},
	{"lang", 10, (*maker).lang},
	{"cgo", 30, (*maker).cgo},
	{"plat", 40, (*maker).plat},
	{"dirs", 30, (*maker).dirs},
	{"tooold", 20, (*maker).tooold},
}

const need130 = "module example.com/m\n\ngo 1.30\n"

// module writes ws/go.mod.
func (m *maker) module(text string) { m.file("ws/go.mod", text) }

// somewhere sets a variable in the environment or in the GOENV file.
func (m *maker) somewhere(name, value string) {
	if m.chance(50) {
		m.s.Env[name] = value
		return
	}
	const goenv = "home/.config/go/env"
	line := name + "=" + value + "\n"
	for i, f := range m.s.Files {
		if f.Path == goenv && f.Symlink == "" && !f.Dir {
			m.s.Files[i].Content += line
			return
		}
	}
	m.file(goenv, line)
}

func (m *maker) allCached() { m.s.ModCache = cacheable }

func (m *maker) gtc() {
	m.base(m.switching())
	m.allCached()
	v := m.gotoolchain()
	m.somewhere("GOTOOLCHAIN", v)
	m.module("module example.com/m\n\ngo " + pick(m, "1.21", "1.25", "1.25.3", "1.30", "1.30.0", "1.24.9") + "\n")
	if m.chance(50) {
		m.stubs("named", "go1.30.0", "go1.31.0", "go1.30.5")
		m.path("{ROOT}/named")
	}
}

func (m *maker) goline() {
	m.base(m.switching())
	m.allCached()
	m.module("module example.com/m\n\ngo " + m.goVersion() + "\n")
	m.stubs("named", "go1.27.0", "go1.27rc1", "go1.27", "go1.30.0", "go1.30", "go1.26.9", "go1.30.1")
	m.path("{ROOT}/named")
}

func (m *maker) tcline() {
	m.base(m.switching())
	m.allCached()
	m.module("module example.com/m\n\ngo " + pick(m, "1.21", "1.25.3", "1.30.0", "1.22", "1.20") + "\n\ntoolchain " + m.toolchainName() + "\n")
	m.stubs("named", "go1.27.0", "go1.27rc1", "go1.30.0", "go1.30", "go1.26.9", "go1.30.1", "go1.30.0-custom")
	m.path("{ROOT}/named", "{ROOT}/named")
	if m.chance(50) {
		m.s.Env["GOTOOLCHAIN"] = m.gotoolchain()
	}
}

func (m *maker) scan() {
	m.base(m.switching())
	m.allCached()
	m.module(pick(m,
		"go 1.30\n", "\n\n  go 1.30\nmodule example.com/m\n", "module example.com/m\n// go 1.30\n", "module example.com/m\n/* go 1.30 */\n", "module go\n\ngo 1.21\n",
		"module example.com/m\n\ngo 1.30;\n", "module example.com/m\n\ntoolchain go1.30.0\n", "module example.com/m\n\ntoolchain default\n", "", "\n", "module", "go", "go 1.30",
		"module example.com/m\n\nrequire (\n\tgo 1.30\n)\n", "module example.com/m\n\nrequire (\n\ttoolchain go1.30.0\n)\n\ngo 1.21\n", "module example.com/m\ngo 1.21\ngo 1.30\n",
		"module example.com/m\ngo 1.30\ngo 1.21\n", "module example.com/m\ntoolchain go1.30.0\ntoolchain go1.31.0\n", "module example.com/m\ngo \"1.30\"\n", "module example.com/m\ngo `1.30`\n",
		"module example.com/m\ngo 1.30 // toolchain go1.31.0\n", "module example.com/m\ngo\t1.30\t// x\n", "module example.com/m\rgo 1.30\r", "module example.com/m\r\ngo 1.30\r\n",
		"\ufeffgo 1.30\nmodule example.com/m\n", "\ufeffmodule example.com/m\ngo 1.30\n", "module example.com/m\ngo\u00a01.30\n", "module example.com/m\ngo (\n1.30\n)\n", "module example.com/m\ngo (1.30)\n",
		"module example.com/m\n\tgo 1.30\n", "module example.com/m\ngo 1.30 1.31\n", "module example.com/m\ngo  1.30  \n", "module example.com/m\n\x00go 1.30\n", "module example.com/m\ngo 1.30\x00\n",
		"module example.com/m\nGo 1.30\n", "module example.com/m\ngo1.30\n", "module example.com/m\ngo=1.30\n", "module example.com/m\ngodebug go=1.30\n", "module example.com/m\ngolang 1.30\n",
		"module \"example.com/m\"\ngo 1.30\n", "module example.com/m\ngo 1.21\ntoolchain (\n\tgo1.30.0\n)\n", "<<<<<<< HEAD\ngo 1.21\n=======\ngo 1.30\n>>>>>>> x\nmodule example.com/m\n",
		"module example.com/m\n\ngo 1.21\nrequire example.com/x v1\n", "module example.com/m\n\ngo 1.21\nrequire (\n\texample.com/x v1.0.0\n", "module example.com/M!\ngo 1.21\n", "module\ngo 1.21\n", "module a b\ngo 1.21\n",
		"module example.com/m\ngo 1.21\nfoo bar\n", "module example.com/m\ngo\n", "module example.com/m\ngo 1.21\ntoolchain\n", "module example.com/m v1\n", "module example.com/m\ntoolchain default\ngo 1.30\n",
		"module example.com/m\ngo 1.21\nreplace example.com/x => ../x\n", "module example.com/m\ngo 1.21\ngodebug panicnil=1\n", "module example.com/m\ngo 1.21\ngodebug (\n\tdefault=go1.99\n)\n", "module example.com/m\ngo 1.21\ntool x\n",
		"module example.com/m\ngo 1.21\nmodule example.com/n\n", "module example.com/m/v0\ngo 1.21\n", "module example.com/m/v1\ngo 1.21\n", "module m\ngo 1.21\n", "module ./m\ngo 1.21\n", "module example.com/m\ngo 1.21\nrequire go 1.30\n",
		"module example.com/m\ngo 1.21\nrequire toolchain go1.30.0\n", "module example.com/m\ngo 1.21\n\nrequire (\n\texample.com/x v1.0.0 // indirect\n)\n", "module example.com/m\ngo 1.21\nretract [v1.0.0\n", "module example.com/m\ngo 1.21\nignore (\n./x\n)\n",
		"module example.com/m\ngo 1.21\nexclude example.com/x\n", "module example.com/m\ngo 1.21\n)\n", "module (\nexample.com/m\n)\ngo 1.21\n", "module example.com/m\n\ngo 1.21 /* x */\n", "module example.com/m\n\ngo 1.21 \\\n", "module example.com/m\n\"go 1.30\"\n",
	))
	m.stubs("named", "go1.30.0", "go1.30", "go1.31.0")
	m.path("{ROOT}/named")
}

func (m *maker) pre121() {
	m.base("1.20.14")
	m.allCached()
	m.module(pick(m, m.goMod("example.com/m"), "module example.com/m\n\ngo "+pick(m, "1.16", "1.20", "1.21", "1.21.0", "1.30", "1.22.5", "1.21rc1")+"\n"))
	m.file("ws/m.go", "package m\n")
	if m.chance(70) {
		m.s.Env["GOTOOLCHAIN"] = m.gotoolchain()
	}
	if m.chance(30) {
		m.file("ws/go.work", m.goWork("."))
	}
	if m.chance(30) {
		m.file("home/.config/go/env", m.goenvText())
	}
}

func (m *maker) src() {
	m.base(m.switching())
	if m.chance(50) {
		m.allCached()
	}
	m.module(pick(m, need130, need130, "module example.com/m\n\ngo 1.21\n"))
	m.stubs("named", "go1.30.0", "go1.31.0")
	m.path("{ROOT}/named")
	in := &m.s.Installs[0]
	if m.chance(40) {
		in.Shipped = false
		in.GoEnv = pick(m, "{SHIPPED}", "GOPROXY=x\nGOSUMDB={SUMDB}\n", "") + pick(m, "GOROOT=/nowhere\n", "GOTOOLCHAIN=go1.24.9+auto\n", "GOTOOLCHAIN=local\r\n", "GOTOOLCHAIN=local", "GOTOOLCHAIN=\n", " GOTOOLCHAIN=local\n", "\ufeffGOTOOLCHAIN=local\n", "GOTOOLCHAIN=local\nGOTOOLCHAIN=auto\n", "GOTOOLCHAIN=path\n", "GOENV=off\n", "GODEBUG=x=1\n", "GOFLAGS=-x\n", "GOTOOLCHAIN=go1.30.0\n", "")
	}
	switch m.IntN(6) {
	case 0:
		m.s.Env["GOENV"] = pick(m, "off", "{ROOT}/conf/goenv", "conf/goenv", "../conf/goenv", "{ROOT}/none", "{ROOT}/conf", "", "OFF")
		m.file("conf/goenv", m.goenvText())
		m.file("ws/conf/goenv", m.goenvText())
		m.file("home/.config/go/env", m.goenvText())
	case 1:
		m.s.Env["XDG_CONFIG_HOME"] = pick(m, "{ROOT}/xdg", "xdg", "", "{ROOT}/none")
		m.file("xdg/go/telemetry/mode", "off")
		m.file("ws/xdg/go/telemetry/mode", "off")
		m.file("none/go/telemetry/mode", "off")
		m.file("xdg/go/env", m.goenvText())
		m.file("ws/xdg/go/env", m.goenvText())
		m.file("home/.config/go/env", m.goenvText())
	case 2:
		delete(m.s.Env, "HOME")
		m.file("home/.config/go/env", m.goenvText())
		if m.chance(70) {
			m.s.Env["GOPATH"], m.s.Env["GOCACHE"] = "{ROOT}/gp", "{ROOT}/gc"
		}
	case 3:
		m.s.Files = append(m.s.Files, file{Path: "home/.config/go/env", Dir: true})
	case 4:
		m.file("home/.config/go/env", strings.Repeat("# filler\n", m.IntN(3))+m.goenvText()+pick(m, "", "GOROOT={TC:1.25.3}\n", "GOROOT={ROOT}/none\n"))
	default:
		m.file("home/.config/go/env", m.goenvText())
	}
	if m.chance(30) {
		m.s.Env["GOTOOLCHAIN"] = pick(m, "", "auto", "local", "path")
	}
}

func (m *maker) gomodule() {
	m.base(m.switching())
	m.stubs("named", "go1.30.0", "go1.31.0")
	m.path("{ROOT}/named")
	switch m.IntN(4) {
	case 0, 1:
		m.module(need130)
	case 2:
		m.file("ws/go.work", "go 1.30\n")
	case 3:
		m.file("go.mod", need130)
		m.s.Cwd = "{ROOT}/ws/sub"
	}
	v := pick(m, "off", "on", "auto", "", "bogus", "On", "0", " on", "yes", "off ")
	m.somewhere("GO111MODULE", v)
	if m.chance(20) {
		m.s.Env["GOTOOLCHAIN"] = pick(m, "local", "go1.30.0", "bad")
	}
}

func (m *maker) work() {
	m.base(m.switching())
	m.allCached()
	m.stubs("named", "go1.30.0", "go1.31.0")
	m.path("{ROOT}/named")
	m.file("ws/a/go.mod", pick(m, "module example.com/a\n\ngo 1.21\n", "module example.com/a\n\ngo 1.30\n", "module example.com/a\n", "module example.com/a\n\ngo 1.22.3\n", "module example.com/a\n\ngo 1.21\ntoolchain go1.31.0\n"))
	m.file("ws/go.work", pick(m,
		"go 1.30\n\nuse ./a\n", "go 1.21\n\nuse ./a\n", "use ./a\n", "go 1.21\n\ntoolchain go1.30.0\nuse ./a\n", "go 1.21\n\nrequire x v1.0.0\nuse ./a\n", "go 1.30\r\n\r\nuse ./a\r\n", "go 1.22\nuse ./a\n", "go 1.22.1\nuse ./a\n",
		"go 1.21\nuse ./none\n", "go 1.21\nuse (\n\t./a\n\t./a\n)\n", "", "go 1.21\n", "go 1.30\n", "go 1.21\nuse {ROOT}/ws/a\n", "go 1.21\nuse a\n", "go 1.21\nuse ./a/\n", "go 1.21\nuse ./a ./b\n", "toolchain default\ngo 1.30\nuse ./a\n", "toolchain go1.31.0\nuse ./a\n",
		"go x\nuse ./a\n", "go 1.17\nuse ./a\n", "go 1.21\ntoolchain bad\nuse ./a\n", "go 1.21\nuse \"./a\"\nuse .\n", "go 1.21\nuse ./a\nreplace example.com/x => ./none\n", "go 1.21\ngodebug default=go1.30\nuse ./a\n", "go 1.21\nuse (\n", "// go 1.30\ngo 1.21\nuse ./a\n"))
	m.s.Cwd = pick(m, "{ROOT}/ws", "{ROOT}/ws/a", "{ROOT}/ws/a/deep", "{ROOT}/ws/other")
	if m.chance(50) {
		m.file("w2/go.work", "go 1.30\nuse ../ws/a\n")
		m.somewhere("GOWORK", pick(m, "off", "auto", "", "{ROOT}/w2/go.work", "{ROOT}/none/go.work", "go.work", "./go.work", "{ROOT}/ws", "{ROOT}/ws/a/go.mod", "OFF", "{ROOT}/w2/../w2/go.work", "~/go.work", "{ROOT}/w2/go.txt"))
	}
	if m.chance(30) {
		m.s.Env["GOTOOLCHAIN"] = pick(m, "local", "path", "auto", "go1.24.9+auto", "go1.22.12", "go1.21.13")
	}
	if m.chance(10) {
		m.s.Env["GOFLAGS"] = pick(m, "-mod=mod", "-mod=vendor", "-modfile=x.mod", "-mod=readonly", "-workfile=off")
	}
	if m.chance(10) {
		m.s.Env["GO111MODULE"] = pick(m, "off", "auto", "on")
	}
}

func (m *maker) rootKind() {
	m.base(m.switching())
	m.stubs("named", "go1.30.0", "go1.31.0")
	m.path("{ROOT}/named")
	in := "module example.com/in\n\ngo 1.21\n"
	switch m.IntN(12) {
	case 0:
		m.module(need130)
		m.s.Files = append(m.s.Files, file{Path: "ws/in/go.mod/x", Dir: true})
		m.s.Cwd = "{ROOT}/ws/in"
	case 1:
		m.module(need130)
		m.link("ws/in/go.mod", "{ROOT}/nowhere")
		m.s.Cwd = "{ROOT}/ws/in"
	case 2:
		m.link("ws/go.mod", "{ROOT}/else/the.mod")
		m.file("else/the.mod", need130)
	case 3, 4:
		m.module(need130)
		m.s.Files = append(m.s.Files, file{Path: "real/x/y", Dir: true})
		m.link("ws/ln", "{ROOT}/real/x")
		m.s.Cwd = "{ROOT}/ws/ln" + pick(m, "", "/y")
		if m.chance(60) {
			m.s.Env["PWD"] = pick(m, "{ROOT}/real/x", "{ROOT}/real/x/y", "", "{ROOT}/none", "ws/ln", "{ROOT}/ws/ln/", "{ROOT}/ws/../ws/ln", "{ROOT}/ws", "{ROOT}/ws/ln/../ln")
		}
		if m.chance(30) {
			m.file("real/go.mod", in)
		}
	case 5:
		m.s.Env["TMPDIR"] = pick(m, "{ROOT}/ws", "{ROOT}/ws/", "{ROOT}/wsl", "ws", "{ROOT}")
		m.link("wsl", "{ROOT}/ws")
		m.module(need130)
		m.s.Cwd = pick(m, "{ROOT}/ws", "{ROOT}/ws/sub", "{ROOT}/wsl")
		if m.chance(30) {
			m.file("go.mod", in)
		}
	case 6:
		m.s.Env["TMPDIR"] = "{ROOT}/ws"
		m.file("ws/go.work", "go 1.30\n")
	case 7:
		m.module(need130)
		m.file("ws/alt.mod", in)
		m.s.Env["GOFLAGS"] = pick(m, "-modfile={ROOT}/ws/alt.mod", "-modfile=alt.mod", "-modfile=none.mod", "-modfile=alt.txt")
	case 8:
		m.module(need130)
		m.s.Files = append(m.s.Files, file{Path: "ws/go.work/x", Dir: true})
		m.file("go.work", "go 1.31\nuse ./ws\n")
	case 9:
		m.file("ws/vendor/x/go.mod", need130)
		m.file("ws/testdata/go.mod", in)
		m.module(in)
		m.s.Cwd = pick(m, "{ROOT}/ws/vendor/x", "{ROOT}/ws/testdata", "{ROOT}/ws/vendor", "{ROOT}/ws/.git")
	case 10:
		m.s.Cwd = pick(m, "{ROOT}/sdk/a", "{ROOT}/sdk/a/bin", "{ROOT}/sdk/a/inside", "{ROOT}/sdk")
		m.file("sdk/go.work", "go 1.30\n")
		if m.chance(50) {
			m.file("sdk/go.mod", need130)
		}
	case 11:
		m.s.Files = append(m.s.Files, file{Path: "ws/go.mod", Content: need130, Mode: 0o000})
	}
}

func (m *maker) leak() {
	m.base(m.local())
	m.module(pick(m, need130, "module example.com/m\n\ngo 1.21\n", "module example.com/m\n\ngo 1.21\ntoolchain bad\n"))
	m.stubs("named", "go1.30.0", "go1.31.0")
	m.path("{ROOT}/named")
	local := "go" + m.s.Installs[0].Version
	switch m.IntN(3) {
	case 0, 1:
		m.s.Env["GOTOOLCHAIN_INTERNAL_SWITCH_VERSION"] = pick(m, "go1.25.3", local, local, "go1.30.0", "x", "")
	case 2:
		m.s.Env["GOTOOLCHAIN_INTERNAL_SWITCH_COUNT"] = pick(m, "0", "1", "50", "89", "90", "99", "100", "101", "-1", "x", "")
	}
	if m.chance(50) {
		m.s.Env["GO111MODULE"] = pick(m, "off", "on", "auto", "")
	}
	if m.chance(50) {
		m.s.Env["GOTOOLCHAIN"] = pick(m, "local", "auto", "path", "bad", "go1.30.0", "")
	}
}

func (m *maker) pathKind() {
	m.base(m.local())
	a, b := m.local(), m.local()
	m.s.Installs = []install{{Dir: "sdk/a", Version: a, Shipped: true}, {Dir: "sdk/b", Version: b, Shipped: true}}
	m.allCached()
	m.module(pick(m, "module example.com/m\n\ngo 1.21\n", "module example.com/m\n\ngo 1.20\n", need130))
	const tail = "exec {ROOT}/sdk/b/bin/go \"$@\"\n"
	switch m.IntN(17) {
	case 16:
		m.s.Env["PATH"] = "{TC:" + pick(m, cacheable...) + "}/bin:{ROOT}/sdk/a/bin"
	case 0:
		m.link("cur", "{ROOT}/sdk/b")
		m.s.Env["PATH"] = "{ROOT}/cur/bin:{ROOT}/sdk/a/bin"
	case 1:
		m.link("ws/go", "{ROOT}/sdk/b/bin/go")
		m.s.Env["PATH"] = pick(m, ":{ROOT}/sdk/a/bin", ".:{ROOT}/sdk/a/bin", "{ROOT}/sdk/a/bin:", "{ROOT}/none::{ROOT}/sdk/a/bin")
	case 2:
		m.link("ws/rel/go", "{ROOT}/sdk/b/bin/go")
		m.s.Env["PATH"] = pick(m, "rel:{ROOT}/sdk/a/bin", "./rel:{ROOT}/sdk/a/bin", "../ws/rel:{ROOT}/sdk/a/bin", "../sdk/b/bin:{ROOT}/sdk/a/bin")
	case 3:
		m.program("d/go", "#!/bin/sh\nGOROOT={TC:1.25.3} "+tail)
		m.s.Env["PATH"] = "{ROOT}/d:{ROOT}/sdk/a/bin"
	case 4:
		m.program("d/go", "#!/bin/sh\nexport GOTOOLCHAIN="+pick(m, "local", "auto", "go1.25.3", "path")+"\n"+tail)
		m.s.Env["PATH"] = "{ROOT}/d:{ROOT}/sdk/a/bin"
	case 5:
		m.program("d/go", "#!/bin/sh\nPATH={ROOT}/sdk/a/bin "+tail)
		m.stubs("named", "go1.30.0")
		m.s.Env["PATH"] = "{ROOT}/d:{ROOT}/named"
	case 6:
		m.program("d/go", "#!/bin/sh\n"+tail)
		m.s.Env["PATH"] = "{ROOT}/d:{ROOT}/sdk/a/bin"
	case 7:
		m.stubs("ws/named", "go1.30.0")
		m.s.Env["PATH"] = "{ROOT}/sdk/a/bin:" + pick(m, "named", "./named", "../ws/named", "{ROOT}/ws/named")
	case 8:
		m.stubs("ws/rel", "go1.30.0")
		m.stubs("named", "go1.30.0")
		m.s.Env["PATH"] = pick(m, "{ROOT}/sdk/a/bin:rel:{ROOT}/named", "{ROOT}/sdk/a/bin:{ROOT}/named:rel")
	case 9:
		m.stubs("named", "go1.25.3", "go1.24.9")
		m.path("{ROOT}/named")
		m.s.Env["GOTOOLCHAIN"] = pick(m, "go1.25.3", "go1.24.9", "go1.24.9+path", "go1.23.12", "go1.23.12+path")
	case 10:
		m.s.Env["PATH"] = pick(m, "{ROOT}/none", "{ROOT}/named", "{ROOT}/ws/go.mod", "/{ROOT}/sdk/a/bin", "{ROOT}/sdk/a/bin/", "{ROOT}/sdk/./a/bin", "{ROOT}/sdk/a/bin/go")
	case 11:
		m.s.Files = append(m.s.Files, file{Path: "d/go", Dir: true}, file{Path: "e/go", Content: "no", Mode: 0o644})
		m.link("f/go", "{ROOT}/nowhere")
		m.s.Env["PATH"] = "{ROOT}/d:{ROOT}/e:{ROOT}/f:{ROOT}/sdk/b/bin:{ROOT}/sdk/a/bin"
	case 12:
		m.link("l1/go", "{ROOT}/l2/go")
		m.link("l2/go", "{ROOT}/sdk/b/bin/go")
		m.s.Env["PATH"] = "{ROOT}/l1:{ROOT}/sdk/a/bin"
	case 13:
		v := pick(m, cacheable...)
		name := pick(m, "go1.30.0", "go"+v, "go1.25.0")
		m.link("named/"+name, "{TC:"+v+"}/bin/go")
		m.path("{ROOT}/named")
		if m.chance(50) {
			m.s.Env["GOTOOLCHAIN"] = name
		}
	case 14:
		m.link("named/go1.30.0", "{ROOT}/nowhere")
		m.s.Files = append(m.s.Files, file{Path: "n2/go1.30.0", Dir: true}, file{Path: "n3/go1.30.0", Content: "x", Mode: 0o644})
		m.stubs("n4", "go1.30.0")
		m.path("{ROOT}/named", "{ROOT}/n2", "{ROOT}/n3")
		if m.chance(50) {
			m.path("{ROOT}/n4")
		}
	case 15:
		m.s.Installs[0].NoTool = true
		m.module("module example.com/m\n\ngo 1.20\n")
		if m.chance(50) {
			m.s.Env["GOROOT"] = "{ROOT}/sdk/b"
		}
	}
}

func (m *maker) goroot() {
	m.base(m.local())
	m.s.Installs = append(m.s.Installs, install{Dir: "sdk/b", Version: m.local(), GoEnv: "GOTOOLCHAIN=" + pick(m, "local", "auto", "go1.30.0", "") + "\nGOFLAGS=-tags=b\n"})
	m.allCached()
	m.stubs("named", "go1.30.0")
	if v := pick(m, cacheable...); m.chance(40) {
		m.link("named/go"+v, "{TC:"+v+"}/bin/go")
		m.s.Env["GOTOOLCHAIN"] = "go" + v
	}
	m.path("{ROOT}/named")
	m.module(pick(m, need130, "module example.com/m\n\ngo 1.20\n"))
	m.file("empty/x", "")
	root := func() string {
		return pick(m, "{TC:1.25.3}", "{ROOT}/sdk/b", "{ROOT}/sdk/a", "{ROOT}/none", "{ROOT}/empty", "{ROOT}/empty/x", "", "sdk/b", "../sdk/b", "{ROOT}/sdk/b/", "{ROOT}/lnk", "~", "{TC:1.20.14}")
	}
	m.link("lnk", "{ROOT}/sdk/b")
	if m.chance(60) {
		m.s.Env["GOROOT"] = root()
	}
	if m.chance(50) {
		m.file("home/.config/go/env", pick(m, "", "GOTOOLCHAIN=auto\n")+"GOROOT="+root()+pick(m, "\n", "\n", "\r\n"))
	}
	if m.chance(20) {
		m.s.Env["GOTOOLDIR"] = "/x"
	}
	if m.chance(30) {
		m.s.Env["GOTOOLCHAIN"] = pick(m, "local", "go1.25.3", "go1.22.12", "auto")
	}
}

func (m *maker) cache() {
	m.base(m.switching())
	m.allCached()
	m.module("module example.com/m\n\ngo " + pick(m, "1.21", "1.20", "1.25.3") + "\n")
	m.s.Env["GOTOOLCHAIN"] = pick(m, "go1.24.9", "go1.25.3", "go1.20.14", "go1.24.9+auto", "go1.21.0", "go1.24.10")
	for range m.IntN(3) {
		switch m.IntN(12) {
		case 0:
			m.somewhere("GOPATH", pick(m, "{ROOT}/gp", "{ROOT}/home/go", "{ROOT}/home/go:{ROOT}/gp", "{ROOT}/gp:{ROOT}/home/go", ""))
		case 1:
			m.somewhere("GOMODCACHE", pick(m, "{ROOT}/mc", "{ROOT}/home/go/pkg/mod", "../home/go/pkg/mod", "mc"))
		case 2:
			m.somewhere("GOSUMDB", pick(m, "off", "", "{SUMDB}"))
		case 3:
			m.s.Env["GOOS"], m.s.Env["GOARCH"] = pick(m, "windows", "linux"), "arm64"
		case 4:
			m.somewhere(pick(m, "GONOSUMDB", "GOPRIVATE", "GONOSUMCHECK", "GOINSECURE", "GONOPROXY"), pick(m, "*", "golang.org", "golang.org/toolchain"))
		case 5:
			m.s.Env["GOFLAGS"] = pick(m, "-mod=mod", "-mod=vendor", "-insecure", "-modcacherw")
		case 6:
			m.s.Env["GOPROXY"] = pick(m, "off", "file://{ROOT}/proxy", "file://{ROOT}/proxy,off", "off,off")
		case 7:
			name := "home/go/pkg/mod/cache/download/golang.org/toolchain/@v/v0.0.1-" + pick(m, "go1.24.9", "go1.25.3") + ".{GOOS}-{GOARCH}"
			m.file(name+".partial", "")
		case 8:
			m.s.ModCache = nil
		case 9:
			in := &m.s.Installs[0]
			in.Shipped, in.GoEnv = false, pick(m, "GOTOOLCHAIN=auto\n", "GOSUMDB=off\nGOTOOLCHAIN=auto\n", "")
		case 10:
			m.s.Files = append(m.s.Files, file{Path: "home/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.24.10.{GOOS}-{GOARCH}/bin", Dir: true})
		case 11:
			m.s.Env["GOROOT"] = pick(m, "{ROOT}/none", "{TC:1.25.3}")
		}
	}
}

func (m *maker) install() {
	m.base(m.local())
	m.allCached()
	m.module("module example.com/m\n\ngo 1.31\n")
	m.stubs("named", "go1.30.2", "go1.31.0", "go1.31.1")
	m.path("{ROOT}/named")
	m.s.Env["GOPROXY"] = "file://{ROOT}/proxy"
	m.s.Env["GONOSUMDB"] = "*"
	m.s.Env["GOTOOLCHAIN"] = pick(m, "local", "auto", "path", "go1.24.9+auto", "go1.25.3", "go1.30.0", "go1.31.0+auto")
	list := ""
	for _, v := range []string{"1.30.0", "1.30.2", "1.31.0", "1.31.1", "1.32rc1"} {
		list += "v0.0.1-go" + v + ".{GOOS}-{GOARCH}\n"
	}
	m.s.Proxy = map[string]string{"golang.org/toolchain/@v/list": list}
}

// require needs modules that are not there, or that want a newer Go.
func (m *maker) require() {
	m.base(m.switching())
	m.s.Env["GOPROXY"] = pick(m, "file://{ROOT}/proxy", "off")
	m.s.Env["GONOSUMDB"] = "*"
	m.s.Env["GOFLAGS"] = pick(m, "", "-mod=mod", "-mod=readonly")
	m.s.Proxy = map[string]string{
		"example.com/dep/@v/list":        "v1.0.0\n",
		"example.com/dep/@v/v1.0.0.info": `{"Version":"v1.0.0"}`,
		"example.com/dep/@v/v1.0.0.mod":  "module example.com/dep\n\ngo " + pick(m, "1.30", "1.20", "1.21.0") + "\n",
	}
	m.module("module example.com/m\n\ngo " + pick(m, "1.21", "1.16", "1.20", "1.25.3") + "\n\nrequire example.com/dep v1.0.0\n" + pick(m, "", "", "replace example.com/dep => ../dep\n"))
	if m.chance(50) {
		m.file("dep/go.mod", "module example.com/dep\n\ngo "+pick(m, "1.30", "1.20")+"\n")
	}
	m.file("ws/m.go", "package m\n\nimport _ \"example.com/dep\"\n")
}

func (m *maker) goflags() {
	m.base(m.switching())
	m.module("module example.com/m\n\ngo 1.21\n")
	m.file("ws/m.go", "package m\n")
	m.somewhere("GOFLAGS", pick(m, values["GOFLAGS"]...))
	if m.chance(20) {
		m.s.Env["GOFLAGS"] = pick(m, "", "-x")
	}
	if m.chance(10) {
		m.file("ws/go.work", "go 1.21\nuse .\n")
	}
}

func (m *maker) vendor() {
	m.base(m.switching())
	m.module("module example.com/m\n\n" + pick(m, "go 1.13\n", "go 1.14\n", "go 1.21\n", "", "go 1.24\n", "go 1.17\n") + "\nrequire example.com/dep v1.0.0\n")
	m.file("ws/m.go", "package m\n\nimport _ \"example.com/dep\"\n")
	m.file("ws/vendor/example.com/dep/d.go", "package dep\n")
	switch m.IntN(6) {
	case 0:
		m.s.Files = append(m.s.Files, file{Path: "ws/vendor/modules.txt", Dir: true})
	case 1:
	default:
		m.file("ws/vendor/modules.txt", pick(m, "", "## workspace\n")+"# example.com/dep v1.0.0\n"+pick(m, "## explicit\n", "## explicit; go 1.30\n", "## explicit; go 1.21\n", "")+"example.com/dep\n")
	}
	if m.chance(20) {
		m.file("ws/go.work", "go 1.24\nuse .\n")
	}
	if m.chance(20) {
		m.s.Env["GOFLAGS"] = pick(m, "-mod=mod", "-mod=vendor", "-mod=readonly")
	}
}

func (m *maker) lang() {
	m.base(m.local())
	m.module("module example.com/m\n" + pick(m, "", "\ngo 1.17\n", "\ngo 1.18\n", "\ngo 1.20\n", "\ngodebug default=go1.20\n", "\ngo 1.23\ngodebug panicnil=1\n", "\ngo 1.23\ngodebug x509sha1=1\n", "\ngo 1.23\ngodebug default=go1.99\n", "\ngo 1.23\ngodebug nosuch=1\n", "\ngo 1.23\ngodebug (\n\tdefault=go1.21\n\tpanicnil=1\n\tpanicnil=0\n)\n", "\ngo 1.25\n\ntool example.com/t\n", "\ngo 1.25\n\nignore ./x\n"))
	m.file("ws/m.go", "package m\n\nfunc F[T any](x T) {}\n")
	m.s.Env["GOTOOLCHAIN"] = "local"
}

func (m *maker) cgo() {
	m.base(m.local())
	m.module("module example.com/m\n\ngo 1.20\n")
	for _, name := range []string{"gcc", "clang"} {
		if m.chance(40) {
			m.program("cbin/"+name, "#!/bin/sh\nexit 1\n")
		}
	}
	switch m.IntN(8) {
	case 0:
		m.program("ws/rel/gcc", "#!/bin/sh\nexit 1\n")
		m.path("rel")
	case 1:
		m.s.Files = append(m.s.Files, file{Path: "nox/gcc", Content: "x", Mode: 0o644})
		m.path("{ROOT}/nox")
	}
	m.path("{ROOT}/cbin")
	if m.chance(15) {
		m.path("rel")
	}
	for range 1 + m.IntN(3) {
		name := pick(m, "CC", "CXX", "CGO_ENABLED", "GOOS", "GOARCH", "CGO_ENABLED", "CC", "AR", "GCCGO")
		value := pick(m, values[name]...)
		switch m.IntN(3) {
		case 0:
			m.s.Env[name] = value
		case 1:
			m.somewhere(name, value)
		case 2:
			in := &m.s.Installs[0]
			in.Shipped, in.GoEnv = false, "{SHIPPED}"+name+"="+value+"\n"
		}
	}
	m.s.Env["GOTOOLCHAIN"] = "local"
}

func (m *maker) plat() {
	m.base(m.local())
	m.module("module example.com/m\n\ngo 1.20\n")
	m.file("ws/main.go", "package main\n\nfunc main() {}\n")
	names := []string{"GOAMD64", "GOARM", "GOARM64", "GO386", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM", "GOEXPERIMENT", "GOEXPERIMENT", "GOFIPS140", "GOOS", "GOARCH"}
	for range 1 + m.IntN(2) {
		name := pick(m, names...)
		m.somewhere(name, pick(m, values[name]...))
	}
	switch m.IntN(3) {
	case 0:
		m.somewhere("GOARCH", pick(m, values["GOARCH"]...))
	case 1:
		m.s.Env["GOOS"], m.s.Env["GOARCH"] = pick(m, values["GOOS"]...), pick(m, values["GOARCH"]...)
	}
	if m.chance(30) {
		m.allCached()
		m.s.Env["GOTOOLCHAIN"] = pick(m, "go1.24.9", "go1.22.12", "local")
	}
}

func (m *maker) dirs() {
	m.base(m.local())
	m.module("module example.com/m\n\ngo 1.20\n")
	m.file("ws/main.go", "package main\n\nfunc main() {}\n")
	for range 1 + m.IntN(2) {
		name := pick(m, "GOPATH", "GOMODCACHE", "GOBIN", "GOCACHE", "GOTMPDIR", "GOPROXY", "GOTELEMETRY", "GOCACHEPROG", "XDG_CACHE_HOME", "GOSUMDB", "GOAUTH", "GOPRIVATE", "GODEBUG")
		m.somewhere(name, pick(m, values[name]...))
	}
	if m.chance(25) {
		m.s.Files = append(m.s.Files, file{Path: "tmp", Dir: true})
	}
	if m.chance(15) {
		m.file("home/go/go.mod", "module example.com/gopath\n")
		m.file("gp/go.mod", "module example.com/gopath\n")
	}
	if m.chance(10) {
		m.s.Installs = append(m.s.Installs, install{Dir: "home/go", Version: m.local(), Shipped: true})
		if m.chance(50) {
			m.s.Env["PATH"] = "{ROOT}/home/go/bin"
		}
	}
	if m.chance(10) {
		delete(m.s.Env, "HOME")
	}
	m.s.Env["GOTOOLCHAIN"] = "local"
}

func (m *maker) tooold() {
	m.base(m.switching())
	m.allCached()
	v := pick(m, "1.26", "1.30", "1.27rc1", "1.26.9", "1.25.4", "1.99.1", "1.22.13")
	m.module("module example.com/m\n\ngo " + v + "\n" + pick(m, "", "toolchain go1.26.8\n", "toolchain go"+v+"\n", "toolchain default\n", "toolchain go1.30.0\n"))
	m.file("ws/main.go", "package main\n\nfunc main() {}\n")
	m.somewhere("GOTOOLCHAIN", pick(m, "local", "go1.21.13", "go1.22.12", "go1.23.12", "go1.24.9", "go1.25.3", "go1.20.14", "local", "go1.21.0", "", "go1.24.9+auto", "path"))
	if m.chance(25) {
		m.file("ws/go.work", "go "+pick(m, v, "1.21", "1.26.8", "1.26", "1.28")+"\nuse .\n")
	}
	m.s.Cwd = pick(m, "{ROOT}/ws", "{ROOT}/ws", "{ROOT}/ws/cmd/x")
}
