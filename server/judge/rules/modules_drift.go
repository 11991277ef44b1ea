package rules

import (
	"godrift.dev/server/drift"
)

// modules-drift reports that builds use other modules than when the state of this
// workspace was accepted although go.mod, go.sum and go.work say what they said;
// that the vendor folder is out of step with go.mod; and that go.mod or go.sum lacks
// what is needed.
//
// # Why it matters
//
// The same commit then compiles to another program, and no diff shows it: a folder
// that takes the place of a module changed its go.mod, GOFLAGS names another go.mod,
// a go.work above the repository is in force for you and for nobody else. And where
// the files do not agree with each other, builds stop with an error that names the
// file and not what was forgotten.
//
// # Example
//
//	2 modules are not what they were when this state was accepted, though go.mod,
//	go.sum and go.work are: golang.org/x/mod v0.40.0 → v0.42.0 (asked for by
//	example.com/lib@v1.0.0), golang.org/x/tools v0.49.0 → v0.51.0.
//
// The fingerprint of the module graph, which every remembered state has, tells that
// it moved. A list is compared with one of its kind: where the module cache lacks the
// go.mod files of some dependencies, only with what both know. With other text in
// go.mod, go.sum or go.work it is a change that a commit shows, and not reported.
// Looked at are the modules that go uses in the folder of the workspace; vendor
// folders are looked at in every module.
//
// # How to fix it
//
// godrift diff lists the modules with who asks for each. Where a variable is the
// cause, roll it back; else look at the go.mod that asks for the new version, or
// accept the present state: godrift accept. For a vendor folder run go mod vendor (or
// go work vendor), for go.mod and go.sum go mod tidy; both change much, so they are
// no quick fix.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names what moved, or the file.
var modulesDrift = Rule{
	Code: "modules-drift", Title: "Builds use other modules than the files say, or than were accepted",
	Group: GroupEnvironment, Severity: drift.SeverityWarning, Compares: true, ComparedOnly: subjectModules,
	Check: checkModulesDrift,
}

// What findings of modules-drift are about.
const (
	subjectModules = "modules"
	subjectVendor  = "vendor"
	subjectGoMod   = "go.mod:require"
	subjectGoSum   = "go.sum"
)

func checkModulesDrift(in Input) []Found {
	found := in.outOfStep()
	g := &in.Snapshot.Graph
	if in.Snapshot.GraphPending || g.Scope == drift.ModulesNone {
		return found
	}
	found = append(found, in.modulesMoved()...)
	if g.Mode == "readonly" {
		found = append(found, in.behind()...)
		found = append(found, in.withoutSum()...)
	}
	return found
}
