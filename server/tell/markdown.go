package tell

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// Markdown writes findings as a report that can be put into an issue: what, since when
// as far as it is known, what the probe itself said, the steps that led to the
// selection, the fix and its command line. The worst come first. recent are the newest
// moments of a workspace, newest first; it may be nil.
func Markdown(w io.Writer, reports []*drift.Report, recent func(root string) []drift.Moment, opts Options) error {
	var b strings.Builder
	total := Counts{}
	for _, r := range reports {
		total = total.plus(CountsOf(r.Findings))
	}
	b.WriteString("# What godrift found\n\n")
	for _, r := range reports {
		d := diagnosis{&b, r, opts}
		d.where()
	}
	if total.Total() == 0 {
		b.WriteString("Nothing is wrong.\n\n")
	}
	for _, r := range reports {
		d := diagnosis{&b, r, opts}
		ids := IDs(r.Snapshot.Root, r.Findings, TextsOf(r.Snapshot))
		order := make([]int, len(r.Findings))
		for i := range order {
			order[i] = i
		}
		var moments []drift.Moment
		if recent != nil {
			moments = recent(r.Snapshot.Root)
		}
		slices.SortStableFunc(order, func(x, y int) int {
			return r.Findings[y].Severity.Rank() - r.Findings[x].Severity.Rank()
		})
		for _, i := range order {
			d.finding(r.Findings[i], ids[i], SinceOf(r, r.Findings[i], moments))
		}
	}
	for _, r := range reports {
		diagnosis{&b, r, opts}.selection(len(reports) > 1)
	}
	_, err := io.WriteString(w, strings.TrimRight(b.String(), "\n")+"\n")
	return err
}

// diagnosed are the rules whose findings cannot be understood without what the probe
// said and the steps that led there.
var diagnosed = []string{"go-missing", "toolchain-unavailable", "cgo-cannot-build", "cgo-silently-off", "gocache-corrupt", "gocache-unusable"}

// NeedsDiagnosis reports whether an alert of that rule carries a Diagnosis.
func NeedsDiagnosis(rule string) bool { return slices.Contains(diagnosed, rule) }

// mostDiagnosis bounds a Diagnosis, in bytes.
const mostDiagnosis = 20_000

// Diagnosis is the report about one finding, in Markdown.
func Diagnosis(r *drift.Report, i int, since Since, opts Options) string {
	var b strings.Builder
	d := diagnosis{&b, r, opts}
	b.WriteString("# " + Escape(Flat(drift.MaskText(firstLine(r.Findings[i].Message)))) + "\n\n")
	d.where()
	d.finding(r.Findings[i], IDs(r.Snapshot.Root, r.Findings, TextsOf(r.Snapshot))[i], since)
	d.selection(false)
	text := b.String()
	if len(text) <= mostDiagnosis {
		return text
	}
	// It is cut between two lines, and an open block of code is closed.
	text = text[:strings.LastIndexByte(text[:mostDiagnosis], '\n')+1]
	if fence := openFence(text); fence != "" {
		text += fence + "\n"
	}
	return text + "\nThe rest is left out.\n"
}

// openFence is the fence of a block of code that a text leaves open.
func openFence(text string) string {
	open := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		fence := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case open == "" && len(fence) >= 3 && strings.Trim(line[len(fence):], "abcdefghijklmnopqrstuvwxyz") == "":
			open = fence
		case open != "" && line == open:
			open = ""
		}
	}
	return open
}

// diagnosis writes the parts of a report about one workspace.
type diagnosis struct {
	b *strings.Builder
	r *drift.Report
	Options
}

// where says which workspace it is, and which Go runs there.
func (d diagnosis) where() {
	s := d.r.Snapshot
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(d.b, "- %s: %s\n", name, value)
		}
	}
	row("Workspace", Code(d.toolchain(s.Root)))
	selected := s.Selection.Selected
	if selected == "" {
		selected = "none"
	}
	row("Go that runs", Code(selected))
	if d.r.Pinned.Version != "" {
		row("Go that is agreed upon", Code(d.r.Pinned.Version))
	}
	row("System", Code(s.Environment.Host.GOOS+"/"+s.Environment.Host.GOARCH))
	row("Health", fmt.Sprintf("%d of 100", d.r.Score))
	if !s.Time.IsZero() {
		row("Looked at", s.Time.UTC().Format(time.RFC3339))
	}
	d.b.WriteString("\n")
}

