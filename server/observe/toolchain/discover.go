package toolchain

import (
	"bytes"
	"debug/buildinfo"
	"go/version"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"godrift.dev/server/drift"
)

// Discover lists the Gos on this machine: those on PATH first and in its
// order, then the others by origin, newest first. A Go that is reached in
// several ways is listed once, where it was met first.
//
// Versions are read from the file system, never by running anything, because
// the folder that PATH names may belong to a repository nobody trusts.
//
// environ is the process environment; a caller that knows GOPATH or GOMODCACHE
// from the GOENV file puts them in. Relative and empty entries of PATH name a
// different folder for every command and are passed by.
func Discover(files drift.Files, environ map[string]string, host drift.Host) []drift.Toolchain {
	d := &discovery{files: files, environ: environ, host: host, seen: map[string]bool{}}
	for _, dir := range filepath.SplitList(environ["PATH"]) {
		if filepath.IsAbs(dir) {
			d.addExecutable(filepath.Join(dir, d.exe("go")), drift.OriginPath)
		}
	}
	for _, place := range places {
		from := len(d.found)
		place(d)
		slices.SortStableFunc(d.found[from:], newestFirst)
	}
	return d.found
}

// places are the searches beyond PATH, in the order in which they are listed.
var places = []func(*discovery){
	(*discovery).sdk,
	(*discovery).modCache,
	(*discovery).gobin,
	(*discovery).mise,
	(*discovery).asdf,
	(*discovery).goenv,
	(*discovery).gvm,
	(*discovery).system,
}

// newestFirst orders by version; what has none comes last.
func newestFirst(a, b drift.Toolchain) int {
	return version.Compare(b.Version, a.Version)
}

// discovery is one run of Discover.
type discovery struct {
	files   drift.Files
	environ map[string]string
	host    drift.Host
	// seen holds the resolved GOROOTs, and the resolved executables of those
	// that have none.
	seen  map[string]bool
	found []drift.Toolchain
}

// home is the user's home directory as os.UserHomeDir finds it.
func (d *discovery) home() string {
	if d.host.GOOS == "windows" {
		return d.environ["USERPROFILE"]
	}
	return d.environ["HOME"]
}

// underHome joins names to the home directory; empty if there is none.
func (d *discovery) underHome(names ...string) string {
	if home := d.home(); filepath.IsAbs(home) {
		return under(home, names...)
	}
	return ""
}

// setting is the value of a variable that names a folder, or else the default
// below the home directory.
func (d *discovery) setting(name string, names ...string) string {
	if v := d.environ[name]; filepath.IsAbs(v) {
		return filepath.Clean(v)
	}
	return d.underHome(names...)
}

