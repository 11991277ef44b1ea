//go:build linux

package workspace_test

import "strings"

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
