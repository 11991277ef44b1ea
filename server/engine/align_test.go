package engine_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

var alignDay = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

const sha = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// alignCase is one file with the bytes it must have before and after.
type alignCase struct {
	name, file, before, after string
	req                       engine.AlignRequest // to 1.25.3 if it says nothing
	note                      string              // a part of a note that must be made
}

var alignCases = []alignCase{
	{name: "plain", file: ".go-version", before: "1.24.1\n", after: "1.25.3\n"},
	{name: "prefix v, CRLF", file: ".go-version", before: "v1.24.1\r\n", after: "v1.25.3\r\n"},
	{name: "prefix go", file: ".go-version", before: "go1.24.1", after: "go1.25.3"},
	{name: "mark", file: ".go-version", before: "\ufeff1.24.1\n", after: "\ufeff1.25.3\n"},
	{name: "minor stays minor", file: ".go-version", before: "1.24\n", after: "1.25\n"},
	{name: "lowered", file: ".go-version", before: "1.26.2\n", after: "1.25.3\n"},
	{name: "only the first", file: ".go-version", before: "1.24.1 1.23.1\n", after: "1.25.3 1.23.1\n"},
	{name: "asdf", file: ".tool-versions", before: "nodejs 22.1.0\ngolang  1.24.1 # why\n", after: "nodejs 22.1.0\ngolang  1.25.3 # why\n"},
	{name: "latest of a minor", file: ".tool-versions", before: "go latest:1.24\n", after: "go latest:1.25\n"},
	{name: "mise", file: "mise.toml", before: "[tools]\ngo = 'prefix:1.24'\n", after: "[tools]\ngo = 'prefix:1.25'\n"},
	{name: "toolchain line", file: "m/go.mod", before: "module m\n\ngo 1.24.0\n\ntoolchain go1.24.5 // 世界\n", after: "module m\n\ngo 1.24.0\n\ntoolchain go1.25.3 // 世界\n"},
	{name: "own toolchain", file: "m/go.mod", before: "module m\n\ngo 1.24.0\n\ntoolchain go1.24.5-corp.7\n", after: "module m\n\ngo 1.24.0\n\ntoolchain go1.24.5-corp.7\n", note: "somebody's own build"},
	{name: "go line", file: "m/go.mod", before: "module m\n\ngo 1.24\n", after: "module m\n\ngo 1.25\n", req: engine.AlignRequest{Target: "1.25.3", Roles: []drift.Role{drift.RoleFloor}}},
	{name: "go line of three", file: "m/go.mod", before: "module m\n\ngo 1.24.1\n", after: "module m\n\ngo 1.25.3\n", req: engine.AlignRequest{Target: "1.25.3", Roles: []drift.Role{drift.RoleFloor}}},
	{name: "image", file: "Dockerfile", before: "FROM golang:1.24.1-alpine3.20 AS b\n", after: "FROM golang:1.25.3-alpine3.20 AS b\n", note: "keeps -alpine3.20"},
	{name: "image of a minor", file: "Dockerfile", before: "FROM --platform=$BUILDPLATFORM docker.io/library/golang:1.24-alpine\n", after: "FROM --platform=$BUILDPLATFORM docker.io/library/golang:1.25-alpine\n"},
	{name: "digest", file: "Dockerfile", before: "FROM golang:1.24.1-alpine" + sha + " AS b\n", after: "FROM golang:1.25.3-alpine AS b\n", note: "digest"},
	{name: "argument", file: "Dockerfile", before: "ARG GO_VERSION=1.24.1\nFROM golang:${GO_VERSION}-alpine\n", after: "ARG GO_VERSION=1.25.3\nFROM golang:${GO_VERSION}-alpine\n"},
	{name: "argument and digest", file: "Dockerfile", before: "ARG GO_VERSION=\"1.24.1\"\nFROM golang:${GO_VERSION}-alpine" + sha + "\n", after: "ARG GO_VERSION=\"1.25.3\"\nFROM golang:${GO_VERSION}-alpine\n", note: "digest"},
	{name: "default in place", file: "Dockerfile", before: "ARG GO_VERSION\nFROM golang:${GO_VERSION:-1.24.1}-alpine\n", after: "ARG GO_VERSION\nFROM golang:${GO_VERSION:-1.25.3}-alpine\n"},
	{name: "floating image", file: "Dockerfile", before: "FROM golang:alpine\n", after: "FROM golang:alpine\n", note: "takes the newest"},
	{name: "download", file: "Dockerfile", before: "FROM debian\nRUN curl -fsSL https://go.dev/dl/go1.24.1.linux-amd64.tar.gz | tar -xz\n", after: "FROM debian\nRUN curl -fsSL https://go.dev/dl/go1.25.3.linux-amd64.tar.gz | tar -xz\n"},
	{name: "setting", file: "Dockerfile", before: "FROM golang:1.25.3\nENV GOTOOLCHAIN=go1.24.1+auto\n", after: "FROM golang:1.25.3\nENV GOTOOLCHAIN=go1.25.3+auto\n"},
	{name: "setting that names none", file: "Dockerfile", before: "FROM golang:1.25.3\nENV GOTOOLCHAIN=local\n", after: "FROM golang:1.25.3\nENV GOTOOLCHAIN=local\n"},
	{name: "setup-go", file: ".github/workflows/w.yml", before: setup("'1.24.x' # why"), after: setup("'1.25.x' # why")},
	{name: "setup-go, patch", file: ".github/workflows/w.yml", before: setup("\"1.24.1\""), after: setup("\"1.25.3\"")},
	{name: "setup-go, pre-release", file: ".github/workflows/w.yml", before: setup("1.24.0-rc.1"), after: setup("1.25.3")},
	{name: "setup-go, range", file: ".github/workflows/w.yml", before: setup("'^1.24'"), after: setup("'^1.24'"), note: "is a range"},
	{name: "setup-go, oldstable", file: ".github/workflows/w.yml", before: setup("oldstable"), after: setup("oldstable"), note: "on purpose"},
	{name: "setup-go, number", file: ".github/workflows/w.yml", before: setup("1.24"), after: setup("1.25")},
	{name: "setup-go, number with a zero", file: ".github/workflows/w.yml", before: setup("1.24"), after: setup(`"1.20"`), req: engine.AlignRequest{Target: "1.20"}},
	{name: "setup-go, number that is misread", file: ".github/workflows/w.yml", before: setup("1.20"), after: setup(`"1.25"`)},
	{name: "old on purpose", file: ".github/workflows/w.yml", before: setup("'1.24' # lowest supported version"), after: setup("'1.24' # lowest supported version"), note: "old on purpose"},
	{
		name: "old by its name", file: ".gitlab-ci.yml", before: ".go-oldstable:\n  variables:\n    GO_VERSION: \"1.24.1\"\n.go-stable:\n  variables:\n    GO_VERSION: \"1.24.2\"\n",
		after: ".go-oldstable:\n  variables:\n    GO_VERSION: \"1.24.1\"\n.go-stable:\n  variables:\n    GO_VERSION: \"1.25.3\"\n", note: "old on purpose",
	},
	{
		name: "env", file: ".github/workflows/w.yml", before: "env:\n  GO_VERSION: '1.24.1'\n" + setup("${{ env.GO_VERSION }}"),
		after: "env:\n  GO_VERSION: '1.25.3'\n" + setup("${{ env.GO_VERSION }}"),
	},
	{
		name: "matrix", file: ".github/workflows/w.yml", before: matrix("['1.23.1', '1.24.1']"),
		after: matrix("['1.23.1', '1.24.1']"), note: "test matrix",
	},
	{
		name: "matrix on demand", file: ".github/workflows/w.yml", before: matrix("['1.23.1', '1.24.1']"),
		after: matrix("['1.23.1', '1.25.3']"), req: engine.AlignRequest{Target: "1.25.3", Matrices: true}, note: "not the newest of several",
	},
	{name: "gitlab", file: ".gitlab-ci.yml", before: "image: golang:1.24.1\n", after: "image: golang:1.25.3\n"},
	{
		name: "cimg", file: ".circleci/config.yml", before: "version: 2.1\njobs:\n  b:\n    docker:\n      - image: cimg/go:1.24.1-node\n",
		after: "version: 2.1\njobs:\n  b:\n    docker:\n      - image: cimg/go:1.25.3-node\n",
	},
	{name: "golangci", file: ".golangci.yml", before: "version: \"2\"\nrun:\n  go: \"1.24\"\n", after: "version: \"2\"\nrun:\n  go: \"1.25\"\n"},
	{name: "runtime", file: "app.yaml", before: "runtime: go124\n", after: "runtime: go125\n"},
	{name: "nix attribute", file: "flake.nix", before: "{ packages = [ pkgs.go_1_24 ]; }\n", after: "{ packages = [ pkgs.go_1_25 ]; }\n"},
	{name: "nix builder", file: "default.nix", before: "{ pkgs }: pkgs.buildGo124Module { pname = \"x\"; }\n", after: "{ pkgs }: pkgs.buildGo125Module { pname = \"x\"; }\n"},
	{name: "devbox", file: "devbox.json", before: "{\"packages\": [\"go@1.24.1\", \"jq\"]} // c\n", after: "{\"packages\": [\"go@1.25.3\", \"jq\"]} // c\n"},
	{
		name: "devcontainer", file: ".devcontainer/devcontainer.json", before: "{\n\t// why\n\t\"image\": \"mcr.microsoft.com/devcontainers/go:1-1.24-bookworm\",\n}\n",
		after: "{\n\t// why\n\t\"image\": \"mcr.microsoft.com/devcontainers/go:1-1.25-bookworm\",\n}\n",
	},
	{name: "bazel", file: "MODULE.bazel", before: bazel("1.24.1"), after: bazel("1.25.3")},
	{name: "bazel, two SDKs", file: "MODULE.bazel", before: bazel("1.22.1") + "go_sdk.download(name = \"new\", version = '1.24.1')\n", after: bazel("1.22.1") + "go_sdk.download(name = \"new\", version = '1.25.3')\n", note: "not the newest of several"},
	{name: "makefile", file: "Makefile", before: "GO_VERSION ?= 1.24.1\n", after: "GO_VERSION ?= 1.25.3\n"},
	{name: "shell", file: "build.sh", before: "#!/bin/sh\n: ${GO_VERSION:=1.24.1}\n", after: "#!/bin/sh\n: ${GO_VERSION:=1.25.3}\n"},
	{name: "checksum", file: "build.sh", before: "#!/bin/sh\nGO_VERSION=1.24.1\nGO_SHA256=" + sha[8:] + "\n", after: "#!/bin/sh\nGO_VERSION=1.25.3\nGO_SHA256=" + sha[8:] + "\n", note: "a checksum stands near"},
	{name: "digest of a variable", file: "Dockerfile", before: "ARG DIGEST\nFROM golang:1.24.1@${DIGEST}\n", after: "ARG DIGEST\nFROM golang:1.24.1@${DIGEST}\n", note: "not written out"},
	{name: "pre-commit", file: ".pre-commit-config.yaml", before: "default_language_version:\n  golang: 1.24.1\nrepos: []\n", after: "default_language_version:\n  golang: 1.25.3\nrepos: []\n"},
	{name: "azure", file: "azure-pipelines.yml", before: "steps:\n- task: GoTool@0\n  inputs:\n    version: '1.24.1'\n", after: "steps:\n- task: GoTool@0\n  inputs:\n    version: '1.25.3'\n"},
	{name: "netlify", file: "netlify.toml", before: "[build.environment]\n  GO_VERSION = \"1.24.1\"\n", after: "[build.environment]\n  GO_VERSION = \"1.25.3\"\n"},
	{name: "dotenv", file: ".env", before: "GO_VERSION=1.24.1\n", after: "GO_VERSION=1.25.3\n"},
	{name: "documentation", file: "README.md", before: "Needs Go 1.24 or later.\n", after: "Needs Go 1.25 or later.\n", req: engine.AlignRequest{Target: "1.25.3", Roles: []drift.Role{drift.RoleDocs}}},
	{name: "documentation unasked", file: "README.md", before: "Needs Go 1.24 or later.\n", after: "Needs Go 1.24 or later.\n"},
	{name: "travis", file: ".travis.yml", before: "language: go\ngo: 1.24.x\n", after: "language: go\ngo: 1.25.x\n"},
	{name: "compose", file: "compose.yaml", before: "services:\n  a:\n    image: \"golang:1.24-alpine\"\n", after: "services:\n  a:\n    image: \"golang:1.25-alpine\"\n"},
	{name: "policy", file: "godrift.toml", before: "[go]\nversion = '1.24.1' # why\n", after: "[go]\nversion = '1.25.3' # why\n"},
	{name: "a minor is asked for", file: ".go-version", before: "1.24.1\n", after: "1.24.13\n", req: engine.AlignRequest{Target: "1.24"}},
	{name: "newest patch", file: ".go-version", before: "1.24.1\n", after: "1.24.13\n", req: engine.AlignRequest{Target: "patch"}},
	{name: "nothing to do", file: ".go-version", before: "1.25.3\n", after: "1.25.3\n"},
}

