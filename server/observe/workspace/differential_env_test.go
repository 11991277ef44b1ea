//go:build linux

package workspace_test

import (
	"maps"
	"slices"
	"strings"
)

// values are what the variables of go env are set to, right and wrong.
var values = map[string][]string{
	"GOARCH":             {"amd64", "arm64", "386", "arm", "wasm", "ppc64", "ppc64le", "x86", "riscv64", "riscv", "mips", "mips64le", "loong64", "s390x", "mipsle", "mips64"},
	"GOOS":               {"linux", "darwin", "windows", "freebsd", "plan9", "plan10", "js", "wasip1", "ios", "android", "aix", "illumos", "openbsd", "solaris", "netbsd", "dragonfly"},
	"GOAMD64":            {"v1", "v2", "v3", "v4", "v9", "3", "V3"},
	"GOARM":              {"5", "6", "7", "8", "6,hardfloat", "7,softfloat", "7,x", "5,hardfloat", ""},
	"GOARM64":            {"v7", "v8.0", "v9.0", "v8.9", "v9.5", "v9.6", "v9.0,lse", "v8.0,crypto", "v8.2,lse,crypto", "v9", "v8.0,x", "v7.0", "v8.0,lse,lse", "v8.1,lse"},
	"GO386":              {"sse2", "softfloat", "387"},
	"GOMIPS":             {"hardfloat", "softfloat", "x"},
	"GOMIPS64":           {"hardfloat", "softfloat", "x"},
	"GOPPC64":            {"power8", "power9", "power10", "power7", "power11", "8"},
	"GORISCV64":          {"rva20u64", "rva22u64", "rva23u64", "x"},
	"GOWASM":             {"satconv", "signext", "satconv,signext", "x", "satconv,x", ","},
	"GOEXPERIMENT":       {"none", "bogus", "nobogus", "jsonv2", "rangefunc", "synctest", "arenas", "greenteagc", "loopvar", "nodwarf5", "noregabi", "boringcrypto", "nojsonv2", "jsonv2,arenas", "aliastypeparams", "nocoverageredesign", "fieldtrack,", "swissmap", "noswissmap", "spinbitmutex", "regabiwrappers", "simd", "goroutineleakprofile", "heapminimum512kib", "staticlockranking", "cacheprog", "randomizedheapbase64", "runtimesecret", "sizespecializedmalloc", "nogreenteagc", "none,arenas", "arenas,none"},
	"GOFIPS140":          {"off", "latest", "v1.0.0", "yes", "inprocess", "certified", "v1.2.3", "on", "v1.0.0-c2097c7c", "v1.26.0"},
	"CGO_ENABLED":        {"0", "1", "2", "true", "", "'2'", "on"},
	"CC":                 {"gcc", "clang", "bin/cc", "gcc -m32", "'my cc' -x", "none", "{ROOT}/cbin/gcc", "'", "", "a'b"},
	"CXX":                {"g++", "clang++", "none", "bin/c++"},
	"AR":                 {"llvm-ar", "ar"},
	"FC":                 {"gfortran", "flang"},
	"GCCGO":              {"gccgo-13", "{ROOT}/gccgo"},
	"PKG_CONFIG":         {"pkgconf", ""},
	"CGO_CFLAGS":         {"-O3", "", "-g -O2"},
	"CGO_LDFLAGS":        {"-s", "-L/x"},
	"CGO_CPPFLAGS":       {"-DX"},
	"CGO_CXXFLAGS":       {"-O0"},
	"CGO_FFLAGS":         {"-O1"},
	"GOFLAGS":            {"", "''", "-mod=mod", "-mod=mod -x", "-v=false", "-tags=x", "-tags", "-tags=a b", "nodash", "-bogus", "--trimpath", "'-tags=a b'", "\"-tags=a b\"", "'-tags=a", "-modcacherw", "-mod=vendor", "-mod=readonly", "-C=/x", "-C", "--", "-", "-x -x", " -x ", "-ldflags=-s", "'-ldflags=-s -w'", "-mod=bogus", "-json", "-buildvcs=false", "-mod", "-=x", "---x", "-x=", "-v", "-p=0", "-modfile=x.mod", "-h", "-race", "-x=notabool", "-trimpath=x", "-insecure", "-overlay=none.json", "-tags=x\t-v", "-count=1", "-run=X", "-o=x", "-i", "-pgo=off", "-gccgoflags=x", "-compiler=gccgo", "-compiler=x", "-buildmode=pie", "-coverpkg=x", "-vet=off", "-timeout=3s", "-u", "-f=x", "-m", "-e", "-toolexec=x y", "'-toolexec=x y'", "-n -a", "-work", "-debug-trace=x", "-cover", "-fuzz=x", "-mod=mod -modcacherw", "-args"},
	"GOPATH":             {"gp", "{ROOT}/gp", "{ROOT}/a:{ROOT}/b", "~/go", "", "{ROOT}/sdk/a", ":{ROOT}/gp", "{ROOT}/gp:", "{ROOT}/gp:rel", "{ROOT}/gp:~/x", "{ROOT}/gp/", "{ROOT}/x/../gp", "~", ":", "{ROOT}/home/go", "{ROOT}/ws", "./gp", "~user/go"},
	"GOMODCACHE":         {"mc", "{ROOT}/mc", "{ROOT}/home/go/pkg/mod", "{ROOT}/mc/", ""},
	"GOBIN":              {"bin", "{ROOT}/bin", "", "{ROOT}/b/"},
	"GOCACHE":            {"off", "gc", "{ROOT}/gc", "", "./gc", "OFF", "~/gc"},
	"GOTMPDIR":           {"{ROOT}/none", "{ROOT}/tmp", "tmp", "", "{ROOT}/ws/go.mod", "."},
	"GOPROXY":            {"off", "direct", "https://a.example,direct", "https://a.example|off", "file://{ROOT}/proxy", "", "none", ",", "off,direct", "a.example"},
	"GOSUMDB":            {"off", "", "sum.example.com+key", "{SUMDB}", "x y"},
	"GONOSUMDB":          {"y.example", "*"},
	"GOPRIVATE":          {"example.com/*", "*.corp.example", "[", ""},
	"GONOPROXY":          {"none", "z.example", ""},
	"GOINSECURE":         {"z.example", ""},
	"GOVCS":              {"*:git", "private:all,public:off", "x", ""},
	"GOAUTH":             {"off", "netrc", "git {ROOT}", "", "x"},
	"GOCACHEPROG":        {"", "{ROOT}/none"},
	"GO111MODULE":        {"on", "off", "auto", "bogus", "", "yes", "On"},
	"GOTOOLCHAIN":        {"local", "auto", "path", "local+auto"},
	"GOROOT":             {"{ROOT}/sdk/a", "{ROOT}/gone", "{TC:1.25.3}", "{ROOT}/sdk/a/", "", "{TC:1.22.12}", "sdk", "{ROOT}/sdk/../sdk/a", "{ROOT}/ws/go.mod"},
	"GODEBUG":            {"gotypesalias=1", "", "x=y,panicnil=1", "default=go1.21"},
	"GOWORK":             {"off", "auto", "", "{ROOT}/none.work", "rel.work", "{ROOT}/ws/go.work"},
	"GOENV":              {"off", "{ROOT}/elsewhere", "elsewhere", "{ROOT}/none", ""},
	"GOVERSION":          {"go9.9"},
	"GOTELEMETRY":        {"on"},
	"GOTELEMETRYDIR":     {"/x"},
	"GOHOSTOS":           {"plan9"},
	"GOHOSTARCH":         {"386"},
	"GOEXE":              {".x"},
	"GOTOOLDIR":          {"/x", ""},
	"GOMOD":              {"/x/go.mod"},
	"GOGCCFLAGS":         {"-x"},
	"GO_EXTLINK_ENABLED": {"0"},
	"XDG_CACHE_HOME":     {"{ROOT}/cache", "cache", ""},
	"XDG_CONFIG_HOME":    {"{ROOT}/xdg", "xdg", ""},
}

