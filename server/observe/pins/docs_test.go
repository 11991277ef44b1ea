package pins

import "testing"

var docsCases = []formatCase{
	{"or later", "README.md", "é You need Go 1.22 or later.\nGo 1.21+ works\ngolang v1.20.3 and above\nGo (>= 1.19)\nGo version 1.18 or greater\n[Go](https://go.dev/dl/) 1.24.x or newer\nGo `1.17` (or higher)\nGo ≥1.23\n", `
1:16-20 docs:text docs "1.22" min 1.22
2:4-8 docs:text docs "1.21" min 1.21
3:9-15 docs:text docs "1.20.3" min 1.20.3
4:8-12 docs:text docs "1.19" min 1.19
5:12-16 docs:text docs "1.18" min 1.18
6:26-32 docs:text docs "1.24.x" min 1.24
7:5-9 docs:text docs "1.17" min 1.17
8:7-11 docs:text docs "1.23" min 1.23
`},
	{"demand", "CONTRIBUTING.md", "This project requires Go 1.22.\nInstall [Go 1.21.3](https://go.dev).\nThis project uses Go 1.25.x and more.\nA minimum of Go 1.16\n", `
1:26-30 docs:text docs "1.22" min 1.22
2:13-19 docs:text docs "1.21.3" exact 1.21.3
3:22-28 docs:text docs "1.25.x" line 1.25
4:17-21 docs:text docs "1.16" min 1.16
`},
	{"lists", "README.md", "# News\n- Go 1.1\n## Prerequisites\n* Go 1.22\n- [Go](https://golang.org) 1.21\n| Go | 1.20 |\n1. **Go** 1.19.1\n", `
4:6-10 docs:text docs "1.22" line 1.22
5:28-32 docs:text docs "1.21" line 1.21
6:8-12 docs:text docs "1.20" line 1.20
7:11-17 docs:text docs "1.19.1" exact 1.19.1
`},
	{"badges", "README.md", "![Go](https://img.shields.io/badge/go-%3E%3D1.21-blue) ![x](https://img.shields.io/badge/Go-1.22.3-00ADD8?logo=go)\n[![](https://img.shields.io/badge/golang-v1.20%2B-blue)]\n![](https://img.shields.io/github/go-mod/go-version/a/b)\n![](https://img.shields.io/badge/go%20version-%3E%3D%201.18-61CFDD)\n![](https://img.shields.io/badge/cargo-1.2-blue)\n", `
1:45-49 docs:badge docs "1.21" min 1.21
1:93-99 docs:badge docs "1.22.3" exact 1.22.3
2:43-47 docs:badge docs "1.20" min 1.20
4:56-60 docs:badge docs "1.18" min 1.18
`},
	{"stories", "README.md", "As of Go 1.21, the go command does this.\nSupport was added in Go 1.13.\nSince Go 1.7 this is so\nGo 1.10's builder is used\n## Go 1.11 Modules\nthe Go 1.0 compatibility promise\nlike Go 1.18+\nuse ego 1.2 or later; a mongo 1.2+; go-redis 1.5 or later; gopher 1.3+\n", ""},
	{"code", "README.md", "```\nRequires Go 1.22+\ngo 1.25\n```\n~~~sh\nGo 1.2+\n~~~\nGo 1.21+\n", "8:4-8 docs:text docs \"1.21\" min 1.21\n"},
}

func TestDocs(t *testing.T) { runCases(t, ParseDocs, docsCases) }

func FuzzDocs(f *testing.F) { fuzzCases(f, ParseDocs, docsCases) }

func TestIsDoc(t *testing.T) {
	for rel, want := range map[string]bool{
		"README.md": true, "a/readme.rst": true, "README": true, "README.zh-CN.md": true, "docs/contributing.md": true, ".github/CONTRIBUTING.md": true,
		"BUILD": false, "CHANGELOG.md": false, "READMEX.md": false, "readme.go": false, "install.sh": false, "": false,
	} {
		if isDoc(rel) != want {
			t.Errorf("isDoc(%q) = %t", rel, !want)
		}
	}
}
