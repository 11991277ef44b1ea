package pins

import (
	"strings"
	"testing"
	"time"
)

var shellCases = []formatCase{
	{"variable", "install.sh", "#!/bin/sh\nGO_VERSION=1.26.6\nexport GOLANG_VERSION=\"1.25\" # é\nreadonly go_version='go1.24.1'; echo\nlocal GOVERSION=1.23.x\n", `
2:12-18 shell:variable build "1.26.6" exact 1.26.6 [name: GO_VERSION]
3:24-28 shell:variable build "1.25" line 1.25 [name: GOLANG_VERSION]
4:22-30 shell:variable build "go1.24.1" exact 1.24.1 [name: go_version]
5:17-23 shell:variable build "1.23.x" line 1.23 [name: GOVERSION]
`},
	{"defaults", "a.sh", ": ${GO_VERSION:=1.26.6}\n: \"${GOLANG_VERSION:=\"1.25.1\"}\"\nGO_VERSION=${GO_VERSION:-1.24}\nv=\"${GO_VERSION-1.2}\"\necho ${MIN_GO_VERSION:-1.21.0}\n", `
1:17-23 shell:variable build "1.26.6" exact 1.26.6 [name: GO_VERSION]
2:23-29 shell:variable build "1.25.1" exact 1.25.1 [name: GOLANG_VERSION]
3:26-30 shell:variable build "1.24" line 1.24 [name: GO_VERSION]
4:17-20 shell:variable build "1.2" line 1.2 [name: GO_VERSION]
5:24-30 shell:variable build "1.21.0" min 1.21.0 [name: MIN_GO_VERSION]
`},
	{"minimum", "golang.sh", "  local minimum_go_version\n  minimum_go_version=go1.24.0\n", `
2:22-30 shell:variable build "go1.24.0" min 1.24.0 [name: minimum_go_version]
`},
	{"toolchain", "a.sh", "export GOTOOLCHAIN=local\nGOTOOLCHAIN=go1.25.3+auto go build ./...\ngo env -w GOTOOLCHAIN='auto'\nX=1 GOTOOLCHAIN=\"go${GO_VERSION}\" go test\nif [ \"${GOTOOLCHAIN:-auto}\" = local ]; then :; fi\nunset GOTOOLCHAIN\n", `
1:20-25 shell:env:GOTOOLCHAIN build "local" setting local
2:13-26 shell:env:GOTOOLCHAIN build "go1.25.3+auto" setting go1.25.3+auto
3:24-28 shell:env:GOTOOLCHAIN build "auto" setting auto
4:18-33 shell:env:GOTOOLCHAIN build "go${GO_VERSION}" unresolved [name: GO_VERSION]
`},
	{"download", "a.sh", "wget -q https://go.dev/dl/go1.26.6.linux-amd64.tar.gz -O- | tar xz\nVERSION=1.25.3\ncurl -fsSL \"https://dl.google.com/go/go${VERSION}.linux-${ARCH}.tar.gz\"\nGO_TARBALL=\"go1.20.$(uname).tar.gz\"\ncurl https://go.dev/dl/${V}.linux-amd64.tar.gz\ngo install golang.org/dl/go1.24.2@latest\ngo1.24.2 download\ncurl -O https://storage.googleapis.com/golang/go1.22rc1.src.tar.gz\n", `
1:29-35 shell:download build "1.26.6" exact 1.26.6
2:9-15 shell:variable build "1.25.3" exact 1.25.3 [name: VERSION]
3:40-50 shell:download build "${VERSION}" var 1.25.3 [fromLine: 2] [name: VERSION]
4:15-19 shell:download build "1.20" exact 1.20
5:24-28 shell:download build "${V}" unresolved [name: V]
6:28-34 shell:download build "1.24.2" exact 1.24.2
8:49-56 shell:download build "1.22rc1" exact 1.22rc1
`},
	{"image", "a.sh", "docker run --rm -v $PWD:/src golang:1.26.6-alpine go build\nIMAGE=golang:1.25\ndocker run \"$IMAGE\" go version\ndocker pull registry.example.com:5000/lib/golang:${GO_VERSION:-1.2}@sha256:00\ndocker build --build-arg GO_VERSION=1.24.1 --build-arg=GOLANG_VERSION=1.23 .\necho golang: the language; x golang\n# docker run golang:1.1\ndocker run cimg/go:1.22.3\ncat <<EOF\nFROM golang:1.21 AS b\nEOF\n", `
1:37-43 shell:image build "1.26.6" exact 1.26.6 [variant: alpine]
2:14-18 shell:image build "1.25" line 1.25
3:13-19 shell:image build "$IMAGE" var 1.25 [fromLine: 2] [name: IMAGE]
4:50-68 shell:image build "${GO_VERSION:-1.2}" var 1.2 [digest: true] [name: GO_VERSION]
5:37-43 shell:build-arg build "1.24.1" exact 1.24.1 [name: GO_VERSION]
5:71-75 shell:build-arg build "1.23" line 1.23 [name: GOLANG_VERSION]
8:20-26 shell:image build "1.22.3" exact 1.22.3
10:13-17 shell:image build "1.21" line 1.21
`},
	{"derived", "a.sh", "GO_VERSION=$(cat .go-version)\nGO_VERSION=`go version`\ndocker run golang:${GO_VERSION}\nexport GOTOOLCHAIN=go$(go env GOVERSION)\ncurl https://go.dev/dl/$(curl https://go.dev/VERSION?m=text).linux-amd64.tar.gz\n", ""},
	{"nested", "a.sh", "x=$(docker run golang:1.22.3 go env GOROOT)\ny=\"$(GO_VERSION=1.21.1 ./x.sh)\"\n", `
1:23-29 shell:image build "1.22.3" exact 1.22.3
2:17-23 shell:variable build "1.21.1" exact 1.21.1 [name: GO_VERSION]
`},
	{"installers", "a.sh", "eval \"$(gimme 1.22.3)\"\ngvm install go1.21.1 -B && gvm use go1.21.1 --default\ngoenv install -s 1.20.1\nasdf install golang 1.19.1\nmise use -g go@1.18\nbrew install go@1.17\nsudo apt-get install -y golang-1.16-go golang\napk add --no-cache go=1.22.5-r0\nuse go 1.15.1\ngo get example.com/x@1.2.3\nbrew install golangci-lint@1.55\n", `
1:15-21 shell:install build "1.22.3" exact 1.22.3
2:13-21 shell:install build "go1.21.1" exact 1.21.1
2:36-44 shell:install build "go1.21.1" exact 1.21.1
3:18-24 shell:install build "1.20.1" exact 1.20.1
4:21-27 shell:install build "1.19.1" exact 1.19.1
5:16-20 shell:install build "1.18" line 1.18
6:17-21 shell:install build "1.17" line 1.17
7:32-36 shell:install build "1.16" line 1.16
8:23-29 shell:install build "1.22.5" exact 1.22.5 [variant: r0]
9:8-14 shell:install build "1.15.1" exact 1.15.1
`},
	{"decoys", "a.sh", "HUGO_VERSION=1.22.3\nGOLANGCI_LINT_VERSION=1.55.2\nGO_VERSION=\nGO_VERSION=unknown\nGO_JUNIT_VERSION=1.2.3\nPATH=/usr/local/go1.22/bin\nif [ \"$GO_VERSION\" = 1.21.1 ]; then exit; fi\ncurl -L https://x/golangci-lint-1.55.2-linux-amd64.tar.gz\ncurl https://x/go-1.2.linux.tar.gz\necho '1.2' | grep go1.2\n", ""},
	{"direnv", ".envrc", "use go 1.22.3\nexport GOTOOLCHAIN=go1.22.3\n", `
1:8-14 shell:install develop "1.22.3" exact 1.22.3
2:20-28 shell:env:GOTOOLCHAIN develop "go1.22.3" setting go1.22.3
`},
	{"broken", "a.sh", "x=${GO_VERSION:=1.22\ny=$(\nGO_VERSION=\"1.21.1\nz=$\n", `
3:13-19 shell:variable build "1.21.1" exact 1.21.1 [name: GO_VERSION]
`},
}

