package pins

import (
	"bytes"

	"go.yaml.in/yaml/v4"
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
// error is what is left. Blanking keeps every other byte in its place.
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
		if got, err := parse(text[:f.lines[min(cut, len(f.lines))-1]]); err == nil {
			return got
		}
	}
	return best
}

// before is the last line above one that says something; 0 if there is none.
func (f *yamlFile) before(text []byte, line int) int {
	for line = min(line, len(f.lines)) - 1; line > 0; line-- {
		content := bytes.TrimSpace(f.textOf(text, line))
		if len(content) > 0 && content[0] != '#' {
			return line
		}
	}
	return 0
}

// textOf is a line of a text as long as the file's.
func (f *yamlFile) textOf(text []byte, line int) []byte {
	span := f.lineSpan(line)
	return text[span.Start:span.End]
}

// blanked is the text with one line emptied; nil if it is empty already.
func (f *yamlFile) blanked(text []byte, line int) []byte {
	if line < 1 || line > len(f.lines) || len(bytes.TrimSpace(f.textOf(text, line))) == 0 {
		return nil
	}
	text = bytes.Clone(text)
	span := f.lineSpan(line)
	for i := span.Start; i < span.End; i++ {
		text[i] = ' '
	}
	return text
}

// closed is the text with the quote or bracket that a line leaves open taken
// away from it; nil if the line has none.
func (f *yamlFile) closed(text []byte, line int) []byte {
	if line < 1 || line > len(f.lines) {
		return nil
	}
	span := f.lineSpan(line)
	open := -1
	var quote byte
	var brackets []int
	for i := span.Start; i < span.End; i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote, open = 0, -1
			}
		case c == '"' || c == '\'':
			quote, open = c, i
		case c == '[' || c == '{':
			brackets = append(brackets, i)
		case (c == ']' || c == '}') && len(brackets) > 0:
			brackets = brackets[:len(brackets)-1]
		case c == '#':
			i = span.End
		}
	}
	if open < 0 && len(brackets) == 0 {
		return nil
	}
	text = bytes.Clone(text)
	if open >= 0 {
		text[open] = ' '
	}
	for _, i := range brackets {
		text[i] = ' '
	}
	return text
}
