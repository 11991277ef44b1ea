package pins

import "testing"

var netlifyCases = []formatCase{
	{"plain", "netlify.toml", "[build]\n  publish = \"public\"\n[build.environment]\n  HUGO_VERSION = \"1.22.3\" # é\n  GO_VERSION = \"1.26.6\"\n  GOTOOLCHAIN = 'local'\n[context.deploy-preview.environment]\nGO_VERSION=\"1.25.x\"\n[other]\nGO_VERSION = \"1.2\"\n", `
5:17-23 netlify:env:GO_VERSION build "1.26.6" exact 1.26.6
6:18-23 netlify:env:GOTOOLCHAIN build "local" setting local
8:13-19 netlify:env:GO_VERSION build "1.25.x" line 1.25
`},
	{"in line", "netlify.toml", "[build]\nenvironment = { NODE_VERSION = \"20\", GO_VERSION = \"1.22\" }\n", `
2:52-56 netlify:env:GO_VERSION build "1.22" line 1.22
`},
	{"number", "netlify.toml", "[build.environment]\nGO_VERSION = 1.20\n", `
2:14-18 netlify:env:GO_VERSION build "1.20" trap-float 1.2 [written: 1.20]
`},
	{"broken", "netlify.toml", "[build.environment\nGO_VERSION = \"1.22.3\"\nX = \n[build.environment]\nGO_VERSION = \"1.21\"", `
2:15-21 netlify:env:GO_VERSION build "1.22.3" exact 1.22.3
5:15-19 netlify:env:GO_VERSION build "1.21" line 1.21
1:19+0 problem: this is not TOML: expected ']' to close table name
3:5+0 problem: this is not TOML: unexpected character U+000A at start of value
`},
}

func TestNetlify(t *testing.T) { runCases(t, ParseNetlify, netlifyCases) }

func FuzzNetlify(f *testing.F) { fuzzCases(f, ParseNetlify, netlifyCases) }

func TestCloudflare(t *testing.T) {
	runCases(t, ParseCloudflare, []formatCase{
		{"vars", "wrangler.toml", "name = \"x\"\n[vars]\nGO_VERSION = \"1.22.3\"\n[env.production.vars]\nGO_VERSION = \"^1.21\"\n", `
3:15-21 cloudflare:env:GO_VERSION build "1.22.3" exact 1.22.3
5:15-20 cloudflare:env:GO_VERSION build "^1.21" range ^1.21
`},
	})
}

var projectCases = []formatCase{
	{"new", "project.toml", "[_]\nschema-version = \"0.2\"\n[[io.buildpacks.build.env]]\nname = \"BP_GO_VERSION\"\nvalue = \"1.21.*\"\n[[io.buildpacks.build.env]]\nvalue = \"1.22.3\"\nname = \"GOOGLE_GO_VERSION\"\n[[io.buildpacks.build.env]]\nname = \"GOOGLE_RUNTIME_VERSION\"\nvalue = \"3.11\"\n[[io.buildpacks.build.env]]\nname = \"GOTOOLCHAIN\"\nvalue = \"local\"\n", `
5:10-16 buildpack:env ship "1.21.*" line 1.21 [name: BP_GO_VERSION]
7:10-16 buildpack:env ship "1.22.3" exact 1.22.3 [name: GOOGLE_GO_VERSION]
14:10-15 buildpack:env:GOTOOLCHAIN ship "local" setting local
`},
	{"in line", "project.toml", "[build]\nenv = [ {name = \"BP_GO_VERSION\", value = \"~1.21\"}, {name=\"X\", value=\"1.2\"}, {name = \"GOOGLE_RUNTIME_VERSION\", value = \"1.22\"} ]\n", `
2:43-48 buildpack:env ship "~1.21" range ~1.21 [name: BP_GO_VERSION]
2:120-124 buildpack:env ship "1.22" line 1.22 [name: GOOGLE_RUNTIME_VERSION]
`},
}

func TestProject(t *testing.T) { runCases(t, ParseProject, projectCases) }

func FuzzProject(f *testing.F) { fuzzCases(f, ParseProject, projectCases) }

