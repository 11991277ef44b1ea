package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// pin-disagrees reports that places which decide the same thing for the same
// module name different Go versions.
//
// # Why it matters
//
// Which of them counts depends on the tool that reads them, so two people, or
// two jobs of the same kind, build with different Gos and cannot see it.
//
// Only places of one role are compared: a floor below a build image is normal,
// and a test matrix holds several minors on purpose. Modules in other folders
// are judged by their own pins.
//
// # Example
//
//	.go-version says 1.26.2, and the toolchain line of go.mod says go1.25.3
//
// # How to fix it
//
// Align all of them: to the one that counts (see toolchain-drift for the order),
// or to the highest. All files are changed in one edit.
//
// # How to silence it
//
// Accept it in godrift.toml, or say which differences count:
//
//	[distance.pin-disagrees]
//	patch = "off"
var pinDisagrees = Rule{
	Code: "pin-disagrees", Title: "Pins of one role name different versions",
	Group: GroupPins, Severity: drift.SeverityWarning,
	Check: checkPinDisagrees,
}

func checkPinDisagrees(in Input) []Found {
	groups := map[party][]drift.Pin{}
	var order []party
	for _, pin := range in.pins() {
		switch {
		case pin.Role == drift.RoleTest, in.oneOfSeveral(pin), in.oldOnPurpose(pin), in.buildsNothingHere(pin):
			continue // meant to differ, or for something else
		case len(in.floorsAbove(pin)) > 0:
			continue // that it is too low is said already
		}
		if _, overruled := in.overruled(pin); overruled {
			continue
		}
		key := in.partyOf(pin)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], pin)
	}
	var found []Found
	for _, key := range order {
		if f, ok := in.disagreement(groups[key]); ok {
			found = append(found, f)
		}
	}
	return found
}

// disagreement compares pins with the one that counts.
func (in Input) disagreement(pins []drift.Pin) (Found, bool) {
	counts, highest := pins[0], pins[0]
	for _, pin := range pins[1:] {
		if isToolchainLine(counts) && !isToolchainLine(pin) || counts.Role != drift.RoleDevelop && in.higher(pin, counts) {
			counts = pin
		}
		if in.higher(pin, highest) {
			highest = pin
		}
	}
	var others []drift.Pin
	worst := ""
	for _, pin := range pins {
		switch d := pinDifference(pin, counts); {
		case d == "":
			continue
		case worst == "" || d == "major" || d == "minor" && worst == "patch":
			worst = d
		}
		others = append(others, pin)
	}
	if len(others) == 0 {
		return Found{}, false
	}
	why := ", the highest of them"
	if counts.Role == drift.RoleDevelop {
		why = ", and comes first in the order of pins"
	}
	first := others[0]
	f := drift.Finding{
		Severity: grade(in.Policy.Distances("pin-disagrees"), worst),
		Place:    first.Place, Subject: string(first.Source), Value: first.Raw,
		Message: fmt.Sprintf("%s says %s, but %s says %s. %s",
			in.at(first.Place), first.Raw, in.at(counts.Place), counts.Raw, disagreementMeans[counts.Role]),
		Related: []drift.Related{{Place: counts.Place, Message: "says " + counts.Raw + why}},
		Fixes:   preferFirst(in.align(pins, counts)),
	}
	for _, pin := range others[1:] {
		f.Related = append(f.Related, drift.Related{Place: pin.Place, Message: "says " + pin.Raw})
	}
	if pinDifference(highest, counts) != "" {
		f.Fixes = append(f.Fixes, in.align(pins, highest)...)
	}
	return Found{Finding: f}, true
}

// align writes the version of one pin into the others, each spelled its way.
func (in Input) align(pins []drift.Pin, to drift.Pin) []drift.Fix {
	var others []drift.Pin
	for _, pin := range pins {
		if pinDifference(pin, to) != "" {
			others = append(others, pin)
		}
	}
	if !in.allowedGo(in.concrete(to)) {
		return nil
	}
	actions, note := in.write(in.concrete(to), others...)
	return repair(fmt.Sprintf("Align all pins with %s: %s", in.rel(to.Place.File), to.Raw), note, actions...)
}
