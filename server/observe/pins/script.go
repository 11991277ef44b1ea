package pins

import (
	"bytes"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// scriptSources are the sources of the pins of a shell script or a makefile.
type scriptSources struct{ variable, image, buildArg, download, install, gotoolchain drift.Source }

// script collects the pins of a shell script or a makefile. Neither is run: a
// variable has the value that stands in the text, if it is a plain one.
type script struct {
	doc     drift.Document
	sources scriptSources
	role    drift.Role
	// make says that $(NAME) is a variable and $$ a dollar sign.
	make bool
	// ruby says that assignments are those of Ruby.
	ruby  bool
	decls map[string][]*declaration
	// computed are the names of variables whose value a program works out;
	// what refers to them follows another place and is no pin.
	computed map[string]bool
	// pinned are the declarations that are pins already.
	pinned map[*declaration]bool
	// collect says that only declarations are looked for.
	collect bool
	// within is what surrounds commands that stand in the file of a CI system;
	// nil for a script of its own.
	within *surroundings
	// escapes says that a backslash and a letter stand for a line break or a
	// tab, as in the strings of JSON.
	escapes bool
	// dockerfile is the file that the command at hand builds from, first the
	// pin that this command starts with.
	dockerfile string
	first      int
	// container says that the command at hand starts a container.
	container bool
	pins      []drift.Pin
}

// computedName stands for the name of a value that a program works out.
const computedName = "$(…)"

// parseScript reads a script in two passes: makefiles use variables before they
// are set, and scripts set them in functions.
func parseScript(s *script) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(s.doc)
	if !scriptMentionsGo(s.doc.Text) {
		return nil, problems
	}
	if len(s.doc.Text) > maxScript {
		return nil, append(problems, drift.Problem{Place: drift.Place{File: s.doc.File}, Message: "the file is larger than 4 MiB, so it is not read"})
	}
	s.read([]scriptPart{{Span: drift.Span{End: len(s.doc.Text)}}})
	slices.SortStableFunc(s.pins, func(a, b drift.Pin) int { return a.Place.Span.Start - b.Place.Span.Start })
	s.pins = slices.CompactFunc(s.pins, func(a, b drift.Pin) bool { return a.Place.Span.Start == b.Place.Span.Start })
	return s.pins, problems
}

// scriptPart is a part of the document that holds commands.
type scriptPart struct {
	drift.Span
	// folded says that its line breaks are blanks, escapes that it is a string
	// in which backslashes stand for something.
	folded, escapes bool
}

// read reads the parts of a script, which one shell runs.
func (s *script) read(parts []scriptPart) {
	s.decls, s.computed, s.pinned = map[string][]*declaration{}, map[string]bool{computedName: true}, map[*declaration]bool{}
	for _, s.collect = range []bool{true, false} {
		for _, part := range parts {
			s.escapes = part.escapes
			s.part(part)
		}
	}
	s.fed()
}

func (s *script) part(part scriptPart) {
	for start := part.Start; start < part.End && len(s.pins) < maxPins; {
		end := part.End
		if i := bytes.IndexByte(s.doc.Text[start:end], '\n'); i >= 0 && !part.folded {
			end = start + i
		}
		s.line(start, end)
		if !bytes.HasSuffix(bytes.TrimRight(s.doc.Text[start:end], "\r"), []byte("\\")) {
			s.commandEnds()
		}
		start = end + 1
	}
	s.commandEnds()
}

// scriptMentionsGo reports whether a script can hold a pin at all.
func scriptMentionsGo(text []byte) bool {
	has := func(s string) bool { return bytes.Contains(text, []byte(s)) }
	return has("GOTOOLCHAIN") || has("golang:") || has(".linux-") || has("gimme") || has("sem-version") || has("/dl/go") || has("/go/go") || has("1.") && (has("go") || has("GO") || has("Go"))
}

// commandEnds tells the build arguments of a command which file is built with
// them: the option can stand behind them.
func (s *script) commandEnds() {
	for i := s.first; i < len(s.pins) && s.dockerfile != ""; i++ {
		if pin := &s.pins[i]; pin.Source == s.sources.buildArg {
			pin.Extra = with(pin.Extra, "dockerfile", s.dockerfile)
		}
	}
	s.first, s.dockerfile, s.container = len(s.pins), "", false
}

func (s *script) line(start, end int) {
	if s.make && (start == end || s.doc.Text[start] != '\t') {
		if s.makeAssignment(start, end) {
			return
		}
	}
	if s.ruby && s.rubyAssignment(start, end) {
		return
	}
	s.words(start, end, 0)
}

