package pins

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
)

// TestWorkflowBytes holds what does not survive in a text file.
func TestWorkflowBytes(t *testing.T) {
	const file = ".github/workflows/x.yml"
	step := "jobs: {a: {steps: [{uses: actions/setup-go@v6, with: {go-version: 1.25.3}}]}}"
	for _, c := range []struct{ name, text, want string }{
		{"crlf", "jobs:\r\n  a:\r\n    strategy:\r\n      matrix:\r\n        go:\r\n          - 1.24\r\n          - '1.25'\r\n", `6:13-17 github:matrix test "1.24" line 1.24 [unquoted: true]
7:14-18 github:matrix test "1.25" line 1.25
`},
		{"mark", "\xef\xbb\xbf" + step, `1:67-73 github:setup-go build "1.25.3" exact 1.25.3
`},
		{"multibyte", strings.Replace(step, "{uses", "{name: \"größe 🚀\", uses", 1), `1:89-95 github:setup-go build "1.25.3" exact 1.25.3
`},
		{"latin1", strings.Replace(step, "{uses", "{name: \"gr\xf6\", uses", 1), `1:80-86 github:setup-go build "1.25.3" exact 1.25.3
1:30+1 problem: the file is not UTF-8 from here on
`},
		{"tabs", strings.Replace(step, ": 1.25.3", ":\t1.25.3\t", 1), `1:67-73 github:setup-go build "1.25.3" exact 1.25.3
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := document(file, []byte(c.text))
			pins, problems := ParseWorkflow(doc)
			sound(t, doc, pins, problems)
			if got := describe(doc, pins, problems); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestMatchWorkflow(t *testing.T) {
	for rel, want := range map[string]bool{
		".github/workflows/a.yml": true, "sub/.github/workflows/ü.yaml": true, ".gitea/workflows/a.yml": true,
		"action.yml": true, ".github/actions/x/action.yaml": true,
		".github/workflows/a.yml.bak": false, ".github/workflows/sub/a.yml": false, ".github/dependabot.yml": false,
		"x.github/workflows/a.yml": false, "myaction.yml": false, "workflows/a.yml": false,
	} {
		if got := matchWorkflow(rel); got != want {
			t.Errorf("%s: got %v", rel, got)
		}
	}
}

func TestGitHubExpressions(t *testing.T) {
	for expr, want := range map[string]string{
		"matrix.go": "matrix.go", " matrix['go-version'] ": "matrix.go-version", "env.GO || '1.25'": "env.GO",
		"'1.25'": "", "fromJSON(needs.a.outputs.b)": "!needs.a.outputs.b", "matrix.go == 'x' && '1' || '2'": "!matrix.go",
		"format('{0}.x', env.GO)": "!env.GO", "": "!", "1.20": "", "a || || b": "!a || || b", "github.event.inputs.go": "github.event.inputs.go",
	} {
		_, first, ok := ghOperands(expr)
		if !ok {
			first = "!" + first
		}
		if first != want {
			t.Errorf("%q: got %q, want %q", expr, first, want)
		}
	}
}

// fuzzCI fuzzes a format with the files of an archive as seeds.
func fuzzCI(f *testing.F, name string, archives ...string) {
	for _, archive := range archives {
		a, err := txtar.ParseFile("testdata/" + archive + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if !strings.HasSuffix(file.Name, ".want") && Of(file.Name) != nil && Of(file.Name).Name == name {
				f.Add(file.Name, file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, file string, content []byte) {
		for i := range Formats {
			if Formats[i].Name == name {
				doc := document(file, content)
				start := startClock()
				pins, problems := Formats[i].Parse(doc)
				if took := start.stop(); took > 10*time.Second {
					t.Errorf("took %v", took)
				}
				sound(t, doc, pins, problems)
			}
		}
	})
}

func BenchmarkWorkflowFilter(b *testing.B) {
	doc := document(".github/workflows/x.yml", []byte(strings.Repeat("      - run: echo nothing to see here, move along\n", 200)))
	b.ReportAllocs()
	b.SetBytes(int64(len(doc.Text)))
	for b.Loop() {
		ParseWorkflow(doc)
	}
}

func TestResolveWorkflow(t *testing.T) {
	root := t.TempDir()
	at := func(rel string) string { return filepath.Join(root, filepath.FromSlash(rel)) }
	all := map[string][]drift.Pin{}
	for rel, text := range map[string]string{
		".github/workflows/reused.yml": "on: {workflow_call: {inputs: {go: {type: string}, agreed: {type: string}, free: {type: string}}}}\njobs: {a: {steps: [" +
			"{uses: actions/setup-go@v6, with: {go-version: \"${{ inputs.go }}\"}}, {uses: actions/setup-go@v6, with: {go-version: \"${{ inputs.agreed }}\"}}, " +
			"{uses: actions/setup-go@v6, with: {go-version: \"${{ inputs.free }}\"}}]}}",
		".github/actions/setup/action.yml": "inputs: {go-version: {description: x}}\nruns: {steps: [{uses: actions/setup-go@v6, with: {go-version: \"${{ inputs.go-version }}\"}}]}",
		".github/workflows/one.yml":        "jobs: {a: {uses: ./.github/workflows/reused.yml, with: {go: 1.25.1, agreed: x}}}\n",
		".github/workflows/two.yml":        "jobs: {a: {uses: ./.github/workflows/reused.yml, with: {go: 1.25.2}}, b: {steps: [{uses: ./.github/actions/setup, with: {go-version: 1.25.3}}]}}\n",
	} {
		pins, _ := ParseWorkflow(document(at(rel), []byte(text)))
		all[at(rel)] = pins
	}
	got := func(rel string) string {
		var out []string
		for _, p := range resolveWorkflow(all[at(rel)], all) {
			out = append(out, string(p.Meaning)+" "+p.Version+" "+p.Extra["from"])
		}
		return strings.Join(out, ", ")
	}
	if got, want := got(".github/workflows/reused.yml"), "var  one.yml, unresolved  , unresolved  "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := got(".github/actions/setup/action.yml"), "var 1.25.3 ../../workflows/two.yml"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	before := describe(document("", nil), all[at(".github/workflows/reused.yml")], nil)
	resolveWorkflow(all[at(".github/workflows/reused.yml")], all)
	if after := describe(document("", nil), all[at(".github/workflows/reused.yml")], nil); after != before {
		t.Error("the arguments were changed")
	}
}
