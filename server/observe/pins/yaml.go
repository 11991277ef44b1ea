package pins

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"godrift.dev/server/drift"
)

const (
	// maxYAML is the size above which a YAML file is not read; the largest that
	// people write by hand have some hundred kilobytes.
	maxYAML = 4 << 20
	// maxYAMLDepth is how deep collections may nest. Real files stay below 30.
	maxYAMLDepth = 200
	// minYAMLSteps is how many nodes one reading of a file looks at, besides one
	// for every byte: every node once, and some of them again through aliases.
	// Aliases of aliases of aliases end there.
	minYAMLSteps = 20_000
)

// yamlFile is a YAML file taken apart. Lookups through it follow aliases and
// merge keys, and come to an end on every input: when the steps are used up,
// collections look empty.
type yamlFile struct {
	file string
	text []byte
	// roots are the documents' contents, in order.
	roots    []*yaml.Node
	problems []drift.Problem
	// lines holds the offset of the first byte of each line.
	lines []int
	// masked says that the nodes' values hold stand-ins for bytes of the text.
	masked bool
	steps  int
}

// readYAML parses a file. Of a broken one it keeps what can be read, see
// [repair].
func readYAML(doc drift.Document) *yamlFile {
	f := &yamlFile{file: doc.File, text: doc.Text, problems: encodingProblems(doc), steps: minYAMLSteps + len(doc.Text)}
	if len(f.text) > maxYAML {
		f.problem(drift.Span{}, fmt.Sprintf("the file is larger than %d MB and was not read", maxYAML>>20))
		return f
	}
	if bytes.HasPrefix(f.text, []byte("\xff\xfe")) || bytes.HasPrefix(f.text, []byte("\xfe\xff")) {
		return f
	}
	f.lines = lineStarts(f.text)
	readable := f.mask()
	roots, err := loadYAML(readable)
	if err == nil {
		f.roots = roots
		return f
	}
	line, _ := yamlLines(err)
	f.problem(f.lineSpan(line), "not valid YAML: "+yamlMessage(err))
	f.roots = f.repair(readable, roots, err)
	return f
}

// mask makes a text that the parser counts in bytes, where it would count in
// characters: every byte outside printable ASCII becomes a letter. That also
// keeps a stray byte from spoiling the file.
func (f *yamlFile) mask() []byte {
	foreign := func(c byte) bool { return c >= 0x7f || c < ' ' && c != '\t' && c != '\n' && c != '\r' }
	first := bytes.IndexFunc(f.text, func(r rune) bool { return r >= 0x7f || foreign(byte(r)) })
	if first < 0 {
		return f.text
	}
	f.masked = true
	text := bytes.Clone(f.text)
	for i := first; i < len(text); i++ {
		if foreign(text[i]) {
			text[i] = "abcdefghijklmnop"[text[i]&15]
		}
	}
	return text
}

// loadYAML parses all documents of a text; on an error, those before it.
func loadYAML(text []byte) (roots []*yaml.Node, err error) {
	defer func() {
		// The parser reports its own faults by panicking; they end the file, not
		// the program.
		if r := recover(); r != nil {
			err = fmt.Errorf("the YAML parser failed: %v", r)
		}
	}()
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxYAMLDepth), loaderlimits.AliasNone())))
	if err != nil {
		return nil, err
	}
	for {
		var node yaml.Node
		switch err := loader.Load(&node); {
		case errors.Is(err, io.EOF):
			return roots, nil
		case err != nil:
			return roots, err
		case node.Kind == yaml.DocumentNode && len(node.Content) > 0:
			roots = append(roots, node.Content[0])
		case node.Kind != yaml.DocumentNode && node.Kind != 0:
			roots = append(roots, &node)
		}
	}
}

// yamlLines are the line of an error, and the one where the thing begins that
// the parser was reading; 0 if they are not known.
func yamlLines(err error) (line, opened int) {
	var e *yaml.LoadError
	if errors.As(err, &e) {
		return e.Mark.Line, e.ContextMark.Line
	}
	return 0, 0
}

func yamlMessage(err error) string {
	var e *yaml.LoadError
	if errors.As(err, &e) {
		return e.Message
	}
	return err.Error()
}

func (f *yamlFile) problem(span drift.Span, message string) {
	f.problems = append(f.problems, drift.Problem{Place: drift.Place{File: f.file, Span: span}, Message: message})
}

