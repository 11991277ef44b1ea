package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// toolchain-ignored reports a toolchain line that has no effect: one that is
// lower than the go line beside it, or one in a go.mod that the go.work in
// effect overrules with another.
//
// # Why it matters
//
// The line looks like a decision and is none. People who read it believe that
// they know which Go builds here.
//
// # Example
//
//	go 1.25.3
//	toolchain go1.25.1     the go line asks for more, so this is passed by
//
// # How to fix it
//
// Remove the line (go mod tidy does), or raise it to the release that is meant.
// In a workspace, the toolchain line belongs into go.work.
//
// # How to silence it
//
// Accept it in godrift.toml, or switch the rule off for the modules that are
// built without the workspace, too:
//
//	[[path]]
//	glob = "api/**"
//	severity.toolchain-ignored = "off"
var toolchainIgnored = Rule{
	Code: "toolchain-ignored", Title: "A toolchain line that has no effect",
	Group: GroupPins, Severity: drift.SeverityInfo, All: "Remove the toolchain line from all %d files",
	Check: checkToolchainIgnored,
}

func checkToolchainIgnored(in Input) []Found {
	var found []Found
	for _, pin := range in.Snapshot.Pins {
		if !isToolchainLine(pin) || pin.Meaning != drift.MeaningExact || pin.Extra["earlyscan"] != "" || in.testData(pin.Place.File) {
			continue
		}
		f := Found{Finding: drift.Finding{
			Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw, Unnecessary: true,
		}}
		remove := repair("Remove the toolchain line", "", in.removeLine(pin.Place))
		line := in.goLine(pin.Place.File)
		work, overruled := in.overruled(pin)
		switch {
		case in.belowGoLine(pin):
			f.Message = fmt.Sprintf("%s is lower than the go line (%s), so the go command passes it by.", pin.Raw, line.Raw)
			raised := respell(pin, firstRelease(line.Version))
			f.Fixes = append(preferFirst(remove), repair("Raise it to "+raised, "", in.edit(pin.Place, raised))...)
		case overruled:
			f.Message = fmt.Sprintf("%s decides which Go runs here, so %s counts only for those who build this module without it.", in.rel(work), pin.Raw)
			f.Fixes = remove
			f.Cause = work
			f.Brief = pin.Raw + " has no effect either"
		default:
			continue
		}
		found = append(found, f)
	}
	return found
}

// overruled reports whether a go.work is in effect for the module of a go.mod's
// toolchain line, and asks for another Go. The same Go twice harms nobody.
func (in Input) overruled(pin drift.Pin) (work string, ok bool) {
	m := in.index.modules[pin.Place.File]
	if m.Work == "" || m.Work == m.File {
		return "", false
	}
	if other, ok := in.index.toolchains[m.Work]; ok && other.Raw == pin.Raw {
		return "", false
	}
	return m.Work, true
}

// removeLine deletes the lines of a place, with the end of the last one and an
// empty line that would stand doubled.
func (in Input) removeLine(at drift.Place) drift.Action {
	doc, ok := in.Snapshot.Documents[at.File]
	if !ok || at.Span.End > len(doc.Text) {
		return drift.Action{}
	}
	text := string(doc.Text)
	start, end := at.Span.Start, at.Span.End
	for start > 0 && text[start-1] != '\n' {
		start--
	}
	for end < len(text) && text[end] != '\n' {
		end++
	}
	end = min(end+1, len(text))
	if start >= 2 && text[start-2:start] == "\n\n" && end < len(text) && text[end] == '\n' {
		end++
	}
	at.Span = drift.Span{Start: start, End: end}
	return in.edit(at, "")
}
