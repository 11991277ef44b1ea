package rules

import (
	"fmt"
	"go/version"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// pin-stale-patch reports a place that picks a release of which there is a newer
// patch.
//
// # Why it matters
//
// Patches hold fixes only, among them those of security issues, and nothing that
// breaks what builds.
//
// # Example
//
//	.go-version says 1.26.1, and 1.26.11 is out
//
// # How to fix it
//
// Take the newest patch that this godrift knows of. All pins of the minor are
// raised by one fix. Test matrices are left alone.
//
// # How to silence it
//
// Accept it in godrift.toml, or switch it off:
//
//	[severity]
//	pin-stale-patch = "off"
var pinStalePatch = Rule{
	Code: "pin-stale-patch", Title: "A pin of which there is a newer patch",
	Group: GroupPins, Severity: drift.SeverityInfo, All: "Take the newest patch in all %d files",
	Check: checkPinStalePatch,
}

func checkPinStalePatch(in Input) []Found {
	var found []Found
	for _, pin := range in.upkept() {
		newest := releases.NewestPatch(pin.Version)
		if pin.Meaning != drift.MeaningExact || newest == "" || !releases.Supported(name(pin.Version)) ||
			version.Compare(name(pin.Version), newest) >= 0 {
			continue
		}
		found = append(found, Found{
			Finding: drift.Finding{
				Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw,
				Message: fmt.Sprintf("%s picks %s, and %s is out, as far as is known on %s.", in.at(pin.Place), pin.Raw, newest, releases.Date()),
				Fixes:   preferFirst(in.move(pin, newest)),
			},
			Cause: newest, Brief: "picks " + pin.Raw + ", of which there is a newer patch as well",
		})
	}
	return found
}
