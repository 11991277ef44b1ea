package pins

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// yamlScalar is a scalar of a YAML file with its place.
type yamlScalar struct {
	// text is what a reader gets.
	text string
	// span is the text in the file, without quotes, tag and anchor; of a block
	// scalar, its lines.
	span drift.Span
	// verbatim says that the bytes of span are exactly text: no escapes, no
	// folded lines.
	verbatim bool
	// number says that a reader gets a number: plain, no tag, and in the form of
	// a YAML integer or float.
	number bool
	source []byte
}

// scalar reads a scalar, or the scalar that an alias stands for.
func (f *yamlFile) scalar(n *yaml.Node) (yamlScalar, bool) {
	n = follow(n)
	if n == nil || n.Kind != yaml.ScalarNode || n.Line == 0 {
		return yamlScalar{}, false
	}
	s := yamlScalar{text: n.Value, source: f.text}
	start := f.skipProperties(f.offset(n))
	s.span = drift.Span{Start: start, End: start}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		if strings.TrimSpace(n.Value) != "" {
			s.span = f.block(start)
		}
	case n.Style&yaml.DoubleQuotedStyle != 0:
		s.span = quotedSpan(f.text, start, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		s.span = quotedSpan(f.text, start, '\'')
	default:
		s.span.End = f.plainEnd(start, n.Value)
		tag := n.ShortTag()
		s.number = n.Style&yaml.TaggedStyle == 0 && (tag == "!!float" || tag == "!!int")
	}
	raw := f.text[s.span.Start:s.span.End]
	if !f.masked {
		s.verbatim = string(raw) == s.text
	} else if s.verbatim = f.sameMasked(raw, s.text); s.verbatim {
		s.text = string(raw)
	}
	return s, true
}

// sameMasked says whether a value is what the parser made of raw.
func (f *yamlFile) sameMasked(raw []byte, value string) bool {
	if len(raw) != len(value) {
		return false
	}
	for i, c := range raw {
		if c >= ' ' && c < 0x7f && c != value[i] {
			return false
		}
	}
	return true
}

// within is the place of text[start:end]. Where escapes or folded lines make
// the file's text another, it looks for the same text there, and falls back to
// the whole scalar.
func (s yamlScalar) within(start, end int) drift.Span {
	if start < 0 || end > len(s.text) || start > end {
		return s.span
	}
	if s.verbatim {
		return drift.Span{Start: s.span.Start + start, End: s.span.Start + end}
	}
	part := s.text[start:end]
	raw := s.source[s.span.Start:s.span.End]
	// The same part may stand there several times: take the same one.
	at, skip := 0, strings.Count(s.text[:start], part)
	for part != "" {
		i := bytes.Index(raw[at:], []byte(part))
		if i < 0 {
			break
		}
		at += i
		if skip == 0 {
			return drift.Span{Start: s.span.Start + at, End: s.span.Start + at + len(part)}
		}
		skip--
		at += len(part)
	}
	return s.span
}

// trimmed is the text without blanks around it, and its place.
func (s yamlScalar) trimmed() (string, drift.Span) {
	start, end := trimmedYAML(s.text, 0, len(s.text))
	return s.text[start:end], s.within(start, end)
}

// aliasSpan is the place of "*name" for an alias node.
func (f *yamlFile) aliasSpan(n *yaml.Node) drift.Span {
	start := f.offset(n)
	return drift.Span{Start: start, End: min(start+1+len(n.Value), len(f.text))}
}

// skipProperties steps over tags and anchors, and the blanks after them.
func (f *yamlFile) skipProperties(at int) int {
	for at < len(f.text) && (f.text[at] == '&' || f.text[at] == '!') {
		for at < len(f.text) && strings.IndexByte(" \t\r\n,[]{}", f.text[at]) < 0 {
			at++
		}
		for at < len(f.text) && strings.IndexByte(" \t\r\n", f.text[at]) >= 0 {
			at++
			if at < len(f.text) && f.text[at] == '#' {
				for at < len(f.text) && f.text[at] != '\n' {
					at++
				}
			}
		}
	}
	return at
}

// quotedSpan is what stands between the quotes that open at start.
func quotedSpan(text []byte, start int, quote byte) drift.Span {
	if start >= len(text) || text[start] != quote {
		return drift.Span{Start: start, End: start}
	}
	for i := start + 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		default:
			return drift.Span{Start: start + 1, End: i}
		}
	}
	return drift.Span{Start: start + 1, End: len(text)}
}

// plainEnd is where a plain scalar ends. One that spans several lines has its
// line breaks folded into the value; its words are what the file has.
func (f *yamlFile) plainEnd(start int, value string) int {
	at := start
	for i := 0; i < len(value) && at < len(f.text); i++ {
		if value[i] != ' ' && value[i] != '\n' {
			at++
			continue
		}
		if c := f.text[at]; c == '\n' || c == '\r' || c == ' ' || c == '\t' {
			at++
		}
		if i+1 < len(value) && value[i+1] != ' ' && value[i+1] != '\n' {
			for at < len(f.text) && strings.IndexByte(" \t\r\n", f.text[at]) >= 0 {
				at++
			}
		}
	}
	return at
}

// block is the lines of the block scalar whose indicator stands at start: the
// ones that are empty or indented deeper than the line of the indicator.
func (f *yamlFile) block(start int) drift.Span {
	line := f.line(start)
	limit := -1
	first, last := -1, -1
	for i := line; i < len(f.lines); i++ {
		at, end := f.lines[i], len(f.text)
		if i+1 < len(f.lines) {
			end = f.lines[i+1]
		}
		content, end := trimmedYAML(string(f.text[at:end]), 0, end-at)
		if content == end {
			continue
		}
		if first < 0 {
			first, limit = at+content, content
		}
		if content < limit {
			break
		}
		last = at + end
	}
	if first < 0 {
		return drift.Span{Start: start, End: start}
	}
	return drift.Span{Start: first, End: last}
}
