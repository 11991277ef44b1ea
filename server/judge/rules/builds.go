package rules

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// moduleFile is a go.mod or go.sum as the inputs of a step name it.
var moduleFile = drift.Pattern(`([\w./-]+)/go\.(?:sum|mod)\b`)

// namedModules are the modules whose files the step of a pin names, as setup-go's
// cache-dependency-path does: what a workflow above several modules builds.
func (in Input) namedModules(pin drift.Pin) []spot {
	if pin.Source != drift.SourceGitHubSetupGo {
		return nil
	}
	list, known := in.index.named[pin.Place]
	if known {
		return list
	}
	for _, m := range moduleFile().FindAllStringSubmatch(in.step(pin), -1) {
		at := slices.IndexFunc(in.spots(), func(s spot) bool {
			rel := in.rel(s.Dir)
			return rel != s.Dir && (m[1] == rel || strings.HasSuffix(m[1], "/"+rel))
		})
		if at >= 0 && !slices.ContainsFunc(list, func(s spot) bool { return s.File == in.spots()[at].File }) {
			list = append(list, in.spots()[at])
		}
	}
	in.index.named[pin.Place] = list
	return list
}

// maxStep bounds the lines of a step that are looked at after a pin, and maxBefore
// the bytes before one.
const (
	maxStep   = 40
	maxBefore = 16 << 10
)

// step is the text of the list item of a YAML file that a pin stands in.
func (in Input) step(pin drift.Pin) string {
	text := in.Snapshot.Documents[pin.Place.File].Text
	at := min(pin.Place.Span.Start, len(text))
	before, after := string(text[max(0, at-maxBefore):at]), string(text[at:min(len(text), at+maxBefore)])
	start := max(strings.LastIndex(before, "\n- "), strings.LastIndex(before, " - "), 0)
	var b strings.Builder
	b.WriteString(before[start:])
	lines := 0
	for line := range strings.Lines(after) {
		if lines++; lines > maxStep || lines > 1 && strings.HasPrefix(strings.TrimSpace(line), "- ") {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}
