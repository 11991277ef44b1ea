package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// editor-terminal-differ reports that the editor and a shell make different
// builds of the same files: another Go runs, or a variable that changes builds has
// another value.
//
// # Why it matters
//
// What passes in the editor fails in a terminal, or the other way round, and
// nothing in the workspace says why. An editor keeps the environment it was
// started with until it is quit, whatever the shell's start-up files say since.
//
// # Example
//
//	GOFLAGS is not the same for the editor and the login shell: GOFLAGS=-mod=mod
//	from the environment of the editor, no GOFLAGS for the login shell.
//
// The login shell is asked for its environment in the background, in trusted
// workspaces, unless the setting godrift.loginShell is off: it is started as a new
// terminal would start it. A terminal of the editor is compared with it where
// godrift's hook is in the prompt of its shell (godrift hook bash, and so on): as
// that shell was at its last prompt in this workspace. It is named after its shell
// and the number of the shell's process.
//
// # How to fix it
//
// Give the editor's Go tools the value of the shell, new terminals that of the
// editor, or the terminal that is open, where you run a line. What new terminals
// get counts after their start-up files where the editor's shell integration is on.
// A PATH that has changed reaches an editor only when it is quit, all its
// windows, and started anew: reloading a window is not enough.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var editorTerminalDiffer = Rule{
	Code: "editor-terminal-differ", Title: "Editor and terminal build differently",
	Group: GroupToolchain, Severity: drift.SeverityWarning,
	Check: checkEditorTerminalDiffer,
}

// buildVariables change what is built, or whether it is.
var buildVariables = []string{
	"GOTOOLCHAIN", "GOROOT", "GOFLAGS", "GO111MODULE", "GOWORK", "GOOS", "GOARCH", "GOAMD64", "GOARM", "GOARM64", "GO386", "GOMIPS", "GOMIPS64",
	"GOPPC64", "GORISCV64", "GOWASM", "GOEXPERIMENT", "GODEBUG", "GOFIPS140", "CGO_ENABLED", "CC", "CXX", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS",
	"CGO_LDFLAGS", "PKG_CONFIG",
}

// ChangesBuilds reports whether a variable changes what is built, or whether it is.
func ChangesBuilds(variable string) bool { return slices.Contains(buildVariables, variable) }

func checkEditorTerminalDiffer(in Input) []Found {
	var found []Found
	here := &in.Snapshot.Environment
	for _, o := range in.Snapshot.Others {
		who := whoIs(o.Environment.Of)
		explained := false
		for _, name := range buildVariables {
			mine, theirs := in.variable(name), drift.Variable{Name: name}
			if v, ok := o.Environment.Lookup(name); ok {
				theirs = v
			}
			mine.Name = name
			if same(mine, theirs) || !fromProcess(mine) && !fromProcess(theirs) {
				continue // alike, or what follows from the Go that runs and from files
			}
			explained = explained || name == "GOTOOLCHAIN" || name == "GOROOT"
			found = append(found, Found{
				Cause: name + "\x00" + theirs.Value,
				Finding: drift.Finding{
					Place: in.mainPlace(), Subject: name, Value: mine.Value,
					Message: fmt.Sprintf("%s is not the same for %s and %s: %s, %s.", name, in.whose(), who,
						in.holds(mine, in.whose()), in.holds(theirs, who)),
					Fixes: in.level(mine, theirs, o.Environment.Of),
				},
			})
		}
		if mine, theirs := in.Snapshot.Selection, o.Selection; !explained && runs(mine) != "" && runs(theirs) != "" && runs(mine) != runs(theirs) {
			found = append(found, Found{
				Cause: "PATH\x00" + runs(theirs),
				Finding: drift.Finding{
					Place: in.mainPlace(), Subject: "PATH", Value: goOf(mine),
					Message: fmt.Sprintf("Different Gos run for %s and %s: %s (%s) and %s (%s), because their PATHs differ.%s", in.whose(), who,
						runs(mine), goOf(mine), runs(theirs), goOf(theirs), onceMore(here.Of)),
				},
			})
		}
	}
	return found
}
