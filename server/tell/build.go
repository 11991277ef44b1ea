package tell

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// Texts looks up the text of a file. Renderers use it to turn byte offsets into
// lines and columns and to quote lines. It returns false for a file whose text
// is not at hand; places in it then carry no line.
type Texts func(file string) (drift.Document, bool)

// TextsOf is the texts that a snapshot holds.
func TextsOf(s *drift.Snapshot) Texts {
	if s == nil {
		return func(string) (drift.Document, bool) { return drift.Document{}, false }
	}
	return func(file string) (drift.Document, bool) {
		doc, ok := s.Documents[file]
		return doc, ok
	}
}

// Or asks other for texts that t does not have.
func (t Texts) Or(other Texts) Texts {
	return func(file string) (drift.Document, bool) {
		if t != nil {
			if doc, ok := t(file); ok {
				return doc, true
			}
		}
		return other(file)
	}
}

// Range converts a place.
func (t Texts) Range(p drift.Place) Range {
	r := Range{File: p.File}
	if p.File == "" || t == nil {
		return r
	}
	doc, ok := t(p.File)
	if !ok || p.Span == (drift.Span{}) {
		return r
	}
	start, end := drift.PositionOf(doc.Text, p.Span.Start), drift.PositionOf(doc.Text, max(p.Span.Start, p.Span.End))
	r.Line, r.Column, r.EndLine, r.EndColumn = start.Line, start.Column, end.Line, end.Column
	return r
}

// At is the text that a place covers, or of a point the line it is on: what a
// finding complains about.
func (t Texts) At(p drift.Place) string {
	doc, ok := t(p.File)
	if !ok {
		return ""
	}
	start := max(0, min(p.Span.Start, len(doc.Text)))
	end := max(start, min(p.Span.End, len(doc.Text)))
	if end == start {
		start = bytes.LastIndexByte(doc.Text[:start], '\n') + 1
		if n := bytes.IndexByte(doc.Text[end:], '\n'); n >= 0 {
			end += n
		} else {
			end = len(doc.Text)
		}
	}
	return string(doc.Text[start:end])
}

// NewPins is the document about all pins of a snapshot.
func NewPins(s *drift.Snapshot) PinsDocument {
	texts := TextsOf(s)
	doc := PinsDocument{Schema: SchemaPins, Version: DocumentVersion, Root: s.Root, Pins: []Pin{}, Problems: []Problem{}}
	pins := slices.Clone(s.Pins)
	slices.SortStableFunc(pins, func(a, b drift.Pin) int { return comparePlaces(a.Place, b.Place) })
	for _, p := range pins {
		doc.Pins = append(doc.Pins, newPin(p, texts))
	}
	problems := slices.Clone(s.Problems)
	slices.SortStableFunc(problems, func(a, b drift.Problem) int { return comparePlaces(a.Place, b.Place) })
	for _, p := range problems {
		doc.Problems = append(doc.Problems, Problem{File: p.Place.File, Line: texts.Range(p.Place).Line, Message: drift.MaskText(p.Message)})
	}
	return doc
}