var variables = slices.Sorted(maps.Keys(values))

// processOnly are never read from a file; they stand in files all the same.
var processOnly = []string{"XDG_CACHE_HOME", "XDG_CONFIG_HOME"}

// line is a line of a GOENV file or go.env, and often not quite.
func (m *maker) line() string {
	name := pick(m, variables...)
	value := pick(m, values[name]...)
	if slices.Contains(processOnly, name) && m.chance(80) {
		name, value = "GOFLAGS", "-tags=y"
	}
	switch m.IntN(24) {
	case 0:
		return name + " = " + value
	case 1:
		return "# " + name + "=" + value
	case 2:
		return name + "='" + value + "'"
	case 3:
		return name + "=\"" + value + "\""
	case 4:
		return name + "=" + value + "\r"
	case 5:
		return pick(m, " ", "\t", "export ", strings.ToLower(name[:1])) + name + "=" + value
	case 6:
		return name + "=" + value + pick(m, " ", " # x", "\t", "=")
	case 7:
		return name + pick(m, "", ":", "+", "=x\n"+name+"=") + "=" + value
	}
	return name + "=" + value
}

func (m *maker) lines(n int) string {
	var b strings.Builder
	if m.chance(4) {
		b.WriteString("\ufeff")
	}
	for range n {
		b.WriteString(m.line() + "\n")
	}
	text := b.String()
	if m.chance(10) {
		text = strings.TrimSuffix(text, "\n")
	}
	return text
}

