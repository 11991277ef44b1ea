//go:build linux

package workspace_test

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
