package rules

import (
	"fmt"
	"go/version"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// bySDK offers a whole Go beside the one on PATH, for a go command that cannot
// switch by GOTOOLCHAIN or is told not to: one that is installed, or with install
// one under ~/sdk as golang.org/dl has it. Only a shell is offered to: what an
// editor starts takes its go from more places than PATH.
func (in Input) bySDK(sel drift.Selection, target string, install bool) []drift.Fix {
	for _, t := range in.Snapshot.Environment.Toolchains {
		if t.Version == target && in.standsAlone(t) && (sel.Go == nil || t.Executable != sel.Go.Executable) {
			dir := filepath.Dir(t.Executable)
			prepend := drift.Action{Kind: drift.ActionPrependShell, Variable: "PATH", Value: dir}
			return repair(fmt.Sprintf("Use %s in the running shell: put %s first on PATH", target, dir), forGood, in.withItsOwn(prepend, t.GOROOT)...)
		}
	}
	if !install || in.offline() || !in.fetches() || in.variable("GOROOT").Kind == drift.LayerProcess || in.variable("GOROOT").Kind == drift.LayerGOENV {
		return nil
	}
	note := fmt.Sprintf("Downloads %s (about 60 MB) through %s and takes about 250 MB under ~/sdk; undo removes it. %s", target, drift.Mask("GOPROXY", in.proxy()), forGood)
	return repair(fmt.Sprintf("Install %s under ~/sdk, as golang.org/dl does, and use it in the running shell", target), note,
		in.withItsOwn(drift.Action{Kind: drift.ActionPrependShell, Variable: "PATH", Toolchain: target}, "",
			drift.Action{Kind: drift.ActionInstallSDK, Toolchain: target})...)
}

// forGood says what a running shell forgets.
const forGood = "For every new shell, put the line into its start-up file; in VS Code, choose this Go with \"Go: Choose Go Environment\"."

// standsAlone reports whether a toolchain can stand first on PATH: a program named
// go in a tree of its own.
func (in Input) standsAlone(t drift.Toolchain) bool {
	program := strings.TrimSuffix(filepath.Base(t.Executable), ".exe")
	return !t.Shim && program == "go" && t.GOROOT != "" && filepath.IsAbs(t.Executable) && t.Origin != drift.OriginModCache && t.Origin != drift.OriginGobin
}

// standing is the Go nearest to a release, and no older, that could stand first on
// PATH; empty if there is none.
func (in Input) standing(least string) string {
	best := ""
	for _, t := range in.Snapshot.Environment.Toolchains {
		r := release(t.Version)
		if r == "" || r != t.Version || !in.standsAlone(t) || version.Compare(r, least) < 0 {
			continue
		}
		lang := version.Compare(version.Lang(r), version.Lang(best))
		if best == "" || lang < 0 || lang == 0 && newer(r, best) {
			best = r
		}
	}
	return best
}

// withItsOwn adds to what puts a Go first on PATH what keeps it from running: a
// GOROOT of another one, and a GOTOOLCHAIN that names another one.
func (in Input) withItsOwn(prepend drift.Action, goroot string, before ...drift.Action) []drift.Action {
	actions := slices.Concat(before, []drift.Action{prepend})
	if v := in.variable("GOROOT"); goroot != "" && (v.Kind == drift.LayerProcess || v.Kind == drift.LayerGOENV) {
		actions = append(actions, drift.Action{Kind: drift.ActionSetShell, Variable: "GOROOT", Value: goroot})
	}
	if namesGo(in.variable("GOTOOLCHAIN").Value) {
		actions = append(actions, drift.Action{Kind: drift.ActionSetShell, Variable: "GOTOOLCHAIN", Value: "local"})
	}
	return actions
}

// fetches reports whether there is a go that can download a module.
func (in Input) fetches() bool {
	if in.Snapshot.Selection.Go != nil {
		return true
	}
	for _, t := range in.Snapshot.Environment.Toolchains {
		if !t.Shim && t.Executable != "" {
			return true
		}
	}
	return false
}
