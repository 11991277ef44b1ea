package alert

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// headline is one line that says what a message is about.
func (m message) headline() string {
	if len(m.Alerts) == 1 && m.More == 0 {
		return headlineOf(m.Alerts[0])
	}
	firing, resolved := 0, 0
	var where []string
	for _, e := range m.Alerts {
		if e.State == drift.AlertResolved {
			resolved++
		} else {
			firing++
		}
		if e.Workspace != "" && !slices.Contains(where, e.Workspace) {
			where = append(where, e.Workspace)
		}
	}
	var parts []string
	if firing+m.More > 0 {
		parts = append(parts, drift.Plural(firing+m.More, "alert"))
	}
	if resolved > 0 {
		parts = append(parts, fmt.Sprintf("%d resolved", resolved))
	}
	text := strings.Join(parts, ", ")
	switch {
	case len(where) > 3:
		text += fmt.Sprintf(" in %d workspaces", len(where))
	case len(where) > 0:
		text += " in " + strings.Join(where, ", ")
	}
	return line(text, 140)
}

// headlineOf is one line about one alert.
func headlineOf(e Event) string {
	word := string(e.Level)
	switch {
	case e.Kind == tell.AlertTest:
		word = "test"
	case e.State == drift.AlertResolved:
		word = "resolved"
	case e.Repeated:
		word = "still " + word
	}
	where := ""
	if e.Workspace != "" && e.Kind != tell.AlertSummary {
		where = e.Workspace + ": "
	}
	return line("["+word+"] "+where+e.Title, 140)
}

// labelOf is one line about one alert of several, whose message follows.
func labelOf(e Event) string {
	if e.Kind == tell.AlertFinding {
		e.Title = e.Rule
	}
	return headlineOf(e)
}

// bodyOf is the message without what the headline says already.
func bodyOf(e Event, most int) string {
	words := text(e.Message, most)
	rest, ok := strings.CutPrefix(words, e.Title)
	if !ok {
		return words
	}
	return strings.TrimSpace(strings.TrimLeft(rest, "."))
}

// brief is the text of a notification: a few lines.
func (m message) brief() string {
	if len(m.Alerts) == 1 && m.More == 0 {
		e := m.Alerts[0]
		text := line(e.Message, 300)
		if e.Fix != "" {
			text += "\n" + line("Fix: "+e.Fix, 150)
		}
		return text
	}
	var lines []string
	for _, e := range m.Alerts[:min(len(m.Alerts), 5)] {
		lines = append(lines, headlineOf(e))
	}
	if n := len(m.Alerts) + m.More - len(lines); n > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(lines, "\n")
}

// details are what stands in small print under an alert.
func details(e Event) []string {
	var out []string
	add := func(label, text string, most int) {
		if text != "" {
			out = append(out, label+line(text, most))
		}
	}
	add("", e.Rule, 100)
	switch {
	case e.State == drift.AlertResolved:
		add("", "stood from "+moment(e.Since)+" to "+moment(e.Time), 100)
	case e.Kind == tell.AlertFinding:
		add("since ", moment(e.Since), 50)
	}
	place := e.Root
	if e.File != "" {
		place = e.File
		if e.Line > 0 {
			place += fmt.Sprintf(":%d", e.Line)
		}
	}
	add("", place, 300)
	add("on ", e.Host, 100)
	if e.Before != e.After {
		add("", orNothing(e.Before)+" → "+orNothing(e.After), 300)
	}
	add("cause: ", e.Cause, 200)
	return out
}

func orNothing(s string) string {
	if s == "" {
		return "(nothing)"
	}
	return s
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// line is a text from outside as one line of some characters that moves nothing and
// turns nothing around.
func line(s string, most int) string {
	return drift.ClipTo(strings.TrimSpace(tell.Flat(strings.ToValidUTF8(s, "\ufffd"))), most)
}

// text is a text from outside that may have lines.
func text(s string, most int) string {
	var lines []string
	for l := range strings.Lines(strings.ToValidUTF8(drift.ClipTo(s, most), "\ufffd")) {
		lines = append(lines, strings.TrimRight(tell.Flat(l), " "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// footer says who speaks, and how a message that comes twice is told from another.
func footer(m message, l drift.Letter, version string) string {
	ids := m.Alerts[0].ID
	if len(m.Alerts) > 1 {
		ids = l.Key
	}
	out := "godrift " + line(version, 40) + " · " + line(ids, 60)
	if l.Unsure {
		out += " · sent again: it may have arrived before"
	}
	return out
}
