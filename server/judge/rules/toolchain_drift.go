package rules

import (
	"fmt"
	"go/version"
	"slices"

	"godrift.dev/server/drift"
)

// toolchain-drift reports that the Go that runs here is not the Go that is
// agreed upon.
//
// # Why it matters
//
// Another minor accepts other code, vets it differently and defaults to other
// GODEBUG settings, so that something builds or passes for you and not for your
// colleagues or in CI. Another patch differs in bug and security fixes.
//
// What is agreed upon is the first of: [go] version in godrift.toml; the nearest
// .go-version or the like at or above the folder; the toolchain line of the go.work in
// effect; the toolchain line of go.mod. A go line is a floor: a newer Go than
// it asks for is no drift. A toolchain line is a least version to the go command,
// too: a newer Go than that is told as information, unless [distance.toolchain-drift]
// says otherwise.
//
// # Example
//
// .go-version says 1.25.3, and the go on PATH is 1.26.8:
//
//	go1.26.8 runs here, but .go-version:1 pins go1.25.3.
//
// # How to fix it
//
// Switch to the pinned toolchain, for this workspace or for all of yours; it is
// downloaded if it is not there. Where the go command cannot switch or must not
// (GOTOOLCHAIN=local), a Go that is installed is put first on the PATH of the running
// shell, or one is installed under ~/sdk. Or, if the newer Go is what you want, write
// it into the pin.
//
// # How to silence it
//
// Accept it in godrift.toml, or say which differences count:
//
//	[distance.toolchain-drift]
//	patch = "off"
var toolchainDrift = Rule{
	Code: "toolchain-drift", Title: "The Go that runs is not the agreed one",
	Group: GroupToolchain, Severity: drift.SeverityWarning,
	Check: checkToolchainDrift,
}

func checkToolchainDrift(in Input) []Found {
	distances := in.Policy.Distances("toolchain-drift")
	spots := in.spotsOrRoot()
	agreed := map[string]bool{}
	for _, s := range spots {
		agreed[in.pinned(s.Dir).Version] = true
	}
	var found []Found
	for _, s := range spots {
		sel := s.Selection
		if sel.Error != "" || sel.LoadError != "" || sel.Selected == "" {
			continue // the rule that owns the error says it
		}
		pinned := in.pinned(s.Dir)
		diff := difference(sel.Selected, pinned.Pin)
		if pinned.Version == "" || diff == "" || len(in.floorsAbove(pinned.Pin)) > 0 ||
			version.Compare(s.floor(), in.concrete(pinned.Pin)) > 0 {
			continue // nothing is agreed, it agrees, or more is needed than is agreed
		}
		f := drift.Finding{
			Severity: grade(distances, diff),
			Place:    pinned.Pin.Place,
			Message: fmt.Sprintf("%s runs here, %s %s pins %s. %s %s", sel.Selected, instead(sel, in.concrete(pinned.Pin), diff),
				in.at(pinned.Pin.Place), pinned.Version, in.whyRuns(sel), consequence(diff)),
			Subject: string(pinned.Pin.Source),
			Value:   pinned.Pin.Raw,
			Fixes:   in.driftFixes(s, pinned.Pin, len(agreed) == 1),
		}
		if isToolchainLine(pinned.Pin) && version.Compare(release(sel.Selected), pinned.Version) > 0 {
			// It asks for no less than this, and so for no change that reaches other workspaces.
			f.Message += " To the go command a toolchain line is a least version, so it is content with the newer one."
			f.Fixes = slices.DeleteFunc(f.Fixes, forAll)
			if _, own := in.Policy.Config.Distance["toolchain-drift"]; !own && f.Severity != drift.SeverityOff {
				f.Severity = drift.SeverityInfo
			}
		}
		if !switchable(sel) {
			f.Message += fmt.Sprintf(" The go on PATH is %s, which knows no GOTOOLCHAIN: put a newer one first on PATH%s.", sel.Go.Version, in.suchAs())
		}
		found = append(found, Found{
			Finding: f,
			Cause:   sel.Selected + " " + pinned.Version,
			Brief:   "pins " + pinned.Version + ", too",
		})
	}
	return found
}

// spotsOrRoot are the spots, and the root if it is in none of them.
func (in Input) spotsOrRoot() []spot {
	spots := in.spots()
	if _, ok := in.holder(in.Snapshot.Root); ok || in.Snapshot.Selection.Dir == "" {
		return spots
	}
	return append([]spot{{Module: drift.Module{Dir: in.Snapshot.Root, Selection: in.foresee(in.Snapshot.Selection)}}}, spots...)
}

// whyRuns says in a sentence how the go command came to the Go it runs.
func (in Input) whyRuns(sel drift.Selection) string {
	who := "GOTOOLCHAIN"
	if v := in.variable("GOTOOLCHAIN"); v.Value != "" {
		who = fmt.Sprintf("%s, from %s,", setting("GOTOOLCHAIN", v.Value), in.source(v.Layer))
	}
	if d := sel.Decider; d.File != "" {
		who = in.at(d)
	}
	switch sel.How {
	case drift.HowPath:
		return fmt.Sprintf("%s makes the go command switch to it, and PATH has it.", who)
	case drift.HowModCache:
		return fmt.Sprintf("%s makes the go command switch to it, and it is downloaded already.", who)
	case drift.HowDownload:
		return fmt.Sprintf("%s makes the go command switch to it, after a download.", who)
	}
	if sel.Go == nil {
		return ""
	}
	return fmt.Sprintf("It is the go on PATH (%s).", sel.Go.Executable)
}

// instead joins what runs to what is pinned.
func instead(sel drift.Selection, pinned, difference string) string {
	if difference == "patch" && newer(sel.Selected, pinned) {
		return "a newer patch than pinned:"
	}
	return "but"
}

func consequence(difference string) string {
	if difference == "patch" {
		return "The two differ in bug and security fixes."
	}
	return "What builds and passes with one may not with the other."
}
