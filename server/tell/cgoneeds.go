package tell

import (
	"fmt"
	"io"
	"strings"

	"godrift.dev/server/drift"
)

// WithPicture is the document with the picture of what forces what.
func (doc CgoDocument) WithPicture(steps []drift.CgoStep) CgoDocument {
	for _, s := range steps {
		doc.Picture = append(doc.Picture, CgoStep{Name: s.Name, Variable: newVariable(s.Variable), Text: drift.MaskText(s.Text)})
	}
	return doc
}

// WithNeeds is the document with the packages that need cgo.
func (doc CgoDocument) WithNeeds(target string, needs drift.CgoNeeds, effects func(drift.CgoProgram) []drift.CgoEffect) CgoDocument {
	n := CgoNeeds{
		Target: target, Fine: len(needs.Needing()) == 0 && !needs.OwnOnly && needs.Problem == "", Packages: []CgoPackage{}, Programs: []CgoProgram{},
		OwnOnly: needs.OwnOnly, Problem: needs.Problem,
	}
	for _, p := range needs.Packages {
		n.Packages = append(n.Packages, CgoPackage{
			Path: p.Path, Dir: p.Dir, Files: p.Files, Need: p.Need, Own: p.Own, Standard: p.Standard, Module: p.Module, Version: p.Version,
			PkgConfig: append([]string{}, p.PkgConfig...),
		})
	}
	for _, p := range needs.Programs {
		n.Programs = append(n.Programs, CgoProgram{Path: p.Path, Links: p.Links, Effects: effects(p)})
	}
	doc.Needs = &n
	return doc
}

// cgoNeeds says which packages need cgo.
func (t *textWriter) cgoNeeds(n CgoNeeds) {
	t.printf("\n")
	var rows [][]cell
	fallbacks := 0
	for _, p := range n.Packages {
		if p.Standard {
			continue
		}
		if p.Need == drift.CgoFallback {
			fallbacks++
			continue
		}
		where := "this module"
		if !p.Own {
			where = strings.TrimSpace(p.Module + " " + p.Version)
		}
		rows = append(rows, []cell{{clean(p.Path), t.strong}, {cgoNeedWords(p.Need), t.warning}, {clean(where), t.faint}, {clean(strings.Join(p.Files, " ")), t.faint}})
	}
	switch {
	case len(rows) > 0:
		t.printf("Not built, or broken, with CGO_ENABLED=0 for %s:\n", n.Target)
		t.table("  ", rows)
	case n.Fine:
		t.printf("%s No package here or among the dependencies needs C code for %s.\n", t.paint(t.good, "CGO_ENABLED=0 is fine here."), n.Target)
	case !n.OwnOnly:
		t.printf("No package that could be looked at needs C code for %s; that may not be all of them.\n", n.Target)
	default:
		t.printf("No package of this module needs C code for %s; of its dependencies nothing is known.\n", n.Target)
	}
	if fallbacks > 0 {
		t.printf("%s with C code can do without: other files are built in its place.\n", drift.Plural(fallbacks, "package"))
	}
	if n.Problem != "" {
		text := clean(n.Problem)
		if strings.Contains(text, "GOPROXY=off") {
			// The go command was asked without a network, which only godrift knows.
			text = "not all that it needs is in the module cache, and godrift fetches nothing: go mod download does (" + text + ")"
		}
		t.printf("%s %s\n", t.paint(t.warning, "note:"), text)
	}
}

func cgoNeedWords(need drift.CgoNeed) string {
	if need == drift.CgoStub {
		return "fails when used"
	}
	return "cannot be built"
}

// CgoExplainText says which variable forces which, and what CGO_ENABLED changes in the
// programs of a module, for a person.
func CgoExplainText(w io.Writer, doc CgoDocument, opts Options) error {
	t := newText(w, opts)
	var rows [][]cell
	for _, s := range doc.Picture {
		rows = append(rows, []cell{{s.Name + "=" + clean(s.Value), t.strong}, {clean(s.Text), t.plain}})
	}
	t.table("", rows)
	if doc.Needs == nil {
		return t.err
	}
	t.cgoNeeds(*doc.Needs)
	var same []string
	for _, p := range doc.Needs.Programs {
		if len(p.Effects) == 0 {
			same = append(same, p.Path)
			continue
		}
		t.printf("\n%s  links %s\n", t.paint(t.strong, clean(p.Path)), clean(few(p.Links)))
		for _, e := range p.Effects {
			t.printf("  %s\n    1  %s\n    0  %s\n", clean(e.What), clean(e.On), clean(e.Off))
		}
	}
	if len(same) > 0 {
		t.printf("\nThe same with CGO_ENABLED=0 and 1, since nothing in it has C code:\n")
	}
	for _, path := range same {
		t.printf("  %s\n", t.paint(t.strong, clean(path)))
	}
	return t.err
}

// few names the first of a list and says how many there are besides.
func few(list []string) string {
	const most = 6
	if len(list) <= most {
		return strings.Join(list, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), len(list)-most)
}