func setup(value string) string {
	return "jobs:\n  b:\n    runs-on: x\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version: " + value + "\n"
}

func matrix(list string) string {
	return "jobs:\n  b:\n    strategy:\n      matrix:\n        go: " + list + "\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version: ${{ matrix.go }}\n"
}

func bazel(v string) string {
	return "go_sdk = use_extension(\"@rules_go//go:extensions.bzl\", \"go_sdk\")\ngo_sdk.download(version = \"" + v + "\")\n"
}

// TestAlignFormats checks the exact bytes of every format before and after, and
// that undo brings the ones before back.
func TestAlignFormats(t *testing.T) {
	for _, c := range alignCases {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{c.file: c.before}
			opts := workspace(t, files)
			if c.req.Target == "" {
				c.req.Target = "1.25.3"
			}
			notes := alignThere(t, opts, c.req)
			if got := read(t, opts, c.file); got != c.after {
				t.Errorf("after:\n%q\nwant:\n%q\nnotes: %v", got, c.after, notes)
			}
			if c.note != "" && !slices.ContainsFunc(notes, func(n engine.AlignNote) bool { return strings.Contains(n.Text, c.note) }) {
				t.Errorf("no note says %q: %v", c.note, notes)
			}
			if c.before == c.after {
				return
			}
			if again := alignThere(t, opts, c.req); len(again) > len(notes)+1 {
				t.Errorf("more notes the second time: %v", again)
			}
			if got := read(t, opts, c.file); got != c.after {
				t.Errorf("aligned twice: %q, want %q", got, c.after)
			}
			undoThere(t, opts)
			if got := read(t, opts, c.file); got != c.before {
				t.Errorf("undone: %q, want %q", got, c.before)
			}
		})
	}
}

