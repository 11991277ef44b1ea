package rules

import (
	"fmt"
	"go/version"
	"strings"

	"godrift.dev/server/drift"
)

// variable is a variable of the snapshot's environment; its Value is empty if
// it is not set.
func (in Input) variable(name string) drift.Variable {
	v, _ := in.Snapshot.Environment.Lookup(name)
	return v
}

// chosen reports whether somebody set the variable: in the process environment
// or in the GOENV file. What $GOROOT/go.env says came with that Go.
func chosen(l drift.Layer) bool {
	return l.Value != "" && (l.Kind == drift.LayerProcess || l.Kind == drift.LayerGOENV)
}

// source names a layer for people.
func (in Input) source(l drift.Layer) string {
	switch l.Kind {
	case drift.LayerProcess:
		return "the environment of " + in.whose()
	case drift.LayerGOENV, drift.LayerGoEnv:
		if l.Line > 0 {
			return fmt.Sprintf("%s:%d", in.rel(l.File), l.Line)
		}
		return in.rel(l.File)
	}
	return "the go command's default"
}

// whose names the one whose environment the snapshot holds.
func (in Input) whose() string {
	switch in.Snapshot.Environment.Of {
	case "", "cli":
		return "this shell"
	case "ci":
		return "this CI job"
	}
	return "the " + in.Snapshot.Environment.Of
}

// setting is "NAME=value", without secrets.
func setting(variable string, value string) string {
	return variable + "=" + drift.Mask(variable, value)
}

// layerPlace is where a finding about a layer is shown: its line in the GOENV
// file or go.env. A layer without a file is shown where mainPlace says.
func (in Input) layerPlace(l drift.Layer) drift.Place {
	if l.File != "" {
		return in.line(l.File, l.Line)
	}
	return in.mainPlace()
}

// unset offers to take a variable out of its layer. GOENV's line is edited
// directly, so that it works when no go command does. A process's environment
// belongs to whoever started it: the editor can change its own, a shell's
// is changed by the person in front of it.
func (in Input) unset(variable string, l drift.Layer, note string) []drift.Fix {
	switch l.Kind {
	case drift.LayerGOENV:
		return repair(fmt.Sprintf("Remove %s from %s (as go env -u %s)", variable, in.rel(l.File), variable), note,
			drift.Action{Kind: drift.ActionUnsetGOENV, Variable: variable})
	case drift.LayerProcess:
		editor := repair(fmt.Sprintf("Remove %s for this workspace: the editor's Go tools and new terminals", variable), note,
			drift.Action{Kind: drift.ActionUnsetEditor, Variable: variable})
		shell := repair(fmt.Sprintf("Remove %s from the running shell", variable), note,
			drift.Action{Kind: drift.ActionUnsetShell, Variable: variable})
		if in.Snapshot.Environment.Of == "editor" {
			return append(editor, shell...)
		}
		return append(shell, editor...)
	}
	return nil
}

// blamed says whether an error begins with one of these flags, as those do that the go
// command has about flags it took from GOFLAGS (cmd/go/internal/modload, work/init.go).
func blamed(text, flags string) bool {
	for _, flag := range strings.Fields(flags) {
		name, _, _ := strings.Cut(flag, "=")
		if strings.HasPrefix(text, "go: "+name+" ") {
			return true
		}
	}
	return false
}

// assign offers to set a variable above the layer that holds it now: for the
// workspace always, for the user if the process environment does not hide the
// GOENV file, else for the running shell.
func (in Input) assign(what, variable, here, user, note string, before ...drift.Action) []drift.Fix {
	actions := func(kind drift.ActionKind, value string) []drift.Action {
		return append(append([]drift.Action(nil), before...), drift.Action{Kind: kind, Variable: variable, Value: value})
	}
	fixes := repair(fmt.Sprintf("%s in this workspace: %s=%s for the editor's Go tools and new terminals", what, variable, here), note,
		actions(drift.ActionSetEditor, here)...)
	if v := in.variable(variable); v.Kind == drift.LayerProcess && v.Value != "" {
		return append(fixes, repair(fmt.Sprintf("%s in the running shell: %s=%s", what, variable, here),
			joinNotes(note, fmt.Sprintf("%s is set in %s, which hides anything that go env -w could write.", variable, in.source(v.Layer))),
			actions(drift.ActionSetShell, here)...)...)
	}
	if in.Snapshot.Environment.GOENV == "" {
		return fixes
	}
	return append(fixes, repair(fmt.Sprintf("%s for all of your workspaces: go env -w %s=%s", what, variable, user), note,
		actions(drift.ActionSetGOENV, user)...)...)
}

