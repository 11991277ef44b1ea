package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

func isBrewfile(rel string) bool {
	return hasBase(rel, "Brewfile", ".Brewfile") || strings.HasSuffix(rel, ".Brewfile")
}

// ParseBrewfile reads a Brewfile: brew "go@1.25" is a formula for the newest
// patch of a minor (https://docs.brew.sh/Brew-Bundle-and-Brewfile). The formula
// go is the newest Go, whatever that is, and pins nothing.
func ParseBrewfile(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	var pins []drift.Pin
	for start := 0; start < len(doc.Text) && len(pins) < maxPins; {
		end := len(doc.Text)
		if i := bytes.IndexByte(doc.Text[start:], '\n'); i >= 0 {
			end = start + i
		}
		if pin, ok := brewPin(doc, start, end); ok {
			pins = append(pins, pin)
		}
		start = end + 1
	}
	return pins, problems
}

// brewPin reads a line: brew "go@1.25", link: true.
func brewPin(doc drift.Document, start, end int) (drift.Pin, bool) {
	line := string(doc.Text[start:end])
	rest := strings.TrimLeft(line, " \t")
	rest, ok := strings.CutPrefix(rest, "brew")
	rest = strings.TrimLeft(rest, " \t(")
	if !ok || rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return drift.Pin{}, false
	}
	quote := rest[:1]
	name, _, closed := strings.Cut(rest[1:], quote)
	formula := strings.TrimPrefix(name, "homebrew/core/")
	v, isGo := strings.CutPrefix(formula, "go@")
	if !closed || !isGo || v == "" {
		return drift.Pin{}, false
	}
	at := start + len(line) - len(rest) + 1 + len(name) - len(v)
	t := literalTemplate(v, at)
	r := plainVersion(t)
	if r.meaning == drift.MeaningExact {
		r.meaning, r.extra = drift.MeaningInvalid, extra("why", "Homebrew has a formula for a minor and none for a patch: write go@"+minorOf(r.version))
	}
	return t.pin(doc, drift.SourceBrewfile, drift.RoleDevelop, r), true
}

// minorOf is 1.25 for 1.25.3.
func minorOf(v string) string {
	parts := strings.SplitN(v, ".", 3)
	if len(parts) < 2 {
		return v
	}
	return parts[0] + "." + strings.TrimRight(strings.SplitN(parts[1], "rc", 2)[0], "beta")
}