// finding writes one finding with all that belongs to it alone.
func (d diagnosis) finding(f drift.Finding, id string, since Since) {
	texts := TextsOf(d.r.Snapshot)
	fmt.Fprintf(d.b, "## %s: %s\n\n", f.Severity, Escape(f.Code))
	d.prose(drift.MaskText(f.Message))
	if r := texts.Range(f.Place); r.File != "" {
		fmt.Fprintf(d.b, "At %s\n\n", Code(d.at(r)))
		if q, ok := quoteOf(f.Place, texts); ok && q.text != "" {
			d.block("", q.text)
		}
	}
	for i, r := range f.Related {
		if i == mostRelated {
			fmt.Fprintf(d.b, "- and %s\n", drift.Plural(len(f.Related)-i, "more place"))
			break
		}
		fmt.Fprintf(d.b, "- %s: %s\n", Code(d.at(texts.Range(r.Place))), Escape(Flat(drift.MaskText(r.Message))))
	}
	if len(f.Related) > 0 {
		d.b.WriteString("\n")
	}
	d.since(since)
	d.probe(f)
	d.fixes(f, id)
}

func (d diagnosis) since(s Since) {
	if s == (Since{}) {
		return
	}
	d.b.WriteString("### Since when\n\n")
	if !s.Seen.IsZero() {
		fmt.Fprintf(d.b, "- First seen: %s\n", s.Seen.UTC().Format(time.RFC3339))
	}
	if s.What == "" {
		d.b.WriteString("\n")
		return
	}
	fmt.Fprintf(d.b, "- %s: %s became %s\n", s.Time.UTC().Format(time.RFC3339), Code(s.What), codeOrNothing(s.After))
	if s.Before != "" {
		fmt.Fprintf(d.b, "- Before that it was %s\n", Code(s.Before))
	}
	if s.Cause != "" {
		fmt.Fprintf(d.b, "- Cause: %s\n", Escape(Flat(s.Cause)))
	}
	d.b.WriteString("\n")
}

func codeOrNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return Code(s)
}

func (d diagnosis) fixes(f drift.Finding, id string) {
	fixes := slices.DeleteFunc(SortFixes(f.Fixes), func(x drift.Fix) bool { return x.NeedsEditor() || x.Kind == drift.FixAccept })
	var remedies []drift.CgoRemedy
	if c := d.r.Snapshot.Cgo; strings.HasPrefix(f.Code, "cgo-") && c != nil && c.Target.Problem != nil {
		remedies = c.Target.Problem.Remedies
	}
	if len(fixes)+len(remedies) == 0 {
		return
	}
	d.b.WriteString("### What mends it\n\n")
	for i, x := range fixes {
		fmt.Fprintf(d.b, "- %s", Escape(Flat(drift.MaskText(x.Title))))
		if x.Note != "" {
			fmt.Fprintf(d.b, " (%s)", Escape(Flat(drift.MaskText(x.Note))))
		}
		d.b.WriteString("\n")
		if i == 0 {
			defer func() {
				d.block("sh", "godrift fix --finding "+id+"            # shows it\ngodrift fix --apply --finding "+id+"    # does it")
			}()
		}
	}
	for _, x := range remedies {
		fmt.Fprintf(d.b, "- %s", Escape(Flat(drift.MaskText(x.Text))))
		if x.Command != "" {
			fmt.Fprintf(d.b, ": %s", Code(drift.MaskText(x.Command)))
		}
		d.b.WriteString("\n")
	}
	d.b.WriteString("\n")
}

// selection writes the steps that led to the Go that runs.
func (d diagnosis) selection(named bool) {
	steps := d.r.Snapshot.Selection.Steps
	if len(steps) == 0 {
		return
	}
	d.b.WriteString("## How the go command comes to its Go")
	if named {
		d.b.WriteString(" in " + Code(d.toolchain(d.r.Snapshot.Root)))
	}
	d.b.WriteString("\n\n")
	for i, s := range steps {
		fmt.Fprintf(d.b, "%d. %s", i+1, Escape(Flat(drift.MaskText(s.Text))))
		if s.File != "" {
			at := d.path(s.File)
			if s.Line > 0 {
				at += fmt.Sprintf(":%d", s.Line)
			}
			d.b.WriteString(" (" + Code(at) + ")")
		}
		d.b.WriteString("\n")
	}
	d.b.WriteString("\n")
}

// prose writes text of several lines as paragraphs.
func (d diagnosis) prose(text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n")) {
		if line = strings.TrimSpace(Flat(line)); line != "" {
			d.b.WriteString(Escape(line) + "\n\n")
		}
	}
}

// block writes a block of code that nothing in it can end.
func (d diagnosis) block(language, text string) {
	text = clean(drift.MaskText(strings.TrimRight(text, "\n")))
	fence := strings.Repeat("`", max(3, 1+longestRun(text, '`')))
	fmt.Fprintf(d.b, "%s%s\n%s\n%s\n\n", fence, language, text, fence)
}