func TestShell(t *testing.T) { runCases(t, ParseShell, shellCases) }

func FuzzShell(f *testing.F) { fuzzCases(f, ParseShell, shellCases) }

var makeCases = []formatCase{
	{"variables", "Makefile", "GO_VERSION ?= 1.25\nGOLANG_VERSION:=1.26.6 # the newest\nexport GO_VER = go1.24.1\noverride GOVERSION ::= \"1.23.1\"\nMIN_GO_VERSION := 1.21\n", `
1:15-19 makefile:variable build "1.25" line 1.25 [name: GO_VERSION]
2:17-23 makefile:variable build "1.26.6" exact 1.26.6 [name: GOLANG_VERSION]
3:17-25 makefile:variable build "go1.24.1" exact 1.24.1 [name: GO_VER]
4:25-31 makefile:variable build "1.23.1" exact 1.23.1 [name: GOVERSION]
5:19-23 makefile:variable build "1.21" min 1.21 [name: MIN_GO_VERSION]
`},
	{"toolchain", "Makefile", "export GOTOOLCHAIN = go1.25.3\nGOTOOLCHAIN ?= local\ntest: export GOTOOLCHAIN := auto\n\tGOTOOLCHAIN=path go test\nenv:\n\tGOTOOLCHAIN=go$(shell cat .go-version) go test\n\tGOTOOLCHAIN=go$$(go mod edit -json | jq -r .Go) go test\n", `
1:22-30 makefile:env:GOTOOLCHAIN build "go1.25.3" setting go1.25.3
2:16-21 makefile:env:GOTOOLCHAIN build "local" setting local
3:29-33 makefile:env:GOTOOLCHAIN build "auto" setting auto
4:14-18 makefile:env:GOTOOLCHAIN build "path" setting path
`},
	{"images", "build.mk", "IMAGE = golang:$(GO_VERSION)-alpine\nGO_VERSION = 1.25.1\nBUILDER := golang:1.24@sha256:00\nbuild:\n\tdocker run --rm -v $(PWD):/src golang:${GO_VERSION} make # golang:1.1\n\t@docker run $(BUILDER) $$GO x\n\tdocker build --build-arg GO_VERSION=1.23.1 --build-arg GO_VERSION=$(GO_VERSION) .\n", `
1:16-29 makefile:image build "$(GO_VERSION)" var 1.25.1 [fromLine: 2] [name: GO_VERSION] [variant: alpine]
2:14-20 makefile:variable build "1.25.1" exact 1.25.1 [name: GO_VERSION]
3:19-23 makefile:image build "1.24" line 1.24 [digest: true]
5:40-53 makefile:image build "${GO_VERSION}" var 1.25.1 [fromLine: 2] [name: GO_VERSION]
6:14-24 makefile:image build "$(BUILDER)" var 1.24 [digest: true] [fromLine: 3] [name: BUILDER]
7:38-44 makefile:build-arg build "1.23.1" exact 1.23.1 [name: GO_VERSION]
`},
	{"derived", "Makefile", "GO_VERSION := $(shell cat .go-version)\nGO_VERSION_NUMBER ?= $(word 3, $(GO_VERSION))\nGOVERSION != go env GOVERSION\nx:\n\tdocker run golang:$(GO_VERSION) x\n\tdocker run golang:$(GOVERSION) x\n", ""},
	{"decoys", "Makefile", "HUGO_VERSION = 1.22.3\nGOLANGCI_VERSION := 1.55.2\n#GO_VERSION = 1.22\n# GO_VERSION = 1.22\nGO_VERSION += 1.2\nGO_VERSION =\nCONTROLLER_GEN_VERSION ?= v0.14.0\nifeq ($(GO_VERSION),1.22.3)\nendif\nGO_BINDATA_VERSION=1.2\n", ""},
	{"justfile", "justfile", "go_version := \"1.22.3\"\n\nbuild:\n    docker run golang:1.21 go build\n", `
1:16-22 makefile:variable build "1.22.3" exact 1.22.3 [name: go_version]
4:23-27 makefile:image build "1.21" line 1.21
`},
	{"dockerfile", "Makefile", "x:\n\tdocker build \\\n\t\t--build-arg GO_VERSION=1.22.3 \\\n\t\t-f build/Dockerfile .\n\tdocker build --file=$(X)/Dockerfile --build-arg GO_VERSION=1.21.1 .\n\tdocker build --build-arg GO_VERSION=1.20.1 .\n", `
3:26-32 makefile:build-arg build "1.22.3" exact 1.22.3 [dockerfile: build/Dockerfile] [name: GO_VERSION]
5:61-67 makefile:build-arg build "1.21.1" exact 1.21.1 [dockerfile: ${X}/Dockerfile] [name: GO_VERSION]
6:38-44 makefile:build-arg build "1.20.1" exact 1.20.1 [name: GO_VERSION]
`},
	{"several words", "Makefile", "ARGS := --build-arg GO_VERSION=1.22.3 --build-arg X=$(Y)\nFLAGS = -v -x\n", `
1:32-38 makefile:build-arg build "1.22.3" exact 1.22.3 [name: GO_VERSION]
`},
	{"continued", "Makefile", "x:\n\tdocker run \\\n\t\t-v a:b \\\n\t\tgolang:1.22.3 \\\n\t\tgo build\nGO_VERSION = \\\n  1.21\n", `
4:10-16 makefile:image build "1.22.3" exact 1.22.3
`},
}

