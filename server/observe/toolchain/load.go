package toolchain

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// load fills in what "go list -m", and with it every command that loads
// modules, prints when it stops although "go version" does not.
func (s *selection) load(c choice) {
	if s.result.Error != "" {
		return
	}
	l := loader{selection: s, p: s.result.Program, config: s.result.Config, choice: c}
	l.release = l.config.Release()
	l.localVersion, _ = local(l.p.Version)
	text := strings.TrimRight(l.run(), " \t\r\n")
	if s.tellUnread() {
		return
	}
	if text == "" {
		s.result.Build = l.build()
		return
	}
	s.result.LoadError = bounded(s.result.Warnings + l.warnings + text)
	s.step("so every go command that loads modules fails with: %s", s.result.LoadError)
}

// build says from which files modules are taken when nothing is wrong with them.
func (l *loader) build() Build {
	b := Build{Work: l.work, Mod: l.mod}
	if !l.enabled || l.work == "" && l.mod == "" {
		return Build{}
	}
	if alt := l.flags["modfile"]; alt != "" && l.work == "" {
		b.Alt = l.abs(alt)
	}
	// A workspace that was fine before was not looked at again.
	if l.work != "" {
		b.Mod = ""
		if work, problem := l.readWork(); problem == "" {
			l.defaultMod(l.work, work.Go)
		}
	}
	b.Mode, b.Reason = l.buildMod, l.reason
	return b
}

// loader follows "go list -m" through cmd/go/internal/list/list.go runList,
// work/init.go BuildInit and modload/init.go.
type loader struct {
	*selection
	p            Program
	config       Config
	choice       choice
	release      int
	localVersion string
	flags        map[string]string
	// warnings are printed before whatever stops the command.
	warnings string
	// work is the go.work in effect, mod the go.mod without one.
	work, mod string
	enabled   bool
	buildMod  string
	reason    string
	// drops says that requirements would be dropped from go.mod.
	drops bool
}

func (l *loader) run() string {
	var problem string
	if l.warnings, problem = l.config.Stop("list"); problem != "" {
		return problem
	}
	l.flags, _ = l.config.Flags("list")
	for _, step := range []func() string{l.initWork, l.initModules, l.initBuild, l.listFlags, l.loadFiles} {
		if p := step(); p != "" {
			return p
		}
	}
	return ""
}

// initWork is modload.InitWorkfile.
func (l *loader) initWork() string {
	if p := l.config.CheckFIPS(); p != "" {
		return p
	}
	if l.release >= 23 {
		if p := l.overlay(); p != "" {
			return p
		}
	}
	work, p := l.config.FindGoWork()
	l.work = work
	return p
}

// initModules is modload.Init.
func (l *loader) initModules() string {
	mode := l.config.Getenv("GO111MODULE")
	switch mode {
	case "", "on", "auto":
	case "off":
		return ""
	default:
		return "go: unknown environment setting GO111MODULE=" + mode
	}
	if p := l.overlay(); p != "" {
		return p
	}
	modfile := l.flags["modfile"]
	if l.work != "" {
		if modfile != "" && l.release >= 21 {
			return "go: -modfile cannot be used in workspace mode"
		}
	} else {
		l.mod = l.config.FindGoMod()
		switch root := l.config.TempRoot(); {
		case root != "":
			l.warnings += fmt.Sprintf("go: warning: ignoring go.mod in system temp root %s\n", l.tempDir())
		case l.mod == "" && modfile != "":
			return "go: cannot find main module, but -modfile was set.\n\t-modfile cannot be used to set the module root directory."
		}
		if l.mod == "" && mode == "auto" {
			return ""
		}
	}
	if modfile != "" && !strings.HasSuffix(modfile, ".mod") {
		return fmt.Sprintf("go: -modfile=%s: file does not have .mod extension", modfile)
	}
	l.enabled = true
	if p := l.explicitMod(); p != "" {
		return p
	}
	text, fatal := l.config.GOPATHModule()
	if fatal {
		return text
	}
	if text != "" {
		l.warnings += text + "\n"
		if mode == "auto" {
			l.enabled = true
		}
	}
	return ""
}