// TestAlignIsTakenBack checks with any mix of files that what is aligned agrees,
// and that undo restores every byte.
func TestAlignIsTakenBack(t *testing.T) {
	opts := workspace(t, nil)
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	top, n := opts.Root, 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		opts := opts
		opts.Root = filepath.Join(top, strconv.Itoa(n))
		files := map[string]string{}
		for _, c := range rapid.SliceOfN(rapid.SampledFrom(alignCases), 1, 6).Draw(rt, "files") {
			files[c.file] = c.before
		}
		req := engine.AlignRequest{
			Target:   rapid.SampledFrom([]string{"", "patch", "floor", "running", "1.25.3", "1.26", "1.24"}).Draw(rt, "target"),
			Matrices: rapid.Bool().Draw(rt, "matrices"),
		}
		for name, text := range files {
			put(t, filepath.Join(opts.Root, name), text)
		}
		report, err := engine.Evaluate(t.Context(), opts)
		if err != nil {
			rt.Fatal(err)
		}
		fix, _, err := engine.Align(report, req, alignDay)
		if err != nil || len(fix.Actions) == 0 {
			if err != nil {
				rt.Fatal(err)
			}
			return
		}
		for _, action := range fix.Actions {
			text := report.Snapshot.Documents[action.File].Text
			for _, edit := range action.Edits {
				at := drift.Place{File: action.File, Span: edit.Span}
				isPin := slices.ContainsFunc(report.Snapshot.Pins, func(pin drift.Pin) bool { return pin.Place == at })
				isDigest := edit.New == "" && strings.HasPrefix(string(text[at.Span.Start:at.Span.End]), "@sha256:") && at.Span.End-at.Span.Start == len(sha)
				if !isPin && !isDigest && at.File != filepath.Join(opts.Root, "godrift.toml") {
					rt.Fatalf("%s: neither a version nor a digest is replaced: %q", at.File, text[at.Span.Start:at.Span.End])
				}
			}
		}
		if _, err := mender.Apply(t.Context(), opts.World, report, fix, engine.Hands{}); err != nil {
			rt.Fatal(err)
		}
		changed := 0
		for name := range maps.Keys(files) {
			if read(t, opts, name) != files[name] {
				changed++
			}
		}
		if changed != len(fix.Actions) {
			rt.Fatalf("%d files changed, want %d", changed, len(fix.Actions))
		}
		aligned, err := engine.Evaluate(t.Context(), opts)
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := len(aligned.Snapshot.Pins), len(report.Snapshot.Pins); got != want {
			rt.Fatalf("%d pins are read afterwards, want %d", got, want)
		}
		if again, _, err := engine.Align(aligned, req, alignDay); err != nil || len(again.Actions) > 0 {
			rt.Fatalf("aligned twice: %+v, %v", again.Actions, err)
		}
		if _, err := mender.Undo(t.Context(), opts.World, report, 0, engine.Hands{}); err != nil {
			rt.Fatal(err)
		}
		for name, before := range files {
			if got := read(t, opts, name); got != before {
				rt.Fatalf("%s undone: %q, want %q", name, got, before)
			}
		}
	})
}

