package pins

import (
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// resolved reads files of one repository and completes the pins of one of them.
func resolved(t *testing.T, of string, files map[string]string) string {
	t.Helper()
	root := filepath.FromSlash("/w")
	all := map[string][]drift.Pin{}
	docs := map[string]drift.Document{}
	for name, content := range files {
		file := filepath.Join(root, filepath.FromSlash(name))
		docs[name] = document(file, []byte(content))
		all[file], _ = Of(name).Parse(docs[name])
	}
	pins := all[docs[of].File]
	before := describe(docs[of], pins, nil)
	got := Of(of).Resolve(pins, all)
	sound(t, docs[of], got, nil)
	if after := describe(docs[of], pins, nil); after != before {
		t.Errorf("the pins were changed:\n%s", after)
	}
	return describe(docs[of], got, nil)
}

func TestResolve(t *testing.T) {
	const plain = "ARG GO_VERSION\nFROM golang:${GO_VERSION}-alpine\n"
	for _, c := range []struct {
		name, of string
		files    map[string]string
		want     string
	}{
		{"compose to Dockerfile", "Dockerfile", map[string]string{
			"Dockerfile":  plain,
			"compose.yml": "services: {a: {build: {context: ., args: {GO_VERSION: 1.26.1}}}}",
		}, `2:13-26 dockerfile:from ship "${GO_VERSION}" var 1.26.1 [from: compose.yml] [name: GO_VERSION] [variant: alpine]`},
		{"compose to a Dockerfile elsewhere", "a/b/x.Dockerfile", map[string]string{
			"a/b/x.Dockerfile":      plain,
			"Dockerfile":            plain,
			"up/compose.yml":        "services: {a: {build: {context: ../a, dockerfile: b/x.Dockerfile, args: [GO_VERSION=1.26.1]}}}",
			"up/docker-compose.yml": "services: {a: {build: {args: [GO_VERSION=1.25.1]}}}",
		}, `2:13-26 dockerfile:from ship "${GO_VERSION}" var 1.26.1 [from: ../../up/compose.yml] [name: GO_VERSION] [variant: alpine]`},
		{"several that agree", "Dockerfile", map[string]string{
			"Dockerfile":    plain,
			"compose.yml":   "services: {a: {build: {args: {GO_VERSION: 1.26.1}}}, b: {build: {args: [GO_VERSION=1.26.1]}}}",
			"compose.a.yml": "services: {a: {build: {args: {GO_VERSION: 1.26.1}}}}",
		}, `2:13-26 dockerfile:from ship "${GO_VERSION}" var 1.26.1 [from: compose.yml] [name: GO_VERSION] [variant: alpine]`},
		{"several that do not", "Dockerfile", map[string]string{
			"Dockerfile":  plain,
			"compose.yml": "services: {a: {build: {args: {GO_VERSION: 1.26.1}}}, b: {build: {args: [GO_VERSION=1.25.1]}}}",
		}, `2:13-26 dockerfile:from ship "${GO_VERSION}" unresolved [name: GO_VERSION] [variant: alpine]`},
		{".env to compose to Dockerfile", "Dockerfile", map[string]string{
			"Dockerfile":  plain,
			"compose.yml": "services: {a: {build: {args: {GO_VERSION: \"${GOLANG_VERSION}\"}}}}",
			".env":        "GOLANG_VERSION=1.26.1",
		}, `2:13-26 dockerfile:from ship "${GO_VERSION}" var 1.26.1 [from: compose.yml] [name: GO_VERSION] [variant: alpine]`},
		{".env to compose", "compose.yml", map[string]string{
			"compose.yml": "services: {a: {image: \"golang:${GO_VERSION:-1.22}\"}, b: {image: \"golang:${GO_VERSION}\"}, c: {image: \"golang:${OTHER}\"}}",
			".env":        "GO_VERSION=1.26.1-alpine",
		}, `1:31-50 compose:image build "${GO_VERSION:-1.22}" var 1.26.1 [from: .env] [name: GO_VERSION] [variant: alpine]
1:73-86 compose:image build "${GO_VERSION}" var 1.26.1 [from: .env] [name: GO_VERSION] [variant: alpine]
1:109-117 compose:image build "${OTHER}" unresolved [name: OTHER]`},
		{"an image for the whole", "Dockerfile", map[string]string{
			"Dockerfile":  "ARG GO_IMAGE\nFROM ${GO_IMAGE}\n",
			"compose.yml": "services: {a: {build: {args: {GO_IMAGE: \"golang:1.26-alpine\"}}}}",
		}, `2:6-17 dockerfile:from ship "${GO_IMAGE}" var 1.26 [from: compose.yml] [name: GO_IMAGE] [variant: alpine]`},
		{"defaults stay", "Dockerfile", map[string]string{
			"Dockerfile":  "ARG GO_VERSION=1.25.1\nFROM golang:$GO_VERSION\n",
			"compose.yml": "services: {a: {build: {args: {GO_VERSION: 1.26.1}}}}",
		}, `1:16-22 dockerfile:arg ship "1.25.1" exact 1.25.1 [name: GO_VERSION]
2:13-24 dockerfile:from ship "$GO_VERSION" var 1.25.1 [fromLine: 1] [name: GO_VERSION]`},
		{"nothing to resolve", "Dockerfile", map[string]string{"Dockerfile": ""}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.TrimSuffix(resolved(t, c.of, c.files), "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestContainerNames(t *testing.T) {
	for rel, want := range map[string]string{
		"compose.yaml": "compose", "docker-compose.yml": "compose", "a/docker-compose.dev.yaml": "compose", "docker-compose-test.yml": "compose",
		"compose.override.yml": "compose", "x.docker-compose.yml": "compose", "podman-compose.yaml": "compose", "decompose.yml": "", "composer.yml": "",
		"compose.json": "", ".env": ".env", ".env.local": ".env", "a/versions.env": ".env", ".env.ts": "", ".envrc": "", "env": "",
	} {
		got := ""
		if f := Of(rel); f != nil {
			got = f.Name
		}
		if (got == "compose" || got == ".env" || want != "") && got != want {
			t.Errorf("Of(%q) = %q, want %q", rel, got, want)
		}
	}
}

func FuzzCompose(f *testing.F)      { fuzz(f, "compose.yaml") }
func FuzzDevcontainer(f *testing.F) { fuzz(f, "devcontainer.json") }
func FuzzDevbox(f *testing.F)       { fuzz(f, "devbox.json") }
func FuzzNix(f *testing.F)          { fuzz(f, "flake.nix") }
func FuzzBake(f *testing.F)         { fuzz(f, "docker-bake.hcl") }
func FuzzBakeJSON(f *testing.F)     { fuzz(f, "docker-bake.json") }
func FuzzCloudBuild(f *testing.F)   { fuzz(f, "cloudbuild.yaml") }
func FuzzEarthfile(f *testing.F)    { fuzz(f, "Earthfile") }
func FuzzGoreleaser(f *testing.F)   { fuzz(f, ".goreleaser.yaml") }
func FuzzKubernetes(f *testing.F)   { fuzz(f, "prow.yaml") }
func FuzzDotenv(f *testing.F)       { fuzz(f, ".env") }
