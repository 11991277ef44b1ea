package toolchain

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// defaultMod is modload.setDefaultBuildMod for the file that sets the go
// version: -mod=vendor if there is a vendor folder that fits, else readonly.
func (l *loader) defaultMod(file string, line *modfile.Go) string {
	if l.buildMod != "" {
		return ""
	}
	l.buildMod = "readonly"
	if l.work != "" && l.release < 22 {
		return ""
	}
	source := "go.mod"
	if l.work != "" {
		source = "go.work"
	}
	dir := filepath.Join(filepath.Dir(file), "vendor")
	info, err := l.Files.Stat(dir)
	if err != nil || !info.IsDir() {
		return ""
	}
	if line == nil || line.Version == "" {
		l.reason = "Go version in " + source + " is unspecified, so vendor directory was not used."
		return ""
	}
	if compare(line.Version, "1.14") < 0 {
		shown := line.Version
		if l.release == 22 {
			shown = "unspecified"
		}
		l.reason = "Go version in " + source + " is " + shown + ", so vendor directory was not used."
		return ""
	}
	if l.release >= 22 {
		forWork, problem := l.vendoredWorkspace(dir)
		if problem != "" {
			return "go: reading modules.txt for vendor directory: " + problem
		}
		if forWork != (l.work != "") {
			l.reason = "In workspace mode, but vendor directory is not for a workspace"
			if forWork {
				l.reason = "Outside workspace mode, but vendor directory is for a workspace."
			}
			return ""
		}
	}
	l.buildMod = "vendor"
	l.reason = "Go version in " + source + " is at least 1.14 and vendor directory exists."
	return ""
}

// vendoredWorkspace is modload.modulesTextIsForWorkspace.
func (l *loader) vendoredWorkspace(dir string) (bool, string) {
	name := filepath.Join(dir, "modules.txt")
	text, err := l.Files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, ""
	}
	if err != nil {
		return false, readError(name, err)
	}
	line, _, _ := strings.Cut(string(text[:min(len(text), 512)]), "\n")
	rest, ok := strings.CutPrefix(line, "## ")
	if !ok {
		return false, ""
	}
	for entry := range strings.SplitSeq(rest, ";") {
		if strings.TrimSpace(entry) == "workspace" {
			return true, ""
		}
	}
	return false, ""
}

// vendored is the content of vendor/modules.txt.
type vendored struct {
	list     []module.Version
	replaced []module.Version
	versions map[string]string
	meta     map[module.Version]vendoredMeta
}

type vendoredMeta struct {
	explicit    bool
	replacement module.Version
}

// vendor is modload/vendor.go readVendorList and checkVendorConsistency; work is
// nil outside workspaces.
func (l *loader) vendor(files []*modfile.File, work *modfile.WorkFile) string {
	root := filepath.Dir(l.mod)
	if work != nil {
		root = filepath.Dir(l.work)
	}
	v, problem := l.readVendored(filepath.Join(root, "vendor", "modules.txt"))
	if problem != "" {
		return problem
	}
	check := vendorCheck{vendored: v, release: l.release, files: files, work: work, root: root}
	if work != nil {
		check.source = l.short(l.config, l.work)
	} else {
		check.source = l.short(l.config, l.mod)
		check.pre114 = files[0].Go == nil || compare(files[0].Go.Version, "1.14") < 0
	}
	return check.run()
}

// vendorKey says what the reading of a modules.txt depends on besides the text.
type vendorKey struct {
	name    string
	release int
	version string
}

type parsedVendor struct {
	text string
	vendored
}

// readVendored reads a modules.txt, or remembers it: the file of a large project
// has thousands of lines, and does not change while its go.mod is edited.
func (l *loader) readVendored(name string) (vendored, string) {
	text, err := l.Files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return vendored{}, ""
	}
	if err != nil {
		return vendored{}, "go: " + openError(name, err)
	}
	key := vendorKey{name: name, release: l.release, version: l.localVersion}
	l.Modules.mu.Lock()
	p, ok := l.Modules.vendor[key]
	l.Modules.mu.Unlock()
	if ok && p.text == string(text) {
		return p.vendored, ""
	}
	whole := string(text)
	v, problem := l.parseVendored(name, whole)
	if problem == "" {
		l.Modules.mu.Lock()
		defer l.Modules.mu.Unlock()
		if l.Modules.vendor == nil {
			l.Modules.vendor = map[vendorKey]parsedVendor{}
		}
		l.Modules.vendor[key] = parsedVendor{whole, v}
	}
	return v, problem
}

// parseVendored is modload/vendor.go readVendorList.
func (l *loader) parseVendored(name, text string) (vendored, string) {
	v := vendored{versions: map[string]string{}, meta: map[module.Version]vendoredMeta{}}
	var mod module.Version
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, "# ") {
			fields := strings.Fields(line)
			if len(fields) < 3 {
				continue
			}
			mod = v.module(fields)
			continue
		}
		if mod.Path == "" {
			continue
		}
		if annotations, ok := strings.CutPrefix(line, "## "); ok {
			if p := l.annotate(&v, mod, annotations, name); p != "" {
				return v, p
			}
			continue
		}
		if fields := strings.Fields(line); len(fields) == 1 && module.CheckImportPath(fields[0]) == nil {
			if old, ok := v.versions[mod.Path]; !ok || semver.Compare(old, mod.Version) < 0 {
				v.list = append(v.list, mod)
				v.versions[mod.Path] = mod.Version
			}
		}
	}
	return v, ""
}

