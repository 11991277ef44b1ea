package rules

import (
	"bytes"
	"cmp"
	"path/filepath"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

var digest = drift.Pattern(`^[-A-Za-z0-9_.]*(@sha256:[0-9a-f]{64})(?:[^0-9A-Za-z]|$)`)

// replace makes the edits that write a text into a pin and drop the digest that
// names its image. Without actions it says why it cannot.
func (in Input) replace(pin drift.Pin, text string) ([]drift.Action, string) {
	edit := in.edit(pin.Place, text)
	if edit.Kind == "" {
		return nil, "its file is not to be changed"
	}
	if pin.Extra["digest"] == "" {
		return []drift.Action{edit}, ""
	}
	drop := in.dropDigest(pin)
	if drop.Kind == "" {
		return nil, "a digest that is not written out names its image"
	}
	return []drift.Action{edit, drop}, ""
}

// dropDigest removes the digest behind the tag that a pin stands in.
func (in Input) dropDigest(pin drift.Pin) drift.Action {
	doc, ok := in.Snapshot.Documents[pin.Place.File]
	if !ok || pin.Place.Span.End > len(doc.Text) {
		return drift.Action{}
	}
	end := pin.Place.Span.End
	m := digest().FindSubmatchIndex(doc.Text[end:])
	if m == nil {
		return drift.Action{}
	}
	return in.edit(drift.Place{File: pin.Place.File, Span: drift.Span{Start: end + m[2], End: end + m[3]}}, "")
}

// hasChecksum reports whether a pin picks a download that a checksum near it is
// likely of.
func (in Input) hasChecksum(pin drift.Pin) bool {
	if pin.Extra["digest"] != "" || pin.Extra["variant"] != "" || strings.HasSuffix(string(pin.Source), ":from") || strings.HasSuffix(string(pin.Source), ":image") {
		return false
	}
	text := in.Snapshot.Documents[pin.Place.File].Text
	const near = 600
	from, to := max(0, pin.Place.Span.Start-near), min(len(text), pin.Place.Span.End+near)
	return from < to && holdsChecksum(text[from:to])
}

// holdsChecksum reports whether a text holds 64 hexadecimal digits that stand
// alone and behind no colon, as those of a digest do. Every pin asks on every
// judgement, which is why no expression looks for them.
func holdsChecksum(text []byte) bool {
	for i := 0; i < len(text); i++ {
		start, hex := i, true
		for ; i < len(text) && (text[i] >= '0' && text[i] <= '9' || text[i]|0x20 >= 'a' && text[i]|0x20 <= 'z'); i++ {
			hex = hex && (text[i] <= '9' || text[i] >= 'a' && text[i] <= 'f')
		}
		if i-start == 64 && hex && (start == 0 || text[start-1] != ':') {
			return true
		}
	}
	return false
}

// write makes the edits that write one Go into some pins, as Align does, with a
// note for the person who applies them.
func (in Input) write(to string, pins ...drift.Pin) ([]drift.Action, string) {
	a := alignment{Input: in, version: to, chosen: pins, moved: map[drift.Place]string{}}
	for _, pin := range pins {
		a.Only = append(a.Only, pin.Place)
	}
	a.move()
	a.follow()
	return a.actions, a.summary()
}

const droppedDigest = "dropped: a digest names the old image, and the new one cannot be looked up offline."

// summary is what a person should know about the fix as a whole.
func (a *alignment) summary() string {
	note := ""
	if a.lowered > 0 && len(a.Only) == 0 {
		note = counted(a.lowered, "pin goes", "pins go") + " down to an older Go."
	}
	if a.digests > 0 {
		note = joinNotes(note, counted(a.digests, "digest is ", "digests are ")+droppedDigest)
	}
	return note
}

// follow looks at the places that take their version from a pin which has
// moved: a digest there names the old image. Of those whose source did not move
// it is said.
func (a *alignment) follow() {
	if a.Target == AlignFile {
		return
	}
	for _, pin := range a.index.followers {
		if alone := len(a.Only) > 0; alone && pin.Extra["digest"] == "" || !alone && (!a.wanted(pin) || isMatrix(pin)) {
			continue
		}
		text, moves := a.source(pin)
		switch {
		case !moves:
			if to := a.target(pin); len(a.Only) == 0 && to != "" && difference(a.concreteOf(to), pin) != "" {
				a.note(pin, "left alone: %s takes %s from another place, which is not aligned", pin.Raw, pin.Version)
			}
		case text && pin.Extra["digest"] != "":
			if drop := a.dropDigest(pin); drop.Kind != "" {
				a.actions = append(a.actions, drop)
				a.digests++
				a.note(pin, "the digest of %s is dropped, for it names the old image", pin.Raw)
			}
		}
	}
}

func (a *alignment) concreteOf(v string) string {
	if isMinor(v) {
		return a.concrete(drift.Pin{Meaning: drift.MeaningLine, Version: strings.TrimPrefix(v, "go")})
	}
	return v
}

// source looks for the pin that a variable takes its value from: whether it is
// at the target, and whether its text changes for it.
func (a *alignment) source(pin drift.Pin) (changes, moves bool) {
	line, _ := strconv.Atoi(pin.Extra["fromLine"])
	file := pin.Place.File
	if from := pin.Extra["from"]; from != "" {
		file, line = filepath.Join(filepath.Dir(file), filepath.FromSlash(from)), 0
	}
	for _, of := range a.chosen {
		text, ok := a.moved[of.Place]
		if !ok || of.Place.File != file {
			continue
		}
		same := line > 0 && a.lineOf(of.Place) == line
		if same || line == 0 && cmp.Or(of.Extra["arg"], of.Extra["name"]) == pin.Extra["name"] {
			return text != of.Raw, true
		}
	}
	return false, false
}

// lineOf is the line of a place, from 1.
func (in Input) lineOf(at drift.Place) int {
	text := in.Snapshot.Documents[at.File].Text
	return 1 + bytes.Count(text[:min(at.Span.Start, len(text))], []byte("\n"))
}

// comparePlaces orders places by file and position.
func comparePlaces(a, b drift.Place) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Span.Start, b.Span.Start), cmp.Compare(a.Span.End, b.Span.End))
}

// counted writes a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}
