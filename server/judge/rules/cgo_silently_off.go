package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// cgo-silently-off reports code that needs cgo on a machine where cgo is off because
// no C compiler was found.
//
// # Why it matters
//
// Since Go 1.20 the go command switches cgo off by itself when the usual compiler is not on PATH,
// without a word. What needs it then stops with "build constraints exclude all Go
// files", misses functions, or is built and fails when it runs: go-sqlite3 answers
// every query with "Binary was compiled with 'CGO_ENABLED=0'". CC in the file that go env -w writes
// does not help: it is not looked at for that.
//
// # Example
//
//	cgo is off here without a word, because no gcc is on PATH, and example.com/w/native needs it: import "C" in native/native.go. Install a C compiler and the headers of the C library: apt-get install gcc libc6-dev.
//
// Packages of the module itself are found in its files; for dependencies, in trusted folders, the go command is asked for what is
// built, without a network.
//
// # How to fix it
//
// Install a C compiler; the message names the packages. Where another compiler is
// installed, the fix sets CC to it and CGO_ENABLED=1.
//
// # How to silence it
//
// Set CGO_ENABLED=0 if that is what you want, or accept it in godrift.toml.
var cgoSilentlyOff = Rule{
	Code: "cgo-silently-off", Title: "The code needs cgo, and there is no C compiler",
	Group: GroupCgo, Severity: drift.SeverityWarning,
	Check: checkCgoSilentlyOff,
}

func checkCgoSilentlyOff(in Input) []Found {
	state := in.Snapshot.Cgo
	enabled := in.variable("CGO_ENABLED")
	if state == nil || chosen(enabled.Layer) || enabled.Value != "0" || !state.Target.Native {
		return nil
	}
	var found []Found
	for _, needs := range state.Needs {
		needing := needs.Needing()
		if len(needing) == 0 || in.testData(needs.Dir) {
			continue
		}
		first := needing[0]
		text := "needs it"
		if first.Need == drift.CgoStub {
			text = "fails without it when it runs"
		}
		message := fmt.Sprintf("cgo is off here without a word, because no %s is on PATH, and %s %s: %s.", compilerName(state.Target), first.Path, text, in.usesC(first))
		if n := len(needing) - 1; n == 1 {
			message += " So does another package."
		} else if n > 1 {
			message += fmt.Sprintf(" So do %d other packages.", n)
		}
		var fixes []drift.Fix
		if problem := state.Target.Problem; problem != nil {
			message += remediesText(problem.Remedies)
			for _, r := range problem.Remedies {
				if r.CC != "" && strings.HasPrefix(r.Command, "CC=") {
					fixes = append(fixes, in.switchCgoOn(r.CC)...)
				}
			}
		}
		found = append(found, Found{
			Finding: drift.Finding{Place: in.cgoPlace(needs, first), Subject: "CGO_ENABLED", Value: enabled.Value, Message: message, Fixes: preferFirst(fixes)},
			Cause:   "no compiler", Brief: first.Path + " " + text,
		})
	}
	return found
}

// compilerName is the first word of CC.
func compilerName(t drift.CgoTarget) string {
	name, _, _ := strings.Cut(t.Compiler.CC.Value, " ")
	return name
}

// usesC says how a package uses C.
func (in Input) usesC(p drift.CgoPackage) string {
	if p.Own && len(p.Files) > 0 {
		return `import "C" in ` + in.rel(filepath.Join(p.Dir, p.Files[0]))
	}
	if p.Module != "" {
		return strings.TrimSpace("it is in the dependency " + p.Module + " " + p.Version)
	}
	return "it has C code"
}

// cgoPlace is where a finding about a package is shown: the line of go.mod that
// requires it, else the line that names the module.
func (in Input) cgoPlace(needs drift.CgoNeeds, p drift.CgoPackage) drift.Place {
	file := filepath.Join(needs.Dir, "go.mod")
	doc := in.Snapshot.Documents[file]
	if !p.Own && p.Module != "" {
		number := 0
		for line := range strings.Lines(string(doc.Text)) {
			number++
			f := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
			if len(f) >= 2 && f[0] == p.Module {
				return in.line(file, number)
			}
		}
	}
	if at, ok := in.moduleLine(file); ok {
		return at
	}
	return in.mainPlace()
}

// switchCgoOn offers another compiler; CC alone would not switch cgo on.
func (in Input) switchCgoOn(cc string) []drift.Fix {
	fixes := repair("Compile with "+cc+" in this workspace: CC and CGO_ENABLED=1 for the editor's Go tools and new terminals", "",
		drift.Action{Kind: drift.ActionSetEditor, Variable: "CC", Value: cc}, drift.Action{Kind: drift.ActionSetEditor, Variable: "CGO_ENABLED", Value: "1"})
	if in.Snapshot.Environment.GOENV == "" || in.variable("CC").Kind == drift.LayerProcess {
		return fixes
	}
	return append(fixes, repair("Compile with "+cc+" for all of your workspaces: go env -w CC="+cc+" CGO_ENABLED=1", "",
		drift.Action{Kind: drift.ActionSetGOENV, Variable: "CC", Value: cc}, drift.Action{Kind: drift.ActionSetGOENV, Variable: "CGO_ENABLED", Value: "1"})...)
}
