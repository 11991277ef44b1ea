package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
)

// tool-version-drift reports a tool that is installed in another version than
// the one that a file of the workspace pins.
//
// # Why it matters
//
// Two versions of a linter find different things, and two versions of a
// generator write different code: what passes for you fails in CI, or a
// generated file changes with whoever ran the generator last.
//
// Read are the tool lines of go.mod, .tool-versions, mise.toml, the revisions in
// .pre-commit-config.yaml, the version of golangci-lint-action in workflows, and
// go install lines in makefiles. A tool that is pinned and not installed is no
// drift.
//
// # Example
//
// A workflow runs golangci-lint v2.5.0:
//
//	.github/workflows/lint.yml:12 pins golangci-lint v2.5.0, and the one in /home/me/go/bin is v2.1.6.
//
// # How to fix it
//
// Install the pinned version; godrift builds it with the Go that runs here. Or,
// if the newer one is what you want, write it into the pin.
//
// # How to silence it
//
// Accept it in godrift.toml.
var toolVersionDrift = Rule{
	Code: "tool-version-drift", Title: "A tool is installed in another version than the pinned one",
	Group: GroupTools, Severity: drift.SeverityInfo,
	Check: checkToolVersionDrift,
}

func checkToolVersionDrift(in Input) []Found {
	running := in.runs()
	var found []Found
	for _, p := range in.Snapshot.ToolPins {
		if p.Version == "" {
			continue
		}
		for _, t := range in.started() {
			if t.State != drift.ToolRead || !sameTool(p, t) || !semver.IsValid(t.Version) || pinHolds(p.Version, t.Version) {
				continue
			}
			verb := "pins"
			if p.Source == "go.mod:tool" {
				verb = "has go tool run"
			}
			f := toolFound(t, p.Place, fmt.Sprintf("%s %s %s %s, and the one in %s is %s.", in.at(p.Place), verb, t.Name, p.Version, filepath.Dir(t.Path), t.Version))
			if k, _ := in.known(t); p.Version == semver.Canonical(p.Version) && running != "" {
				f.Fixes = in.rebuild(t, k, running, p.Version)
			}
			found = append(found, Found{Finding: f, Cause: t.Path + "\x00" + p.Version, Brief: "pins " + p.Version + ", too"})
			break // the one that a shell starts says it
		}
	}
	return found
}

// pinHolds reports whether a version is what a pin asks for, which may leave out
// its last parts.
func pinHolds(pin, have string) bool {
	have, _, _ = strings.Cut(have, "+")
	pin, _, _ = strings.Cut(pin, "+")
	return have == pin || strings.Count(pin, ".") < 2 && strings.HasPrefix(have, pin+".")
}
