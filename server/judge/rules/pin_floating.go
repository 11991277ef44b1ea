package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// pin-floating reports a place that takes whatever Go is the newest on the day,
// such as latest, stable, or an image of golang without a version. It is off
// unless godrift.toml switches it on.
//
// # Why it matters
//
// The same commit builds with another Go next month. When that build breaks,
// nothing in the repository has changed, so nothing in it says why.
//
// # Example
//
//	FROM golang:alpine
//
// # How to fix it
//
// Write the release that is agreed upon beside it, such as that of .go-version, or
// the one that it means today. That is the newest one that this godrift knows of,
// since nothing is looked up.
//
// # How to silence it
//
// It is silent unless godrift.toml says otherwise:
//
//	[severity]
//	pin-floating = "warning"
var pinFloating = Rule{
	Code: "pin-floating", Title: "A pin that moves with every release",
	Group: GroupPins, Severity: drift.SeverityOff, All: "Write a release in all %d files",
	Check: checkPinFloating,
}

func checkPinFloating(in Input) []Found {
	newest := releases.Newest()
	var found []Found
	for _, pin := range in.Snapshot.Pins {
		floats := pin.Meaning == drift.MeaningLatest || pin.Meaning == drift.MeaningStable
		if !floats || pin.Role == drift.RoleTest || pin.Role == drift.RoleFloor || pin.Role == drift.RoleDocs ||
			pin.Extra["fallback"] != "" || in.testData(pin.Place.File) {
			continue
		}
		f := drift.Finding{
			Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw,
			Message: fmt.Sprintf("%s takes the newest Go there is (%q), so the same commit builds with another one later. Today that is %s, as far as is known on %s.",
				in.at(pin.Place), pin.Raw, newest, releases.Date()),
		}
		agreed := in.pinned(filepath.Dir(pin.Place.File))
		if agreed.Pin.Meaning == drift.MeaningExact && agreed.Pin.Place != pin.Place {
			f.Related = append(f.Related, drift.Related{Place: agreed.Pin.Place, Message: "says " + agreed.Pin.Raw})
			if text := fixed(pin, agreed.Pin.Version); text != "" {
				f.Fixes = repair("Write "+text+", as "+in.at(agreed.Pin.Place)+" has it", "", in.edit(pin.Place, text))
			}
		}
		if text := fixed(pin, strings.TrimPrefix(newest, "go")); text != "" && strings.TrimPrefix(newest, "go") != agreed.Pin.Version {
			f.Fixes = append(f.Fixes, repair("Write "+text+", today's newest", "", in.edit(pin.Place, text))...)
		}
		f.Fixes = preferFirst(f.Fixes)
		found = append(found, Found{Finding: f, Cause: newest + " " + agreed.Version, Brief: fmt.Sprintf("takes the newest Go as well (%q)", pin.Raw)})
	}
	return found
}

// fixed writes a release in place of a floating text; empty if nobody can tell
// how.
func fixed(pin drift.Pin, v string) string {
	switch {
	case pin.Extra["digest"] != "":
		return "" // the digest names one image already
	case pin.Raw == "latest" || pin.Raw == "stable" || pin.Raw == "latest:1" || pin.Raw == "1":
		return v
	case pin.Extra["why"] == "no tag":
		return pin.Raw + ":" + v
	case pin.Raw == pin.Extra["variant"]:
		return v + "-" + pin.Raw
	}
	return ""
}
