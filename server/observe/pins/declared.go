package pins

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

// Declarations are the places that a team says pin a Go version, made ready for
// use. The nil value declares nothing.
type Declarations struct{ list []teamPin }

type teamPin struct {
	drift.DeclaredPin
	pattern *regexp.Regexp
}

// Declare makes declarations ready for use. Those with a pattern that is no
// regular expression with one group, or with neither pattern nor key, are left
// out: who declares them is told so elsewhere.
func Declare(declared []drift.DeclaredPin) *Declarations {
	d := &Declarations{}
	for _, pin := range declared {
		one := teamPin{DeclaredPin: pin}
		if pin.Pattern != "" {
			re, err := regexp.Compile("(?m)" + pin.Pattern)
			if err != nil || re.NumSubexp() != 1 {
				continue
			}
			one.pattern = re
		} else if pin.Key == "" {
			continue
		}
		if doublestar.ValidatePattern(pin.Path) {
			d.list = append(d.list, one)
		}
	}
	return d
}

// Match reports whether a declaration is about a file, by its path relative to
// the workspace's root, with slashes.
func (d *Declarations) Match(rel string) bool {
	return d != nil && slices.ContainsFunc(d.list, func(one teamPin) bool { return one.match(rel) })
}

func (d *teamPin) match(rel string) bool {
	return d.Path == rel || doublestar.MatchUnvalidated(d.Path, rel)
}

// GoSource reports whether a declaration is about Go source files, of which
// there are so many that nobody looks at them without need.
func (d *Declarations) GoSource() bool {
	return d != nil && slices.ContainsFunc(d.list, func(one teamPin) bool { return strings.HasSuffix(one.Path, ".go") })
}

// Equal reports whether two teams' declarations are the same, no matter where
// they stand.
func (d *Declarations) Equal(other *Declarations) bool {
	same := func(a, b teamPin) bool {
		a.Place, b.Place = drift.Place{}, drift.Place{}
		return a.DeclaredPin == b.DeclaredPin
	}
	return slices.EqualFunc(d.all(), other.all(), same)
}

func (d *Declarations) all() []teamPin {
	if d == nil {
		return nil
	}
	return d.list
}

// Parse reads what is declared of one file, named as for Match. The pins stand
// in the file's order.
func (d *Declarations) Parse(doc drift.Document, rel string) ([]drift.Pin, []drift.Problem) {
	if !d.Match(rel) {
		return nil, nil
	}
	if len(doc.Text) > maxScript {
		return nil, []drift.Problem{{Place: drift.Place{File: doc.File}, Message: "the file is larger than 4 MiB, so what godrift.toml declares of it is not read"}}
	}
	var pins []drift.Pin
	var problems []drift.Problem
	for _, one := range d.list {
		if !one.match(rel) {
			continue
		}
		spans, err := one.find(doc)
		if err != nil {
			problems = append(problems, drift.Problem{Place: drift.Place{File: doc.File}, Message: err.Error()})
		}
		for _, span := range spans {
			if span.End > span.Start && len(pins) < maxPins {
				pins = append(pins, one.pin(doc, span))
			}
		}
	}
	return InOrder(pins), problems
}

// InOrder sorts the pins of one file by their places. Of two that start at one
// place the first stays.
func InOrder(pins []drift.Pin) []drift.Pin {
	slices.SortStableFunc(pins, func(a, b drift.Pin) int { return a.Place.Span.Start - b.Place.Span.Start })
	return slices.CompactFunc(pins, func(a, b drift.Pin) bool { return a.Place.Span.Start == b.Place.Span.Start })
}

func (d *teamPin) pin(doc drift.Document, span drift.Span) drift.Pin {
	raw := string(doc.Text[span.Start:span.End])
	pin := drift.Pin{
		Source: drift.SourceDeclared, Role: d.Role, Raw: raw, Meaning: drift.MeaningUnknown,
		Place: drift.Place{File: doc.File, Span: span},
	}
	pin.Meaning, pin.Version = release(raw)
	switch {
	case d.Meaning == drift.MeaningSetting:
		pin = settingPin(pin.Source, pin.Role, raw)
		pin.Place = drift.Place{File: doc.File, Span: span}
	case pin.Version != "" && d.Meaning != "":
		pin.Meaning = d.Meaning
	case pin.Version == "" && d.Meaning == drift.MeaningRange, strings.ContainsAny(raw[:1], "^~<>=") && strings.ContainsAny(raw, "0123456789"):
		pin.Meaning, pin.Version = drift.MeaningRange, raw
	case raw == "latest" || raw == "stable" || raw == "oldstable" || raw == "system":
		pin.Meaning = drift.Meaning(raw)
	case pin.Version == "":
		pin.Extra = extra("why", "no Go version can be read from this")
	}
	return pin
}

// find finds the places of the version texts.
func (d *teamPin) find(doc drift.Document) ([]drift.Span, error) {
	if d.pattern != nil {
		var spans []drift.Span
		// Of the same length, so that $ also matches where a line ends in CRLF.
		text := bytes.ReplaceAll(doc.Text, []byte("\r\n"), []byte("\n\n"))
		for _, m := range d.pattern.FindAllSubmatchIndex(text, maxPins) {
			if m[2] >= 0 {
				spans = append(spans, drift.Span{Start: m[2], End: m[3]})
			}
		}
		return spans, nil
	}
	switch path.Ext(doc.File) {
	case ".toml":
		return d.inTOML(doc), nil
	case ".yaml", ".yml":
		return d.inYAML(doc), nil
	case ".json", ".jsonc", ".json5":
		return d.inJSON(doc)
	}
	return nil, fmt.Errorf("godrift.toml names the key %s in this file, which is neither JSON nor TOML nor YAML: give it a pattern instead", d.Key)
}

func (d *teamPin) inTOML(doc drift.Document) []drift.Span {
	values, _ := readTOML(doc)
	for _, v := range values {
		steps := slices.Clone(v.path)
		if v.item >= 0 {
			steps = append(steps, strconv.Itoa(v.item))
		}
		if strings.Join(steps, ".") == d.Key {
			return []drift.Span{v.span}
		}
	}
	return nil
}

func (d *teamPin) inYAML(doc drift.Document) []drift.Span {
	f := readYAML(doc)
	for _, root := range f.roots {
		if n := f.get(root, strings.Split(d.Key, ".")...); n != nil {
			if s, ok := f.scalar(n); ok && s.verbatim {
				return []drift.Span{s.span}
			}
		}
	}
	return nil
}

func (d *teamPin) inJSON(doc drift.Document) ([]drift.Span, error) {
	value, err := hujson.Parse(slices.Clone(doc.Text))
	if err != nil {
		return nil, fmt.Errorf("this is not JSON, so the key %s that godrift.toml names is not read: %w", d.Key, err)
	}
	pointer := strings.NewReplacer("~", "~0", "/", "~1").Replace(d.Key)
	found := value.Find("/" + strings.ReplaceAll(pointer, ".", "/"))
	if found == nil {
		return nil, nil
	}
	literal, ok := found.Value.(hujson.Literal)
	if !ok {
		return nil, nil
	}
	span := drift.Span{Start: found.StartOffset, End: found.EndOffset}
	if len(literal) >= 2 && literal[0] == '"' {
		span.Start, span.End = span.Start+1, span.End-1
	}
	return []drift.Span{span}, nil
}
