package tell

import (
	"fmt"
	"io"
	"strings"

	"godrift.dev/server/drift"
)

// CgoDocument is what "godrift cgo --format json" prints.
type CgoDocument struct {
	// Schema is "godrift/cgo".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Dir is the folder that the go command would be started in, and Go the
	// toolchain that builds there.
	Dir string `json:"dir"`
	Go  string `json:"go"`
	// Targets are in the order they were asked for.
	Targets []CgoRow `json:"targets"`
	// Picture is which variable forces which, for what is built in Dir now.
	Picture []CgoStep `json:"picture"`
	// Needs says which packages need cgo; null if that was not asked.
	Needs *CgoNeeds `json:"needs"`
}

// CgoStep is one variable in the picture of what forces what.
type CgoStep struct {
	Name string `json:"name"`
	Variable
	// Text says why it has its value.
	Text string `json:"text"`
}

// CgoNeeds says which packages of a module and of its dependencies need cgo.
type CgoNeeds struct {
	// Target is what was asked for: which files count depends on it.
	Target string `json:"target"`
	// Fine says that everything is built and works with CGO_ENABLED=0, as far as can
	// be told.
	Fine bool `json:"fine"`
	// Packages are those with C code, those of the module itself first.
	Packages []CgoPackage `json:"packages"`
	// Programs are the main packages, with what CGO_ENABLED changes in each.
	Programs []CgoProgram `json:"programs"`
	// OwnOnly says that the dependencies could not be asked, and Problem why; or why
	// something may be missing.
	OwnOnly bool   `json:"ownOnly"`
	Problem string `json:"problem"`
}

// CgoPackage is a package with C code.
type CgoPackage struct {
	// Path is its import path and Dir its folder; Files import "C".
	Path  string   `json:"path"`
	Dir   string   `json:"dir"`
	Files []string `json:"files"`
	// Need is what becomes of it where cgo is off.
	Need drift.CgoNeed `json:"need"`
	// Own says that it is the module's, Standard that it is Go's.
	Own      bool `json:"own"`
	Standard bool `json:"standard"`
	// Module and Version are of the dependency it is in.
	Module  string `json:"module"`
	Version string `json:"version"`
	// PkgConfig are the packages that it asks pkg-config for.
	PkgConfig []string `json:"pkgConfig"`
}

// CgoProgram is a main package.
type CgoProgram struct {
	Path string `json:"path"`
	// Links are the packages with C code that it is linked with.
	Links []string `json:"links"`
	// Effects are what CGO_ENABLED changes in it.
	Effects []drift.CgoEffect `json:"effects"`
}

// CgoRow is how one target stands.
type CgoRow struct {
	// Target is GOOS/GOARCH.
	Target string `json:"target"`
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	// Native says that it is this machine.
	Native bool `json:"native"`
	// Enabled says whether cgo is on for the target as things are, and Why what made
	// it so.
	Enabled bool   `json:"enabled"`
	Why     string `json:"why"`
	// CC is the variable that names the compiler, Compiler the program it leads to
	// (empty if there is none), and Machine what that says it builds for.
	CC       Variable `json:"cc"`
	Compiler string   `json:"compiler"`
	Machine  string   `json:"machine"`
	// Verdict is what happens to C code with CGO_ENABLED=1.
	Verdict drift.CgoVerdict `json:"verdict"`
	// Problem says why it is not "works"; null if it is.
	Problem *CgoProblem `json:"problem"`
	// Built is what the compiled program is for, read from the file.
	Built string `json:"built"`
	// Output is what the compiler printed.
	Output string `json:"output"`
	// Cached says that this was found out before, and nothing changed since.
	Cached bool `json:"cached"`
	// Milliseconds is how long the compiler took.
	Milliseconds int64 `json:"milliseconds"`
}

