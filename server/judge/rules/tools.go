package rules

import (
	"cmp"
	"fmt"
	"go/version"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/knowntools"
)

// known is what is known about a tool: by its import path, or else, where this
// workspace is its own or names it, that it reads Go code as most such tools do.
func (in Input) known(t drift.Tool) (knowntools.Tool, bool) {
	if t.State != drift.ToolRead {
		return knowntools.Tool{}, false
	}
	if k, ok := knowntools.Of("", t.Package); ok {
		return k, true
	}
	own := slices.ContainsFunc(in.Snapshot.Modules, func(m drift.Module) bool { return m.Path != "" && m.Path == t.Module })
	reads := t.XTools != "" && (own || in.asked(t))
	return knowntools.Tool{Name: t.Name, Package: t.Package, Types: reads, Export: reads}, reads
}

// bad is how bad it is that a tool does not work here: as the rule says if editors
// use it in every workspace or a file of this one speaks of it. Of what else is
// installed it is a hint, for whoever starts it here.
func (in Input) bad(t drift.Tool, k knowntools.Tool) drift.Severity {
	if _, known := knowntools.Of("", t.Package); known && !k.Editor && !in.asked(t) {
		return drift.SeverityHint
	}
	return ""
}

// asked reports whether a file of the workspace speaks of a tool.
func (in Input) asked(t drift.Tool) bool {
	return slices.ContainsFunc(in.Snapshot.ToolPins, func(p drift.ToolPin) bool { return sameTool(p, t) })
}

// sameTool reports whether a pin is one of a tool.
func sameTool(p drift.ToolPin, t drift.Tool) bool {
	if p.Package == "" || t.Package == p.Package {
		return p.Name == t.Name
	}
	a, ok := knowntools.Of("", p.Package)
	b, ok2 := knowntools.Of("", t.Package)
	return ok && ok2 && a.Name == b.Name
}

// started are the tools that are run here, each name once: by a shell, or by an
// editor, which looks into the folders of go install.
func (in Input) started() []drift.Tool {
	var list []drift.Tool
	for _, t := range in.Snapshot.Tools {
		if t.First || t.Origin == drift.ToolGobin {
			list = append(list, t)
		}
	}
	return list
}

// runs is the release that runs in the root: of the module nearest to it.
func (in Input) runs() string {
	for _, s := range in.spots() {
		if s.Selection.Error == "" {
			return release(s.Selection.Selected)
		}
	}
	return ""
}

// called is a tool with its version, for a sentence.
func called(t drift.Tool) string {
	if t.Version == "" || t.Version == "(devel)" {
		return t.Name
	}
	return t.Name + " " + t.Version
}

// standing is a tool with its version and folder.
func standing(t drift.Tool) string { return called(t) + " in " + filepath.Dir(t.Path) }

// toolFound fills in what every finding about a tool has.
func toolFound(t drift.Tool, at drift.Place, message string) drift.Finding {
	return drift.Finding{Place: at, Message: message, Subject: t.Name, Value: called(t) + " " + t.GoVersion}
}

// cannotRead reports whether the release of golang.org/x/tools in a tool is too
// old for the export data that a Go writes.
func cannotRead(k knowntools.Tool, xtools, running string) bool {
	least := knowntools.LeastXTools(running)
	return k.Export && least != "" && semver.IsValid(xtools) && semver.Compare(xtools, least) < 0
}

// pinnedTool is the version that the workspace asks for, if it names one in full.
func (in Input) pinnedTool(t drift.Tool) string {
	for _, p := range in.Snapshot.ToolPins {
		if sameTool(p, t) && p.Version != "" && p.Version == semver.Canonical(p.Version) {
			return p.Version
		}
	}
	return ""
}

// rebuild is the fix that builds a tool anew with the Go that runs here: in the
// pinned version, else in its own, else in the newest of the same major that is
// known to work. Only what go install put there is replaced, and only by a
// program that godrift knows or that a tool line of go.mod names.
func (in Input) rebuild(t drift.Tool, k knowntools.Tool, running, want string) []drift.Fix {
	if t.Origin != drift.ToolGobin || version.Compare(running, "go1.21") < 0 || in.neverWas(running) || in.variable("GOPROXY").Value == "off" {
		return nil
	}
	v := cmp.Or(want, in.pinnedTool(t), t.Version)
	pkg := ""
	if fits(k, t, v, running) {
		pkg = in.packageAt(t, k, v)
	}
	if pkg == "" && want == "" {
		for _, r := range k.Releases {
			if semver.Major(r.Version) == semver.Major(t.Version) && version.Compare(running, r.Build) >= 0 && r.Supports(running) {
				v, pkg = r.Version, k.PackageAt(r.Version)
				break
			}
		}
	}
	if pkg == "" {
		return nil
	}
	title := fmt.Sprintf("Rebuild %s %s with %s", t.Name, v, running)
	if v != t.Version {
		title = fmt.Sprintf("Install %s %s, built with %s, in the place of %s", t.Name, v, running, strings.TrimPrefix(called(t), t.Name+" "))
	}
	note := "Downloads what is not in the module cache through " + drift.Mask("GOPROXY", in.proxy()) +
		" and builds it, which can take minutes. The program that is there now is kept until then and for undo."
	return preferFirst(repair(title, note, drift.Action{
		Kind: drift.ActionRebuildTool, File: t.Path, Value: t.GoVersion, Toolchain: running, Package: pkg, Version: v,
	}))
}

// packageAt is the import path under which a version of a tool is installed:
// from the table, or the tool line's.
func (in Input) packageAt(t drift.Tool, k knowntools.Tool, v string) string {
	if _, ok := knowntools.Of("", t.Package); ok {
		return k.PackageAt(v)
	}
	for _, p := range in.Snapshot.ToolPins {
		if p.Source == "go.mod:tool" && p.Package == t.Package && p.Version == v {
			return p.Package
		}
	}
	return ""
}

// fits reports whether a version of a tool can be built with a Go and works with
// it, as far as is known.
func fits(k knowntools.Tool, t drift.Tool, v, running string) bool {
	if semver.Canonical(v) != v || v == "" || module.IsPseudoVersion(v) {
		return false
	}
	if v == t.Version && (cannotRead(k, t.XTools, running) || !knowntools.Builds(t.XTools, running)) {
		return false
	}
	r, ok := k.At(v)
	if !ok {
		// Nothing is known: what is newer than all that is known is taken to work.
		return len(k.Releases) == 0 || semver.Compare(v, k.Releases[0].Version) > 0 || v == t.Version && k.Releases[0].Most == ""
	}
	return version.Compare(running, r.Build) >= 0 && r.Supports(running)
}