func joinNotes(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}

// switchable reports whether the go on PATH can switch toolchains: those before
// 1.21 know nothing of GOTOOLCHAIN.
func switchable(sel drift.Selection) bool {
	if sel.Go == nil {
		return false
	}
	r := release(sel.Go.Version)
	return r == "" || version.Compare(r, "go1.21") >= 0
}

// switchTo offers to run a release here: by GOTOOLCHAIN, after a download if it
// is not within reach; and by a Go of its own, which is all that helps a go from
// before 1.21.
func (in Input) switchTo(sel drift.Selection, target string) []drift.Fix {
	if in.neverWas(target) {
		return nil
	}
	if !switchable(sel) {
		return in.bySDK(sel, target, sel.Go != nil)
	}
	what := "Switch to " + target
	var before []drift.Action
	note := ""
	if !in.withinReach(sel, target) {
		if in.variable("GOPROXY").Value == "off" {
			return nil // it could only be downloaded, which is forbidden here
		}
		before = append(before, drift.Action{Kind: drift.ActionInstallToolchain, Toolchain: target})
		note = "Downloads " + target + " (about 60 MB) through " + drift.Mask("GOPROXY", in.proxy()) + "."
		if sum := in.variable("GOSUMDB"); sum.Value == "off" {
			note += " GOSUMDB=off (" + in.source(sum.Layer) + ") makes the go command refuse every downloaded toolchain: remove that first."
		}
	}
	fixes := in.assign(what, "GOTOOLCHAIN", in.exactOrMore(target), in.forUser(target), note, before...)
	for i, fix := range fixes {
		if forAll(fix) {
			fixes[i].Note = joinNotes("Every other workspace of yours then runs it, too.", fix.Note)
		}
	}
	return append(fixes, in.bySDK(sel, target, in.variable("GOTOOLCHAIN").Value == "local")...)
}

func (in Input) proxy() string {
	if p := in.variable("GOPROXY").Value; p != "" {
		return p
	}
	return "the module proxy"
}

// withinReach reports whether GOTOOLCHAIN=target works without a download.
func (in Input) withinReach(sel drift.Selection, target string) bool {
	if sel.Go != nil && sel.Go.Version == target {
		return true
	}
	for _, t := range in.Snapshot.Environment.Toolchains {
		if t.Origin == drift.OriginModCache && t.Version == target {
			return true
		}
	}
	return false
}

// exactOrMore is the GOTOOLCHAIN value that runs target in this workspace. An
// exact value stops the go command in modules with a higher floor; where there
// are such, the value lets the go command go up for them.
func (in Input) exactOrMore(target string) string {
	if in.index.floor != "" && version.Compare(in.index.floor, target) > 0 {
		return target + "+auto"
	}
	return target
}

// forUser is the GOTOOLCHAIN value for all workspaces of a user: it must not
// stop the go command where more is asked for. But if a toolchain line here asks
// for more than target, only the exact name keeps to target.
func (in Input) forUser(target string) string {
	if in.index.line != "" && version.Compare(in.index.line, target) > 0 {
		return in.exactOrMore(target)
	}
	return target + "+auto"
}

// letSwitch takes away what forbids the go command to switch by itself.
// It goes to exactly the release that a file asks for.
func (in Input) letSwitch(sel drift.Selection, asked string) []drift.Fix {
	if !in.withinReach(sel, asked) && (in.variable("GOPROXY").Value == "off" || in.neverWas(asked)) {
		return nil // there is nothing that it could switch to
	}
	const note = "The next go command then fetches the release that the go or toolchain line asks for, unless it is here already."
	return in.assign("Let the go command switch by itself", "GOTOOLCHAIN", "auto", "auto", note)
}

// highestFloor is the release that would do for all of the spots that stop
// because the Go is too old: the agreed one if it is high enough.
func (in Input) highestFloor(stopped []spot) string {
	highest := ""
	for _, s := range stopped {
		if s.Selection.Error != "" {
			continue
		}
		want := firstRelease(s.floor())
		if p := in.pinned(s.Dir); p.Version != "" && version.Compare(in.concrete(p.Pin), want) >= 0 {
			want = in.concrete(p.Pin)
		} else {
			want = in.downloaded(want)
		}
		if highest == "" || version.Compare(want, highest) > 0 {
			highest = want
		}
	}
	return highest
}
