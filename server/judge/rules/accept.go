package rules

import (
	"fmt"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// accept is the fix that writes into godrift.toml that the findings of a group
// are meant to be so. Nothing that is in the file changes.
func (in Input) accept(group []Found) []drift.Fix {
	if !in.Policy.Appendable || in.Snapshot.Root == "" {
		return nil
	}
	file := policy.File(in.Snapshot.Root)
	doc := in.Snapshot.Documents[file]
	exists := doc.Hash != "" // a file that is not there may be listed without one
	newline := "\n"
	if strings.Contains(string(doc.Text), "\r\n") {
		newline = "\r\n"
	}
	var text strings.Builder
	switch {
	case !exists:
		text.WriteString("# What is agreed upon about Go here, for godrift and for the people who read it.\n\n")
	case len(doc.Text) > 0 && !strings.HasSuffix(string(doc.Text), "\n"):
		text.WriteString(newline + newline)
	case len(doc.Text) > 0:
		text.WriteString(newline)
	}
	seen := map[string]bool{}
	for _, f := range group {
		if len(seen) == maxRelated {
			break
		}
		entry := in.allowEntry(f)
		if seen[entry] {
			continue
		}
		if len(seen) > 0 {
			text.WriteString(newline)
		}
		seen[entry] = true
		text.WriteString(strings.ReplaceAll(entry, "\n", newline))
	}
	action := drift.Action{Kind: drift.ActionEdit, File: file, Hash: doc.Hash, Create: !exists}
	action.Edits = []drift.TextEdit{{Span: drift.Span{Start: len(doc.Text), End: len(doc.Text)}, New: text.String()}}
	return []drift.Fix{{
		Title:   "Accept " + group[0].Code + ": write into " + policy.Name + " that it is meant to be so",
		Kind:    drift.FixAccept,
		Note:    "Write down why in the reason, for the person who reads it in a year.",
		Actions: []drift.Action{action},
	}}
}

// allowEntry is the [[allow]] entry that covers a finding and as little else as
// possible. A value that had to be masked is left out.
func (in Input) allowEntry(f Found) string {
	var b strings.Builder
	b.WriteString("[[allow]]\n")
	line := func(key, value string) { fmt.Fprintf(&b, "%s = %s\n", key, quote(value)) }
	line("rule", f.Code)
	if rel := in.rel(f.Place.File); f.Place.File != "" && rel != f.Place.File && !isVariable(f.Subject) {
		line("path", globQuote(rel))
	}
	if isVariable(f.Subject) {
		line("variable", f.Subject)
	}
	if f.Value != "" && !strings.Contains(f.Value, drift.Masked) {
		line("value", f.Value)
	}
	day := in.Now
	if day.IsZero() {
		day = in.Snapshot.Time
	}
	line("reason", fmt.Sprintf("Accepted on %s as it is; nobody has written down why yet.", day.Format(time.DateOnly)))
	return b.String()
}

// isVariable tells variables from sources of pins, which have lower-case letters.
func isVariable(subject string) bool {
	return subject != "" && subject == strings.ToUpper(subject) && !strings.Contains(subject, ".")
}

// quote writes a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// globQuote makes a glob that matches exactly this path.
func globQuote(rel string) string { return globQuoter.Replace(rel) }

var globQuoter = strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`, `{`, `?`, `}`, `?`, `\`, `?`)
