package pins

import (
	"errors"
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"godrift.dev/server/drift"
)

// modSources are the sources of the pins of a go.mod or a go.work.
type modSources struct{ goLine, toolchain, godebug drift.Source }

// ParseGoMod reads the go, toolchain and godebug default lines of a go.mod, and
// the comment that Heroku reads.
//
// Two readers look at the file: the go command's early scan, which selects the
// toolchain and knows nothing of blocks (cmd/go/internal/gover/gomod.go), and
// the parser (golang.org/x/mod/modfile). A line that only the first one takes
// has the meaning min-earlyscan, or "earlyscan" in Extra on a toolchain line.
func ParseGoMod(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	p := newModParser(doc, modSources{drift.SourceGoModGo, drift.SourceGoModToolchain, drift.SourceGoModGodebug})
	p.herokuLine()
	p.complain(func(text []byte) error {
		_, err := modfile.Parse(filepath.Base(doc.File), text, nil)
		return err
	})
	return p.pins, p.problems
}

// ParseGoWork reads the go, toolchain and godebug default lines of a go.work.
// The use lines are read by [Uses].
func ParseGoWork(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	p := newModParser(doc, modSources{drift.SourceGoWorkGo, drift.SourceGoWorkToolchain, drift.SourceGoWorkGodebug})
	p.complain(func(text []byte) error {
		_, err := modfile.ParseWork(filepath.Base(doc.File), text, nil)
		return err
	})
	return p.pins, p.problems
}

// modParser collects the pins of one go.mod or go.work.
type modParser struct {
	doc      drift.Document
	file     *modFile
	sources  modSources
	pins     []drift.Pin
	problems []drift.Problem
	// full says that there are more pins than are kept.
	full bool
}

func newModParser(doc drift.Document, sources modSources) *modParser {
	p := &modParser{doc: doc, file: splitModFile(string(doc.Text)), sources: sources}
	p.problems = append(p.problems, encodingProblems(doc)...)
	if doc.BOM {
		p.problem(drift.Span{}, "the file starts with a byte order mark, which the go command does not accept: save it as UTF-8 without one")
	}
	p.read("go", p.goLine)
	p.read("toolchain", p.toolchainLine)
	for _, s := range p.file.statements {
		switch {
		case s.block == "godebug":
			p.godebugLine(s.args)
		case s.verb.text == "godebug" && !s.opens:
			p.godebugLine(s.args)
		}
	}
	return p
}

// read finds the lines of one verb that stands at most once in a file.
func (p *modParser) read(verb string, pin func(token) drift.Pin) {
	early, hasEarly := earlyLine(p.file.text, verb)
	seen := false
	for _, s := range p.file.statements {
		if p.full {
			return
		}
		if s.block == verb || s.block == "" && s.verb.text == verb && s.opens {
			p.file.odd = true
			if value := s.value(p.file.text); s.block == verb && value.text != "" {
				p.add(refuse(pin(value), "a "+verb+" line cannot stand in a block"))
			}
			continue
		}
		if s.block != "" || s.verb.text != verb {
			continue
		}
		value := s.value(p.file.text)
		got := pin(value)
		switch {
		case value.text == "":
			p.file.odd = true
		case seen:
			p.add(refuse(got, "repeated "+verb+" line: the go command accepts one only"))
		case len(s.args) > 1:
			p.add(refuse(got, "a "+verb+" line names one version only"))
		default:
			p.add(got)
		}
		seen = true
		if early.start == value.start {
			hasEarly = false
		}
	}
	if !hasEarly || p.pinned(early.start) || early.text == "" || early.text == "(" {
		return
	}
	p.early(verb, pin(early))
}

// early adds a pin that only the early scan sees.
func (p *modParser) early(verb string, pin drift.Pin) {
	const why = "only the go command's early scan takes this for the "
	if verb == "go" {
		if pin.Meaning == drift.MeaningInvalid {
			return // the scan ignores a go value it cannot read
		}
		pin.Meaning = drift.MeaningMinEarlyScan
		pin.Extra = extra("why", why+"go line")
		p.add(pin)
		return
	}
	if pin.Meaning != drift.MeaningInvalid {
		pin.Extra = extra("suffix", pin.Extra["suffix"], "why", why+"toolchain line")
	}
	if pin.Extra == nil {
		pin.Extra = map[string]string{}
	}
	pin.Extra["earlyscan"] = "true"
	p.add(pin)
}

func (p *modParser) pinned(start int) bool {
	for _, pin := range p.pins {
		if pin.Place.Span.Start == start {
			return true
		}
	}
	return false
}

func (p *modParser) goLine(value token) drift.Pin {
	pin := p.pin(p.sources.goLine, drift.RoleFloor, value)
	v := value.text
	if len(v) > maxVersion {
		return refuse(pin, tooLong)
	}
	if modfile.GoVersionRE.MatchString(v) && version.IsValid("go"+v) {
		pin.Meaning, pin.Version = drift.MeaningMin, strings.Clone(v)
		return pin
	}
	why := "not a Go version: a go line holds a version such as 1.25 or 1.25.0"
	bare := strings.TrimPrefix(strings.TrimPrefix(strings.Trim(v, "\"`"), "go"), "v")
	switch {
	case strings.ContainsAny(v, "\"`"):
		why = "a go line takes no quotes: write " + bare
	case bare != v && version.IsValid("go"+bare):
		why = "a go line takes no prefix: write " + bare
	case version.IsValid("go" + v):
		why = "a go line names at least a minor, such as 1.25"
	}
	return refuse(pin, why)
}