// fed adds the pins of variables of other names from which a version was read.
func (s *script) fed() {
	for _, list := range s.decls {
		for _, d := range list {
			if d.feeds && !s.pinned[d] && d.known && len(s.pins) < maxPins {
				s.variable(d)
			}
		}
	}
}

// declare keeps the value of a variable. The second pass sees the values of
// variables that are set further down, too.
func (s *script) declare(name string, value template, at int) *declaration {
	known := len(value.text) > 0 && bytes.IndexByte(value.text, missingMark) < 0
	for i, c := range value.text {
		if ref := value.from[i].ref; c == missingMark && ref != nil && s.computed[ref.missing] {
			s.computed[name] = true
		}
	}
	for _, d := range s.decls[name] {
		if d.at == at {
			d.value, d.known = value, known
			return d
		}
	}
	d := &declaration{name: name, value: value, at: at, known: known}
	if len(s.decls[name]) < maxPins {
		s.decls[name] = append(s.decls[name], d)
	}
	return d
}

// lookup finds the value that a variable has at an offset: the last one set
// before it, or else the first one set behind.
func (s *script) lookup(name string, at int) *declaration {
	var found *declaration
	for _, d := range s.decls[name] {
		if s.within != nil && d.at > at {
			continue // what surrounds the commands comes before it
		}
		if d.known && (found == nil || d.at < at) {
			found = d
		}
	}
	return found
}

// assigned looks at NAME=value.
func (s *script) assigned(name string, value template, at int, source drift.Source) {
	d := &declaration{name: name, value: value, at: at, known: bytes.IndexByte(value.text, missingMark) < 0}
	if source != s.sources.buildArg { // which sets a variable elsewhere
		d = s.declare(name, value, at)
	}
	if s.collect || len(value.text) == 0 {
		return
	}
	switch {
	case name == "GOTOOLCHAIN":
		s.setting(value)
	case s.image(value, source) || s.download(value):
	case goVariable(name):
		d.role = s.role
		s.variableFrom(d, source)
	}
}

func (s *script) variable(d *declaration) { s.variableFrom(d, s.sources.variable) }

func (s *script) variableFrom(d *declaration, source drift.Source) {
	r := readVersion(d.value)
	if r.version == "" && r.meaning != drift.MeaningLatest && r.meaning != drift.MeaningStable || s.pinned[d] {
		return
	}
	if r.meaning == drift.MeaningLatest && string(d.value.text[:r.end]) != "latest" && r.version == "" {
		return // the name of a variant alone
	}
	for _, o := range d.value.from {
		if o.ref != nil {
			return // it follows another variable, or a default that is the pin
		}
	}
	s.pinned[d] = true
	r.extra = with(r.extra, "name", d.name)
	if r.meaning != drift.MeaningLatest && leastVariable(d.name) {
		r.meaning = drift.MeaningMin
	}
	s.add(s.pin(d.value, source, r))
}

// setting looks at the value of GOTOOLCHAIN.
func (s *script) setting(value template) {
	text := string(value.text)
	r := reading{end: len(text), meaning: drift.MeaningSetting, version: text}
	if strings.IndexByte(text, missingMark) >= 0 {
		r.meaning, r.version = drift.MeaningUnresolved, ""
	} else if !toolchainSetting(text) {
		return
	}
	s.add(s.pin(value, s.sources.gotoolchain, r))
}

// image looks for a reference to an image, which must have a tag: the name
// alone says little in a script.
func (s *script) image(t template, source drift.Source) bool {
	if bytes.IndexByte(t.text, ':') < 0 || bytes.Contains(t.text, []byte("://")) {
		return false
	}
	r, ok := readImage(t)
	if !ok || r.meaning == drift.MeaningUnknown || r.extra["why"] == "no tag" {
		return false
	}
	if source == s.sources.variable || source == "" {
		source = s.sources.image
	}
	s.add(s.pin(t, source, r))
	return true
}

// pin is the pin of what was read from a word.
func (s *script) pin(t template, source drift.Source, r reading) drift.Pin {
	pin := t.pin(s.doc, source, s.role, r)
	if s.within != nil {
		s.within.settle(&pin, t)
	}
	return pin
}

// add keeps a pin unless it follows what a program works out.
func (s *script) add(pin drift.Pin) {
	if s.collect || pin.Raw == "" || len(s.pins) >= maxPins {
		return
	}
	if pin.Meaning == drift.MeaningUnresolved && (s.within != nil || s.computed[pin.Extra["name"]]) {
		return // it follows a place that is not known, and the step before may have made it
	}
	s.pins = append(s.pins, pin)
}
