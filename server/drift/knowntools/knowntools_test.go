package knowntools

import (
	"go/version"
	"testing"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// TestList holds the table to what the functions take for granted.
func TestList(t *testing.T) {
	names := map[string]bool{}
	for _, tool := range All {
		if names[tool.Name] {
			t.Errorf("%s is listed twice", tool.Name)
		}
		names[tool.Name] = true
		for _, p := range append([]string{tool.Package}, tool.Formerly...) {
			if err := module.CheckImportPath(p); err != nil {
				t.Error(err)
			}
			if got, ok := Of("", p); !ok || got.Name != tool.Name {
				t.Errorf("%s is not found by %s", tool.Name, p)
			}
		}
		for i, r := range tool.Releases {
			if semver.Canonical(r.Version) != r.Version || i > 0 && semver.Compare(r.Version, tool.Releases[i-1].Version) >= 0 {
				t.Errorf("%s: %s is no version or not in order", tool.Name, r.Version)
			}
			for _, v := range []string{r.Build, r.Least, r.Most} {
				if v != "" && !version.IsValid(v) {
					t.Errorf("%s %s: %q is no Go version", tool.Name, r.Version, v)
				}
			}
			if r.Build == "" || tool.PackageAt(r.Version) == "" {
				t.Errorf("%s %s: nothing says what builds it, or where it is", tool.Name, r.Version)
			}
		}
	}
}

func TestQuestions(t *testing.T) {
	dlv, _ := Of("dlv", "")
	lint, _ := Of("golangci-lint", "")
	if r, ok := dlv.At("v1.25.9"); !ok || r.Most != "go1.25" {
		t.Errorf("dlv v1.25.9 is taken for %+v", r)
	}
	if r, ok := dlv.At("v1.9.1"); ok {
		t.Errorf("something is known about dlv v1.9.1: %+v", r)
	}
	if r, ok := dlv.For("go1.23.4"); !ok || r.Version != "v1.25.2" {
		t.Errorf("for go1.23.4 dlv is %+v", r)
	}
	if r, ok := dlv.For("go1.15.2"); ok {
		t.Errorf("for go1.15.2 dlv is %+v", r)
	}
	if p, q := lint.PackageAt("v1.64.8"), lint.PackageAt("v2.5.0"); p != "github.com/golangci/golangci-lint/cmd/golangci-lint" || q != lint.Package {
		t.Errorf("golangci-lint is at %s and %s", p, q)
	}
	if LeastXTools("go1.23.12") != "" || LeastXTools("go1.24.0") != "v0.25.0" || LeastXTools("go1.26.8") != "v0.25.0" {
		t.Error("the limit of golang.org/x/tools is at another Go")
	}
	if Builds("v0.24.0", "go1.25.0") || !Builds("v0.24.0", "go1.24.9") || !Builds("v0.25.0", "go1.26.8") || !Builds("", "go1.26.8") {
		t.Error("Go 1.25 and later do not build golang.org/x/tools up to v0.24.0, and all else is built")
	}
}
