package rules

import (
	"fmt"
	"go/version"
	"strings"

	"godrift.dev/server/drift"
)

// lowPin is a pin below the go lines of the modules that it is for, the highest
// first.
type lowPin struct {
	pin   drift.Pin
	above []spot
}

// lowPins are the pins that are too low, and of the others of each party, which
// are not, the highest.
func (in Input) lowPins() ([]lowPin, map[party]drift.Pin) {
	var low []lowPin
	peers := map[party]drift.Pin{}
	for _, pin := range in.pinsAndLanguages() {
		if in.oneOfSeveral(pin) || in.oldOnPurpose(pin) {
			continue
		}
		if above := in.floorsAbove(pin); len(above) > 0 {
			low = append(low, lowPin{pin, above})
			continue
		}
		if !namesVersion(pin) || pin.Role == drift.RoleTest || isToolchainLine(pin) || noSuchRelease(pin, in.Now) || in.buildsNothingHere(pin) {
			continue
		}
		if _, overruled := in.overruled(pin); overruled {
			continue
		}
		key := in.partyOf(pin)
		if have, ok := peers[key]; !ok || in.higher(pin, have) {
			peers[key] = pin
		}
	}
	return low, peers
}

// raise lifts a pin that is too low. The go line alone would do, but what the
// others say keeps the repository of one mind: first what godrift.toml says, for
// a pin of developers what they agreed upon, then the pins of the same role, and
// then what is agreed upon.
func (in Input) raise(pin drift.Pin, floor string, peer drift.Pin) []drift.Fix {
	if pin.Meaning == drift.MeaningLang {
		to := firstRelease(floor)
		text := respell(pin, to)
		if isMinor(name(pin.Version)) {
			text = strings.TrimPrefix(version.Lang(floor), "go")
		}
		actions, note := in.write(to, pin)
		return repair("Raise it to "+text, note, actions...)
	}
	home, _ := in.homeOf(pin)
	agreed := in.pinned(home.Dir).Pin
	candidates := []drift.Pin{peer, agreed}
	if pin.Role == drift.RoleDevelop || agreed.Source == drift.SourcePolicy {
		candidates = []drift.Pin{agreed, peer}
	}
	least := respell(pin, firstRelease(floor))
	for _, like := range candidates {
		if !namesVersion(like) || !reaches(like, floor) {
			continue
		}
		to := in.concrete(like)
		if version.Compare(to, firstRelease(floor)) < 0 || noSuchRelease(like, in.Now) || !in.allowedGo(to) {
			continue
		}
		actions, note := in.write(to, pin)
		title := "Raise it to " + respell(pin, to)
		if respell(pin, to) != least {
			title += fmt.Sprintf(", as %s says", in.at(like.Place))
		}
		return repair(title, note, actions...)
	}
	to := firstRelease(floor)
	if !in.allowedGo(to) {
		return nil
	}
	actions, note := in.write(to, pin)
	return repair("Raise it to "+least, note, actions...)
}

// allowedGo reports whether the contract allows a release: nothing that breaks
// it is offered.
func (in Input) allowedGo(v string) bool {
	for _, term := range in.Policy.Contract(in.Snapshot.Environment.Host.GOOS) {
		if term.Variable == "" && !term.Range.Holds(v) {
			return false
		}
	}
	return true
}
