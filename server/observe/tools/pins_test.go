package tools

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

func TestPins(t *testing.T) {
	for _, c := range []struct {
		rel, text string
		want      []string
	}{
		{"go.mod", "module m\n\ngo 1.24\n\ntool golang.org/x/tools/cmd/stringer // why\n\ntool (\n\tgithub.com/golangci/golangci-lint/v2/cmd/golangci-lint\n\texample.com/a/v2\n\texample.com/gone/x\n)\n\nrequire golang.org/x/tools v0.30.0\n\nrequire (\n\tgithub.com/golangci/golangci-lint/v2 v2.1.6 // indirect\n\texample.com/a/v2 v2.3.4\n\texample.com/gone v1.0.0\n)\n\nreplace example.com/gone => ../gone\n", []string{
			"go.mod:tool stringer v0.30.0 golang.org/x/tools/cmd/stringer",
			"go.mod:tool golangci-lint v2.1.6 github.com/golangci/golangci-lint/v2/cmd/golangci-lint",
			"go.mod:tool a v2.3.4 example.com/a/v2",
			"go.mod:tool x  example.com/gone/x",
		}},
		{"go.mod", "module m\ntool (\n\tgolang.org/x/tools/cmd/stringer\n", []string{"go.mod:tool stringer  golang.org/x/tools/cmd/stringer"}},
		{"a/.tool-versions", "# tools\ngolang 1.26.8\ngolangci-lint 1.64.8 1.62.0 # old\r\ndelve v1.26.0\nstaticcheck latest\nnode 24\n", []string{
			".tool-versions:tool golangci-lint v1.64.8 1.64.8", ".tool-versions:tool dlv v1.26.0 v1.26.0", ".tool-versions:tool staticcheck  latest",
		}},
		{".mise.toml", "[env]\ngopls = \"1\"\n[tools]\ngo = \"1.26\"\ngolangci-lint = \"2.1\"\n\"go:golang.org/x/tools/gopls\" = \"v0.20.0\"\n\"aqua:mvdan/gofumpt\" = { version = \"0.8.0\" }\n", []string{
			"mise:tool golangci-lint v2.1 2.1", "mise:tool gopls v0.20.0 v0.20.0", "mise:tool gofumpt v0.8.0 0.8.0",
		}},
		{".pre-commit-config.yaml", "repos:\n- repo: https://github.com/pre-commit/pre-commit-hooks\n  rev: v5.0.0\n- repo: https://github.com/golangci/golangci-lint\n  rev: v2.1.6\n  hooks: []\n", []string{"pre-commit:rev golangci-lint v2.1.6 v2.1.6"}},
		{".github/workflows/lint.yml", "jobs:\n  a:\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          version: v9.9.9\n      - name: x\n        uses: golangci/golangci-lint-action@v8\n        with:\n          # which\n          version: \"v2.5.0\"\n      - uses: golangci/golangci-lint-action@v8\n      - uses: other\n        with:\n          version: v1.0.0\n", []string{
			"github:golangci-lint-action golangci-lint v2.5.0 v2.5.0", "github:golangci-lint-action golangci-lint  uses: golangci/golangci-lint-action@v8",
		}},
		{"Makefile", "lint:\n\tGOFLAGS= go install -v golang.org/x/vuln/cmd/govulncheck@v1.1.4 && go install honnef.co/go/tools/cmd/staticcheck@latest\n\t# go install mvdan.cc/gofumpt@v0.1.0\n\tgo install example.com/own@v1.0.0\n\tgo run mvdan.cc/gofumpt@v0.2.0\n", []string{
			"makefile:go install govulncheck v1.1.4 v1.1.4", "makefile:go install staticcheck  latest",
		}},
		{"vendor/x/Makefile", "go install mvdan.cc/gofumpt@v0.1.0\n", nil},
		{"README.md", "go install mvdan.cc/gofumpt@v0.1.0\n", nil},
	} {
		var got []string
		for _, p := range Pins(drift.Document{File: "/w/" + c.rel, Text: []byte(c.text)}, c.rel) {
			got = append(got, fmt.Sprintf("%s %s %s %s", p.Source, p.Name, p.Version, c.text[p.Place.Span.Start:p.Place.Span.End]))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.rel, diff)
		}
	}
}

// FuzzPins: whatever a file holds, the places lie in it.
func FuzzPins(f *testing.F) {
	names := []string{"go.mod", ".tool-versions", "mise.toml", ".pre-commit-config.yaml", ".github/workflows/x.yml", "Makefile", ".golangci.yml"}
	f.Add(0, "tool (\n\ta.b/c\n)\nrequire a.b v1.0.0\n")
	f.Add(1, "dlv 1.2.3\r\n")
	f.Add(2, "[tools]\ngopls = [\"0.20.0\"]")
	f.Add(3, "- repo: https://github.com/golangci/golangci-lint\n  rev: v1")
	f.Add(4, "- uses: golangci/golangci-lint-action@v8\n  with:\n    version: v2")
	f.Add(5, "go install mvdan.cc/gofumpt@v0.8.0")
	f.Fuzz(func(t *testing.T, which int, text string) {
		rel := names[(which%len(names)+len(names))%len(names)]
		for _, p := range Pins(drift.Document{File: "/w", Text: []byte(text)}, rel) {
			if s := p.Place.Span; s.Start < 0 || s.End < s.Start || s.End > len(text) || p.Name == "" || p.Version != "" && !strings.HasPrefix(p.Version, "v") {
				t.Errorf("%+v", p)
			}
		}
	})
}
