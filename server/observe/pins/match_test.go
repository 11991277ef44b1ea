package pins

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// firstOf is what Of comes to: the first format of the list that matches.
func firstOf(rel string) *Format {
	for i := range Formats {
		if Formats[i].Match(rel) {
			return &Formats[i]
		}
	}
	return nil
}

func checkOf(t *testing.T, rel string) {
	t.Helper()
	if got, want := Of(rel), firstOf(rel); got != want {
		name := func(f *Format) string {
			if f == nil {
				return "no format"
			}
			return f.Name
		}
		t.Errorf("%q: got %s, the list says %s: see extensions", rel, name(got), name(want))
	}
}

// The short way to a format and the list agree on names made of everything that
// any format looks at.
func TestOfIsFirstOfList(t *testing.T) {
	dirs := []string{
		"", "a/", ".github/workflows/", ".gitea/workflows/", "x/.github/workflows/", ".gitlab/", "x/.gitlab-ci/", ".circleci/", ".azure/", ".pipelines/",
		".buildkite/", ".woodpecker/", ".drone/", ".cloudbuild/", ".config/mise/", "mise/conf.d/", ".mise/", ".devcontainer/", "Dockerfile/", "a.b/",
		".semaphore/", "conda/", "ansible/", "roles/x/vars/", "playbooks/", "group_vars/", "docs/", ".taskfiles/", "snap/", ".config/", ".tekton/",
	}
	stems := []string{
		"", ".", "go", ".go", "go-version", ".go-version", "tool-versions", ".tool-versions", "mise", ".mise", "rtx", "mise.local", "config", "action", "gitlab-ci",
		".gitlab-ci", "x.gitlab-ci", "azure-pipelines", ".travis", "Jenkinsfile", "x.jenkinsfile", "appveyor", ".appveyor", ".drone", ".woodpecker",
		".cirrus", "bitbucket-pipelines", ".pre-commit-config", ".pre-commit-hooks", "prek", ".golangci", ".golangci-lint", "app", "x.app", "Dockerfile", "dockerfile",
		"Containerfile", "my-Dockerfile", "x_containerfile", "Dockerfile-x", "Dockerfile.x", "compose", "docker-compose", "a.compose", "compose-dev", ".env", "env",
		"devcontainer", ".devcontainer", "x.devcontainer", "devbox", "flake", "docker-bake", "bake", "cloudbuild", "x-cloudbuild", "Earthfile", "goreleaser", ".goreleaser",
		".ko", "ko", "WORKSPACE", "MODULE", "Makefile", "makefile", "GNUmakefile", "justfile", ".justfile", "script", ".envrc", "tools", "netlify", "wrangler", "project",
		".gitpod", ".gvmrc", "README", "readme", "README_de", "README.de", "CONTRIBUTING", "Install", "pod", ".prototools", "fly", "pixi", "Brewfile", "renovate",
		".renovaterc", "environment", "meta", "snapcraft", ".promu", "Taskfile", "taskfile", "buildspec", ".readthedocs", "semaphore", "playbook", "main",
	}
	ends := []string{
		"", ".", ".yml", ".yaml", ".toml", ".json", ".json5", ".jsonc", ".lock", ".mod", ".work", ".hcl", ".nix", ".bzl", ".bazel", ".bzlmod", ".mk", ".mak", ".sh", ".bash", ".md", ".markdown",
		".mkd", ".mdx", ".rst", ".adoc", ".txt", ".org", ".env", ".local", ".go", ".jenkinsfile", ".Jenkinsfile", ".Dockerfile", ".dockerfile", ".Containerfile", ".YML", ".Md",
		".am", ".png", ".dist", ".example", ".MODULE.bazel",
	}
	n := 0
	for _, dir := range dirs {
		for _, stem := range stems {
			for _, end := range ends {
				if rel := dir + stem + end; rel != "" {
					checkOf(t, rel)
					n++
				}
			}
		}
	}
	t.Logf("%d names", n)
}

// The same for names of which nobody thought.
func TestOfIsFirstOfListAtRandom(t *testing.T) {
	pieces := strings.Split(".|.|/|-|_|go|mod|work|version|yml|yaml|toml|json|md|sh|Dockerfile|docker|compose|bake|env|Makefile|README|mise|x|github|workflows|WORKSPACE|bazel|Jenkinsfile|nix|mk|app|tool|txt|ci", "|")
	r := rand.New(rand.NewPCG(1, 2))
	for range 50_000 {
		var name strings.Builder
		for range 1 + r.IntN(7) {
			name.WriteString(pieces[r.IntN(len(pieces))])
		}
		if rel := strings.Trim(name.String(), "/"); rel != "" {
			checkOf(t, rel)
		}
	}
}

// Files that pin nothing are most of a repository.
func BenchmarkOf(b *testing.B) {
	names := []string{
		"pkg/logql/syntax/ast.y", "docs/sources/operations/storage/schema/_index.html", "production/ksonnet/loki/boltdb_shipper.libsonnet",
		"pkg/ui/frontend/src/components/ui/button.tsx", "LICENSE", "a/b/c/image.png", "tools/x.jsonnet", "cmd/x/testfile.golden",
		"docs/sources/reference/api.md", "production/helm/loki/values.yaml",
	}
	b.ReportAllocs()
	for b.Loop() {
		for _, name := range names {
			Of(name)
		}
	}
}
