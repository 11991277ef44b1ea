package rules

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// isMatrix reports whether a pin is an entry of a test matrix.
func isMatrix(pin drift.Pin) bool {
	return pin.Role == drift.RoleTest || strings.HasSuffix(string(pin.Source), ":matrix")
}

// isSeveral reports whether a pin may be one of several that stand side by side
// on purpose: a matrix, or the SDKs that one Bazel module knows.
func isSeveral(pin drift.Pin) bool { return isMatrix(pin) || pin.Source == drift.SourceBazelDownload }

// matrixOf names the matrix that a pin is an entry of.
func matrixOf(pin drift.Pin) string {
	return pin.Place.File + "\x00" + string(pin.Source) + "\x00" + pin.Extra["name"]
}

// besides reports whether a text stands in the matrix of a pin already.
func (in Input) besides(pin drift.Pin, text string) bool {
	return isSeveral(pin) && slices.ContainsFunc(in.Snapshot.Pins, func(other drift.Pin) bool {
		return other.Raw == text && other.Place != pin.Place && matrixOf(other) == matrixOf(pin)
	})
}

// oneOfSeveral reports whether a pin is one of several that a CI system tries in
// turn, and not, for instance, the image of a lone test.
func (in Input) oneOfSeveral(pin drift.Pin) bool {
	switch kind, _, _ := strings.Cut(string(pin.Source), ":"); kind {
	case "dockerfile", "compose", "kubernetes", "earthfile":
		return false
	}
	return isMatrix(pin) && in.index.matrices[matrixOf(pin)] > 1
}

// saysOld is how people call what is old on purpose.
var saysOld = drift.Pattern(`(?i)old[-_ ]?stable|(?:^|[^a-z])(?:oldest|old[-_ ]?(?:supported|go|version)|min[-_ ]?(?:go|version)|lowest|minimum|previous[-_ ]?(?:go|version|release)|backwards?|legacy|compat|floor)(?:[^a-z]|$)`)

// maxAbove bounds the lines above a pin that are looked at, and maxComment the
// bytes behind it.
const (
	maxAbove   = 400
	maxComment = 400
)

// oldOnPurpose reports whether a pin of CI is called old where it stands: by a
// comment on its line, or by the name of a key that it is below, such as a job
// "go-oldstable". Only what is indented less encloses it.
func (in Input) oldOnPurpose(pin drift.Pin) bool {
	if pin.Role != drift.RoleBuild && pin.Role != drift.RoleTest && pin.Role != drift.RoleLint {
		return false
	}
	if pin.Meaning == drift.MeaningOldStable {
		return true
	}
	doc := in.Snapshot.Documents[pin.Place.File].Text
	if pin.Place.Span.End > len(doc) {
		return false
	}
	rest, _, _ := strings.Cut(string(doc[pin.Place.Span.End:min(len(doc), pin.Place.Span.End+maxComment)]), "\n")
	if _, comment, ok := strings.Cut(rest, "#"); ok && saysOld().MatchString(comment) {
		return true
	}
	if !strings.HasSuffix(pin.Place.File, ".yml") && !strings.HasSuffix(pin.Place.File, ".yaml") {
		return false
	}
	text := string(doc[max(0, pin.Place.Span.Start-maxBefore):pin.Place.Span.Start])
	start := strings.LastIndexByte(text, '\n') + 1
	depth := indent(text[start:])
	for lines := 0; depth > 0 && start > 0 && lines < maxAbove; lines++ {
		end := start - 1
		start = strings.LastIndexByte(text[:end], '\n') + 1
		line := text[start:end]
		trimmed := strings.TrimSpace(line)
		if trimmed == "" || trimmed[0] == '#' || indent(line) >= depth {
			continue
		}
		depth = indent(line)
		if key, _, ok := strings.Cut(trimmed, ":"); ok && saysOld().MatchString(key) {
			return true
		}
	}
	return false
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
