package rules

import (
	"fmt"
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// owner is the code of the rule that reports why the go command stops: one root
// cause is one finding, under the code that says most about it.
func (in Input) owner(s spot) string {
	sel := s.Selection
	text := sel.Error + sel.LoadError
	switch {
	case sel.How == drift.HowNoGo || sel.Go == nil && sel.How != drift.HowError:
		return "go-missing"
	case text == "":
		return ""
	case strings.Contains(text, inconsistentVendoring):
		return "modules-drift"
	case strings.Contains(text, "cannot find GOROOT") || strings.Contains(text, "GOROOT is not set"):
		return "goroot-mismatch"
	case strings.Contains(text, "listed in go.work file requires go") && in.workIsBelow(s):
		return "work-below-module"
	case unreadable(text) && in.hasInvalid(s):
		return "pin-invalid"
	case in.fromVariable(s):
		return "env-conflict"
	}
	return "toolchain-unavailable"
}

// unreadable reports whether an error is about the text of a go.mod or go.work.
func unreadable(text string) bool {
	return slices.ContainsFunc([]string{"errors parsing", "invalid go version", "invalid toolchain"}, func(part string) bool {
		return strings.Contains(text, part)
	})
}

// hasInvalid reports whether pin-invalid has something to say about the file
// that decides at a spot.
func (in Input) hasInvalid(s spot) bool {
	return in.isInvalid(s.File) || s.Work != "" && in.isInvalid(s.Work)
}

// isInvalid looks at a file once: all modules of a workspace ask about its
// go.work.
func (in Input) isInvalid(file string) bool {
	if known, ok := in.index.invalid[file]; ok {
		return known
	}
	invalid := slices.ContainsFunc(in.Snapshot.Problems, func(p drift.Problem) bool { return p.Place.File == file }) ||
		slices.ContainsFunc(in.Snapshot.Pins, func(pin drift.Pin) bool {
			if pin.Place.File != file {
				return false
			}
			_, ok := in.invalid(pin)
			return ok
		})
	in.index.invalid[file] = invalid
	return invalid
}

// workIsBelow reports whether the workspace that a spot is in, or is, is lower
// than one of its modules.
func (in Input) workIsBelow(s spot) bool {
	return len(in.index.above[s.File]) > 0 || len(in.index.above[s.Work]) > 0
}

// fromVariable reports whether a variable alone stops the go command, whatever
// the files say.
func (in Input) fromVariable(s spot) bool {
	if s.Selection.Error == "" {
		// Which Go would do is never said by these, as GOTOOLCHAIN's errors do.
		v, ok := in.culprit(s.Selection.LoadError)
		return ok && v.Name != "GOTOOLCHAIN"
	}
	if d := s.Selection.Decider.File; d != "" && (d == s.File || d == s.Work) {
		return false
	}
	_, ok := in.culprit(s.Selection.Error)
	return ok
}

// isTooOld reports whether the Go that runs is too old for what stands there,
// which it says itself or which keeps it from reading the file.
func isTooOld(s spot) bool {
	text := s.Selection.LoadError
	switch {
	case s.Selection.Error != "":
		return false
	case strings.Contains(text, "requires go >="):
		return true
	}
	running := release(s.Selection.Selected)
	if running == "" || !strings.Contains(text, ": unknown ") && !(strings.Contains(text, "invalid go version") && !switchable(s.Selection)) {
		return false
	}
	return version.Compare(version.Lang(s.floor()), version.Lang(running)) > 0
}

// deciding is the spot with the go.work in effect instead of its own go.mod,
// where the error is about that.
func (in Input) deciding(s spot) spot {
	text := s.Selection.Error + s.Selection.LoadError
	work, ok := in.index.modules[s.Work]
	if ok && (strings.Contains(text, "go.work requires go") || strings.Contains(text, "reading go.work") || strings.Contains(text, "errors parsing go.work")) {
		s.File, s.Uses, s.Path, s.pin = work.File, work.Uses, "", in.goLine(work.File)
	}
	return s
}

// mentions reports whether the text holds the whole word.
func mentions(text, word string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n:;=,\"'()", r) })
	return slices.Contains(words, word)
}

// maxLine is how many characters of a line of the go command's are shown.
const maxLine = 600

// said is what the go command prints when it stops, on one line and without
// progress messages.
func said(sel drift.Selection) string {
	text := sel.Error
	if text == "" {
		text = sel.LoadError
	}
	const enough = 3
	var lines []string
	for line := range strings.Lines(text) {
		// Longer than what is shown, lest the end of a secret goes before it is
		// known for one.
		line = strings.TrimSpace(drift.ClipTo(line, 4*maxLine))
		if line != "" && !strings.HasPrefix(line, "go: downloading ") {
			lines = append(lines, drift.ClipTo(drift.MaskText(line), maxLine))
		}
		if len(lines) == enough {
			break
		}
	}
	if len(lines) > 1 && !strings.HasSuffix(lines[0], ":") {
		lines = lines[:1] // what follows is advice
	}
	return drift.MaskText(strings.Join(lines, " "))
}

// foresee fills in the error of a selection that wants to download what there is
// not. The observers cannot know; the list of releases does.
func (in Input) foresee(sel drift.Selection) drift.Selection {
	if sel.How == drift.HowDownload && sel.Error == "" && in.neverWas(sel.Selected) {
		host := in.Snapshot.Environment.Host
		sel.Error = fmt.Sprintf("go: download %s for %s/%s: toolchain not available", sel.Selected, host.GOOS, host.GOARCH)
	}
	return sel
}

// neverWas reports whether a toolchain of this name does not exist.
func (in Input) neverWas(toolchain string) bool {
	return noSuchRelease(drift.Pin{Version: strings.TrimPrefix(release(toolchain), "go"), Meaning: drift.MeaningExact}, in.Now) &&
		release(toolchain) == toolchain && !releases.Known(toolchain)
}

// quoteError is what the go command says about the file, if it stops over it.
func (in Input) quoteError(pin drift.Pin) string {
	for _, s := range in.spots() {
		if s.File != pin.Place.File && s.Work != pin.Place.File {
			continue
		}
		if text := said(s.Selection); strings.Contains(text, pin.Raw) {
			return fmt.Sprintf(" The go command stops here: %q.", text)
		}
	}
	return ""
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

// stopsOver reports whether the go command stops because there is no such
// release, which toolchain-unavailable then reports.
func (in Input) stopsOver(pin drift.Pin) bool {
	for _, s := range in.spots() {
		if s.Selection.Error != "" {
			if at, ok := in.pinAt(s.Selection.Decider); ok && at.Place == pin.Place {
				return true
			}
		} else if s.Selection.LoadError != "" && s.pin.Place == pin.Place && mentions(s.Selection.LoadError, pin.Version) {
			return true
		}
	}
	return false
}

// stopsAt reports whether the go command stops because it cannot read a file.
func (in Input) stopsAt(file string) bool {
	for _, s := range in.spots() {
		if (s.File == file || s.Work == file) && strings.Contains(s.Selection.Error+s.Selection.LoadError, "errors parsing") {
			return true
		}
	}
	return false
}
