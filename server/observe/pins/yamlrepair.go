package pins

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

const (
	// maxRepairs is how many broken places one file may have.
	maxRepairs = 8
	// maxRepairBytes bounds the text that is parsed again to find them.
	maxRepairBytes = 8 << 20
)

// repair reads what can be read of a broken file. People break one line while
// they type it, so the line of the error, the one before it, or the one where
// the unfinished thing begins loses what it leaves open, or is blanked, and the
// rest is parsed again; where that leads nowhere, the text before the
// error is what is left. Nothing of this moves a line or a column of the rest.
func (f *yamlFile) repair(text []byte, roots []*yaml.Node, fault error) []*yaml.Node {
	line, opened := yamlLines(fault)
	budget := maxRepairBytes
	parse := func(text []byte) ([]*yaml.Node, error) {
		budget -= len(text)
		return loadYAML(text)
	}
	best := roots
	for range maxRepairs {
		if line < 1 || line > len(f.lines) {
			return best
		}
		furthest, furthestOpened := 0, 0
		var next []byte
		before := f.before(text, line)
		for _, try := range []struct {
			mend func([]byte, int) []byte
			line int
		}{{f.closed, opened}, {f.closed, line}, {f.closed, before}, {f.blanked, line}, {f.blanked, before}, {f.blanked, opened}} {
			if budget < len(text) {
				break
			}
			mended := try.mend(text, try.line)
			if mended == nil {
				continue
			}
			got, err := parse(mended)
			if err == nil {
				return got
			}
			if at, opened := yamlLines(err); at > furthest && at > line {
				furthest, furthestOpened, next, best = at, opened, mended, got
			}
		}
		if next == nil {
			break
		}
		text, line, opened = next, furthest, furthestOpened
	}
	for _, cut := range []int{line, f.before(text, line)} {
		if cut < 1 || budget < len(text) {
			break
		}
		if got, err := parse(text[:lineIn(text, cut).Start]); err == nil {
			return got
		}
	}
	return best
}

// lineIn is a line of a text, counted from 1, without its end. The text may be
// longer than the file's: brackets are closed at the end of lines, which moves
// no line and no column of what the file has.
func lineIn(text []byte, line int) drift.Span {
	f := yamlFile{text: text, lines: lineStarts(text)}
	return f.lineSpan(line)
}

// before is the last line above one that says something; 0 if there is none.
func (f *yamlFile) before(text []byte, line int) int {
	mended := yamlFile{text: text, lines: lineStarts(text)}
	for line = min(line, len(f.lines)) - 1; line > 0; line-- {
		span := mended.lineSpan(line)
		content := bytes.TrimSpace(text[span.Start:span.End])
		if len(content) > 0 && content[0] != '#' {
			return line
		}
	}
	return 0
}

// blanked is the text with one line emptied; nil if it is empty already.
func (f *yamlFile) blanked(text []byte, line int) []byte {
	if line < 1 || line > len(f.lines) {
		return nil
	}
	span := lineIn(text, line)
	if len(bytes.TrimSpace(text[span.Start:span.End])) == 0 {
		return nil
	}
	text = bytes.Clone(text)
	for i := span.Start; i < span.End; i++ {
		text[i] = ' '
	}
	return text
}

// closed is the text with the quote that a line leaves open taken away, and its
// brackets closed; nil if the line leaves nothing open.
func (f *yamlFile) closed(text []byte, line int) []byte {
	if line < 1 || line > len(f.lines) {
		return nil
	}
	span := lineIn(text, line)
	end, open := span.End, -1
	var quote byte
	var closers []byte
	for i := span.Start; i < end; i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote, open = 0, -1
			}
		case c == '"' || c == '\'':
			quote, open = c, i
		case c == '[':
			closers = append(closers, ']')
		case c == '{':
			closers = append(closers, '}')
		case (c == ']' || c == '}') && len(closers) > 0:
			closers = closers[:len(closers)-1]
		case c == '#' && (i == span.Start || text[i-1] == ' ' || text[i-1] == '\t'):
			end = i
		}
	}
	if open < 0 && len(closers) == 0 {
		return nil
	}
	slices.Reverse(closers)
	end = span.Start + len(bytes.TrimRight(text[span.Start:end], " \t"))
	text = slices.Concat(text[:end], closers, text[end:])
	if open >= 0 {
		text[open] = ' '
	}
	return text
}