// module reads a line that starts a module.
func (v *vendored) module(fields []string) module.Version {
	var mod module.Version
	switch {
	case semver.IsValid(fields[2]):
		mod = module.Version{Path: fields[1], Version: fields[2]}
		fields = fields[3:]
	case fields[2] == "=>":
		mod = module.Version{Path: fields[1]}
		fields = fields[2:]
	default:
		return module.Version{}
	}
	if len(fields) < 2 || fields[0] != "=>" {
		return mod
	}
	meta := v.meta[mod]
	switch {
	case len(fields) == 2:
		meta.replacement = module.Version{Path: fields[1]}
		v.replaced = append(v.replaced, mod)
	case len(fields) == 3 && semver.IsValid(fields[2]):
		meta.replacement = module.Version{Path: fields[1], Version: fields[2]}
		v.replaced = append(v.replaced, mod)
	}
	v.meta[mod] = meta
	return mod
}

func (l *loader) annotate(v *vendored, mod module.Version, annotations, name string) string {
	meta := v.meta[mod]
	for entry := range strings.SplitSeq(annotations, ";") {
		entry = strings.TrimSpace(entry)
		if entry == "explicit" {
			meta.explicit = true
		}
		version, ok := strings.CutPrefix(entry, "go ")
		if ok && l.release >= 21 && compare(version, l.localVersion) > 0 {
			return "go: " + l.requires(mod.Path+" in "+l.short(l.config, name), version, l.p, l.config, l.choice.startup)
		}
	}
	v.meta[mod] = meta
	return ""
}

// vendorCheck compares modules.txt with the files it was made from.
type vendorCheck struct {
	vendored
	release int
	files   []*modfile.File
	work    *modfile.WorkFile
	root    string
	source  string // the file's name in messages
	pre114  bool
	lines   strings.Builder
}

func (c *vendorCheck) say(mod module.Version, format string, args ...any) {
	name := mod.Path
	if mod.Version != "" {
		name += "@" + mod.Version
	}
	fmt.Fprintf(&c.lines, "\n\t%s: %s", name, fmt.Sprintf(format, args...))
}

// run is modload/vendor.go checkVendorConsistency.
func (c *vendorCheck) run() string {
	required := map[module.Version]bool{}
	for _, f := range c.files {
		for _, r := range f.Require {
			required[r.Mod] = true
			if c.meta[r.Mod].explicit {
				continue
			}
			if c.pre114 {
				if v, ok := c.versions[r.Mod.Path]; ok && v != r.Mod.Version {
					c.say(r.Mod, "is explicitly required in go.mod, but vendor/modules.txt indicates %s@%s", r.Mod.Path, v)
				}
				continue
			}
			c.say(r.Mod, "is explicitly required in go.mod, but not marked as explicit in vendor/modules.txt")
		}
	}
	replacements := c.replacements()
	for _, mod := range c.list {
		if c.meta[mod].explicit && !required[mod] {
			article := ""
			if c.work != nil {
				article = "a "
			}
			c.say(mod, "is marked as explicit in vendor/modules.txt, but not explicitly required in %sgo.mod", article)
		}
	}
	for _, mod := range c.replaced {
		r, ok := replacements[mod]
		if !ok {
			r, ok = replacements[module.Version{Path: mod.Path}]
		}
		where := "go.mod"
		if c.work != nil {
			where = "the workspace"
		}
		switch {
		case !ok:
			c.say(mod, "is marked as replaced in vendor/modules.txt, but not replaced in %s", where)
		case c.release < 22 && r != c.meta[mod].replacement:
			c.say(mod, "is marked as replaced by %s in vendor/modules.txt, but replaced by %s in go.mod", describe(c.meta[mod].replacement), describe(r))
		}
	}
	if c.lines.Len() == 0 {
		return ""
	}
	command := "mod"
	if c.work != nil {
		command = "work"
	}
	return fmt.Sprintf("go: inconsistent vendoring in %s:%s\n\n\tTo ignore the vendor directory, use -mod=readonly or -mod=mod.\n\tTo sync the vendor directory, run:\n\t\tgo %s vendor",
		c.root, c.lines.String(), command)
}

// replacements checks the replace lines and returns them.
func (c *vendorCheck) replacements() map[module.Version]module.Version {
	all := map[module.Version]module.Version{}
	var order []*modfile.Replace
	source := map[module.Version]string{}
	add := func(list []*modfile.Replace, name string) {
		for _, r := range list {
			if _, ok := all[r.Old]; !ok {
				all[r.Old], source[r.Old] = r.New, name
				order = append(order, r)
			}
		}
	}
	if c.work != nil {
		add(c.work.Replace, c.source)
	}
	for _, f := range c.files {
		add(f.Replace, c.source)
	}
	for _, r := range order {
		vr := c.meta[r.Old].replacement
		switch {
		case vr == (module.Version{}):
			if c.pre114 && (r.Old.Version == "" || c.versions[r.Old.Path] != r.Old.Version) {
				continue
			}
			name := source[r.Old]
			if c.release < 22 {
				name = "go.mod"
			}
			c.say(r.Old, "is replaced in %s, but not marked as replaced in vendor/modules.txt", name)
		case vr != r.New:
			name := source[r.Old]
			if c.release < 22 {
				name = "go.mod"
			}
			c.say(r.Old, "is replaced by %s in %s, but marked as replaced by %s in vendor/modules.txt", describe(r.New), name, describe(vr))
		}
	}
	return all
}

func describe(m module.Version) string {
	if m.Version == "" {
		return m.Path
	}
	return m.Path + "@" + m.Version
}
