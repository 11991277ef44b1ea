package rules

import (
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// floor-raised reports that a go or toolchain line is higher than when the state
// of this workspace was accepted, and that no person's edit raised it: go get, go
// mod tidy or a bot did, because a dependency asks for more.
//
// # Why it matters
//
// The go line is the least Go with which anybody can build this: who uses the
// module as a dependency, and every image and CI job that has an older one, fails
// from then on. It is easily committed unseen.
//
// # Example
//
//	go.mod:3 says go 1.25.0; accepted was 1.24.1. go get, go mod tidy or a bot
//	raised it, for example.com/dep v1.2.0 asks for it.
//
// That go.mod and go.sum changed together tells these from a person's edit. What
// came with another branch or commit is not reported. Which module asks for it is
// read from the module cache.
//
// # How to fix it
//
// Restore the line (godrift rollback go.mod: all pins of the file) and require a
// version of the module that asks for less; or accept the present state.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the file and its value.
var floorRaised = Rule{
	Code: "floor-raised", Title: "A go or toolchain line that no person raised",
	Group: GroupEnvironment, Severity: drift.SeverityWarning, Compares: true,
	Check: checkFloorRaised,
}

// raise is a line of a go.mod that is higher than accepted.
type raise struct {
	pin    drift.Pin
	was    string // empty for a toolchain line that is new
	moment drift.Moment
}

// raises are the lines that no person raised, by file, the go line first.
func (in Input) raises() []raise {
	r := in.baseline()
	if r == nil {
		return nil
	}
	var out []raise
	for _, pin := range in.Snapshot.Pins {
		goLine := pin.Source == drift.SourceGoModGo && pin.Meaning == drift.MeaningMin
		if !goLine && (pin.Source != drift.SourceGoModToolchain || pin.Meaning != drift.MeaningExact) {
			continue
		}
		key := in.pinKey(pin)
		was, had := r.Values[key]
		if goLine && !had || had && version.Compare(name(pin.Version), name(strings.TrimPrefix(was, "go"))) <= 0 {
			continue
		}
		// Whoever saw it: a file is the same in every environment.
		for _, m := range in.Memory.Recent {
			if changes(m, key) {
				if m.Cause.Kind == drift.CauseGoGet {
					out = append(out, raise{pin, was, m})
				}
				break
			}
		}
	}
	return out
}

func changes(m drift.Moment, key string) bool {
	for _, c := range m.Changes {
		if c.Key == key {
			return true
		}
	}
	return false
}

// pinKey is the key of a pin of which there is one of its source in a file.
func (in Input) pinKey(pin drift.Pin) string {
	return drift.KeyPin + filepath.ToSlash(in.rel(pin.Place.File)) + ":" + string(pin.Source)
}

// Raised lists the go.mod files of which Input.Requirements is asked for.
func Raised(in Input) []string {
	var out []string
	for _, r := range in.raises() {
		if len(out) == 0 || out[len(out)-1] != r.pin.Place.File {
			out = append(out, r.pin.Place.File)
		}
	}
	return out
}

func checkFloorRaised(in Input) []Found {
	var found []Found
	for _, r := range in.raises() {
		what, was := "go "+r.pin.Raw, "accepted was "+r.was
		if r.pin.Source == drift.SourceGoModToolchain {
			what = "toolchain " + r.pin.Raw
		}
		if r.was == "" {
			was = "there was no such line when this state was accepted"
		}
		message := fmt.Sprintf("%s says %s; %s. %s raised it", in.at(r.pin.Place), what, was, "go get, go mod tidy or a bot")
		by, asks := in.raisedBy(r)
		if asks {
			message += fmt.Sprintf(", for %s asks for it", by)
		}
		message += fmt.Sprintf(" (%s).", in.clock(r.moment.Time))
		note := ""
		if asks {
			note = fmt.Sprintf("The go command raises it again as long as %s is required.", by)
		}
		var fixes []drift.Fix
		if r.was != "" {
			fixes = repair(fmt.Sprintf("Restore %s in %s", r.was, in.rel(r.pin.Place.File)), note, in.edit(r.pin.Place, r.was))
		}
		found = append(found, Found{Finding: drift.Finding{
			Place: r.pin.Place, Subject: string(r.pin.Source), Value: r.pin.Raw, Message: message, Fixes: preferFirst(fixes),
		}})
	}
	return found
}

// raisedBy is the module that asks for the most, if that is more than accepted.
func (in Input) raisedBy(r raise) (by string, ok bool) {
	if r.was == "" {
		return "", false
	}
	most := name(strings.TrimPrefix(r.was, "go"))
	for _, m := range in.Requirements[r.pin.Place.File] {
		if v := name(m.Go); version.IsValid(v) && version.Compare(v, most) > 0 && version.Compare(v, name(r.pin.Version)) <= 0 {
			most, by = v, m.Path+" "+m.Version
		}
	}
	return by, by != ""
}