// lineStarts finds the lines as YAML counts them: LF, CRLF and CR end one.
func lineStarts(text []byte) []int {
	lines := make([]int, 1, 1+bytes.Count(text, []byte("\n")))
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' || text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// lineSpan is a line, counted from 1, without its end; a line outside the text
// is clamped to it.
func (f *yamlFile) lineSpan(line int) drift.Span {
	line = max(1, min(line, len(f.lines)))
	start, end := f.lines[line-1], len(f.text)
	if line < len(f.lines) {
		end = f.lines[line]
	}
	return drift.Span{Start: start, End: start + len(bytes.TrimRight(f.text[start:end], " \t\r\n"))}
}

// offset is where a node starts, its tag and anchor included.
func (f *yamlFile) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(f.lines) || n.Column < 1 {
		return len(f.text)
	}
	return min(f.lines[n.Line-1]+n.Column-1, len(f.text))
}

// line is the line of a byte, from 1.
func (f *yamlFile) line(offset int) int {
	return sort.Search(len(f.lines), func(i int) bool { return f.lines[i] > offset })
}

// follow returns what an alias stands for, else the node itself; nil for nil.
func follow(n *yaml.Node) *yaml.Node {
	for i := 0; n != nil && n.Kind == yaml.AliasNode; i++ {
		if i == 10 {
			return nil
		}
		n = n.Alias
	}
	return n
}

// step counts one look at a node and says whether there may be more.
func (f *yamlFile) step() bool {
	f.steps--
	return f.steps >= 0
}

// items calls yield for each element of a sequence.
func (f *yamlFile) items(n *yaml.Node, yield func(item *yaml.Node)) {
	n = follow(n)
	if n == nil || n.Kind != yaml.SequenceNode {
		return
	}
	for _, item := range n.Content {
		if !f.step() {
			return
		}
		yield(item)
	}
}

// each calls yield for each key of a mapping, in the order of the text, then
// for the keys that merge keys (<<) add to it.
func (f *yamlFile) each(n *yaml.Node, yield func(key string, k, v *yaml.Node)) {
	f.merge(n, map[string]bool{}, 0, yield)
}

func (f *yamlFile) merge(n *yaml.Node, seen map[string]bool, depth int, yield func(string, *yaml.Node, *yaml.Node)) {
	n = follow(n)
	if n == nil || n.Kind != yaml.MappingNode || depth > 10 {
		return
	}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !f.step() {
			return
		}
		k, v := n.Content[i], n.Content[i+1]
		key := follow(k)
		switch {
		case key == nil || key.Kind != yaml.ScalarNode:
		case key.Value == "<<" && isPlain(key):
			merged = append(merged, v)
		case depth > 0 && seen[key.Value]:
		default:
			seen[key.Value] = true
			yield(f.value(key), k, v)
		}
	}
	for _, v := range merged {
		switch v = follow(v); {
		case v == nil:
		case v.Kind == yaml.SequenceNode:
			f.items(v, func(item *yaml.Node) { f.merge(item, seen, depth+1, yield) })
		default:
			f.merge(v, seen, depth+1, yield)
		}
	}
}

// get looks a key up; the value may be an alias. Nil if there is none. Of
// several equal keys the last one counts, as it does for most readers.
func (f *yamlFile) get(n *yaml.Node, path ...string) *yaml.Node {
	for _, name := range path {
		var found *yaml.Node
		own := follow(n)
		f.each(n, func(key string, k, v *yaml.Node) {
			if key == name && (found == nil || own != nil && holds(own, k)) {
				found = v
			}
		})
		if n = found; n == nil {
			return nil
		}
	}
	return n
}

// holds says whether a mapping has a key itself, not through a merge key.
func holds(mapping, key *yaml.Node) bool {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i] == key {
			return true
		}
	}
	return false
}

func isPlain(n *yaml.Node) bool {
	const quoted = yaml.SingleQuotedStyle | yaml.DoubleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return n.Style&quoted == 0
}

// value is the text of a scalar; empty for anything else.
func (f *yamlFile) value(n *yaml.Node) string {
	s, _ := f.scalar(n)
	return s.text
}

// isMapping says whether a node, or what its alias stands for, is a mapping.
func isMapping(n *yaml.Node) bool {
	n = follow(n)
	return n != nil && n.Kind == yaml.MappingNode
}

// isSequence says whether a node, or what its alias stands for, is a sequence.
func isSequence(n *yaml.Node) bool {
	n = follow(n)
	return n != nil && n.Kind == yaml.SequenceNode
}

// trimmedYAML cuts the blanks around a part of a text.
func trimmedYAML(text string, start, end int) (int, int) {
	for start < end && strings.IndexByte(" \t\r\n", text[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte(" \t\r\n", text[end-1]) >= 0 {
		end--
	}
	return start, end
}
