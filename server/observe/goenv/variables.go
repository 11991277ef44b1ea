package goenv

import (
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

// Variables are all variables that "go env" prints, less GOGCCFLAGS, which
// holds a random path, sorted by name. Each carries the layer its value comes
// from and the weaker values that this one hides
// (cmd/go/internal/envcmd/env.go MkEnv, ExtraEnvVars and ExtraEnvVarsCostly).
func (c *Config) Variables() []drift.Variable {
	v := variables{Config: c, list: make([]drift.Variable, 0, 48)}
	cc, cxx := ports.DefaultCompilers(int(c.rel), c.GOOS())
	private := c.Getenv("GOPRIVATE")
	proxy, sumdb := "", ""
	if c.rel < 21 {
		proxy, sumdb = "https://proxy.golang.org,direct", "sum.golang.org"
	}
	exe := ""
	if c.GOOS() == "windows" {
		exe = ".exe"
	}
	tools := ""
	if root := c.GOROOT(); root != "" {
		tools = filepath.Join(root, "pkg", "tool", c.in.Host.GOOS+"_"+c.in.Host.GOARCH)
	}

	// In alphabetical order, which spares the sorting below.
	v.plain("AR", "ar")
	v.plain("CC", cc)
	v.words("CGO_CFLAGS", "-O2 -g")
	v.words("CGO_CPPFLAGS", "")
	v.words("CGO_CXXFLAGS", "-O2 -g")
	v.cgo()
	v.words("CGO_FFLAGS", "-O2 -g")
	v.words("CGO_LDFLAGS", "-O2 -g")
	v.plain("CXX", cxx)
	v.gccgo()
	v.plain("GO111MODULE", "")
	v.arch("GO386", "GOAMD64")
	v.plain("GOARCH", c.in.Host.GOARCH)
	v.arch("GOARM", "GOARM64")
	v.since(24, "GOAUTH", "netrc")
	v.plain("GOBIN", "")
	v.cache()
	v.since(24, "GOCACHEPROG", "")
	v.debug()
	v.file()
	v.fixed("GOEXE", exe)
	v.plain("GOEXPERIMENT", "")
	v.since(24, "GOFIPS140", "off")
	v.plain("GOFLAGS", "")
	v.fixed("GOHOSTARCH", c.in.Host.GOARCH)
	v.fixed("GOHOSTOS", c.in.Host.GOOS)
	v.plain("GOINSECURE", "")
	v.arch("GOMIPS", "GOMIPS64")
	v.fixed("GOMOD", v.goMod())
	v.plain("GOMODCACHE", c.below("pkg/mod"))
	v.plain("GONOPROXY", private)
	v.plain("GONOSUMDB", private)
	v.plain("GOOS", c.in.Host.GOOS)
	v.path()
	v.arch("GOPPC64")
	v.plain("GOPRIVATE", "")
	v.plain("GOPROXY", proxy)
	v.arch("GORISCV64")
	v.root()
	v.plain("GOSUMDB", sumdb)
	v.telemetry()
	v.plain("GOTMPDIR", "")
	v.since(21, "GOTOOLCHAIN", "")
	v.fixed("GOTOOLDIR", tools)
	v.plain("GOVCS", "")
	v.fixed("GOVERSION", c.in.Version)
	v.arch("GOWASM")
	v.work()
	v.pkgConfig()
	slices.SortFunc(v.list, func(a, b drift.Variable) int { return strings.Compare(a.Name, b.Name) })
	return v.list
}

// variables collects the result of Variables.
type variables struct {
	*Config
	list []drift.Variable
}

// add appends a variable whose effective value is known; from is the layer that
// decided it.
func (v *variables) add(name, value string, from drift.Layer, shadowed []drift.Layer) {
	from.Value = value
	v.list = append(v.list, drift.Variable{Name: name, Layer: from, Shadowed: shadowed})
}

// fixed appends a variable that no layer can set.
func (v *variables) fixed(name, value string) {
	v.add(name, value, drift.Layer{Kind: drift.LayerDefault}, nil)
}

// plain appends a variable that is read by Getenv and has a default.
func (v *variables) plain(name, def string) {
	from := v.Lookup(name)
	value := from.Value
	if value == "" {
		value = def
	}
	v.add(name, value, from, v.shadowed(name, from.Kind, def))
}

// since is plain for a variable that a release added.
func (v *variables) since(rel release, name, def string) {
	if v.rel >= rel {
		v.plain(name, def)
	}
}

// arch appends the variable of the target architecture if it is one of these.
func (v *variables) arch(names ...string) {
	name := archVariable(v.rel, v.GOARCH())
	if slices.Contains(names, name) {
		v.plain(name, v.archDefault(name))
	}
}

// shadowed lists the values of the layers weaker than kind.
func (v *variables) shadowed(name string, kind drift.LayerKind, def string) []drift.Layer {
	if kind == drift.LayerDefault {
		return nil
	}
	var out []drift.Layer
	if kind == drift.LayerProcess {
		if s, ok := v.user.Lookup(name); ok {
			out = append(out, drift.Layer{Kind: drift.LayerGOENV, Value: s.Value, File: v.abs(v.userName), Line: s.Line})
		}
	}
	if kind != drift.LayerGoEnv && name != "GOROOT" {
		if s, ok := v.defaults.First(name); ok {
			out = append(out, drift.Layer{Kind: drift.LayerGoEnv, Value: s.Value, File: v.defaultsName, Line: s.Line})
		}
	}
	if def != "" {
		out = append(out, drift.Layer{Kind: drift.LayerDefault, Value: def})
	}
	return out
}

// words appends a list of compiler flags, quoted anew
// (cmd/go/internal/work/exec.go envList).
func (v *variables) words(name, def string) {
	from := v.Lookup(name)
	value := from.Value
	if value == "" {
		value = def
	}
	if list, err := drift.Words(value); err == nil {
		value = join(list)
	}
	v.add(name, value, from, v.shadowed(name, from.Kind, def))
}

// pkgConfig appends the first word of PKG_CONFIG.
func (v *variables) pkgConfig() {
	from := v.Lookup("PKG_CONFIG")
	value := from.Value
	if value == "" {
		value = "pkg-config"
	}
	if list, err := drift.Words(value); err == nil && len(list) > 0 {
		value = list[0]
	}
	v.add("PKG_CONFIG", value, from, v.shadowed("PKG_CONFIG", from.Kind, "pkg-config"))
}

// cgo appends CGO_ENABLED.
func (v *variables) cgo() {
	value, def, from := v.cgoEnabled()
	v.add("CGO_ENABLED", value, from, v.shadowed("CGO_ENABLED", from.Kind, def))
}

// CgoEnabled reports whether CGO_ENABLED is 1.
func (c *Config) CgoEnabled() bool {
	value, _, _ := c.cgoEnabled()
	return value == "1"
}

// cgoEnabled is 0 or 1 as a layer says, else the default: 1 if nothing is
// cross-compiled, the platform has cgo, and CC is in the process environment or
// the default compiler is on PATH. CC in a file does not help
// (cmd/go/internal/cfg/cfg.go defaultContext).
func (c *Config) cgoEnabled() (value, def string, from drift.Layer) {
	def = "0"
	goos, goarch := c.GOOS(), c.GOARCH()
	if goos == c.in.Host.GOOS && goarch == c.in.Host.GOARCH && ports.Cgo(int(c.rel), ports.Port{GOOS: goos, GOARCH: goarch}) {
		cc, _ := ports.DefaultCompilers(int(c.rel), goos)
		if _, ok := c.lookPath(cc); ok || c.process("CC") != "" {
			def = "1"
		}
	}
	from = c.Lookup("CGO_ENABLED")
	if from.Value == "0" || from.Value == "1" {
		return from.Value, def, from
	}
	return def, def, drift.Layer{Kind: drift.LayerDefault}
}

// gccgo appends the program that PATH finds, or else the name
// (cmd/go/internal/work/gccgo.go).
func (v *variables) gccgo() {
	from := v.Lookup("GCCGO")
	name := from.Value
	if name == "" {
		name = "gccgo"
	}
	value := name
	if exe, _ := v.lookPath(name); exe != "" {
		value = exe
	}
	v.add("GCCGO", value, from, v.shadowed("GCCGO", from.Kind, "gccgo"))
}

// cache appends GOCACHE; a relative value counts as off
// (cmd/go/internal/cache/default.go DefaultDir).
func (v *variables) cache() {
	def := "off"
	if dir := v.cacheDir(); dir != "" {
		def = filepath.Join(dir, "go-build")
	}
	from := v.Lookup("GOCACHE")
	value := from.Value
	switch {
	case value == "":
		value = def
	case !filepath.IsAbs(value):
		value = "off"
	}
	v.add("GOCACHE", value, from, v.shadowed("GOCACHE", from.Kind, def))
}

// path appends GOPATH. A relative default, from a relative HOME, is dropped
// (cmd/go/main.go main).
func (v *variables) path() {
	from := v.Lookup("GOPATH")
	value := v.gopath
	def := ""
	if home := v.process(v.homeVar()); home != "" {
		def = filepath.Join(home, "go")
	}
	if from.Value == "" && value != "" && !filepath.IsAbs(value) {
		value = ""
	}
	v.add("GOPATH", value, from, v.shadowed("GOPATH", from.Kind, def))
}

// debug appends GODEBUG, which only the process environment can set.
func (v *variables) debug() {
	if v.rel < 23 {
		return
	}
	from := drift.Layer{Kind: drift.LayerDefault}
	if value := v.process("GODEBUG"); value != "" {
		from = v.Lookup("GODEBUG")
	}
	v.add("GODEBUG", from.Value, from, nil)
}

// telemetry appends GOTELEMETRY and GOTELEMETRYDIR: what the file of
// "go telemetry" says, else local; off without a folder
// (golang.org/x/telemetry/internal/telemetry/dir.go).
func (v *variables) telemetry() {
	if v.rel < 23 {
		return
	}
	dir := v.userDir("XDG_CONFIG_HOME", ".config", "AppData", "Library/Application Support", "lib")
	if dir == "" {
		v.fixed("GOTELEMETRY", "off")
		v.fixed("GOTELEMETRYDIR", "")
		return
	}
	dir = filepath.Join(dir, "go", "telemetry")
	mode := "local"
	if text, err := v.in.Files.ReadFile(filepath.Join(v.abs(dir), "mode")); err == nil {
		mode, _, _ = strings.Cut(strings.TrimSpace(string(text)), " ")
	}
	v.fixed("GOTELEMETRY", mode)
	v.fixed("GOTELEMETRYDIR", dir)
}

// file appends GOENV.
func (v *variables) file() {
	from := drift.Layer{Kind: drift.LayerDefault}
	if _, set := v.envFile(); set {
		o := v.in.Overrides["GOENV"]
		from = drift.Layer{Kind: drift.LayerProcess, File: o.File, Line: o.Line}
	}
	v.add("GOENV", v.userName, from, nil)
}

// root appends GOROOT.
func (v *variables) root() {
	root := v.gorootLayer
	if v.rel >= 21 {
		root = v.Lookup("GOROOT")
	}
	def := ""
	if root.Kind != drift.LayerDefault {
		def = v.rootOfExecutable()
	}
	v.add("GOROOT", v.GOROOT(), root, v.shadowed("GOROOT", root.Kind, def))
}

// work appends GOWORK.
func (v *variables) work() {
	work := v.Lookup("GOWORK")
	value, _ := v.FindGoWork()
	if work.Value == "off" {
		value = "off"
	}
	v.add("GOWORK", value, work, v.shadowed("GOWORK", work.Kind, ""))
}

// goMod is GOMOD: the nearest go.mod, also in a workspace; the null device in
// module mode without one (cmd/go/internal/envcmd/env.go ExtraEnvVars).
func (v *variables) goMod() string {
	mode := v.Getenv("GO111MODULE")
	if mode == "off" {
		return ""
	}
	if file := v.FindGoMod(); file != "" {
		return file
	}
	if mode == "auto" {
		return ""
	}
	if v.in.Host.GOOS == "windows" {
		return "NUL"
	}
	return "/dev/null"
}

// lookPath is os/exec LookPath. A program found through a relative entry of
// PATH ends the search and is returned, but is not to be run.
func (c *Config) lookPath(name string) (path string, ok bool) {
	if strings.ContainsRune(name, '/') {
		if c.executable(c.abs(name)) {
			return name, true
		}
		return "", false
	}
	for _, dir := range filepath.SplitList(c.process("PATH")) {
		file := filepath.Join(dir, name)
		if c.in.Host.GOOS == "windows" {
			file += ".exe"
		}
		if c.executable(c.abs(file)) {
			return file, filepath.IsAbs(file)
		}
	}
	return "", false
}

func (c *Config) executable(name string) bool {
	info, err := c.in.Files.Stat(name)
	if err != nil || info.IsDir() {
		return false
	}
	return c.in.Host.GOOS == "windows" || info.Mode().Perm()&0o111 != 0
}
