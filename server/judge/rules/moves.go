package rules

import (
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
	"godrift.dev/server/judge/policy"
)

// maxMoves bounds how many versions are offered for one pin.
const maxMoves = 4

// Moves are the versions that the pin at a place could be raised or lowered to,
// each as a fix for that pin alone: what is agreed upon, what the others of its
// kind say, what runs, the go line, the newest patch and the newest release.
// Nothing below the go line that the pin is for is among them.
func Moves(in Input, at drift.Place) []drift.Fix {
	if in.Policy == nil {
		in.Policy = policy.Default()
	}
	if in.index == nil {
		in = in.indexed()
	}
	i := slices.IndexFunc(in.Snapshot.Pins, func(pin drift.Pin) bool { return pin.Place == at })
	if i < 0 || !alignable(in.Snapshot.Pins[i]) || staying(in.Snapshot.Pins[i]) != "" {
		return nil
	}
	pin := in.Snapshot.Pins[i]
	var fixes []drift.Fix
	var texts []string
	for _, c := range in.candidates(pin) {
		text := in.spelled(pin, c.version)
		if c.version == "" || text == "" || text == pin.Raw || slices.Contains(texts, text) || len(fixes) == maxMoves {
			continue
		}
		fix, _, err := Align(in, AlignRequest{Target: c.version, Only: []drift.Place{at}})
		if err != nil || len(fix.Actions) == 0 {
			continue
		}
		verb := "Raise"
		if version.Compare(c.version, in.concrete(drift.Pin{Meaning: meaningOf(pin), Version: pin.Version})) < 0 {
			verb = "Lower"
		}
		texts = append(texts, text)
		fix.Title = verb + " to " + strings.Trim(text, `"`) + ", " + c.why
		fixes = append(fixes, fix)
	}
	return fixes
}

// meaningOf tells a minor from a release, for pins that are neither an exact one
// nor a minor by their own meaning.
func meaningOf(pin drift.Pin) drift.Meaning {
	if namesMinor(pin) {
		return drift.MeaningLine
	}
	return drift.MeaningExact
}

// candidate is a version that a pin could have, with the reason as the end of a
// title.
type candidate struct{ version, why string }

func (in Input) candidates(pin drift.Pin) []candidate {
	home, _ := in.homeOf(pin)
	dir := home.Dir
	if dir == "" {
		dir = checkout(pin.Place.File)
	}
	var list []candidate
	add := func(v, why string) {
		if v != "" && version.IsValid(v) {
			list = append(list, candidate{v, why})
		}
	}
	if p := in.pinned(dir); p.Version != "" && p.Pin.Place != pin.Place {
		add(in.concrete(p.Pin), "as "+in.at(p.Pin.Place)+" has it")
	}
	for _, other := range in.Snapshot.Pins {
		h, _ := in.homeOf(other)
		if other.Role == pin.Role && h.File == home.File && home.File != "" && other.Place != pin.Place && namesVersion(other) &&
			!isMatrix(other) && !in.testData(other.Place.File) && in.higher(other, pin) {
			add(in.concrete(other), "as "+in.at(other.Place)+" has it")
		}
	}
	running := in.Snapshot.Selection.Selected
	if home.File != "" {
		running = home.Selection.Selected
	}
	add(release(running), "the Go that runs here")
	floor := in.floorOf(pin)
	if floor != "" && pin.Role != drift.RoleFloor {
		add(firstRelease(floor), "what the go line asks for")
	}
	add(releases.NewestPatch(name(pin.Version)), "the newest patch that is known")
	add(releases.Newest(), "the newest release that is known")
	return slices.DeleteFunc(list, func(c candidate) bool {
		if pin.Role == drift.RoleFloor {
			return version.Compare(c.version, firstRelease(pin.Version)) < 0
		}
		return floor != "" && belowFloor(c.version, floor)
	})
}
