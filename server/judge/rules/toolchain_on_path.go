package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// toolchain-on-path reports that the first go on PATH is one that the go command
// downloaded into the module cache.
//
// # Why it matters
//
// While go run, go test or go generate work, they put the toolchain they switched
// to first on PATH, and an editor or shell that is started from there keeps it.
// The go that you installed and update is then never asked
// again, and go clean -modcache removes the one that is.
//
// # Example
//
//	The first go on PATH is go1.25.3 in the module cache
//	(/home/me/go/pkg/mod/golang.org/toolchain@v0.0.1-go1.25.3.linux-amd64/bin/go).
//
// # How to fix it
//
// Start the editor or shell anew from where PATH is as it should be. In VS Code,
// "Go: Choose Go Environment" and "Clear selection" take away what the Go
// extension put there.
//
// # How to silence it
//
//	[severity]
//	toolchain-on-path = "off"
var toolchainOnPath = Rule{
	Code: "toolchain-on-path", Title: "A downloaded toolchain stands first on PATH",
	Group: GroupToolchain, Severity: drift.SeverityWarning,
	Check: checkToolchainOnPath,
}

func checkToolchainOnPath(in Input) []Found {
	first := in.Snapshot.Selection.Go
	if first == nil || !strings.Contains(filepath.ToSlash(first.Executable), "/golang.org/toolchain@") {
		return nil
	}
	message := fmt.Sprintf("The first go on the PATH of %s is %s in the module cache (%s), left there by an earlier switch of toolchains.", in.whose(), first.Version, first.Executable)
	for _, t := range in.Snapshot.Environment.Toolchains {
		if t.Origin == drift.OriginPath && t.Executable != first.Executable && !strings.Contains(filepath.ToSlash(t.Executable), "/golang.org/toolchain@") {
			message += fmt.Sprintf(" It hides %s at %s.", known(t.Version), t.Executable)
			break
		}
	}
	message += " Start the editor or shell anew from where PATH is as it should be."
	return []Found{{Finding: drift.Finding{Place: in.mainPlace(), Message: message, Subject: "PATH", Value: first.Executable}}}
}
