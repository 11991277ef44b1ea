// Package knowntools is what this godrift knows about tools for Go: what their
// programs are called, where they come from, and which Go their releases work
// with. The data is compiled in and dated; nothing is looked up on a network.
//
// A tool stops at another Go than its own for one of three reasons: it
// type-checks with the go/types of the Go that built it, it reads export data
// with the golang.org/x/tools inside it, or it refuses by itself, as Delve does.
package knowntools

import (
	"go/version"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// Tool is one program.
type Tool struct {
	// Name is what the program is called and Package its import path today;
	// Formerly are import paths that it had before.
	Name     string
	Package  string
	Formerly []string
	// Editor says that editors use it in every Go workspace.
	Editor bool
	// Types says that it type-checks the source of a workspace, so that the Go
	// it was built with has to know the language of every module there.
	Types bool
	// Export says that it reads the export data which the go command writes.
	Export bool
	// Releases are some of its releases, newest first.
	Releases []Release
}

// Release is one release of a tool.
type Release struct {
	Version string
	// Build is the least Go that builds it: the go line of its go.mod.
	Build string
	// Least and Most are the minors that it supports, where it looks at them
	// itself; empty for no limit.
	Least, Most string
}

// Of finds a tool by its import path, or if that is empty by its name.
func Of(name, pkg string) (Tool, bool) {
	i := slices.IndexFunc(All, func(t Tool) bool {
		if pkg == "" {
			return t.Name == name
		}
		return t.Package == pkg || slices.Contains(t.Formerly, pkg)
	})
	if i < 0 {
		return Tool{}, false
	}
	return All[i], true
}

// Names reports whether a program of that name is taken for a tool wherever it
// stands.
func Names(name string) bool {
	_, ok := Of(name, "")
	return ok
}

// PackageAt is the import path that a version of a tool has: the major of the
// module decides.
func (t Tool) PackageAt(v string) string {
	for _, p := range append([]string{t.Package}, t.Formerly...) {
		want := "v1"
		for _, part := range strings.Split(p, "/") {
			if len(part) > 1 && part[0] == 'v' && strings.Trim(part[1:], "0123456789") == "" {
				want = part
			}
		}
		if m := semver.Major(v); m == want || m == "v0" && want == "v1" {
			return p
		}
	}
	return ""
}

// At is what is known about a version: its own line or that of the nearest one
// below it in the same minor.
func (t Tool) At(v string) (Release, bool) {
	for _, r := range t.Releases {
		if semver.MajorMinor(r.Version) == semver.MajorMinor(v) && semver.Compare(r.Version, v) <= 0 {
			return r, true
		}
	}
	return Release{}, false
}

// Supports reports whether a release supports a Go.
func (r Release) Supports(goVersion string) bool {
	lang := version.Lang(goVersion)
	return (r.Least == "" || version.Compare(lang, r.Least) >= 0) && (r.Most == "" || version.Compare(lang, r.Most) <= 0)
}

// For is the newest known release that a Go can build and that supports it.
func (t Tool) For(goVersion string) (Release, bool) {
	for _, r := range t.Releases {
		if version.Compare(goVersion, r.Build) >= 0 && r.Supports(goVersion) {
			return r, true
		}
	}
	return Release{}, false
}

// LeastXTools is the oldest release of golang.org/x/tools that reads the export
// data of a Go; empty if every one does that is still about.
func LeastXTools(goVersion string) string {
	for _, e := range exports {
		if version.Compare(version.Lang(goVersion), e.since) >= 0 {
			return e.least
		}
	}
	return ""
}

// Builds reports whether a Go builds a release of golang.org/x/tools: up to
// v0.24.0 its internal/tokeninternal stops the compiler from Go 1.25 on
// ("invalid array length -delta * delta").
func Builds(xtools, goVersion string) bool {
	return !semver.IsValid(xtools) || semver.Compare(xtools, "v0.25.0-0") >= 0 || version.Compare(version.Lang(goVersion), "go1.25") < 0
}