// abs makes a name absolute against the current folder.
func (l *loader) abs(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(l.Dir, name)
}

// tempDir is os.TempDir as the go command prints it.
func (l *loader) tempDir() string {
	if v := l.config.Process("TMPDIR"); v != "" && l.Host.GOOS != "windows" {
		return v
	}
	return l.config.TempRoot()
}

// loadFiles is modload.loadModFile and what ListModules checks after it.
func (l *loader) loadFiles() string {
	if l.work != "" {
		return l.loadWorkspace()
	}
	if l.mod == "" {
		return ""
	}
	name := l.mod
	if alt := l.flags["modfile"]; alt != "" {
		name = alt
	}
	f, problem := l.readMod(name)
	if problem != "" {
		return "go: " + problem
	}
	if p := l.checkMod(f, l.shortMod(name)); p != "" {
		return p
	}
	if p := l.defaultMod(l.mod, f.Go); p != "" {
		return p
	}
	l.excluded(f)
	if l.buildMod == "vendor" {
		if p := l.vendor([]*modfile.File{f}, nil); p != "" {
			return p
		}
	}
	if p := l.graph(f); p != "" {
		return p
	}
	return l.dirty(f)
}

// excluded warns of required versions that are excluded too; they would be
// dropped (modload/init.go rootsFromModFile).
func (l *loader) excluded(f *modfile.File) {
	verb := "ignoring"
	if l.buildMod == "mod" {
		verb = "dropping"
	}
	for _, r := range f.Require {
		for _, x := range f.Exclude {
			if x.Mod == r.Mod {
				l.drops = true
				l.warnings += fmt.Sprintf("go: %s requirement on excluded version %s %s\n", verb, r.Mod.Path, r.Mod.Version)
				break
			}
		}
		if l.release >= 21 && (r.Mod.Path == "go" || r.Mod.Path == "toolchain") {
			l.drops = true
		}
	}
}

// graph: without a go line -mod=mod adds one and loads all requirements for
// that (modload.convertPruning), which fails if they have to be downloaded and
// may not be. Other reasons to load them are not looked into.
func (l *loader) graph(f *modfile.File) string {
	if f.Go != nil || l.buildMod != "mod" || !l.offline() {
		return ""
	}
	for _, r := range f.Require {
		if !l.downloaded(f, r.Mod) {
			return "go: " + r.Mod.String() + ": " + errOffline.Error()
		}
	}
	return ""
}

// downloaded reports whether the go.mod of a required module is at hand.
func (l *loader) downloaded(f *modfile.File, m module.Version) bool {
	for _, r := range f.Replace {
		if r.Old.Path == m.Path {
			return true
		}
	}
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return true
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil {
		return true
	}
	_, err = l.Files.Stat(filepath.Join(l.config.ModCache(), "cache", "download", path, "@v", version+".mod"))
	return err == nil
}

// readMod is modload/modfile.go ReadModFile; the problem has no "go: ".
func (l *loader) readMod(name string) (*modfile.File, string) {
	text, err := l.Files.ReadFile(l.abs(name))
	if err != nil {
		shown := name
		if l.release >= 21 && l.release <= 23 || l.work != "" && l.release >= 24 {
			shown = l.shortMod(name)
		}
		return nil, openError(shown, err)
	}
	parsed := l.Modules.mod(l.parsedKey(name), text)
	if parsed.file == nil {
		if l.release < 21 {
			return nil, "errors parsing go.mod:\n" + message(name, name, parsed.errs) + "\n"
		}
		// Since Go 1.24 an unknown line in a file for a newer Go is no mistake.
		if l.release >= 24 && parsed.lax != nil && l.tooNew(parsed.lax.Go) {
			return nil, l.requiresMod(name, parsed.lax.Go.Version)
		}
		short, inner := l.shortMod(name), name
		if l.release < 24 {
			inner = short
		}
		return nil, "errors parsing " + short + ":\n" + message(short, inner, parsed.errs)
	}
	f := parsed.file
	if l.release >= 21 && l.tooNew(f.Go) {
		return f, l.requiresMod(name, f.Go.Version)
	}
	if f.Module == nil {
		if l.release < 21 {
			return nil, "no module declaration in go.mod. To specify the module path:\n\tgo mod edit -module=example.com/mod"
		}
		return nil, "error reading " + l.shortMod(name) + ": missing module declaration. To specify the module path:\n\tgo mod edit -module=example.com/mod"
	}
	if path := f.Module.Mod.Path; l.release >= 26 && (path == "go" || path == "toolchain") {
		return nil, fmt.Sprintf("error reading %s: invalid module path: %q", l.shortMod(name), path)
	}
	return f, ""
}

