package tell

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// ModulesDocument is what "godrift modules --format json" prints.
type ModulesDocument struct {
	// Schema is "godrift/modules".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Dir is the folder in which go would be started.
	Dir string `json:"dir"`
	// Scope says what is listed: "graph" is the whole build list, as "go list -m all"
	// prints it; "required" is what the go.mod files at hand ask for, where those of
	// dependencies are not all in the module cache; "vendored" is what
	// vendor/modules.txt lists. It is empty if nothing is known.
	Scope drift.ModuleScope `json:"scope"`
	// File is the go.mod, the go.work or the vendor/modules.txt that it comes from.
	File string `json:"file"`
	// Mode is what -mod comes to: "readonly", "mod" or "vendor".
	Mode string `json:"mode"`
	// Fingerprint is the same for the same list.
	Fingerprint string `json:"fingerprint"`
	// Mains are the main modules.
	Mains []string `json:"mains"`
	// Modules are sorted by path.
	Modules []ModuleRow `json:"modules"`
	// Behind is what go.mod requires in a lower version than is needed.
	Behind []ModuleChange `json:"behind"`
	// Missing are the first modules whose go.mod is not in the module cache, and
	// MissingCount is how many there are.
	Missing      []string `json:"missing"`
	MissingCount int      `json:"missingCount"`
	// Unsummed are the first modules whose go.mod has no line in go.sum although the
	// whole graph needs it, and UnsummedCount is how many there are.
	Unsummed      []string `json:"unsummed"`
	UnsummedCount int      `json:"unsummedCount"`
	// Unproven are modules that go.mod requires directly and for whose content go.sum
	// has no line.
	Unproven []string `json:"unproven"`
	// Error is what the go command prints when it stops over the modules.
	Error string `json:"error"`
	// Notes are sentences about what decides how modules are found here.
	Notes []string `json:"notes"`
}

// ModuleRow is one module of a build list.
type ModuleRow struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	// Replace is what takes its place: "path version", or a folder; else empty.
	Replace string `json:"replace"`
	// By is who asks for this version: a main module, or "path@version"; empty if
	// that is not known.
	By string `json:"by"`
	// Direct says that a main module requires it without "// indirect".
	Direct bool `json:"direct"`
}

// ModuleChange is one difference between two lists of modules.
type ModuleChange struct {
	Path string `json:"path"`
	// Kind is "added", "removed" or "changed".
	Kind drift.ChangeKind `json:"kind"`
	// Old and New are versions, with what takes their place: "v1.2.0 => ../fork".
	Old string `json:"old"`
	New string `json:"new"`
	// Trend is "newer", "older" or "same" if two versions can be compared.
	Trend drift.Trend `json:"trend"`
	// By is who asks for New, or asked for what went.
	By string `json:"by"`
}

// NewModules makes the document of what is resolved in a folder. flags is GOFLAGS.
func NewModules(dir string, g drift.ModuleGraph, sel drift.Selection, flags drift.Variable) ModulesDocument {
	doc := ModulesDocument{
		Schema: SchemaModules, Version: DocumentVersion, Dir: dir, Scope: g.Scope, File: g.File, Mode: g.Mode, Fingerprint: g.Print,
		Mains: append([]string{}, g.Mains...), Modules: []ModuleRow{}, Behind: NewModuleChanges(g.Behind),
		Missing: append([]string{}, g.Missing...), MissingCount: g.MissingCount,
		Unsummed: append([]string{}, g.Unsummed...), UnsummedCount: g.UnsummedCount, Unproven: append([]string{}, g.Unproven...),
		Error: drift.MaskText(sel.Error + sel.LoadError), Notes: []string{},
	}
	for _, m := range g.Modules {
		doc.Modules = append(doc.Modules, ModuleRow{Path: m.Path, Version: m.Version, Replace: drift.MaskText(m.Replace), By: m.By, Direct: m.Direct})
	}
	note := func(format string, args ...any) {
		doc.Notes = append(doc.Notes, drift.MaskText(fmt.Sprintf(format, args...)))
	}
	by := ""
	if strings.Contains(flags.Value, "-mod") && flags.Kind != drift.LayerDefault {
		by = fmt.Sprintf(" (GOFLAGS=%s, from %s)", flags.Value, layerText(flags.Layer))
	}
	switch {
	case g.Mode == "vendor":
		note("Builds use what stands in the vendor folder, and nothing else%s.", by)
	case g.Mode == "mod":
		note("Builds may rewrite go.mod and go.sum, and raise what they require, without a word%s.", by)
	case by != "" && strings.Contains(flags.Value, "-mod=readonly"):
		note("A vendor folder is not used, and builds stop where go.mod would have to change%s.", by)
	}
	if strings.Contains(flags.Value, "-modfile") && g.File != "" && g.Mode != "" {
		note("Builds read %s in place of go.mod%s.", g.File, by)
	}
	if g.MissingCount > 0 && g.Scope == drift.ModulesRequired {
		note("What %s of these require is not in the module cache, so this is what the go.mod files at hand ask for: every module that a package here can come from. go mod download fetches the rest.", dependencies(g.MissingCount))
	}
	if g.Problem != "" {
		next := ""
		if g.MissingCount > 0 {
			next = " go mod download fetches what is missing."
		}
		note("Which modules are used is not known: %s.%s", strings.TrimSuffix(g.Problem, "."), next)
	}
	if len(g.Behind) > 0 && g.Mode == "readonly" {
		note("go.mod requires less than is needed, so go list -m all stops with \"updates to go.mod needed\"; go mod tidy updates it.")
	}
	if g.UnsummedCount > 0 {
		note("%s lacks the go.mod of %s, so go list -m all stops with \"missing go.sum entry\"; go mod tidy adds the lines.", filepath.Base(g.SumFile()), drift.Plural(g.UnsummedCount, "module"))
	}
	if len(g.Unproven) > 0 {
		note("%s has no line for the content of %s: go build stops at the first package of it with \"missing go.sum entry\"; go mod tidy adds the lines.", filepath.Base(g.SumFile()), first(g.Unproven))
	}
	return doc
}

