package tell

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// textWriter writes text for people and remembers the first error.
type textWriter struct {
	w   io.Writer
	err error
	palette
	Options
}

func newText(w io.Writer, opts Options) *textWriter {
	return &textWriter{w: w, palette: newPalette(opts.Color), Options: opts}
}

func (t *textWriter) printf(format string, args ...any) {
	if t.err == nil {
		_, t.err = fmt.Fprintf(t.w, format, args...)
	}
}

// CheckText writes findings as a person reads them: the offending line quoted
// and marked, what belongs to it, what can be done, and one line that sums up.
// The worst come first.
func CheckText(w io.Writer, reports []*drift.Report, opts Options) error {
	t := newText(w, opts)
	type entry struct {
		finding drift.Finding
		id      string
		texts   Texts
	}
	var all []entry
	for _, r := range reports {
		texts := TextsOf(r.Snapshot)
		ids := IDs(r.Snapshot.Root, r.Findings, texts)
		for i, f := range r.Findings {
			all = append(all, entry{f, ids[i], texts})
		}
	}
	slices.SortStableFunc(all, func(a, b entry) int { return b.finding.Severity.Rank() - a.finding.Severity.Rank() })
	for _, e := range all {
		t.finding(e.finding, e.id, e.texts)
	}
	for _, r := range reports {
		if len(reports) > 1 {
			t.printf("%s: ", t.paint(t.strong, t.root(r)))
		}
		t.summary(r)
	}
	return t.err
}

// SummaryText writes how many findings of which rule there are, the line that
// sums up, and how much of the score each cause takes.
func SummaryText(w io.Writer, reports []*drift.Report, opts Options) error {
	t := newText(w, opts)
	for _, r := range reports {
		if len(reports) > 1 {
			t.printf("%s\n", t.paint(t.strong, t.root(r)))
		}
		type row struct {
			severity drift.Severity
			code     string
		}
		counts := map[row]int{}
		var rows []row
		for _, f := range r.Findings {
			k := row{f.Severity, f.Code}
			if counts[k] == 0 {
				rows = append(rows, k)
			}
			counts[k]++
		}
		slices.SortStableFunc(rows, func(a, b row) int {
			if d := b.severity.Rank() - a.severity.Rank(); d != 0 {
				return d
			}
			return counts[b] - counts[a]
		})
		for _, k := range rows {
			t.printf("%5d  %s  %s\n", counts[k], t.paint(t.palette.severity(k.severity), pad(string(k.severity), 7)), k.code)
		}
		if len(rows) > 0 {
			t.printf("\n")
		}
		t.summary(r)
		t.gains(r)
	}
	return t.err
}

func (t *textWriter) root(r *drift.Report) string {
	if r.Snapshot.Root == t.Dir {
		return clean(r.Snapshot.Root)
	}
	return t.path(r.Snapshot.Root)
}

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-width(s)))
}

// mostRelated is how many related places are quoted. One cause can show in
// hundreds of modules.
const mostRelated = 3

// finding writes one finding the way rustc does. Fixes that only an editor can
// carry out are left to the editor.
func (t *textWriter) finding(f drift.Finding, id string, texts Texts) {
	style := t.severity(f.Severity)
	head, rest, _ := strings.Cut(clean(drift.MaskText(strings.TrimRight(f.Message, "\n"))), "\n")
	t.printf("%s%s\n", t.paint(style, string(f.Severity)+"["+f.Code+"]"), t.paint(t.strong, ": "+head))
	for line := range strings.Lines(rest) {
		t.printf("    %s\n", strings.TrimRight(line, "\n"))
	}

	main, quoted := quoteOf(f.Place, texts)
	related := make([]quote, len(f.Related))
	all := []quote{main}
	for i, r := range f.Related[:min(len(f.Related), mostRelated)] {
		related[i], _ = quoteOf(r.Place, texts)
		all = append(all, related[i])
	}
	g := gutter(all)
	blank := strings.Repeat(" ", g)

	t.printf("%s%s %s\n", blank, t.paint(t.frame, "-->"), t.at(texts.Range(f.Place)))
	if quoted {
		t.bar(blank)
		t.quote(g, main, '^', style, "")
	}
	for i, r := range f.Related {
		if i == mostRelated {
			t.note(blank, "note", fmt.Sprintf("and %s; --format json lists them all", drift.Plural(len(f.Related)-i, "more place")))
			break
		}
		message := clean(drift.MaskText(r.Message))
		if related[i].line == 0 {
			t.note(blank, "note", withPlace(message, t.at(texts.Range(r.Place))))
			continue
		}
		t.printf("%s%s %s\n", blank, t.paint(t.frame, ":::"), t.at(texts.Range(r.Place)))
		t.bar(blank)
		t.quote(g, related[i], '-', t.frame, message)
	}
	fixes := slices.DeleteFunc(SortFixes(f.Fixes), drift.Fix.NeedsEditor)
	if quoted && (len(fixes) > 0) {
		t.bar(blank)
	}
	repairs := 0
	for _, x := range fixes {
		if x.Kind != drift.FixAccept {
			repairs++
		}
	}
	for _, x := range fixes {
		label, help := "help", clean(drift.MaskText(x.Title))
		switch {
		case x.Kind == drift.FixAccept:
			label = "or" // what to know before accepting is said when it is done
		case x.Note != "":
			help += " (" + clean(drift.MaskText(x.Note)) + ")"
		}
		if repairs > 1 && x.Kind != drift.FixAccept {
			help += " [" + x.ID + "]"
		}
		t.note(blank, label, help)
	}
	switch {
	case repairs > 1:
		t.note(blank, "run", "godrift fix --finding "+id+" for the first, or with the ID in brackets")
	case len(fixes) > 0:
		t.note(blank, "run", "godrift fix --finding "+id)
	}
	t.printf("\n")
}

