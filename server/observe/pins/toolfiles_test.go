package pins

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// formatCase is a text and what is to be found in it, as describe prints it.
type formatCase struct{ name, file, content, want string }

type parser func(drift.Document) ([]drift.Pin, []drift.Problem)

// runCases checks every case as it stands, with CRLF line ends, and with a byte
// order mark in front: neither moves a pin.
func runCases(t *testing.T, parse parser, cases []formatCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc := document(c.file, []byte(c.content))
			pins, problems := parse(doc)
			sound(t, doc, pins, problems)
			got := describe(doc, pins, problems)
			if want := strings.TrimLeft(c.want, "\n"); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			for name, content := range map[string]string{
				"CRLF": strings.ReplaceAll(strings.ReplaceAll(c.content, "\r\n", "\n"), "\n", "\r\n"),
				"BOM":  "\xef\xbb\xbf" + c.content,
			} {
				doc := document(c.file, []byte(content))
				pins, problems := parse(doc)
				sound(t, doc, pins, problems)
				if got := describe(doc, pins, nil); got != describe(document(c.file, []byte(c.content)), firstPins(parse, c), nil) {
					t.Errorf("with %s: got\n%s", name, got)
				}
			}
		})
	}
}

func firstPins(parse parser, c formatCase) []drift.Pin {
	pins, _ := parse(document(c.file, []byte(c.content)))
	return pins
}

// fuzzCases fuzzes a parser with the texts of its cases.
func fuzzCases(f *testing.F, parse parser, cases []formatCase, more ...string) {
	for _, c := range cases {
		f.Add([]byte(c.content))
	}
	for _, s := range append(more, "\xef\xbb\xbf\xff\x00go 1.25\r\n\"`(/*", "go=[{version='''\r\n1.2") {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		doc := document("/w/file", content)
		before := string(doc.Text)
		pins, problems := parse(doc)
		sound(t, doc, pins, problems)
		if before != string(doc.Text) {
			t.Error("the text was changed")
		}
	})
}

var toolVersionsCases = []formatCase{
	{"asdf", ".tool-versions", "nodejs 20.1.0\ngolang 1.22.3\n", `
2:8-14 .tool-versions develop "1.22.3" exact 1.22.3
`},
	{"mise", ".tool-versions", "go 1.22.3", `
1:4-10 .tool-versions develop "1.22.3" exact 1.22.3 [compat: mise reads go; asdf and setup-go know golang only]
`},
	{"fallbacks", ".tool-versions", "\tgolang\t1.22.3  1.21.11 system # the last one\n", `
1:9-15 .tool-versions develop "1.22.3" exact 1.22.3
1:17-24 .tool-versions develop "1.21.11" exact 1.21.11 [fallback: true]
1:25-31 .tool-versions develop "system" system [fallback: true]
`},
	{"latest", ".tool-versions", "golang latest\ngolang latest:1.22\ngolang latest:1\n", `
1:8-14 .tool-versions develop "latest" latest
2:8-19 .tool-versions develop "latest:1.22" line 1.22
3:8-16 .tool-versions develop "latest:1" latest 1
`},
	{"elsewhere", ".tool-versions", "golang ref:master\ngolang path:/usr/local/go\ngolang sub-0.1:latest sub-1:latest\n", `
1:8-18 .tool-versions develop "ref:master" unknown [why: built from a git reference]
2:8-26 .tool-versions develop "path:/usr/local/go" unknown [why: a Go in a folder of its own]
3:8-22 .tool-versions develop "sub-0.1:latest" oldstable
3:23-35 .tool-versions develop "sub-1:latest" unknown [fallback: true] [why: a number of versions before another one]
`},
	{"minor", ".tool-versions", "golang 1.22\ngolang 1.20\ngolang 1.25rc1\n", `
1:8-12 .tool-versions develop "1.22" line 1.22 [compat: asdf asks for a release go1.22, which there is not; mise takes the newest patch]
2:8-12 .tool-versions develop "1.20" line 1.20
3:8-15 .tool-versions develop "1.25rc1" exact 1.25rc1
`},
	{"wrong", ".tool-versions", "golang go1.22.3 v1.22.3 one\n", `
1:8-16 .tool-versions develop "go1.22.3" invalid 1.22.3 [why: a version manager takes no prefix: write 1.22.3]
1:17-24 .tool-versions develop "v1.22.3" invalid 1.22.3 [fallback: true] [why: a version manager takes no prefix: write 1.22.3]
1:25-28 .tool-versions develop "one" unknown [fallback: true] [why: no Go version can be read from this]
`},
	{"decoys", ".tool-versions", "# golang 1.22.3\ngolangci-lint 1.55.2\ngo-jsonnet 0.20.0\ngohugo 0.1\ngolang\ngolang # 1.2\n", ""},
	{"multibyte", ".tool-versions", "# é\nnodejs 20 # ü\ngolang 1.22.3#é\n", `
3:8-14 .tool-versions develop "1.22.3" exact 1.22.3
`},
	{"empty", ".tool-versions", "", ""},
}

