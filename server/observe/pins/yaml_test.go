package pins

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

// scalars lists the scalar values of a file as "value@start-end", in order.
func scalars(f *yamlFile) string {
	var out []string
	var walk func(n *yaml.Node, depth int)
	walk = func(n *yaml.Node, depth int) {
		if n.Kind == yaml.AliasNode || depth > maxYAMLDepth {
			return
		}
		if s, ok := f.scalar(n); ok {
			mark := ""
			if !s.verbatim {
				mark = "!"
			}
			if s.number {
				mark += "#"
			}
			out = append(out, fmt.Sprintf("%q@%d-%d%s", s.text, s.span.Start, s.span.End, mark))
		}
		for _, c := range n.Content {
			walk(c, depth+1)
		}
	}
	for _, root := range f.roots {
		walk(root, 0)
	}
	return strings.Join(out, " ")
}

func TestYAMLSpans(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "a: 1.20 # c\n", `"a"@0-1 "1.20"@3-7#`},
		{"quotes", `a: "1.20"` + "\nb: '1.20'", `"a"@0-1 "1.20"@4-8 "b"@10-11 "1.20"@14-18`},
		{"escapes", `a: "x\t1.20"` + "\nb: 'it''s'\n", `"a"@0-1 "x\t1.20"@4-11! "b"@13-14 "it's"@17-22!`},
		{"properties", "a: &v !!str 1.20\nb: &w\n  # note\n  1.21\n", `"a"@0-1 "1.20"@12-16 "b"@17-18 "1.21"@34-38#`},
		{"flow", "{a: [1, '2' , x y ], b: {c: d}}", `"a"@1-2 "1"@5-6# "2"@9-10 "x y"@14-17 "b"@21-22 "c"@25-26 "d"@28-29`},
		{"crlf", "a: x\r\nb:\r\n  - 1.2\r\n", `"a"@0-1 "x"@3-4 "b"@6-7 "1.2"@14-17#`},
		{"cr", "a: x\rb: 1.2\r", `"a"@0-1 "x"@3-4 "b"@5-6 "1.2"@8-11#`},
		{"multibyte", "ü: {\"gö🚀\": 1.2, b: \u2028x}\n", `"ü"@0-2 "gö🚀"@6-13 "1.2"@16-19# "b"@21-22 "` + "\\u2028" + `x"@24-28`},
		{"not utf-8", "a: \"\xff\"\nb: 1.2\n", `"a"@0-1 "\xff"@4-5 "b"@7-8 "1.2"@10-13#`},
		{"folded plain", "a: one\n  two\nb: 1\n", `"a"@0-1 "one two"@3-12! "b"@13-14 "1"@16-17#`},
		{"literal", "a: |\n  1.2\n  1.3\n\nb: x\n", `"a"@0-1 "1.2\n1.3\n"@7-16! "b"@18-19 "x"@21-22`},
		{"literal in list", "- >-\n   1.2\n- x", `"1.2"@8-11 "x"@14-15`},
		{"empty literal", "a: |\nb: x", `"a"@0-1 ""@3-3 "b"@5-6 "x"@8-9`},
		{"empty", "a:\nb: ''\n", `"a"@0-1 ""@2-2 "b"@3-4 ""@7-7`},
		{"documents", "--- 1\n--- !x\na: 2\n...\n", `"1"@4-5# "a"@13-14 "2"@16-17#`},
		{"nothing", "", ""},
		{"comment", "# x\n", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := readYAML(document("x.yml", []byte(c.text)))
			if got := scalars(f); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestYAMLWithin(t *testing.T) {
	for _, c := range []struct{ text, part, want string }{
		{"v: golang:1.22", "1.22", "1.22"},
		{`v: "\tgolang:1.22"`, "1.22", "1.22"},
		{"v: |\n  1.2\n  1.22\n", "1.22", "1.22"},
		{`v: "\x31.2\x32"`, "1.22", `\x31.2\x32`},
		{"v: ü golang:1.22", "1.22", "1.22"},
	} {
		f := readYAML(document("x.yml", []byte(c.text)))
		s, ok := f.scalar(f.get(f.roots[0], "v"))
		i := strings.Index(s.text, c.part)
		if !ok || i < 0 {
			t.Fatalf("%q: no %q", c.text, c.part)
		}
		span := s.within(i, i+len(c.part))
		if got := c.text[span.Start:span.End]; got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestYAMLLookup(t *testing.T) {
	f := readYAML(document("x.yml", []byte(`
base: &base {a: 1, b: 2}
more: &more {b: 3, c: 4}
one: {<<: *base, a: own}
two:
  a: own
  <<: [*base, *more]
twice: {a: first, a: second}
value: &v text
alias: *v
deep: {x: {y: {z: found}}}
`)))
	if len(f.problems) > 0 {
		t.Fatal(f.problems)
	}
	for path, want := range map[string]string{
		"one a": "own", "one b": "2", "two a": "own", "two b": "2", "two c": "4", "twice a": "second",
		"alias": "text", "deep x y z": "found", "deep x no z": "", "none": "", "value a": "",
	} {
		if got := f.value(f.get(f.roots[0], strings.Fields(path)...)); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}

// TestYAMLBroken holds files as they stand in an editor while people type.
func TestYAMLBroken(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"half a key", "a: 1.21\nb\nc: 1.22\n", "1.21 1.22"},
		{"open double quote", "a: 1.21\nb: \"1.20\nc: 1.22\n", "1.21 1.20 1.22"},
		{"open single quote", "a: '1.21\nb: '1.20'\nc: 1.22\n", "1.21 1.20 1.22"},
		{"open list", "a: [1.21, 1.20 # c\nb: 1.22\n", "1.21 1.20 1.22"},
		{"open mapping", "a: {x: [1.21, {y: '1.20'}\nb: 1.22\n", "1.21 1.20 1.22"},
		{"tab", "a:\n  x: 1.21\n\ty: 1.20\nc: 1.22\n", "1.21 1.22"},
		{"indentation", "a:\n    x: 1.21\n  y: 1.20\nc: 1.22\n", "1.21 1.22"},
		{"unknown alias", "a: *none\nc: 1.22\n", "1.22"},
		{"two faults", "a: 1.21\nb\nc: 1.22\nd: \"x\ne: 1.20\n", "1.21 1.22 1.20"},
		{"template", "a: 1.21\nb: {{ .Values.x }}\nc: 1.22\n{{- if x }}\nd: 1.20\n{{- end }}\n", "1.21 1.22 1.20"},
		{"beyond repair", "a: 1.21\n" + strings.Repeat("}:\n", 100), "1.21"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := readYAML(document("x.yml", []byte(c.text)))
			got := scalars(f)
			for _, want := range strings.Fields(c.want) {
				if !strings.Contains(got, `"`+want+`"@`) {
					t.Errorf("%s is not among %s", want, got)
				}
			}
		})
	}
}

// TestYAMLBounded holds inputs that are made to cost much.
func TestYAMLBounded(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 10))
	}
	var merges strings.Builder
	merges.WriteString("m0: &m0 {a: b}\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&merges, "m%d: &m%d {<<: [%s]}\n", i, i, strings.Repeat(fmt.Sprintf("*m%d, ", i-1), 10))
	}
	for name, text := range map[string]string{
		"aliases": bomb.String(), "merges": merges.String(), "cycle": "a: &a [*a, *a, {b: *a}]\nb: &b {<<: *b, c: *b}\n",
		"deep": strings.Repeat("[", 100_000), "deeper": strings.Repeat("- ", 100_000), "keys": strings.Repeat("? ", 100_000),
		"broken": strings.Repeat("a: \"\n", 100_000), "large": strings.Repeat("a: b\n", maxYAML/5+1),
		"wide": strings.Repeat("- {a: [b, c], d: e}\n", 20_000), "anchors": strings.Repeat("- &a b\n- *a\n", 20_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := startClock()
			f := readYAML(document("x.yml", []byte(text)))
			var walk func(n *yaml.Node, depth int)
			walk = func(n *yaml.Node, depth int) {
				if depth == 0 {
					return
				}
				f.items(n, func(item *yaml.Node) { walk(item, depth-1) })
				f.each(n, func(_ string, _, v *yaml.Node) { walk(v, depth-1) })
			}
			for _, root := range f.roots {
				walk(root, 50)
			}
			if took := start.stop(); took > 10*time.Second {
				t.Errorf("took %v", took)
			} else {
				t.Log(took)
			}
		})
	}
}