func comparePlaces(a, b drift.Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

func newPin(p drift.Pin, texts Texts) Pin {
	r := texts.Range(p.Place)
	pin := Pin{
		File: p.Place.File, Line: r.Line, Start: max(0, r.Column-1), End: max(0, r.EndColumn-1),
		Raw: drift.Clip(p.Raw), Source: p.Source, Role: p.Role, Meaning: p.Meaning, Version: p.Version, Extra: p.Extra,
	}
	if r.EndLine != r.Line {
		// No format's version text spans lines; if one ever did, its first line
		// is what can be said with columns.
		pin.End = pin.Start + len(firstLine(p.Raw))
	}
	return pin
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// NewPinned converts the answer which Go is agreed upon.
func NewPinned(p drift.Pinned, texts Texts) Pinned {
	out := Pinned{Version: p.Version, Reason: p.Reason}
	if p.Pin.Place.File != "" {
		pin := newPin(p.Pin, texts)
		out.Pin = &pin
	}
	return out
}

// NewSelection converts a selection.
func NewSelection(s drift.Selection) Selection {
	out := Selection{
		Dir: s.Dir, Selected: s.Selected, GOROOT: s.GOROOT, How: s.How,
		Error: drift.MaskText(s.Error), LoadError: drift.MaskText(s.LoadError), Steps: []Step{},
	}
	if s.Go != nil {
		g := newGo(*s.Go)
		out.Go = &g
	}
	for _, st := range s.Steps {
		out.Steps = append(out.Steps, Step{Text: drift.MaskText(st.Text), File: st.File, Line: st.Line, Layer: st.Layer})
	}
	return out
}

func newGo(t drift.Toolchain) Go {
	return Go{Path: t.Executable, Version: t.Version, GOROOT: t.GOROOT, Origin: t.Origin, Shim: t.Shim}
}

func newGos(ts []drift.Toolchain) []Go {
	out := make([]Go, 0, len(ts))
	for _, t := range ts {
		out = append(out, newGo(t))
	}
	return out
}

func newVariables(vars []drift.Variable) map[string]Variable {
	out := make(map[string]Variable, len(vars))
	for _, v := range vars {
		out[v.Name] = newVariable(v)
	}
	return out
}

func newVariable(v drift.Variable) Variable {
	nv := Variable{Value: drift.Mask(v.Name, v.Value), Layer: v.Kind, File: v.File, Line: v.Line, Shadowed: []Layer{}}
	for _, s := range v.Shadowed {
		nv.Shadowed = append(nv.Shadowed, Layer{Layer: s.Kind, Value: drift.Mask(v.Name, s.Value), File: s.File, Line: s.Line})
	}
	return nv
}

// NewWhy is the document which Go runs in a folder, and why.
func NewWhy(sel drift.Selection, env drift.Environment, pinned drift.Pinned, texts Texts) WhyDocument {
	return WhyDocument{
		Schema: SchemaWhy, Version: DocumentVersion, Selection: NewSelection(sel),
		Env: newVariables(env.Variables), EnvError: drift.MaskText(env.Error),
		Pinned: NewPinned(pinned, texts), Toolchains: newGos(env.Toolchains),
	}
}

// NewEnv is the document about the variables in a folder; seen is zero for what is
// so now.
func NewEnv(dir string, env drift.Environment, seen time.Time) EnvDocument {
	doc := EnvDocument{
		Schema: SchemaEnv, Version: DocumentVersion, Dir: dir, Of: env.Of,
		GOOS: env.Host.GOOS, GOARCH: env.Host.GOARCH, GOENV: env.GOENV,
		Env: newVariables(env.Variables), Error: drift.MaskText(env.Error), Toolchains: newGos(env.Toolchains),
	}
	if !seen.IsZero() {
		doc.Seen = seen.UTC().Format(time.RFC3339)
	}
	return doc
}

// NewCheck is the document about what is wrong in one or more workspaces. It
// needs at least one report.
func NewCheck(reports ...*drift.Report) CheckDocument {
	doc := CheckDocument{Schema: SchemaCheck, Version: DocumentVersion, Score: 100, Findings: []Finding{}, Workspaces: []WorkspaceSummary{}}
	for i, r := range reports {
		texts := TextsOf(r.Snapshot)
		ws := WorkspaceSummary{
			Root: r.Snapshot.Root, Score: r.Score, Selection: NewSelection(r.Snapshot.Selection),
			Pinned: NewPinned(r.Pinned, texts), Drift: r.Drift, Counts: CountsOf(r.Findings),
			Baseline: newAway(r.Away),
		}
		findings := NewFindings(r.Snapshot.Root, r.Findings, texts)
		ids := make([]string, len(findings))
		for i, f := range findings {
			ids[i] = f.ID
		}
		ws.Health = NewHealth(r, ids)
		doc.Workspaces = append(doc.Workspaces, ws)
		doc.Findings = append(doc.Findings, findings...)
		if i == 0 {
			doc.Root, doc.Selection, doc.Pinned = ws.Root, ws.Selection, ws.Pinned
		}
		doc.Score = min(doc.Score, ws.Score)
		doc.Drift = doc.Drift || ws.Drift
		doc.Counts = doc.Counts.plus(ws.Counts)
	}
	return doc
}

func (c Counts) plus(d Counts) Counts {
	return Counts{Error: c.Error + d.Error, Warning: c.Warning + d.Warning, Info: c.Info + d.Info, Hint: c.Hint + d.Hint}
}

// CountsOf counts findings by severity.
func CountsOf(findings []drift.Finding) Counts {
	var c Counts
	for _, f := range findings {
		switch f.Severity {
		case drift.SeverityError:
			c.Error++
		case drift.SeverityWarning:
			c.Warning++
		case drift.SeverityInfo:
			c.Info++
		case drift.SeverityHint:
			c.Hint++
		case drift.SeverityOff:
		}
	}
	return c
}

// NewFindings converts the findings of the workspace folder root.
func NewFindings(root string, findings []drift.Finding, texts Texts) []Finding {
	out := make([]Finding, 0, len(findings))
	ids := IDs(root, findings, texts)
	for i, f := range findings {
		nf := Finding{
			ID: ids[i], Code: f.Code, Severity: f.Severity, Message: drift.MaskText(f.Message), Range: texts.Range(f.Place),
			Unnecessary: f.Unnecessary, Subject: f.Subject, Value: drift.Mask(f.Subject, f.Value),
			Related: []Related{}, Fixes: []FindingFix{},
		}
		for _, r := range f.Related {
			nf.Related = append(nf.Related, Related{Message: drift.MaskText(r.Message), Range: texts.Range(r.Place)})
		}
		for _, x := range SortFixes(f.Fixes) {
			nf.Fixes = append(nf.Fixes, NewFindingFix(x))
		}
		out = append(out, nf)
	}
	return out
}

// NewFindingFix converts a fix without what it would change.
func NewFindingFix(f drift.Fix) FindingFix {
	return FindingFix{ID: f.ID, Title: drift.MaskText(f.Title), Kind: f.Kind, Preferred: f.Preferred, Note: drift.MaskText(f.Note)}
}

// SortFixes returns the fixes with the likeliest first and acceptance last; else
// they stay in order.
func SortFixes(fixes []drift.Fix) []drift.Fix {
	out := slices.Clone(fixes)
	rank := func(f drift.Fix) int {
		switch {
		case f.Preferred:
			return 0
		case f.Kind == drift.FixAccept:
			return 2
		}
		return 1
	}
	slices.SortStableFunc(out, func(a, b drift.Fix) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

// IDs names findings. A name depends on the code, the file's place below root
// and the text that is complained about, but not on the lines around it; equal
// ones are numbered in order. What stands at the line that names a module complains
// of nothing there: it has to stand somewhere, and keeps its name when a module gets
// another one.
func IDs(root string, findings []drift.Finding, texts Texts) []string {
	out := make([]string, len(findings))
	seen := map[string]int{}
	for i, f := range findings {
		place := f.Place
		if f.Origin.File != "" {
			place = f.Origin
		}
		text := texts.At(place)
		if filepath.Base(place.File) == "go.mod" && strings.HasPrefix(strings.TrimSpace(text), "module") {
			text = ""
		}
		key := f.Code + "\x00" + Relative(root, place.File) + "\x00" + f.Subject + "\x00" + drift.MaskText(text)
		n := seen[key]
		seen[key]++
		sum := sha256.Sum256([]byte(key + "\x00" + strconv.Itoa(n)))
		out[i] = hex.EncodeToString(sum[:6])
	}
	return out
}

// Relative is file as seen from dir with slashes, if it is inside dir; else it
// is file itself.
func Relative(dir, file string) string {
	if file == "" || dir == "" || !drift.Within(dir, file) {
		return file
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return file
	}
	return filepath.ToSlash(rel)
}