var gvmrcCases = []formatCase{
	{"name", ".gvmrc", "# 1.2\ngo1.21.3\n", "2:1-9 .gvmrc develop \"go1.21.3\" exact 1.21.3\n"},
	{"command", ".gvmrc", "gvm install go1.20 --prefer-binary # é\ngvm use \"go1.21\"@pkg\n", "1:13-19 .gvmrc develop \"go1.20\" line 1.20\n"},
	{"nothing", ".gvmrc", "gvm use system\n", ""},
}

func TestGvmrc(t *testing.T) { runCases(t, ParseGvmrc, gvmrcCases) }

func FuzzGvmrc(f *testing.F) { fuzzCases(f, ParseGvmrc, gvmrcCases) }

var gitpodCases = []formatCase{
	{"image", ".gitpod.yml", "# é\nimage: golang:1.22.3-bookworm\ntasks:\n  - init: go build\n", "2:15-21 gitpod:image develop \"1.22.3\" exact 1.22.3 [variant: bookworm]\n"},
	{"quoted", ".gitpod.yml", "image: 'docker.io/library/golang:1.22'\n", "1:34-38 gitpod:image develop \"1.22\" line 1.22\n"},
	{"file", ".gitpod.yml", "image:\n  file: .gitpod.Dockerfile\n# go\n", ""},
	{"workspace", ".gitpod.yml", "image: gitpod/workspace-go:latest\n", ""},
}

func TestGitpod(t *testing.T) { runCases(t, ParseGitpod, gitpodCases) }

func FuzzGitpod(f *testing.F) { fuzzCases(f, ParseGitpod, gitpodCases) }

var herokuCases = []formatCase{
	{"line", "go.mod", "module m\n\n// +heroku goVersion go1.21\n// +heroku install ./cmd/...\ngo 1.22.0\n", `
3:22-28 go.mod:heroku ship "go1.21" line 1.21
5:4-10 go.mod:go floor "1.22.0" min 1.22.0
`},
	{"first counts", "go.mod", "// +heroku goVersion\n\t//  +heroku\tgoVersion go1.21.3 é\n// +heroku goVersion go1.20\nmodule m\n", `
2:24-32 go.mod:heroku ship "go1.21.3" exact 1.21.3
`},
	{"no prefix", "go.mod", "// +heroku goVersion 1.21\n//+heroku goVersion go1.2\nmodule m\n", `
1:22-26 go.mod:heroku ship "1.21" invalid 1.21 [why: Heroku wants the name of a release: write go1.21]
`},
}

func TestHeroku(t *testing.T) {
	for _, c := range herokuCases {
		doc := document(c.file, []byte(c.content))
		pins, problems := ParseGoMod(doc)
		sound(t, doc, pins, problems)
		if got := "\n" + describe(doc, pins, problems); got != c.want {
			t.Errorf("%s: got%swant%s", c.name, got, c.want)
		}
	}
}

func TestModFile(t *testing.T) {
	for _, c := range []formatCase{
		{"tools", "go.tool.mod", "module example.com/tools\n\ngo 1.25.1\n\ntoolchain go1.26.1\n", "3:4-10 go.mod:go floor \"1.25.1\" min 1.25.1\n5:11-19 go.mod:toolchain develop \"go1.26.1\" exact 1.26.1\n"},
		{"bingo", ".bingo/x.mod", "module _ // Auto generated\n\ngo 1.14\n", "3:4-8 go.mod:go floor \"1.14\" min 1.14\n"},
		{"music", "song.mod", "a tracker's song\ngo 1.25\n", ""},
		{"binary", "m.mod", "module x\x00\ngo 1.25\n", ""},
		{"empty", "m.mod", "", ""},
	} {
		doc := document(c.file, []byte(c.content))
		pins, problems := ParseModFile(doc)
		sound(t, doc, pins, problems)
		if got := describe(doc, pins, problems); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
	for rel, want := range map[string]bool{"go.tool.mod": true, "a/tools.mod": true, "mod": false, "a/x.model": false} {
		if isModFile(rel) != want {
			t.Errorf("isModFile(%q) = %t", rel, !want)
		}
	}
}