func withPlace(message, place string) string {
	if strings.Contains(message, place) {
		return message
	}
	return message + " (" + place + ")"
}

func (t *textWriter) bar(blank string) {
	t.printf("%s %s\n", blank, t.paint(t.frame, "|"))
}

func (t *textWriter) quote(gutter int, q quote, mark rune, color style, message string) {
	n := strconv.Itoa(q.line)
	text := ""
	if q.text != "" {
		text = " " + q.text
	}
	t.printf("%s %s%s\n", t.paint(t.frame, strings.Repeat(" ", gutter-len(n))+n), t.paint(t.frame, "|"), text)
	marks := strings.Repeat(string(mark), q.marks)
	if message != "" {
		marks += " " + strings.ReplaceAll(message, "\n", " ")
	}
	t.printf("%s %s %s%s\n", strings.Repeat(" ", gutter), t.paint(t.frame, "|"), strings.Repeat(" ", q.indent), t.paint(color, marks))
}

func (t *textWriter) note(blank, label, text string) {
	lines := strings.Split(text, "\n")
	t.printf("%s %s %s %s\n", blank, t.paint(t.frame, "="), t.paint(t.strong, label+":"), lines[0])
	for _, l := range lines[1:] {
		t.printf("%s   %s %s\n", blank, strings.Repeat(" ", len(label)+1), l)
	}
}

// summary is one line: how many, which Go, which one is agreed upon, the score.
func (t *textWriter) summary(r *drift.Report) {
	c := CountsOf(r.Findings)
	var parts []string
	add := func(n int, word string, color style) {
		if n > 0 {
			parts = append(parts, t.paint(color, drift.Plural(n, word)))
		}
	}
	add(c.Error, "error", t.failed)
	add(c.Warning, "warning", t.warning)
	if c.Info > 0 {
		parts = append(parts, t.paint(t.info, strconv.Itoa(c.Info)+" info"))
	}
	add(c.Hint, "hint", t.hint)
	found := strings.Join(parts, ", ")
	if found == "" {
		found = t.paint(t.good, "No findings")
	}
	t.printf("%s. %s Health %d of 100%s.\n", found, t.runs(r.Snapshot.Selection, r.Pinned, TextsOf(r.Snapshot)), r.Score, UsualText(r.Usual))
}

// runs says in one sentence which Go runs and which one is agreed upon.
func (t *textWriter) runs(s drift.Selection, p drift.Pinned, texts Texts) string {
	var what string
	switch s.How {
	case drift.HowNoGo:
		what = "There is no go on PATH"
	case drift.HowError:
		what = "Every go command stops with an error"
	case drift.HowDownload:
		what = s.Selected + " would be downloaded and run"
	default:
		what = s.Selected + " runs"
		if s.Selected == "" {
			what = "Which Go runs is not known"
		}
	}
	if p.Version == "" {
		return what + "; nothing pins a Go."
	}
	pin := p.Version + " is pinned"
	if p.Pin.Place.File != "" {
		pin += " by " + t.path(p.Pin.Place.File)
		if line := texts.Range(p.Pin.Place).Line; line > 0 {
			pin += ":" + strconv.Itoa(line)
		}
	}
	return what + "; " + pin + "."
}