func TestMakefile(t *testing.T) { runCases(t, ParseMakefile, makeCases) }

func FuzzMakefile(f *testing.F) { fuzzCases(f, ParseMakefile, makeCases) }

// TestScriptLinear guards against work that grows with the square of the input.
func TestScriptLinear(t *testing.T) {
	for _, unit := range []string{
		"GO_VERSION=1.22.3\n", "${GO_VERSION:-", "$(", "${", "golang:1.22 ", "golang:", "GO_VERSION=$GO_VERSION ", "a=golang:$a\n", "go1.2.linux.tar.gz/", "mise go@1.2 ", "\"", "$$",
		"golang.org/dl/go", "=", "GO_VERSION=",
	} {
		for name, parse := range map[string]parser{"sh": ParseShell, "mk": ParseMakefile} {
			doc := document("x", []byte("golang:1.2 go1.1\n"+strings.Repeat(unit, 200_000/len(unit))))
			start := startClock()
			pins, problems := parse(doc)
			sound(t, doc, pins, problems)
			if took := start.stop(); took > 5*time.Second {
				t.Errorf("%s: %d bytes of %q took %v", name, len(doc.Text), unit, took)
			} else if took > 300*time.Millisecond {
				t.Logf("%s: %q: %v", name, unit, took)
			}
		}
	}
}
