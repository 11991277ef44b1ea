package rules

import (
	"bytes"
	"path"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

var (
	// versionKey is what stands before the version of setup-go, at the end.
	versionKey = drift.Pattern(`(?:^|[\s{,])["']?(go-version)["']?[ \t]*:[ \t]+(["']?)$`)
	versionEnd = drift.Pattern(`^["']?[ \t]*(?:#[^\n]*|[,}][^\n]*)?\r?(?:\n|$)`)
	// actionMajor is the release of setup-go that a step uses, by its tag or by the
	// comment behind a commit.
	actionMajor = drift.Pattern(`setup-go@(?:v(\d+)|[0-9a-f]{40}[ \t]*#[ \t]*v?(\d+))`)
	// elsewhere is a checkout that is not put at the top of the workspace.
	elsewhere = drift.Pattern(`actions/checkout@[^\n]*\n(?:[ \t]+[^\s-][^\n]*\n){0,20}?[ \t]+["']?path["']?:[ \t]*[^\s]`)
)

// refer makes a pin follow the file that holds its version. Of the readers, only
// actions/setup-go can: its go-version-file (action.yml of
// github.com/actions/setup-go) names a file by its path from the top of the
// checkout, and go-version must not stand beside it.
func (a *alignment) refer(pin drift.Pin) {
	if pin.Source != drift.SourceGitHubSetupGo && len(a.Only) == 0 {
		return // nobody would expect it to
	}
	edits, to, why := a.reference(pin)
	if why != "" {
		a.note(pin, "left alone: %s", why)
		return
	}
	if !to.same {
		a.note(pin, "%s says %s, which setup-go takes from then on in place of %s", to.file, to.says, pin.Raw)
	}
	a.moved[pin.Place] = ""
	a.referred = append(a.referred, to)
	a.actions = append(a.actions, edits...)
}

// referral is a file that setup-go can take the version from.
type referral struct {
	file string // from the top of the checkout
	says string // what setup-go takes from it
	same bool   // that is what the pin says
}

// reference makes the edits for one pin, or says why there are none.
func (in Input) reference(pin drift.Pin) ([]drift.Action, referral, string) {
	none := referral{}
	if pin.Source != drift.SourceGitHubSetupGo || pin.Meaning == drift.MeaningVar {
		return nil, none, "its reader takes no version from another file"
	}
	top, _, ok := strings.Cut(filepath.ToSlash(pin.Place.File), "/.github/")
	if !ok {
		return nil, none, "nobody can tell from here where the checkout that it is used in begins"
	}
	to, ok := in.referrals(pin, filepath.FromSlash(top))
	if !ok {
		return nil, none, "there is no go.mod at the top of the checkout"
	}
	doc := in.Snapshot.Documents[pin.Place.File]
	span := pin.Place.Span
	if span.End > len(doc.Text) {
		return nil, none, "its file is not to be changed"
	}
	start := bytes.LastIndexByte(doc.Text[:span.Start], '\n') + 1
	m := versionKey().FindSubmatchIndex(doc.Text[start:span.Start])
	tail := versionEnd().Find(doc.Text[span.End:])
	if m == nil || tail == nil {
		return nil, none, "it is not written as one value beside its key"
	}
	if elsewhere().Match(doc.Text) {
		return nil, none, "a checkout is put into a folder of its own, so nobody can tell from here where the file is then"
	}
	for _, other := range in.Snapshot.Pins {
		if other.Source == drift.SourceGitHubVersionFile && other.Place.File == pin.Place.File &&
			near(in.lineOf(other.Place), in.lineOf(pin.Place)) {
			return nil, none, "a go-version-file stands beside it; remove the go-version"
		}
	}
	key := drift.Place{File: pin.Place.File, Span: drift.Span{Start: start + m[2], End: start + m[3]}}
	edits := []drift.Action{in.edit(key, "go-version-file"), in.edit(pin.Place, to.file)}
	if edits[0].Kind == "" {
		return nil, none, "its file is not to be changed"
	}
	return edits, to, ""
}

// referrals chooses the file: of the module that is built, or beside it, the
// first that says what the pin does, else the one of the module.
func (in Input) referrals(pin drift.Pin, top string) (referral, bool) {
	dir := top
	if home, ok := in.homeOf(pin); ok && drift.Within(top, home.Dir) {
		dir = home.Dir
	}
	rel, err := filepath.Rel(top, dir)
	if err != nil {
		return referral{}, false
	}
	var first referral
	for _, base := range []string{"go.mod", "go.work", ".go-version", ".tool-versions"} {
		says, ok := in.setupGoTakes(pin, filepath.Join(dir, base))
		if !ok {
			continue
		}
		to := referral{file: path.Join(filepath.ToSlash(rel), base), says: says.Version}
		to.same = says.Version == pin.Version && isMinor(name(says.Version)) == namesMinor(pin)
		if to.same {
			return to, true
		}
		if first.file == "" && base == "go.mod" {
			first = to
		}
	}
	return first, first.file != ""
}

// setupGoTakes is the pin of a file that setup-go takes: before v6 always the go
// line (src/installer.ts, parseGoVersionFile), from v6 on the toolchain line if
// there is one.
func (in Input) setupGoTakes(pin drift.Pin, file string) (drift.Pin, bool) {
	if line, ok := in.index.toolchains[file]; ok && line.Version != "" {
		m := actionMajor().FindStringSubmatch(in.step(pin))
		if m == nil || len(m[1]+m[2]) > 1 || m[1]+m[2] >= "6" {
			return line, true
		}
	}
	if line := in.goLine(file); line.Version != "" {
		return line, true
	}
	for _, other := range in.Snapshot.Pins {
		if other.Place.File == file && (other.Source == drift.SourceGoVersion || other.Source == drift.SourceToolVersions && other.Extra["key"] != "go") && namesVersion(other) {
			return other, true
		}
	}
	return drift.Pin{}, false
}

// near reports whether two lines may be of one step.
func near(a, b int) bool { return a-b < 6 && b-a < 6 }