// TestAlignModules checks that every module has its own target, and that a
// module which needs more than what is agreed upon above it is not lowered.
func TestAlignModules(t *testing.T) {
	opts := workspace(t, map[string]string{
		"go.mod": "module m\n\ngo 1.25.0\n", ".go-version": "1.25.3\n", "Dockerfile": "FROM golang:1.24.1\n",
		"svc/go.mod": "module s\n\ngo 1.26.0\n", "svc/Dockerfile": "FROM golang:1.26.1\n", "svc/Makefile": "GO_VERSION := 1.26.0\n",
		"vendor/x/Dockerfile": "FROM golang:1.13.1\n",
	})
	check := func(what string, want map[string]string) {
		t.Helper()
		for name, text := range want {
			if got := read(t, opts, name); got != text {
				t.Errorf("%s: %s is %q, want %q", what, name, got, text)
			}
		}
	}
	alignThere(t, opts, engine.AlignRequest{})
	check("agreed", map[string]string{
		".go-version": "1.25.3\n", "Dockerfile": "FROM golang:1.25.3\n", "svc/Dockerfile": "FROM golang:1.26.1\n",
		"svc/Makefile": "GO_VERSION := 1.26.1\n", "vendor/x/Dockerfile": "FROM golang:1.13.1\n", "go.mod": "module m\n\ngo 1.25.0\n",
	})
	alignThere(t, opts, engine.AlignRequest{Target: "floor", Paths: []string{filepath.Join(opts.Root, "svc")}})
	check("floor of one folder", map[string]string{
		".go-version": "1.25.3\n", "svc/Dockerfile": "FROM golang:1.26.0\n", "svc/Makefile": "GO_VERSION := 1.26.0\n",
	})
	alignThere(t, opts, engine.AlignRequest{Target: "1.25.1", Roles: []drift.Role{drift.RoleShip}})
	check("a version below one floor", map[string]string{
		".go-version": "1.25.3\n", "Dockerfile": "FROM golang:1.25.1\n", "svc/Dockerfile": "FROM golang:1.26.0\n",
	})
}