// first names a few of a list.
func first(names []string) string {
	const enough = 3
	text := strings.Join(names[:min(len(names), enough)], ", ")
	if len(names) > enough {
		text += fmt.Sprintf(" and %d more", len(names)-enough)
	}
	return text
}

func dependencies(n int) string {
	if n == 1 {
		return "1 dependency"
	}
	return fmt.Sprintf("%d dependencies", n)
}

func layerText(l drift.Layer) string {
	switch {
	case l.File != "" && l.Line > 0:
		return fmt.Sprintf("%s:%d", l.File, l.Line)
	case l.File != "":
		return l.File
	}
	return "the environment"
}

// NewModuleChanges makes the rows of differences.
func NewModuleChanges(list []drift.ModuleChange) []ModuleChange {
	out := make([]ModuleChange, 0, len(list))
	for _, c := range list {
		c.Old, c.New = drift.MaskText(c.Old), drift.MaskText(c.New)
		out = append(out, ModuleChange(c))
	}
	return out
}

// ModulesText lists modules for a person: those that the main modules use
// themselves, or all.
func ModulesText(w io.Writer, doc ModulesDocument, all bool, opts Options) error {
	t := newText(w, opts)
	if doc.File == "" && doc.Error == "" {
		t.printf("There is no go.mod at or above %s.\n", t.toolchain(doc.Dir))
		return t.err
	}
	rows := [][]cell{{{"module", t.faint}, {"version", t.faint}, {"asked for by", t.faint}}}
	left := 0
	for _, m := range doc.Modules {
		if !all && !m.Direct {
			left++
			continue
		}
		version := clean(m.Version)
		if m.Replace != "" {
			version += " => " + clean(m.Replace)
		}
		rows = append(rows, []cell{{clean(m.Path), t.strong}, {version, t.plain}, {clean(m.By), t.faint}})
	}
	if len(rows) > 1 {
		t.table("", rows)
		t.printf("\n")
	}
	switch {
	case doc.Error != "":
		t.printf("%s\n", t.paint(t.failed, "The go command stops over its modules here:"))
		t.indented(clean(doc.Error))
	case doc.Scope != drift.ModulesNone:
		what := map[drift.ModuleScope]string{drift.ModulesGraph: "%s in the module graph", drift.ModulesRequired: "%s required", drift.ModulesVendored: "%s vendored"}[doc.Scope]
		t.printf(what+", from %s, fingerprint %s.", t.paint(t.strong, drift.Plural(len(doc.Modules), "module")), t.path(doc.File), doc.Fingerprint[:min(10, len(doc.Fingerprint))])
		if left > 0 {
			t.printf(" %s not listed: --all lists them.", isAre(left, "indirect one"))
		}
		t.printf("\n")
	}
	for _, n := range doc.Notes {
		t.printf("%s\n", clean(n))
	}
	t.moduleChanges("  ", doc.Behind, len(doc.Behind))
	return t.err
}

// moduleChanges shows at most limit changes of modules, in columns.
func (t *textWriter) moduleChanges(indent string, changes []ModuleChange, limit int) {
	rows := make([][]cell, 0, len(changes))
	for _, c := range changes[:min(limit, len(changes))] {
		sign, paint, value := "~", t.warning, c.Old+" → "+c.New
		switch c.Kind {
		case drift.ChangeAdded:
			sign, paint, value = "+", t.good, c.New
		case drift.ChangeRemoved:
			sign, paint, value = "-", t.failed, c.Old
		case drift.ChangeChanged:
		}
		note := string(c.Trend)
		if c.By != "" {
			note = strings.TrimPrefix(note+", asked for by "+c.By, ", ")
		}
		rows = append(rows, []cell{{sign, paint}, {clean(c.Path), t.strong}, {clean(filepath.ToSlash(value)), t.plain}, {clean(note), t.faint}})
	}
	t.table(indent, rows)
}
