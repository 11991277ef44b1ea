package rules

import (
	"fmt"
	"time"

	"godrift.dev/server/drift"
)

// movedText says what a variable was and is.
func (in Input) movedText(m move) string {
	text := ""
	switch {
	case m.name == theGo:
		text = fmt.Sprintf("%s runs here; accepted was %s. %s", m.is.value, m.was.value, in.whyRuns(in.Snapshot.Selection))
	case m.is.value == "":
		text = fmt.Sprintf("%s is not set; accepted was %s, from %s.", m.name, drift.Clip(m.was.value), in.layerOf(m.was))
	case m.was.value == "":
		text = fmt.Sprintf("%s, from %s; it was not set when this state was accepted.", setting(m.name, drift.Clip(m.is.value)), in.source(m.now.Layer))
	default:
		text = fmt.Sprintf("%s, from %s; accepted was %s", setting(m.name, drift.Clip(m.is.value)), in.source(m.now.Layer), drift.Clip(m.was.value))
		if m.was.kind != m.is.kind {
			text += ", from " + in.layerOf(m.was)
		}
		text += "."
	}
	if m.secret && drift.Mask(m.name, m.is.value) == m.was.value {
		text += " What is masked in it has changed."
	}
	return text + in.sinceText(m.since)
}

// layerOf names a layer of a record for people.
func (in Input) layerOf(s side) string {
	return in.source(drift.Layer{Kind: s.kind, File: s.file})
}

// sinceText says when something changed, and what did it.
func (in Input) sinceText(m drift.Moment) string {
	if m.Time.IsZero() {
		return ""
	}
	return fmt.Sprintf(" It changed on %s: %s.", in.clock(m.Time), causeText(m.Cause))
}

// clock is a time where the person is.
func (in Input) clock(t time.Time) string {
	return t.In(in.Now.Location()).Format("2006-01-02 at 15:04")
}

func causeText(c drift.Cause) string {
	text := map[drift.CauseKind]string{
		drift.CauseFile:        "a file was saved",
		drift.CauseEnvironment: "the environment is another one",
		drift.CauseBranch:      "another branch or commit was checked out",
		drift.CauseGoGet:       "go get, go mod tidy or a bot",
		drift.CauseGoEnv:       "go env -w, or an edit of its file",
		drift.CauseVariable:    "a variable of a shell",
		drift.CauseGodrift:     "godrift",
		drift.CauseMachine:     "a Go or a tool on this machine came, went or changed",
	}[c.Kind]
	switch {
	case text == "":
		return "it was found so"
	case c.Text != "" && c.Kind != drift.CauseGoEnv: // whose text says the same
		return text + " (" + drift.MaskText(drift.Clip(c.Text)) + ")"
	}
	return text
}

// list is names for people.
func list(names []string) string {
	const enough = 4
	text := ""
	for i, n := range names {
		switch {
		case i == enough:
			return text + fmt.Sprintf(" and %d more", len(names)-enough)
		case i > 0 && i == len(names)-1:
			text += " and "
		case i > 0:
			text += ", "
		}
		text += n
	}
	return text
}
