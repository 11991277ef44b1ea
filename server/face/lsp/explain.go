package lsp

import (
	"fmt"
	"go/version"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// meaning says what a pin means to the program that reads it, as a sentence.
func meaning(pin drift.Pin) string {
	v := pin.Version
	switch pin.Meaning {
	case drift.MeaningMin:
		return fmt.Sprintf("The least Go that is accepted: %s or newer.", v)
	case drift.MeaningMinEarlyScan:
		return fmt.Sprintf("The go command's first look at this file takes %s for the go line.", v)
	case drift.MeaningExact:
		return fmt.Sprintf("Exactly Go %s.", v)
	case drift.MeaningLine:
		return fmt.Sprintf("The newest patch release of Go %s.", v)
	case drift.MeaningLang:
		return fmt.Sprintf("The language version %s.", v)
	case drift.MeaningDefault:
		return "The go command that was started; it never switches on account of this line."
	case drift.MeaningLatest, drift.MeaningStable:
		return "The newest stable release, whichever that is."
	case drift.MeaningOldStable:
		return "The newest release of the minor before the newest."
	case drift.MeaningRange:
		return fmt.Sprintf("The newest release in the range %s.", v)
	case drift.MeaningSystem:
		return "Whatever go is on PATH."
	case drift.MeaningInvalid:
		return "The program that reads this refuses it."
	case drift.MeaningTrapFloat:
		return fmt.Sprintf("This is read as the number %s.", v)
	case drift.MeaningRef:
		return "The version stands in another file."
	case drift.MeaningSetting:
		return "A GOTOOLCHAIN setting."
	case drift.MeaningVar:
		return fmt.Sprintf("A variable; its value is %s.", v)
	case drift.MeaningUnresolved:
		return "A variable whose value is not known here."
	case drift.MeaningUnknown:
		return "No version can be read here."
	}
	return ""
}

// purpose says what a pin decides.
func purpose(role drift.Role) string {
	switch role {
	case drift.RoleFloor:
		return "floor"
	case drift.RoleBuild:
		return "builds in CI"
	case drift.RoleShip:
		return "builds releases"
	case drift.RoleTest:
		return "tests"
	case drift.RoleLint:
		return "linter"
	case drift.RoleDevelop:
		return "development"
	case drift.RoleDocs:
		return "documentation"
	}
	return string(role)
}

// today is the release that a pin without a patch comes to now; empty for a
// pin that does not float.
func today(pin drift.Pin) string {
	switch pin.Meaning {
	case drift.MeaningLine:
		return releases.NewestPatch(pin.Version)
	case drift.MeaningLatest, drift.MeaningStable:
		return releases.Newest()
	case drift.MeaningOldStable:
		return releases.OldestSupported()
	}
	return ""
}

// support says how a version stands, as a sentence; empty if nothing is known.
func support(v string) string {
	full := "go" + strings.TrimPrefix(v, "go")
	lang := version.Lang(full)
	if lang == "" {
		return ""
	}
	if releases.After(full) {
		return fmt.Sprintf("Newer than every release known to this godrift, whose list is of %s.", releases.Date())
	}
	minor := strings.TrimPrefix(lang, "go")
	newest := strings.TrimPrefix(releases.NewestPatch(lang), "go")
	if newest == "" {
		return fmt.Sprintf("Go %s has no stable release yet (list of %s).", minor, releases.Date())
	}
	if full != lang && !releases.Known(full) {
		return fmt.Sprintf("There is no release of this name; the newest patch of Go %s is %s (list of %s).", minor, newest, releases.Date())
	}
	state := "is not supported any more"
	if releases.Supported(lang) {
		state = "is supported"
	}
	return fmt.Sprintf("Go %s %s; its newest patch is %s (list of %s).", minor, state, newest, releases.Date())
}

// source says in a few words where the Go of a selection comes from.
func source(sel drift.Selection) string {
	switch sel.How {
	case drift.HowLocal, drift.HowPath:
		return "from PATH"
	case drift.HowModCache:
		return "from the module cache"
	case drift.HowDownload:
		return "to be downloaded"
	}
	return ""
}

// runs says in one line which Go runs: verb is "runs" or "stops", for that is
// how the line starts.
func runs(sel drift.Selection) (verb, what string) {
	switch {
	case sel.How == drift.HowNoGo:
		return "stops", "there is no go on PATH"
	case sel.Selected == "" && sel.Error == "":
		return "runs", "whatever the script on PATH chooses"
	case sel.Selected == "":
		return "stops", firstLine(sel.Error)
	case sel.LoadError != "":
		return "runs", sel.Selected + ", but builds stop: " + strings.TrimPrefix(firstLine(sel.LoadError), "go: ")
	}
	what = sel.Selected
	if from := source(sel); from != "" {
		what += ", " + from
	}
	return "runs", what
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return drift.MaskText(line)
}
