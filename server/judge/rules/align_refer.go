package rules

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"

	"godrift.dev/server/drift"
)

var (
	// versionKey is what stands before the version of setup-go, at the end.
	versionKey = regexp.MustCompile(`(?:^|[\s{,])["']?(go-version)["']?[ \t]*:[ \t]+(["']?)$`)
	versionEnd = regexp.MustCompile(`^["']?[ \t]*(?:#[^\n]*|[,}][^\n]*)?\r?(?:\n|$)`)
)

// refer makes a pin follow the file that holds its version. Of the readers, only
// actions/setup-go can: its go-version-file (action.yml of
// github.com/actions/setup-go) names a file by its path from the top of the
// checkout, and go-version must not stand beside it.
func (a *alignment) refer(pin drift.Pin) {
	if pin.Source != drift.SourceGitHubSetupGo && len(a.Only) == 0 {
		return // nobody would expect it to
	}
	edits, why := a.reference(pin)
	if why != "" {
		a.note(pin, "left alone: %s", why)
		return
	}
	a.moved[pin.Place] = ""
	a.actions = append(a.actions, edits...)
}

// reference makes the edits for one pin, or says why there are none.
func (in Input) reference(pin drift.Pin) ([]drift.Action, string) {
	if pin.Source != drift.SourceGitHubSetupGo || pin.Meaning == drift.MeaningVar {
		return nil, "its reader takes no version from another file"
	}
	top, _, ok := strings.Cut(filepath.ToSlash(pin.Place.File), "/.github/")
	if !ok {
		return nil, "nobody can tell from here where the checkout that it is used in begins"
	}
	file := filepath.Join(filepath.FromSlash(top), "go.mod")
	if _, ok := in.index.modules[file]; !ok {
		return nil, "there is no go.mod at the top of the checkout"
	}
	doc := in.Snapshot.Documents[pin.Place.File]
	span := pin.Place.Span
	if span.End > len(doc.Text) {
		return nil, "its file is not to be changed"
	}
	start := bytes.LastIndexByte(doc.Text[:span.Start], '\n') + 1
	m := versionKey.FindSubmatchIndex(doc.Text[start:span.Start])
	tail := versionEnd.Find(doc.Text[span.End:])
	if m == nil || tail == nil {
		return nil, "it is not written as one value beside its key"
	}
	for _, other := range in.Snapshot.Pins {
		if other.Source == drift.SourceGitHubVersionFile && other.Place.File == pin.Place.File &&
			near(in.lineOf(other.Place), in.lineOf(pin.Place)) {
			return nil, "a go-version-file stands beside it; remove the go-version"
		}
	}
	key := drift.Place{File: pin.Place.File, Span: drift.Span{Start: start + m[2], End: start + m[3]}}
	edits := []drift.Action{in.edit(key, "go-version-file"), in.edit(pin.Place, "go.mod")}
	if edits[0].Kind == "" {
		return nil, "its file is not to be changed"
	}
	return edits, ""
}

// near reports whether two lines may be of one step.
func near(a, b int) bool { return a-b < 6 && b-a < 6 }
