package cli

import (
	"path/filepath"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// choice says which fixes are meant.
type choice struct {
	code    string
	finding string // of a finding or a fix; a beginning of at least four characters will do
	pin     string // FILE or FILE:LINE
	accept  bool
}

// chosen is a fix with the finding that it mends.
type chosen struct {
	id      string // of the finding
	finding drift.Finding
	fix     drift.Fix
}

// candidates are the fixes of a report that are meant: at most one for each
// finding, and each only once even if it mends several findings.
func (c *Command) candidates(report *drift.Report, want choice) []chosen {
	texts := tell.TextsOf(report.Snapshot)
	ids := tell.IDs(report.Snapshot.Root, report.Findings, texts)
	var out []chosen
	seen := map[string]bool{}
	for i, f := range report.Findings {
		if want.code != "" && f.Code != want.code || !c.atPin(want.pin, texts.Range(f.Place)) {
			continue
		}
		fix, ok := pick(f, ids[i], want)
		if !ok || fix.ID != "" && seen[fix.ID] {
			continue
		}
		seen[fix.ID] = true
		out = append(out, chosen{id: ids[i], finding: f, fix: fix})
	}
	return out
}

// leastPrefix is how much of an ID must be given.
const leastPrefix = 4

func named(id, prefix string) bool {
	return id == prefix || len(prefix) >= leastPrefix && strings.HasPrefix(id, prefix)
}

// pick chooses the fix of a finding: the one named, else the likeliest that can
// be carried out without an editor.
func pick(f drift.Finding, id string, want choice) (drift.Fix, bool) {
	fixes := tell.SortFixes(f.Fixes)
	if want.finding != "" && !named(id, want.finding) {
		for _, x := range fixes {
			if named(x.ID, want.finding) {
				return x, true
			}
		}
		return drift.Fix{}, false
	}
	var editor *drift.Fix
	for i, x := range fixes {
		switch {
		case (x.Kind == drift.FixAccept) != want.accept:
		case x.NeedsEditor():
			if editor == nil {
				editor = &fixes[i]
			}
		default:
			return x, true
		}
	}
	if editor != nil {
		return *editor, true
	}
	return drift.Fix{}, false
}

// atPin reports whether a finding stands at FILE or FILE:LINE.
func (c *Command) atPin(pin string, at tell.Range) bool {
	if pin == "" {
		return true
	}
	if c.absolute(pin) == at.File {
		return true
	}
	i := strings.LastIndexByte(pin, ':')
	if i < 0 {
		return false
	}
	line, err := strconv.Atoi(pin[i+1:])
	return err == nil && c.absolute(filepath.FromSlash(pin[:i])) == at.File && line == at.Line
}
