package pins

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

func FuzzWorkflow(f *testing.F)  { fuzzCI(f, "GitHub workflow", "workflow", "workflow-broken") }
func FuzzGitLab(f *testing.F)    { fuzzCI(f, "GitLab CI", "ci-gitlab") }
func FuzzCircleCI(f *testing.F)  { fuzzCI(f, "CircleCI", "ci-circleci") }
func FuzzAzure(f *testing.F)     { fuzzCI(f, "Azure pipeline", "ci-azure") }
func FuzzTravis(f *testing.F)    { fuzzCI(f, "Travis CI", "ci-travis") }
func FuzzJenkins(f *testing.F)   { fuzzCI(f, "Jenkinsfile", "ci-others") }
func FuzzAppVeyor(f *testing.F)  { fuzzCI(f, "AppVeyor", "ci-others") }
func FuzzDrone(f *testing.F)     { fuzzCI(f, "Drone CI", "ci-others") }
func FuzzBuildkite(f *testing.F) { fuzzCI(f, "Buildkite", "ci-others") }
func FuzzCirrus(f *testing.F)    { fuzzCI(f, "Cirrus CI", "ci-others") }
func FuzzBitbucket(f *testing.F) { fuzzCI(f, "Bitbucket", "ci-others") }
func FuzzPreCommit(f *testing.F) { fuzzCI(f, "pre-commit", "tool-config") }
func FuzzGolangci(f *testing.F)  { fuzzCI(f, "golangci-lint", "tool-config") }
func FuzzAppEngine(f *testing.F) { fuzzCI(f, "App Engine", "tool-config") }

// ciNames are the formats that these tests are about; a file of none of them may
// still be of another one.
var ciNames = map[string]bool{
	"GitHub workflow": true, "GitLab CI": true, "CircleCI": true, "Azure pipeline": true, "Travis CI": true, "Jenkinsfile": true,
	"AppVeyor": true, "Drone CI": true, "Buildkite": true, "Cirrus CI": true, "Bitbucket": true, "pre-commit": true,
	"golangci-lint": true, "App Engine": true,
}

// TestCIMatch holds which files belong to which CI system.
func TestCIMatch(t *testing.T) {
	for rel, want := range map[string]string{
		".gitlab-ci.yml": "GitLab CI", "ci/build.gitlab-ci.yml": "GitLab CI", ".gitlab/ci/build.yml": "GitLab CI", "gitlab/x.yml": "",
		".circleci/config.yml": "CircleCI", "a/.circleci/continue.yaml": "CircleCI", "circleci/config.yml": "",
		"azure-pipelines.yml": "Azure pipeline", "ci/azure/build.yaml": "Azure pipeline", "deploy/azure/pod.yaml": "", ".pipelines/x.yml": "Azure pipeline",
		".travis.yml": "Travis CI", "travis.yml": "",
		"Jenkinsfile": "Jenkinsfile", "ci/Jenkinsfile.release": "Jenkinsfile", "build.jenkinsfile": "Jenkinsfile", "MyJenkinsfile": "",
		"appveyor.yml": "AppVeyor", ".appveyor.yml": "AppVeyor",
		".drone.yml": "Drone CI", ".woodpecker.yaml": "Drone CI", ".woodpecker/a.yml": "Drone CI", "woodpecker/a.yml": "",
		".buildkite/pipeline.yml": "Buildkite", ".cirrus.yml": "Cirrus CI", "bitbucket-pipelines.yml": "Bitbucket",
		".pre-commit-config.yaml": "pre-commit", ".golangci.yml": "golangci-lint", ".golangci-kal.yaml": "golangci-lint",
		"x/.golangci.toml": "golangci-lint", ".golangci.json": "golangci-lint", ".golangci-lint-version": "", "golangci.yml": "",
		"app.yaml": "App Engine", "x/app.flex.yaml": "App Engine", "application.yaml": "",
	} {
		got := ""
		if f := Of(rel); f != nil && ciNames[f.Name] {
			got = f.Name
		}
		if got != want {
			t.Errorf("Of(%q) = %q, want %q", rel, got, want)
		}
	}
}

// TestCIMatchCost holds that asking for a path costs no memory: it is done for
// every file of a repository.
func TestCIMatchCost(t *testing.T) {
	paths := []string{".github/workflows/ci.yml", "a/b/c/d.yaml", "vendor/x/y/action.yml", "cmd/main.go", ".gitlab-ci.yml"}
	for i := range Formats {
		match := Formats[i].Match
		if n := testing.AllocsPerRun(10, func() {
			for _, p := range paths {
				match(p)
			}
		}); n > 0 {
			t.Errorf("%s: %v allocations", Formats[i].Name, n)
		}
	}
}