func FuzzYAML(f *testing.F) {
	for _, seed := range []string{
		"a: &v 1.20\nb: *v\n<<: {c: d}\n", "on: push\njobs: {a: {steps: [{uses: \"x\", with: {go-version: 'a''b'}}]}}",
		"a: |\r\n  x\r\n\r\nb: >-\n y\n", "ü: \"\\u00fc\" # é\n", "- - -\n  - ? x\n  : y", "a: \"\nb: [\n\t- x", "\xff\xfe\x00",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file := readYAML(document("x.yml", content))
		text := file.text
		var walk func(n *yaml.Node, depth int)
		walk = func(n *yaml.Node, depth int) {
			if depth == 0 {
				return
			}
			if s, ok := file.scalar(n); ok {
				if s.span.Start < 0 || s.span.End > len(text) || s.span.Start > s.span.End {
					t.Fatalf("%q at %v of %d bytes", s.text, s.span, len(text))
				}
				if s.verbatim && string(text[s.span.Start:s.span.End]) != s.text {
					t.Fatalf("%q is not %q", text[s.span.Start:s.span.End], s.text)
				}
				if part := s.within(0, len(s.text)/2); part.Start < s.span.Start || part.End > s.span.End {
					t.Fatalf("%v is not within %v", part, s.span)
				}
			}
			file.items(n, func(item *yaml.Node) { walk(item, depth-1) })
			file.each(n, func(_ string, k, v *yaml.Node) { walk(k, depth-1); walk(v, depth-1) })
		}
		for _, root := range file.roots {
			walk(root, 20)
		}
	})
}