func (p *modParser) toolchainLine(value token) drift.Pin {
	pin := p.pin(p.sources.toolchain, drift.RoleDevelop, value)
	if len(value.text) > maxVersion {
		return refuse(pin, tooLong)
	}
	if value.text == "default" {
		pin.Meaning = drift.MeaningDefault
		return pin
	}
	v, suffix := toolchainVersion(value.text)
	if v != "" && modfile.ToolchainRE.MatchString(value.text) {
		pin.Meaning, pin.Version = drift.MeaningExact, strings.Clone(v)
		pin.Extra = extra("suffix", suffix)
		return pin
	}
	why := "not the name of a toolchain: write a name such as go1.25.3, or default"
	bare := strings.TrimPrefix(strings.Trim(value.text, "\"`"), "v")
	switch {
	case strings.ContainsAny(value.text, "\"`"):
		why = "a toolchain line takes no quotes: write " + bare
	case version.IsValid("go" + bare):
		why = "the name of a toolchain starts with go: write go" + bare
	case strings.ContainsAny(value.text, `/\`):
		why = "the name of a toolchain contains no slash"
	}
	return refuse(pin, why)
}

// toolchainVersion splits the name of a toolchain as FromToolchain of
// cmd/go/internal/gover/toolchain.go does.
func toolchainVersion(name string) (v, suffix string) {
	v, ok := strings.CutPrefix(name, "go")
	if !ok || strings.ContainsAny(name, `/\`) {
		return "", ""
	}
	if i := strings.IndexAny(v, " \t-"); i >= 0 {
		v, suffix = v[:i], v[i:]
	}
	if !version.IsValid("go" + v) {
		return "", ""
	}
	return v, suffix
}

// godebugLine reads "default=go1.N", the hidden floor, see CheckGodebug of
// cmd/go/internal/modload/init.go.
func (p *modParser) godebugLine(args []token) {
	if len(args) == 0 {
		return
	}
	text, ok := strings.CutPrefix(args[0].text, "default=")
	if !ok || text == "" {
		return
	}
	start := args[0].end - len(text)
	pin := p.pin(p.sources.godebug, drift.RoleFloor, token{text: text, start: start, end: args[0].end})
	v, hasGo := strings.CutPrefix(text, "go")
	switch {
	case len(text) > maxVersion:
		pin = refuse(pin, tooLong)
	case len(args) > 1 || strings.ContainsAny(text, "\"`',"):
		pin = refuse(pin, "a godebug line holds one key=value without quotes")
	case !hasGo || !version.IsValid(text):
		pin = refuse(pin, "the value of default= is a version such as go1.25")
	default:
		pin.Meaning, pin.Version = drift.MeaningMin, strings.Clone(v)
	}
	p.add(pin)
}

func (p *modParser) pin(source drift.Source, role drift.Role, value token) drift.Pin {
	return drift.Pin{
		Source: source, Role: role, Raw: strings.Clone(value.text),
		Place: drift.Place{File: p.doc.File, Span: drift.Span{Start: value.start, End: value.end}},
	}
}

// The most pins and problems that one go.mod or go.work yields; a sound file
// has three pins and no problem.
const (
	maxModPins     = 100
	maxModProblems = 100
)

// add keeps a pin, in the order of the file.
func (p *modParser) add(pin drift.Pin) {
	if len(p.pins) == maxModPins {
		if !p.full {
			p.full = true
			p.problem(pin.Place.Span, fmt.Sprintf("the file has more than %d lines that name a Go; the others are not looked at", maxModPins))
		}
		return
	}
	if pin.Meaning == drift.MeaningInvalid {
		p.file.odd = true
	}
	at := len(p.pins)
	for at > 0 && p.pins[at-1].Place.Span.Start > pin.Place.Span.Start {
		at--
	}
	p.pins = append(p.pins, drift.Pin{})
	copy(p.pins[at+1:], p.pins[at:])
	p.pins[at] = pin
}

func (p *modParser) problem(span drift.Span, message string) {
	p.problems = append(p.problems, drift.Problem{Place: drift.Place{File: p.doc.File, Span: span}, Message: message})
}

// complain asks the go command's own parser for its errors, if the file looks
// as if it had some: parsing every file would take most of the time of a scan.
// An error on the line of an invalid pin is left out, since the pin says why.
func (p *modParser) complain(parse func([]byte) error) {
	if !p.file.odd {
		return
	}
	var list modfile.ErrorList
	if err := parse(p.doc.Text); !errors.As(err, &list) {
		return
	}
	for _, e := range list[:min(len(list), maxModProblems)] {
		at := min(max(e.Pos.Byte, 0), len(p.file.text))
		start := strings.LastIndexByte(p.file.text[:at], '\n') + 1
		end := len(p.file.text)
		if i := strings.IndexByte(p.file.text[at:], '\n'); i >= 0 {
			end = at + i
		}
		if p.invalidWithin(start, end) {
			continue
		}
		message := e.Err.Error()
		if e.Verb != "" {
			message = e.Verb + " " + e.ModPath + ": " + message
		}
		p.problem(drift.Span{Start: at, End: max(at, trimRight(p.file.text, at, end))}, message)
	}
}

func (p *modParser) invalidWithin(start, end int) bool {
	for _, pin := range p.pins {
		if pin.Meaning == drift.MeaningInvalid && pin.Place.Span.Start >= start && pin.Place.Span.Start <= end {
			return true
		}
	}
	return false
}
