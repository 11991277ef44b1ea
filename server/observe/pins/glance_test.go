package pins

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

func TestHintsAtGo(t *testing.T) {
	for _, text := range []string{
		"image: golang", "image: golang:1.25", "golang@sha256:00", "x/golang-cross:1", "go1.25.1.linux-amd64.tar.gz", "cimg/go:1.25", "go-version: 1", "goVersion: 1",
		"GO_VERSION", "MY_GO_VERSION", "GOTOOLCHAIN", "GoVersion", "techknowlogick/xgo:go-1.25", "crazymax/goxx", "goreleaser-cross", "runtime: go125", "- go", "- go\n", "go 1.25",
		"gover: 1", "go_version: 1", "actions/setup-go@v5", "openshift/release:golang-1.22", "go.version", "GOLANG_IMAGE", "golang_version",
		"k8s.gcr.io/build-image/kube-cross:v1.30.0-go1.22.3-bullseye.0",
	} {
		if !hintsAtGo([]byte(text)) {
			t.Errorf("%q: it may be about a version of Go", text)
		}
	}
	for _, text := range []string{
		"", "g", "G", "Go", "google", "cargo: 1", "category", "https://golang.org/pkg/time", "good to go.", "go to", "Go is", "golang/x/crypto", "github.com/x/y.go",
		"k8s.gcr.io/x", "CATEGORY", "going", "mango", "docs/go.md", "goroutine", "golangci", "governs", "USGovernment",
		"openapi: 3.1.0\nexample: go1.25.1", "# of moby\nswagger: '2.0'\nimage: golang",
	} {
		if hintsAtGo([]byte(text)) {
			t.Errorf("%q: nothing in it is about a version of Go", text)
		}
	}
}

// What the first look takes for a text without Go has no pins.
func TestHintsAtGoMissesNoPin(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no test data", err)
	}
	n := 0
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range a.Files {
			for line := range strings.Lines(string(file.Data)) {
				checkHintsAtGo(t, []byte(line))
				n++
			}
			checkHintsAtGo(t, file.Data)
		}
	}
	if n < 1000 {
		t.Errorf("only %d lines were looked at", n)
	}
}

func checkHintsAtGo(t *testing.T, text []byte) {
	t.Helper()
	if !hintsAtGo(text) {
		if pins := readKubernetes(document("/w/pod.yaml", text)); len(pins) > 0 {
			t.Errorf("hintsAtGo says no to a text with the pin %s %q:\n%.300s", pins[0].Source, pins[0].Raw, text)
		}
	}
}

func FuzzHintsAtGo(f *testing.F) {
	for _, seed := range []string{
		"image: golang:1.25", "a: {image: {repository: golang, tag: '1.25'}}", "env: [{name: GO_VERSION, value: 1.25}]", "image: \"x/xgo:go-1.25\"",
		"params: [{name: go.release, default: '1.25'}]\nimage: a/golang:$(params.go.release)", "env: [{name: goTag, value: 1.25}]", "env: [{name: RELEASE_OF_GO, value: 1.25}]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) { checkHintsAtGo(t, text) })
}

func BenchmarkHintsAtGo(b *testing.B) {
	text := []byte(strings.Repeat("    description: Category of the good that is going to the target; see https://golang.org/pkg and Google.\n", 3000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if hintsAtGo(text) {
			b.Fatal("there is no Go in it")
		}
	}
}
