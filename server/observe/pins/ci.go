package pins

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// maxCIPins bounds the pins of one CI file; the largest real matrices have some
// dozens.
const maxCIPins = 2000

// ciFile collects the pins of one YAML file of a CI system.
type ciFile struct {
	*yamlFile
	doc  drift.Document
	pins []drift.Pin
	// next finds the first variable in a text, and what stands between its
	// marks.
	next func(text string) (start, end int, expr string, ok bool)
	// stringly says that the system reads every scalar as a string, so that 1.20
	// is no number.
	stringly bool
	vars     []*ciVariable
	// several finds the variables of declarations.
	several map[*declaration]*ciVariable
	// scripted counts the bytes of commands that were read.
	scripted int
}

func newCIFile(doc drift.Document, next func(string) (int, int, string, bool)) *ciFile {
	return &ciFile{yamlFile: readYAML(doc), doc: doc, next: next}
}

// result is what the file yields: pins in the order of the text, one for each
// place, however many aliases and jobs lead there.
func (c *ciFile) result() ([]drift.Pin, []drift.Problem) {
	c.declared()
	slices.SortStableFunc(c.pins, func(a, b drift.Pin) int { return a.Place.Span.Start - b.Place.Span.Start })
	kept := c.pins[:0]
	for _, pin := range c.pins {
		last := len(kept) - 1
		if last < 0 || kept[last].Place.Span.Start != pin.Place.Span.Start {
			kept = append(kept, pin)
			continue
		}
		// The same place under the variables of several jobs.
		switch old := &kept[last]; {
		case old.Meaning == drift.MeaningUnresolved:
			*old = pin
		case old.Meaning == drift.MeaningVar && pin.Meaning == drift.MeaningVar && old.Version != pin.Version:
			old.Version = ""
			delete(old.Extra, "fromLine")
		}
	}
	c.pins = kept
	return c.pins, c.problems
}

// add keeps a pin. Of several at one place the first one stays.
func (c *ciFile) add(pin drift.Pin) {
	if pin.Raw != "" && len(c.pins) < maxCIPins {
		c.pins = append(c.pins, pin)
	}
}

// ciValue is a scalar with its variables replaced.
type ciValue struct {
	template
	// written is the text of a YAML number that its reader gets as another:
	// 1.20, which is 1.2.
	written string
	// number says that the reader gets a number.
	number bool
	// place is the whole text, trimmed.
	place drift.Span
	// alias is the node that led here, if it is an alias.
	alias *yaml.Node
}

// lookup adds the value of a variable to a template; start and end are the
// place of the whole reference.
type lookup func(t *template, expr string, start, end int)

// unknownVariable is the lookup of a system of which no variable is known.
func unknownVariable(t *template, expr string, start, end int) { t.use(expr, nil, start, end) }

// read reads a scalar. It reports false for anything else, and for an empty one.
func (c *ciFile) read(n *yaml.Node, resolve lookup) (ciValue, bool) {
	s, ok := c.scalar(n)
	if !ok {
		return ciValue{}, false
	}
	text, place := s.trimmed()
	if text == "" || len(text) > maxTemplate {
		return ciValue{}, false
	}
	v := ciValue{place: place, number: s.number && !c.stringly}
	if n.Kind == yaml.AliasNode {
		v.alias = n
	}
	if got := numberText(text); v.number && got != text {
		v.written = text
		for i := range len(got) {
			v.add(got[i], origin{place.Start, place.End, nil})
		}
		return v, true
	}
	alias, number := v.alias, v.number
	start := strings.Index(s.text, text)
	v = c.expand(s, start, start+len(text), resolve)
	v.alias, v.number = alias, number
	return v, len(v.template.text) > 0
}

// expand replaces the variables in text[start:end] of a scalar.
func (c *ciFile) expand(s yamlScalar, start, end int, resolve lookup) ciValue {
	end = min(end, start+maxTemplate)
	v := ciValue{place: s.within(start, end)}
	for at := start; at < end; {
		from, to, expr, ok := c.next(s.text[at:end])
		if !ok {
			from, to = end-at, end-at
		}
		s.literalInto(&v.template, at, at+from)
		if ok {
			span := s.within(at+from, at+to)
			resolve(&v.template, expr, span.Start, span.End)
		}
		at += max(to, 1)
	}
	return v
}