// CgoProblem is why C code cannot be built.
type CgoProblem struct {
	Cause drift.CgoCause `json:"cause"`
	// Name is what is missing or refused; empty if nothing is named.
	Name string `json:"name"`
	// Message is one sentence.
	Message string `json:"message"`
	// Line is the part of the output that tells it.
	Line string `json:"line"`
	// Remedies are what can be done, the likeliest first.
	Remedies []CgoRemedy `json:"remedies"`
}

// CgoRemedy is one thing that can be done.
type CgoRemedy struct {
	Text string `json:"text"`
	// Command is what to type for it; empty if there is no single command.
	Command string `json:"command"`
	// CC is the value of CC that belongs to it; empty if none does.
	CC string `json:"cc"`
	// Proven says that a program was compiled with CC and is for the target.
	Proven bool `json:"proven"`
}

// CgoCauseDocument is what "godrift cgo --read FILE --format json" prints.
type CgoCauseDocument struct {
	// Schema is "godrift/cgo-cause".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Target is what the output was printed for.
	Target string `json:"target"`
	CgoProblem
}

// NewCgo is the document about targets.
func NewCgo(dir, goVersion string, targets []drift.CgoTarget) CgoDocument {
	doc := CgoDocument{Schema: SchemaCgo, Version: DocumentVersion, Dir: dir, Go: goVersion, Targets: []CgoRow{}, Picture: []CgoStep{}}
	for _, t := range targets {
		row := CgoRow{
			Target: t.GOOS + "/" + t.GOARCH, GOOS: t.GOOS, GOARCH: t.GOARCH, Native: t.Native, Enabled: t.On(), Why: t.Why,
			CC: newVariable(t.Compiler.CC), Compiler: t.Compiler.Path, Machine: t.Compiler.Machine, Verdict: t.Verdict, Built: t.Built,
			Output: drift.MaskText(t.Output), Cached: t.Cached, Milliseconds: t.Took.Milliseconds(),
		}
		if t.Problem != nil {
			p := newCgoProblem(*t.Problem)
			row.Problem = &p
		}
		doc.Targets = append(doc.Targets, row)
	}
	return doc
}

// NewCgoCause is the document about a failure text.
func NewCgoCause(target string, p drift.CgoProblem) CgoCauseDocument {
	return CgoCauseDocument{Schema: SchemaCgoCause, Version: DocumentVersion, Target: target, CgoProblem: newCgoProblem(p)}
}

func newCgoProblem(p drift.CgoProblem) CgoProblem {
	out := CgoProblem{Cause: p.Cause, Name: drift.MaskText(p.Name), Message: p.Message, Line: p.Line, Remedies: []CgoRemedy{}}
	for _, r := range p.Remedies {
		out.Remedies = append(out.Remedies, CgoRemedy(r))
	}
	return out
}

// CgoText is a table of the targets, and below it what is wrong and what can be
// done, for a person.
func CgoText(w io.Writer, doc CgoDocument, opts Options) error {
	t := newText(w, opts)
	rows := [][]cell{{{"target", t.faint}, {"cgo is", t.faint}, {"CC", t.faint}, {"from", t.faint}, {"builds for", t.faint}, {"C code", t.faint}}}
	for _, r := range doc.Targets {
		on := cell{"off", t.plain}
		if r.Enabled {
			on = cell{"on", t.strong}
		}
		from := string(r.CC.Layer)
		if r.CC.Layer == drift.LayerProcess {
			from = "environment"
		}
		rows = append(rows, []cell{
			{r.Target, t.strong}, on, {clean(r.CC.Value), t.plain}, {from, t.faint}, {clean(r.Machine), t.plain}, t.cgoVerdict(r),
		})
	}
	t.table("", rows)
	t.cgoProblems(doc.Targets)
	if doc.Needs != nil {
		t.cgoNeeds(*doc.Needs)
	}
	return t.err
}