func TestToolVersions(t *testing.T) { runCases(t, ParseToolVersions, toolVersionsCases) }

func FuzzToolVersions(f *testing.F) { fuzzCases(f, ParseToolVersions, toolVersionsCases) }

var miseCases = []formatCase{
	{"string", "mise.toml", "[tools]\nnode = \"20\"\ngo = \"1.26\"\n", `
3:7-11 mise:tools develop "1.26" line 1.26
`},
	{"golang", "mise.toml", "[tools]\ngolang = '1.26.1' # é\n\"core:go\" = \"latest\"\n", `
2:11-17 mise:tools develop "1.26.1" exact 1.26.1
3:14-20 mise:tools develop "latest" latest
`},
	{"table", "mise.toml", "[tools]\ngo = { version = \"1.26.1\", postinstall = \"go version 1.2\" }\n\n[tools.golang]\nversion=\"prefix:1.26\"\n", `
2:19-25 mise:tools develop "1.26.1" exact 1.26.1
5:10-21 mise:tools develop "prefix:1.26" line 1.26
`},
	{"dotted", "mise.toml", "tools.go = \"1.25.3\"\ntools.\"golang\".version = \"1.24\"\n", `
1:13-19 mise:tools develop "1.25.3" exact 1.25.3
2:27-31 mise:tools develop "1.24" line 1.24
`},
	{"array", "mise.toml", "[tools]\ngo = [\n  \"1.26\", # new\n  '1.25.3',\n  {version=\"1.24\"},\n]\n", `
3:4-8 mise:tools develop "1.26" line 1.26
4:4-10 mise:tools develop "1.25.3" exact 1.25.3 [fallback: true]
5:13-17 mise:tools develop "1.24" line 1.24 [fallback: true]
`},
	{"special", "mise.toml", "[tools]\ngo = [\"sub-1:latest\", \"ref:master\", \"path:/go\", \"system\", \"1\", \"lts\"]", `
2:8-20 mise:tools develop "sub-1:latest" unknown [why: a number of versions before another one]
2:24-34 mise:tools develop "ref:master" unknown [fallback: true] [why: built from a git reference]
2:38-46 mise:tools develop "path:/go" unknown [fallback: true] [why: a Go in a folder of its own]
2:50-56 mise:tools develop "system" system [fallback: true]
2:60-61 mise:tools develop "1" latest 1 [fallback: true]
2:65-68 mise:tools develop "lts" unknown [fallback: true] [why: no Go version can be read from this]
`},
	{"number", "mise.toml", "[tools]\ngo = 1.20\n", `
2:6-10 mise:tools develop "1.20" invalid 1.20 [why: mise wants a version in quotes]
`},
	{"env", "mise.toml", "[env]\nGOTOOLCHAIN = \"local\"\nGOFLAGS=\"-v\"\n[tasks.build]\ntools.go = \"1.24.1\"\nenv = {GOTOOLCHAIN=\"go1.25.3+auto\"}\n", `
2:16-21 mise:env:GOTOOLCHAIN develop "local" setting local
5:13-19 mise:tools build "1.24.1" exact 1.24.1
6:21-34 mise:env:GOTOOLCHAIN build "go1.25.3+auto" setting go1.25.3+auto
`},
	{"template", "mise.toml", "[vars]\ngo = \"1.25.3\"\n[env]\nGO_VERSION='1.24'\n[tools]\ngo = [\"{{ vars.go }}\", \"{{env.GO_VERSION}}\", \"{{ vars.no }}\", \"1.{{ x }}\"]\n", `
6:8-21 mise:tools develop "{{ vars.go }}" var 1.25.3 [fromLine: 2] [name: vars.go]
6:25-43 mise:tools develop "{{env.GO_VERSION}}" var 1.24 [fallback: true] [fromLine: 4] [name: env.GO_VERSION]
6:47-60 mise:tools develop "{{ vars.no }}" unresolved [fallback: true] [name: vars.no]
6:64-73 mise:tools develop "1.{{ x }}" unresolved [fallback: true] [name: 1.{{ x }}]
`},
	{"broken", "mise.toml", "[tools]\nnode = \ngo = \"1.26.1\"\npython = \"3\n[env\nGOTOOLCHAIN=\"local\"\n", `
3:7-13 mise:tools develop "1.26.1" exact 1.26.1
6:14-19 mise:env:GOTOOLCHAIN develop "local" setting local
2:8+0 problem: this is not TOML: unexpected character U+000A at start of value
4:12+0 problem: this is not TOML: basic strings cannot have new lines
5:5+0 problem: this is not TOML: expected ']' to close table name
`},
	{"decoys", "mise.toml", "[tools]\ngolangci-lint = \"1.55\"\n\"go:github.com/x/y\" = \"1.22.3\"\n\"npm:go\" = \"1.22\"\n[settings]\ngo = \"1.22\"\n[plugins]\ngo = \"https://x\"\n# go = \"1.2\"\n", ""},
	{"three quotes", "mise.toml", "[tools]\ngo = \"\"\"\n1.26.1\"\"\"\ngolang = '''1.25.1'''\n", `
3:1-7 mise:tools develop "1.26.1" exact 1.26.1
4:13-19 mise:tools develop "1.25.1" exact 1.25.1
`},
}