// named says in the pin at a place which variable it is the value of.
func (c *ciFile) named(pin drift.Pin, name string) {
	if pin.Extra["name"] == "" {
		c.mark(pin, "name", name)
	}
}

// mark notes a fact in a pin that was added.
func (c *ciFile) mark(pin drift.Pin, key, value string) {
	for i := len(c.pins) - 1; i >= 0 && value != ""; i-- {
		if p := &c.pins[i]; p.Place == pin.Place && p.Extra[key] == "" {
			p.Extra = with(p.Extra, key, value)
			return
		}
	}
}

// literalInto adds text[start:end] of a scalar to a template.
func (s yamlScalar) literalInto(t *template, start, end int) {
	if start >= end {
		return
	}
	span := s.within(start, end)
	if span.End-span.Start == end-start {
		t.literal(s.text[start:end], span.Start)
		return
	}
	for i := start; i < end; i++ {
		t.add(s.text[i], origin{span.Start, span.End, nil})
	}
}

// numberText is what a reader shows of a YAML number: 1.20 is 1.2.
func numberText(text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// version adds the pin of a version, and, where an alias stands for it, a pin
// for the alias that follows it.
func (c *ciFile) version(v ciValue, source drift.Source, role drift.Role, read func(template) reading) drift.Pin {
	if v.written != "" {
		pin := drift.Pin{
			Source: source, Role: role, Place: drift.Place{File: c.doc.File, Span: v.place}, Raw: v.written,
			Meaning: drift.MeaningTrapFloat, Version: string(v.text), Extra: extra("written", v.written),
		}
		c.add(pin)
		c.alias(v, pin)
		return pin
	}
	pin := c.pin(v, source, role, read(v.template))
	if v.number && pin.Meaning != drift.MeaningVar {
		pin.Extra = with(pin.Extra, "unquoted", "true")
	}
	c.add(pin)
	c.alias(v, pin)
	return pin
}

// pin is the pin of what was read from a value.
func (c *ciFile) pin(v ciValue, source drift.Source, role drift.Role, r reading) drift.Pin {
	pin := v.template.pin(c.doc, source, role, r)
	c.settle(&pin, v.template)
	return pin
}

// image adds the pin of an image, if it is one of Go.
func (c *ciFile) image(v ciValue, source drift.Source, role drift.Role) bool {
	pin, ok := imagePin(c.doc, source, role, v.template)
	if ok {
		c.settle(&pin, v.template)
		c.add(pin)
		c.alias(v, pin)
	}
	return ok
}

// imageAt reads a node that names an image, or is a mapping with such a key.
func (c *ciFile) imageAt(n *yaml.Node, key string, source drift.Source, role drift.Role, resolve lookup) {
	if isMapping(n) {
		n = c.get(n, key)
	}
	if v, ok := c.read(n, resolve); ok {
		c.image(v, source, role)
	}
}

// alias adds the pin of an alias: it follows the pin at its anchor.
func (c *ciFile) alias(v ciValue, pin drift.Pin) {
	if v.alias == nil {
		return
	}
	span := c.aliasSpan(v.alias)
	of := drift.Pin{
		Source: pin.Source, Role: pin.Role, Place: drift.Place{File: c.doc.File, Span: span},
		Raw: string(c.text[span.Start:span.End]), Meaning: drift.MeaningVar, Version: pin.Version,
		Extra: extra("name", v.alias.Value, "fromLine", lineOf(c.doc, pin.Place.Span.Start)),
	}
	if pin.Meaning == drift.MeaningUnresolved {
		of.Meaning, of.Extra = drift.MeaningUnresolved, extra("name", pin.Extra["name"])
	}
	c.add(of)
}

// setting adds the pin of a GOTOOLCHAIN value.
func (c *ciFile) setting(v ciValue, source drift.Source, role drift.Role) {
	pin := c.pin(v, source, role, reading{end: len(v.text), meaning: drift.MeaningSetting, version: string(v.text)})
	if pin.Meaning == drift.MeaningSetting {
		place := pin.Place
		pin = settingPin(source, role, pin.Raw)
		pin.Place = place
	}
	c.add(pin)
	c.alias(v, pin)
}

// cut is where a word of text[start:] ends.
func cut(text string, start int, separators string) int {
	if i := strings.IndexAny(text[start:], separators); i >= 0 {
		return start + i
	}
	return len(text)
}