// cgoVerdict is a verdict in a few words.
func (t *textWriter) cgoVerdict(r CgoRow) cell {
	switch r.Verdict {
	case drift.CgoWorks:
		return cell{"works", t.good}
	case drift.CgoUnsupported:
		return cell{"Go has none here", t.faint}
	case drift.CgoUntried:
		return cell{"not tried", t.faint}
	case drift.CgoWrong:
		return cell{"is built for another system", t.failed}
	}
	style := t.warning
	if r.Enabled {
		style = t.failed
	}
	if r.Problem != nil && len(r.Problem.Remedies) > 0 && r.Problem.Remedies[0].Proven {
		return cell{"works with CC=" + clean(drift.ShellWord(r.Problem.Remedies[0].CC)), t.info}
	}
	if r.Problem != nil {
		return cell{cgoCauseWords(r.Problem.Cause), style}
	}
	return cell{"fails", style}
}

// cgoCauseWords are a cause in a table.
func cgoCauseWords(c drift.CgoCause) string {
	words := map[drift.CgoCause]string{
		drift.CgoNoCompiler: "no compiler", drift.CgoNoHelper: "half a compiler", drift.CgoOtherMachine: "compiler for another machine", drift.CgoNoMultilib: "no C library for it",
		drift.CgoNoHeader: "headers missing", drift.CgoNoLibrary: "library missing", drift.CgoNoPkgConfig: "no pkg-config", drift.CgoNoPackage: "library missing",
		drift.CgoTooOld: "too old", drift.CgoFlag: "flag not known", drift.CgoForbiddenFlag: "flag refused", drift.CgoTimedOut: "compiler hangs", drift.CgoBadVariable: "CC cannot be used",
	}[c]
	if words == "" {
		return "fails"
	}
	return words
}

// cgoProblems tells what is wrong, once for all targets of which the same is said.
func (t *textWriter) cgoProblems(rows []CgoRow) {
	told := map[string]bool{}
	for i, r := range rows {
		if r.Problem == nil || r.Verdict == drift.CgoUnsupported {
			continue
		}
		key := cgoKey(*r.Problem)
		if told[key] {
			continue
		}
		told[key] = true
		names := []string{r.Target}
		for _, other := range rows[i+1:] {
			if other.Problem != nil && cgoKey(*other.Problem) == key {
				names = append(names, other.Target)
			}
		}
		t.printf("\n%s  %s\n", t.paint(t.strong, strings.Join(names, ", ")), clean(r.Problem.Message))
		if r.Problem.Line != "" {
			t.printf("  %s\n", t.paint(t.faint, clean(r.Problem.Line)))
		}
		t.cgoRemedies(r.Problem.Remedies)
	}
}

// cgoKey is the same for problems that are told in the same words.
func cgoKey(p CgoProblem) string {
	var b strings.Builder
	b.WriteString(p.Message)
	for _, r := range p.Remedies {
		if r.Command != "CGO_ENABLED=0" {
			fmt.Fprintf(&b, "\x00%s\x00%s", r.Text, r.Command)
		}
	}
	return b.String()
}

func (t *textWriter) cgoRemedies(list []CgoRemedy) {
	for _, r := range list {
		line := clean(r.Text)
		if r.Command != "" {
			line += ": " + t.paint(t.strong, clean(r.Command))
		}
		if r.CC != "" && !strings.HasPrefix(r.Command, "CC=") {
			line += ", then CC=" + clean(drift.ShellWord(r.CC))
		}
		t.printf("  - %s\n", line)
	}
}

// CgoCauseText says what a failure text means, for a person.
func CgoCauseText(w io.Writer, doc CgoCauseDocument, opts Options) error {
	t := newText(w, opts)
	t.printf("%s\n", t.paint(t.strong, clean(doc.Message)))
	if doc.Line != "" {
		t.printf("  %s\n", t.paint(t.faint, clean(doc.Line)))
	}
	t.cgoRemedies(doc.Remedies)
	return t.err
}