// TestCIHostile holds inputs that are made to cost much, in every format.
func TestCIHostile(t *testing.T) {
	var bomb strings.Builder
	bomb.WriteString("go-version: &a0 [1.22, golang:1.22]\n")
	for i := 1; i < 20; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d {image: *a%d, env: *a%d, steps: [*a%d, *a%d], matrix: *a%d, strategy: *a%d, jobs: *a%d}\n", i, i, i-1, i-1, i-1, i-1, i-1, i-1, i-1)
	}
	bomb.WriteString("jobs: *a19\nsteps: *a19\nparameters: *a19\nworkflows: *a19\n")
	texts := map[string]string{
		"bomb":        bomb.String(),
		"expressions": "jobs: {a: {steps: [{uses: actions/setup-go@v6, with: {go-version: \"" + strings.Repeat("${{ matrix.go || ", 20_000) + "\"}}]}} # golang",
		"opened":      "image: golang:" + strings.Repeat("${", 50_000) + strings.Repeat("$[[", 50_000),
		"variables":   "variables: {GO_VERSION: $GO_VERSION, A: $GO_VERSION$GO_VERSION}\nenv: {GO_VERSION: \"${{ env.GO_VERSION }}\"}\nimage: golang:$A",
		"extends":     "a: {extends: b, image: golang:1.22}\nb: {extends: a}\n",
		"quotes":      "golang tool " + strings.Repeat("'''\"\"\"", 30_000),
		"comments":    "golang " + strings.Repeat("/* ", 50_000),
		"matrix":      "jobs: {a: {strategy: {matrix: {go: [" + strings.Repeat("1.22, ", 30_000) + "]}}, steps: [" + strings.Repeat("{uses: actions/setup-go@v6, with: {go-version: \"${{ matrix.go }}\"}}, ", 1000) + "]}}",
	}
	for _, rel := range []string{
		".github/workflows/x.yml", ".gitlab-ci.yml", ".circleci/config.yml", "azure-pipelines.yml", ".travis.yml", "Jenkinsfile", "appveyor.yml",
		".drone.yml", ".buildkite/x.yml", ".cirrus.yml", "bitbucket-pipelines.yml", ".pre-commit-config.yaml", ".golangci.yml", ".golangci.toml", "app.yaml",
	} {
		for name, text := range texts {
			doc := document(rel, []byte(text))
			start := startClock()
			pins, problems := Of(rel).Parse(doc)
			sound(t, doc, pins, problems)
			if took := start.stop(); took > 10*time.Second {
				t.Errorf("%s, %s: %v", rel, name, took)
			} else if took > 200*time.Millisecond {
				t.Logf("%s, %s: %v", rel, name, took)
			}
		}
	}
}

// In the flexible environment runtime_version says which Go, and the runtime
// beside it is a name that must stay what it is.
func TestAppEngineFlexible(t *testing.T) {
	for text, want := range map[string][]string{
		"runtime: go1.11\nenv: flex\nruntime_config:\n  runtime_version: \"1.24\"\n": {"1.24"},
		"runtime: go1.11\nenv: flex\n": {"go1.11"},
		"runtime: go124\n":             {"go124"},
	} {
		pins, _ := ParseAppEngine(drift.Document{File: "/w/app.yaml", Text: []byte(text)})
		var got []string
		for _, p := range pins {
			got = append(got, p.Raw)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// A chain of variables, each of which a task reads, costs no more per task the
// longer it is.
func TestChainedVariablesAreLinear(t *testing.T) {
	const n = 10_000
	var text strings.Builder
	text.WriteString("variables:\n  v0: \"1.25.3\"\n")
	for i := 1; i < n; i++ {
		fmt.Fprintf(&text, "  v%d: $(v%d)\n", i, i-1)
	}
	text.WriteString("steps:\n")
	for i := range n {
		fmt.Fprintf(&text, "- task: GoTool@0\n  inputs:\n    version: $(v%d)\n", i)
	}
	doc := document("azure-pipelines.yml", []byte(text.String()))
	start := startClock()
	list, problems := Of(doc.File).Parse(doc)
	if took := start.stop(); took > 3*time.Second {
		t.Errorf("%d variables took %v", n, took)
	}
	sound(t, doc, list, problems)
}