// exe is the file name of a program.
func (d *discovery) exe(name string) string {
	if d.host.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// gopaths are the absolute entries of GOPATH or its default.
func (d *discovery) gopaths() []string {
	var dirs []string
	for _, dir := range filepath.SplitList(d.environ["GOPATH"]) {
		if filepath.IsAbs(dir) {
			dirs = append(dirs, dir)
		}
	}
	if home := d.home(); d.environ["GOPATH"] == "" && filepath.IsAbs(home) {
		dirs = append(dirs, filepath.Join(home, "go"))
	}
	return dirs
}

// sdk finds what golang.org/dl unpacks.
func (d *discovery) sdk() {
	d.addRoots(d.underHome("sdk"), "go", "", drift.OriginSDK)
}

// modCache finds what the go command downloaded. A folder counts only when it
// is complete: cmd/go/internal/modfetch/cache.go DownloadDir wants the hash of
// the archive and no mark of an extraction under way.
func (d *discovery) modCache() {
	cache := d.environ["GOMODCACHE"]
	if cache == "" {
		dirs := d.gopaths()
		if len(dirs) == 0 {
			return
		}
		cache = filepath.Join(dirs[0], "pkg", "mod")
	}
	if !filepath.IsAbs(cache) {
		return
	}
	parent := filepath.Join(cache, "golang.org")
	for _, name := range d.names(parent) {
		escaped, ok := strings.CutPrefix(name, "toolchain@v0.0.1-")
		if !ok {
			continue
		}
		suffix, err := module.UnescapeVersion(escaped)
		if err != nil || !strings.HasSuffix(suffix, "."+d.host.GOOS+"-"+d.host.GOARCH) {
			continue
		}
		archive := filepath.Join(cache, "cache", "download", "golang.org", "toolchain", "@v", "v0.0.1-"+escaped)
		if d.exists(archive+".partial") || !d.exists(archive+".ziphash") {
			continue
		}
		d.addRoot(filepath.Join(parent, name), drift.OriginModCache)
	}
}

// gobin finds the wrappers that "go install golang.org/dl/go1.25.3@latest"
// installs, and links of the same names.
func (d *discovery) gobin() {
	var dirs []string
	if bin := d.environ["GOBIN"]; filepath.IsAbs(bin) {
		dirs = append(dirs, bin)
	}
	for _, dir := range d.gopaths() {
		dirs = append(dirs, filepath.Join(dir, "bin"))
	}
	for _, dir := range dirs {
		for _, name := range d.names(dir) {
			v := strings.TrimSuffix(name, ".exe")
			if strings.HasPrefix(v, "go1") && version.IsValid(v) {
				d.addNamed(filepath.Join(dir, name), v)
			}
		}
	}
}

func (d *discovery) mise() {
	data := d.environ["MISE_DATA_DIR"]
	if !filepath.IsAbs(data) {
		if data = d.setting("XDG_DATA_HOME", ".local", "share"); data != "" {
			data = filepath.Join(data, "mise")
		}
	}
	d.addRoots(under(data, "installs", "go"), "", "", drift.OriginMise)
}

func (d *discovery) asdf() {
	d.addRoots(under(d.setting("ASDF_DATA_DIR", ".asdf"), "installs", "golang"), "", "go", drift.OriginAsdf)
}

// goenv reads GOENV_ROOT, which is goenv's; GOENV is the go command's.
func (d *discovery) goenv() {
	d.addRoots(under(d.setting("GOENV_ROOT", ".goenv"), "versions"), "", "", drift.OriginGoenv)
}

func (d *discovery) gvm() {
	d.addRoots(under(d.setting("GVM_ROOT", ".gvm"), "gos"), "", "", drift.OriginGvm)
}

// system finds what distributions, installers and Homebrew install.
func (d *discovery) system() {
	switch d.host.GOOS {
	case "windows":
		for _, name := range []string{"ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"} {
			if dir := d.environ[name]; filepath.IsAbs(dir) {
				d.addRoot(filepath.Join(dir, "Go"), drift.OriginSystem)
			}
		}
		return
	case "darwin":
		d.homebrew("/opt/homebrew")
		d.homebrew("/usr/local")
	case "linux":
		d.homebrew("/home/linuxbrew/.linuxbrew")
		d.addRoot("/snap/go/current", drift.OriginSystem)
	}
	d.addRoot("/usr/local/go", drift.OriginSystem)
	for _, dir := range []string{"/usr/lib", "/usr/lib64"} {
		d.addRoots(dir, "go-", "", drift.OriginSystem)
		d.addRoot(dir+"/go", drift.OriginSystem)
		d.addRoot(dir+"/golang", drift.OriginSystem)
	}
}

func (d *discovery) homebrew(prefix string) {
	d.addRoots(filepath.Join(prefix, "opt"), "go@", "libexec", drift.OriginSystem)
	d.addRoot(filepath.Join(prefix, "opt", "go", "libexec"), drift.OriginSystem)
	for _, formula := range d.names(filepath.Join(prefix, "Cellar")) {
		if formula == "go" || strings.HasPrefix(formula, "go@") {
			d.addRoots(filepath.Join(prefix, "Cellar", formula), "", "libexec", drift.OriginSystem)
		}
	}
}

// under joins, but leaves an empty parent empty.
func under(parent string, names ...string) string {
	if parent == "" {
		return ""
	}
	return filepath.Join(append([]string{parent}, names...)...)
}

// names lists a folder; one that cannot be read is empty.
func (d *discovery) names(dir string) []string {
	if dir == "" {
		return nil
	}
	entries, err := d.files.ReadDir(dir)
	if err != nil {
		return nil
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func (d *discovery) exists(name string) bool {
	_, err := d.files.Lstat(name)
	return err == nil
}

// addRoots adds the GOROOTs parent/PREFIX*/below.
func (d *discovery) addRoots(parent, prefix, below string, origin drift.Origin) {
	for _, name := range d.names(parent) {
		if strings.HasPrefix(name, prefix) {
			d.addRoot(filepath.Join(parent, name, below), origin)
		}
	}
}

// addRoot adds the Go whose tree is goroot, if there is one. The program need
// not be executable yet: the go command sets that bit on first use of a
// downloaded toolchain.
func (d *discovery) addRoot(goroot string, origin drift.Origin) {
	program := filepath.Join(goroot, "bin", d.exe("go"))
	if info, err := d.files.Stat(program); err != nil || !info.Mode().IsRegular() {
		return
	}
	resolved, err := d.files.EvalSymlinks(goroot)
	if err != nil {
		resolved = goroot
	}
	v := d.treeVersion(resolved)
	if v == "" {
		v, _ = d.buildVersion(program)
	}
	d.add(resolved, drift.Toolchain{Version: v, GOROOT: goroot, Executable: program, Origin: origin})
}

// addExecutable adds a program named go on PATH.
func (d *discovery) addExecutable(program string, origin drift.Origin) {
	if !d.executable(program) {
		return
	}
	resolved, err := d.files.EvalSymlinks(program)
	if err != nil {
		return
	}
	if d.script(resolved) {
		d.add(resolved, drift.Toolchain{Executable: program, Origin: origin, Shim: true})
		return
	}
	// As the go command finds its own tree: cmd/go/internal/cfg/cfg.go findGOROOT.
	for _, goroot := range []string{
		filepath.Join(filepath.Dir(resolved), ".."),
		filepath.Join(filepath.Dir(resolved), "..", ".."),
	} {
		if info, err := d.files.Stat(filepath.Join(goroot, "pkg", "tool")); err != nil || !info.IsDir() {
			continue
		}
		v := d.treeVersion(goroot)
		if v == "" {
			v, _ = d.buildVersion(resolved)
		}
		d.add(goroot, drift.Toolchain{Version: v, GOROOT: goroot, Executable: program, Origin: origin})
		return
	}
	// A trimmed go, or another program that goes by the name, such as mise.
	v, isGo := d.buildVersion(resolved)
	if !isGo {
		v = ""
	}
	d.add(resolved, drift.Toolchain{Version: v, Executable: program, Origin: origin, Shim: !isGo})
}

// addNamed adds a program whose name is a version: a wrapper of golang.org/dl,
// which runs the Go of that name below ~/sdk, or the go command itself.
func (d *discovery) addNamed(program, name string) {
	if !d.executable(program) {
		return
	}
	resolved, err := d.files.EvalSymlinks(program)
	if err != nil {
		return
	}
	if filepath.Base(resolved) == d.exe("go") {
		d.addExecutable(program, drift.OriginGobin)
		return
	}
	if sdk := d.underHome("sdk", name); sdk != "" {
		if v := d.treeVersion(sdk); v != "" {
			d.add(sdk, drift.Toolchain{Version: v, GOROOT: sdk, Executable: program, Origin: drift.OriginGobin})
			return
		}
	}
	// Not downloaded yet: running it would say so. The name is all there is.
	d.add(resolved, drift.Toolchain{Executable: program, Origin: drift.OriginGobin, Shim: true})
}

// add appends a toolchain unless the tree it is part of is listed.
func (d *discovery) add(key string, t drift.Toolchain) {
	if resolved, err := d.files.EvalSymlinks(key); err == nil {
		key = resolved
	}
	if d.seen[key] {
		return
	}
	d.seen[key] = true
	d.found = append(d.found, t)
}

// executable reports whether a command of that name would be run.
func (d *discovery) executable(name string) bool {
	info, err := d.files.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	return d.host.GOOS == "windows" || info.Mode().Perm()&0o111 != 0
}

// scriptMax is more than any shim has; a go command has megabytes.
const scriptMax = 1 << 20

func (d *discovery) script(name string) bool {
	info, err := d.files.Stat(name)
	if err != nil || info.Size() > scriptMax {
		return false
	}
	text, err := d.files.ReadFile(name)
	return err == nil && bytes.HasPrefix(text, []byte("#!"))
}

// treeVersion is the first line of GOROOT/VERSION; empty if there is none.
func (d *discovery) treeVersion(goroot string) string {
	text, err := d.files.ReadFile(filepath.Join(goroot, "VERSION"))
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "go") && !strings.HasPrefix(line, "devel ") {
		return ""
	}
	return line
}

// buildVersion is the version that was written into a program when it was
// built, and whether the program is the go command.
func (d *discovery) buildVersion(program string) (v string, isGo bool) {
	text, err := d.files.ReadFile(program)
	if err != nil {
		return "", false
	}
	info, err := buildinfo.Read(bytes.NewReader(text))
	if err != nil {
		return "", false
	}
	return info.GoVersion, info.Path == "cmd/go"
}
