package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// cgo-cannot-build reports that cgo is on and C code cannot be built: the compiler
// is missing, builds for another machine, or lacks headers and libraries.
//
// # Why it matters
//
// With cgo on, every package that the standard library can build with C code is built
// so: a program that imports net or os/user stops, although no line of yours is C.
// The messages come from deep inside runtime/cgo and name a header, a flag or an
// instruction, and not the cause.
//
// A missing compiler is seen without starting anything. In trusted folders where somebody has set
// CGO_ENABLED, CC, GOOS, GOARCH or flags of cgo, a small program is compiled and linked in the background with
// the flags that go build passes; the first report does not wait for it. A trial that ended well counts
// for a day, until the compiler or one of its variables changes.
//
// # Example
//
//	CGO_ENABLED=1, from the environment of this shell, has C code built for linux/arm64, which cannot work here. The compiler gcc builds for another machine: it made a program of ELF x86-64 for linux, and linux/arm64 is asked for.
//
// # How to fix it
//
// Where a compiler for the target is installed, was tried and does, the fix sets CC to it. Otherwise the
// message names the package to install, or cgo is switched off.
// godrift cgo shows all targets side by side.
//
// # How to silence it
//
// Accept it in godrift.toml.
var cgoCannotBuild = Rule{
	Code: "cgo-cannot-build", Title: "cgo is on and C code cannot be built",
	Group: GroupCgo, Severity: drift.SeverityError,
	Check: checkCgoCannotBuild,
}

func checkCgoCannotBuild(in Input) []Found {
	state := in.Snapshot.Cgo
	if state == nil || !state.Target.On() || state.Target.Problem == nil || state.Target.Verdict == drift.CgoUnsupported {
		return nil
	}
	problem := state.Target.Problem
	v := in.cgoVariable("CGO_ENABLED", "CC", "GOARCH", "GOOS")
	what := fmt.Sprintf("%s, from %s, has C code built for %s, which cannot work here.", setting(v.Name, v.Value), in.source(v.Layer), in.cgoTarget())
	if !chosen(v.Layer) {
		what = fmt.Sprintf("cgo is on for %s, and C code cannot be built here.", in.cgoTarget())
	}
	message := what + " " + problem.Message
	if problem.Line != "" && problem.Cause != drift.CgoNoCompiler {
		message += fmt.Sprintf(" It says %q.", problem.Line)
	}
	message += remediesText(problem.Remedies)
	var fixes []drift.Fix
	for _, r := range problem.Remedies {
		if r.CC != "" && r.Proven {
			fixes = append(fixes, in.compileWith(r.CC, state.Target.Native)...)
		}
	}
	fixes = append(fixes, in.withoutCgo("")...)
	return []Found{{Finding: drift.Finding{
		Place: in.layerPlace(v.Layer), Subject: v.Name, Value: v.Value, Message: message, Fixes: preferFirst(fixes),
	}}}
}