func TestMise(t *testing.T) { runCases(t, ParseMise, miseCases) }

func FuzzMise(f *testing.F) { fuzzCases(f, ParseMise, miseCases) }

func TestMiseLock(t *testing.T) {
	runCases(t, ParseMiseLock, []formatCase{
		{"lock", "mise.lock", "[[tools.go]]\nversion = \"1.24.5\"\nbackend = \"core:go\"\n\n[tools.node]\nversion = \"20\"\n", `
2:12-18 mise.lock develop "1.24.5" exact 1.24.5
`},
	})
}

func TestPrototools(t *testing.T) {
	runCases(t, ParsePrototools, []formatCase{
		{"go", ".prototools", "node = \"20\"\ngo = \"~1.22\"\n[settings]\ngo = \"x\"\n", `
2:7-12 .prototools develop "~1.22" range ~1.22
`},
		{"exact", ".prototools", "go = \"1.22.3\"\n", "1:7-13 .prototools develop \"1.22.3\" exact 1.22.3\n"},
	})
}

func TestIsMise(t *testing.T) {
	for _, rel := range []string{
		"mise.toml", ".mise.toml", "a/mise.local.toml", ".mise.local.toml", ".config/mise.toml", "mise/config.toml",
		".mise/config.toml", ".config/mise/config.toml", "mise.ci.toml", ".mise.ci.local.toml", ".config/mise/conf.d/go.toml", "mise/config.local.toml",
	} {
		if !isMise(rel) {
			t.Errorf("%s is read by mise", rel)
		}
	}
	for _, rel := range []string{"", "config.toml", "promise.toml", "a/promise/config.toml", "mise.yaml", "mise/x.toml", "conf.d/go.toml", "xmise/conf.d/go.toml"} {
		if isMise(rel) {
			t.Errorf("%s is not read by mise", rel)
		}
	}
}

func TestGoVariable(t *testing.T) {
	for _, name := range strings.Fields("GO_VERSION GOLANG_VERSION GOVERSION go_version goVersion go-version MIN_GO_VERSION GO_VER REQUIRED_GO_VERSION GO_IMAGE_TAG GO_TOOLCHAIN_VERSION") {
		if !goVariable(name) {
			t.Errorf("%s holds a Go version", name)
		}
	}
	for _, name := range strings.Fields("HUGO_VERSION GOLANGCI_LINT_VERSION CARGO_VERSION GO_SWAGGER_VERSION VERSION GO GOTOOLCHAIN MONGO_VERSION GO_JUNIT_VERSION DJANGO_VERSION GO_GO_VERSION GOPLS_VERSION GO_VERSION_URL") {
		if goVariable(name) {
			t.Errorf("%s holds no Go version", name)
		}
	}
}