// TestAlignWorkingDirectory checks that a workflow's pin is aligned to the module
// of the folder that its job works in.
func TestAlignWorkingDirectory(t *testing.T) {
	job := func(name, dir, v string) string {
		return "  " + name + ":\n    defaults:\n      run:\n        working-directory: " + dir + "\n    steps:\n      - uses: actions/setup-go@v6\n        with:\n          go-version: " + v + "\n"
	}
	opts := workspace(t, map[string]string{
		"go.mod": "module m\n\ngo 1.25.1\n", "sub/go.mod": "module m/sub\n\ngo 1.26.2\n",
		".github/workflows/w.yml": "jobs:\n" + job("root", ".", "1.25.7") + job("sub", "sub", "1.26.7"),
	})
	alignThere(t, opts, engine.AlignRequest{Target: "floor"})
	if got, want := read(t, opts, ".github/workflows/w.yml"), "jobs:\n"+job("root", ".", "1.25.1")+job("sub", "sub", "1.26.2"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestRaisedWithoutDigest checks that the fix of a finding drops the digest of
// the image that follows the argument it raises.
func TestRaisedWithoutDigest(t *testing.T) {
	opts := workspace(t, map[string]string{
		"go.mod":     "module m\n\ngo 1.26.0\n",
		"Dockerfile": "ARG GO_VERSION=1.25.3\nFROM golang:${GO_VERSION}-alpine" + sha + "\n",
		"app.yaml":   "runtime: go124\n",
	})
	report, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	for _, f := range report.Findings {
		if f.Code != "pin-below-floor" {
			continue
		}
		if !strings.Contains(f.Fixes[0].Note, "digest is dropped") {
			t.Errorf("the fix says %q", f.Fixes[0].Note)
		}
		if _, err := mender.Apply(t.Context(), opts.World, report, f.Fixes[0], engine.Hands{}); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := read(t, opts, "Dockerfile"), "ARG GO_VERSION=1.26.0\nFROM golang:${GO_VERSION}-alpine\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := read(t, opts, "app.yaml"), "runtime: go126\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func alignThere(t *testing.T, opts engine.Options, req engine.AlignRequest) []engine.AlignNote {
	t.Helper()
	report, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	fix, notes, err := engine.Align(report, req, alignDay)
	if err != nil {
		t.Fatal(err)
	}
	if len(fix.Actions) == 0 {
		return notes
	}
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	if _, err := mender.Apply(t.Context(), opts.World, report, fix, engine.Hands{}); err != nil {
		t.Fatal(err)
	}
	return notes
}

func undoThere(t *testing.T, opts engine.Options) {
	t.Helper()
	report, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	if _, err := mender.Undo(t.Context(), opts.World, report, 0, engine.Hands{}); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, opts engine.Options, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(opts.Root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
