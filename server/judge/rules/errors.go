package rules

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// owner is the code of the rule that reports why the go command stops: one root
// cause is one finding, under the code that says most about it.
func (in Input) owner(s spot) string {
	text := s.Selection.Error + s.Selection.LoadError
	switch {
	case s.Selection.How == drift.HowNoGo || s.Selection.Go == nil && s.Selection.How != drift.HowError:
		return "go-missing"
	case text == "":
		return ""
	case strings.Contains(text, "cannot find GOROOT") || strings.Contains(text, "GOROOT is not set"):
		return "goroot-mismatch"
	case strings.Contains(text, "listed in go.work file requires go") && in.workIsBelow(s):
		return "work-below-module"
	case (strings.Contains(text, "invalid go version") || strings.Contains(text, "invalid toolchain \"")) && in.hasInvalid(s):
		return "pin-invalid"
	case in.fromVariable(s):
		return "env-conflict"
	}
	return "toolchain-unavailable"
}

// workIsBelow reports whether the workspace that a spot is in, or is, is lower
// than one of its modules.
func (in Input) workIsBelow(s spot) bool {
	for _, work := range in.spots() {
		if (work.File == s.File || work.File == s.Work) && len(in.usedAbove(work)) > 0 {
			return true
		}
	}
	return false
}

// fromVariable reports whether a variable alone stops the go command, whatever
// the files say.
func (in Input) fromVariable(s spot) bool {
	if s.Selection.Error == "" {
		return false
	}
	if d := s.Selection.Decider.File; d != "" && (d == s.File || d == s.Work) {
		return false
	}
	_, ok := in.culprit(s.Selection.Error)
	return ok
}

// mentions reports whether the text holds the whole word.
func mentions(text, word string) bool {
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n:\"'()", r) }) {
		if w == word {
			return true
		}
	}
	return false
}

// firstLine is the first line of an error that is not a progress message.
func firstLine(text string) string {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "go: downloading ") {
			return line
		}
	}
	return ""
}

// quoteError is what the go command says about the file, if it stops over it.
func (in Input) quoteError(pin drift.Pin) string {
	for _, s := range in.spots() {
		if (s.File == pin.Place.File || s.Work == pin.Place.File) && s.Selection.Error+s.Selection.LoadError != "" {
			text := firstLine(s.Selection.Error + s.Selection.LoadError)
			if strings.Contains(text, pin.Raw) {
				return fmt.Sprintf(" The go command stops here: %q.", drift.MaskText(text))
			}
		}
	}
	return ""
}

// stopsOver reports whether the go command stops because of the pin, which
// toolchain-unavailable then reports.
func (in Input) stopsOver(pin drift.Pin) bool {
	for _, s := range in.spots() {
		if s.Selection.Error == "" {
			continue
		}
		if at, ok := in.pinAt(s.Selection.Decider); ok && at.Place == pin.Place {
			return true
		}
	}
	return false
}

// hasInvalid reports whether a text that is reported stands in the file that
// decides at a spot.
func (in Input) hasInvalid(s spot) bool {
	for _, pin := range in.Snapshot.Pins {
		if pin.Place.File == s.File || pin.Place.File == s.Work && s.Work != "" {
			if _, ok := in.invalid(pin); ok {
				return true
			}
		}
	}
	return false
}

// pinAt is the pin that stands at a place, or on its line.
func (in Input) pinAt(at drift.Place) (drift.Pin, bool) {
	for _, pin := range in.Snapshot.Pins {
		if at.File != "" && pin.Place.File == at.File && (pin.Place == at || in.at(pin.Place) == in.at(at)) {
			return pin, true
		}
	}
	return drift.Pin{}, false
}
