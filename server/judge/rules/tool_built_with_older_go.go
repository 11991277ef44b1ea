package rules

import (
	"fmt"
	"go/version"

	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/knowntools"
)

// tool-built-with-older-go reports a tool that cannot work on the code here,
// because it was built with an older Go, or with an older golang.org/x/tools,
// than this code needs.
//
// # Why it matters
//
// A tool that type-checks uses the type checker of the Go that built it. At a
// module whose go line names a newer language version it stops, or reports
// mistakes in correct code. A tool that reads export data uses the
// golang.org/x/tools inside it, which cannot read what a newer go command
// writes. Both go away when the tool is built anew; the tool's own version may
// stay the same.
//
// Of gopls, which every editor uses, and of tools that a file of the workspace
// speaks of it is a warning; of the other tools that godrift knows it is a hint,
// for whoever starts them here. What built them stands in the programs
// themselves: none is started.
//
// # Example
//
// go.mod says go 1.25.0, and golangci-lint was installed a while ago:
//
//	golangci-lint v1.64.8 in /home/me/go/bin was built with go1.24.9, and go.mod:3 asks for go1.25. It stops with "can't load config: the Go language version (go1.24) used to build golangci-lint is lower than the targeted Go version (1.25.0)", or finds mistakes in correct code.
//
// # How to fix it
//
// Build the tool anew with the Go that runs here. godrift does it with exactly
// that Go, in the version that is pinned here or else the one that is
// installed; the old program is kept, and undo brings it back.
//
// # How to silence it
//
// Accept it in godrift.toml.
var toolBuiltWithOlderGo = Rule{
	Code: "tool-built-with-older-go", Title: "A tool was built with an older Go than the code needs",
	Group: GroupTools, Severity: drift.SeverityWarning,
	Check: checkToolBuiltWithOlderGo,
}

func checkToolBuiltWithOlderGo(in Input) []Found {
	running := in.runs()
	var found []Found
	for _, t := range in.started() {
		k, ok := in.known(t)
		if built := release(t.GoVersion); !ok || !k.Types || built == "" {
			continue
		}
		fixes := in.rebuild(t, k, running, "")
		behind := false
		for _, s := range in.spots() {
			lang := version.Lang(s.floor())
			if version.Compare(version.Lang(release(t.GoVersion)), lang) >= 0 {
				continue
			}
			behind = true
			f := toolFound(t, s.place(), fmt.Sprintf("%s was built with %s, and %s asks for %s. It stops with %q, or finds mistakes in correct code.",
				standing(t), t.GoVersion, in.at(s.place()), lang, saysOfLanguage(k, t, s)))
			f.Fixes, f.Severity = fixes, in.bad(t, k)
			found = append(found, Found{Finding: f, Cause: t.Path, Brief: fmt.Sprintf("asks for %s, too", lang)})
		}
		if behind || running == "" || !cannotRead(k, t.XTools, running) {
			continue
		}
		f := toolFound(t, in.mainPlace(), fmt.Sprintf("%s has golang.org/x/tools %s inside, which cannot read what %s writes; %s and later can. It stops with %q.",
			standing(t), t.XTools, running, knowntools.LeastXTools(running), saysOfExport(k)))
		f.Fixes, f.Severity = fixes, in.bad(t, k)
		found = append(found, Found{Finding: f, Cause: t.Path})
	}
	return found
}

// saysOfLanguage is what a tool prints at a module of a newer language version.
func saysOfLanguage(k knowntools.Tool, t drift.Tool, s spot) string {
	lang, built := version.Lang(s.floor()), version.Lang(release(t.GoVersion))
	switch {
	case k.Name == "golangci-lint" && semver.Compare(t.Version, "v1.60.2") >= 0:
		return fmt.Sprintf("can't load config: the Go language version (%s) used to build golangci-lint is lower than the targeted Go version (%s)", built, s.floor()[len("go"):])
	case k.Name == "govulncheck":
		return saysOfExport(k)
	case k.Name == "staticcheck" && semver.Compare(t.Version, "v0.6.0") >= 0:
		return fmt.Sprintf("module requires at least %s, but Staticcheck was built with %s (compile)", s.floor(), t.GoVersion)
	case version.Compare(built, "go1.23") >= 0:
		return fmt.Sprintf("package requires newer Go version %s (application built with %s)", lang, built)
	}
	return "package requires newer Go version " + lang
}

// saysOfExport is what a tool prints when it cannot read export data.
func saysOfExport(k knowntools.Tool) string {
	if k.Name == "govulncheck" {
		return "Loading packages failed, possibly due to a mismatch between the Go version used to build govulncheck and the Go version on PATH"
	}
	return `internal error: package "fmt" without types was imported from …`
}