func (l *loader) tooNew(line *modfile.Go) bool {
	return line != nil && compare(line.Version, l.localVersion) > 0
}

func (l *loader) requiresMod(name, goVersion string) string {
	return l.requires(l.shortMod(name), goVersion, l.p, l.config, l.choice.startup)
}

// shortMod is base.ShortPath, which leaves relative names alone.
func (l *loader) shortMod(name string) string {
	if !filepath.IsAbs(name) {
		return name
	}
	return l.short(l.config, name)
}

func (l *loader) parsedKey(name string) parsedKey {
	return parsedKey{name: l.abs(name), release: l.release, offline: l.offline()}
}

// offline reports whether nothing may be looked up.
func (l *loader) offline() bool { return l.config.Getenv("GOPROXY") == "off" }

// checkMod is what loadModFile checks in a single module's file.
func (l *loader) checkMod(f *modfile.File, short string) string {
	if l.release >= 23 {
		var lines []string
		for _, g := range f.Godebug {
			if p := checkGodebug(l.release, l.localVersion, g.Key, g.Value); p != "" {
				lines = append(lines, fmt.Sprintf("go: error loading go.mod:\n%s:%d: %s", short, g.Syntax.Start.Line, p))
			}
		}
		if len(lines) > 0 {
			return strings.Join(lines, "\n")
		}
	}
	if p := checkPath(f.Module.Mod.Path, "module"); p != "" {
		return "go: " + p
	}
	if l.release >= 24 {
		for _, t := range f.Tool {
			if p := checkPath(t.Path, "tool"); p != "" {
				return "go: " + p
			}
		}
	}
	return ""
}

func checkPath(path, kind string) string {
	err := module.CheckImportPath(path)
	if err == nil {
		return ""
	}
	var bad *module.InvalidPathError
	if errors.As(err, &bad) {
		bad.Kind = kind
	}
	return err.Error()
}

// dirty is modload.commitRequirements under -mod=readonly, as far as it needs no
// module graph: a toolchain line that says nothing would be dropped, and so
// would some requirements.
func (l *loader) dirty(f *modfile.File) string {
	if l.buildMod == "mod" || !l.drops && !l.idleToolchain(f) {
		return ""
	}
	const text = "go: updates to go.mod needed"
	switch {
	case l.flags["mod"] != "":
		return text + ", disabled by -mod=" + l.buildMod + "; to update it:\n\tgo mod tidy"
	case l.reason != "":
		return text + ", disabled by -mod=" + l.buildMod + "\n\t(" + l.reason + ")\n\tto update it:\n\tgo mod tidy"
	}
	return text + "; to update it:\n\tgo mod tidy"
}

// idleToolchain reports whether the toolchain line says nothing that the go line
// does not.
func (l *loader) idleToolchain(f *modfile.File) bool {
	if l.release < 21 || f.Toolchain == nil {
		return false
	}
	goVersion := "1.16"
	if f.Go != nil {
		goVersion = f.Go.Version
	}
	name := f.Toolchain.Name
	return name == "go"+goVersion || compare(fromToolchain(name), "1.21") < 0
}

// openError is the text of opening a file that cannot be read.
func openError(name string, err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "open " + name + ": no such file or directory"
	}
	if errors.Is(err, fs.ErrPermission) {
		return "open " + name + ": permission denied"
	}
	return readError(name, err)
}