// env makes the kind "env": one Go, and settings in every layer.
func (m *maker) env() {
	v := m.local()
	m.base(v)
	in := &m.s.Installs[0]
	if m.chance(30) {
		in.Shipped = false
		in.GoEnv = "GOPROXY=https://{PROXYHOST},direct\nGOSUMDB={SUMDB}\nGOTOOLCHAIN=local\n"
		if m.chance(50) {
			in.GoEnv += m.lines(1 + m.IntN(2))
		}
	}
	in.NoGoEnv = m.chance(3)
	m.file("ws/go.mod", "module example.com/m\n\ngo 1."+pick(m, "16", "20", "20")+"\n")
	for _, path := range []string{"cbin/gcc", "clangbin/clang"} {
		if m.chance(50) {
			m.program(path, "#!/bin/sh\nexit 1\n")
			dir, _, _ := strings.Cut(path, "/")
			m.path("{ROOT}/" + dir)
		}
	}
	for range m.IntN(4) {
		name := pick(m, variables...)
		m.s.Env[name] = pick(m, values[name]...)
	}
	where := "home/.config/go/env"
	switch m.s.Env["GOENV"] {
	case "{ROOT}/elsewhere":
		where = "elsewhere"
	case "elsewhere":
		where = "ws/elsewhere"
	}
	if m.s.Env["XDG_CONFIG_HOME"] == "{ROOT}/xdg" {
		m.file("xdg/go/telemetry/mode", "off")
		if m.chance(70) {
			where = "xdg/go/env"
		}
	}
	if m.chance(85) {
		m.file(where, m.lines(1+m.IntN(4)))
	}
	if m.chance(20) {
		m.s.Files = append(m.s.Files, file{Path: "tmp", Dir: true})
	}
	if m.chance(20) {
		m.file("ws/go.work", "go 1.20\nuse .\n")
	}
	m.odd()
	m.offline()
}

// odd changes what is the same on most machines.
func (m *maker) odd() {
	switch m.IntN(30) {
	case 0:
		delete(m.s.Env, "HOME")
	case 1:
		m.s.Env["HOME"] = pick(m, "", "home")
	case 2:
		m.s.Files[0].Content = pick(m, "off", "off 2026-01-02\n", "off junk", "local", " off \n", "")
	case 3:
		m.s.Files = append(m.s.Files, file{Path: "home/.config/go/env", Dir: true})
	case 4:
		m.link("home/.config/go/env", "{ROOT}/dotfiles/env")
		m.file("dotfiles/env", m.lines(2))
	case 5:
		m.path(pick(m, "", ".", "rel"))
		m.program("ws/"+pick(m, "rel/gcc", "gcc"), "#!/bin/sh\nexit 1\n")
	case 6:
		m.s.Installs[0].NoTool = true
	}
}

// offline sees to it that no module proxy is asked: settings that name one are
// for showing only, so nothing may need a download.
func (m *maker) offline() {
	if m.s.Env["GOTOOLCHAIN"] == "" && m.chance(50) {
		m.s.Env["GOTOOLCHAIN"] = "local"
	}
}
