package lsp

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// statusOf sums up a folder for a status bar.
func (s *server) statusOf(f *folder) Status {
	st := Status{
		Folder: string(f.uri), Health: "ok", Score: 100,
		Gains: []StatusGain{}, Steps: []StatusStep{}, Pins: []StatusPin{}, Fixes: []StatusFix{},
	}
	f.mu.Lock()
	busy, failure := f.busy > 0, f.err
	f.mu.Unlock()
	if failure == nil {
		failure = f.engine.Failure()
	}
	s.mu.Lock()
	st.Trusted = s.trusted
	may := s.may()
	s.mu.Unlock()
	if failure != nil {
		st.Health, st.Quiescent, st.Message = "error", true, drift.MaskText(failure.Error())
		return st
	}
	report := f.engine.Report()
	if report == nil {
		st.Message = "Looking at the folder."
		return st
	}
	sel := report.Snapshot.Selection
	st.Quiescent = !busy
	st.Selected, st.How, st.Error = sel.Selected, string(sel.How), drift.MaskText(cmp.Or(sel.Error, sel.LoadError))
	st.Pinned, st.PinnedReason = report.Pinned.Version, report.Pinned.Reason
	st.Drift, st.Score = report.Drift, report.Score
	st.ScoreNote, st.Gains = tell.UsualText(report.Usual), gains(report, may)
	st.Trusted = report.Snapshot.Trusted
	st.Counts = tell.CountsOf(report.Findings)
	switch {
	case st.Error != "" || st.Counts.Error > 0:
		st.Health = "error"
	case st.Counts.Warning > 0:
		st.Health = "warning"
	}
	st.Message = sentence(report)
	for _, step := range sel.Steps {
		out := StatusStep{Text: drift.MaskText(step.Text)}
		if step.File != "" {
			out.URI, out.Line = string(s.spelled(step.File)), step.Line
		}
		st.Steps = append(st.Steps, out)
	}
	for _, pin := range report.Snapshot.Pins {
		line := 0
		if doc, ok := report.Snapshot.Documents[pin.Place.File]; ok {
			line = drift.PositionOf(doc.Text, pin.Place.Span.Start).Line
		}
		st.Pins = append(st.Pins, StatusPin{
			Source: string(pin.Source), Raw: drift.Clip(pin.Raw), URI: string(s.spelled(pin.Place.File)), Line: line,
			Path:   tell.Relative(report.Snapshot.Root, pin.Place.File),
			Agreed: report.Pinned.Version != "" && pin.Place == report.Pinned.Pin.Place,
		})
	}
	st.Fixes = statusFixes(report, may)
	return st
}

// maxGains bounds the list of a tooltip.
const maxGains = 3

// gains are the fixes that raise the score most, of those that may be made.
func gains(report *drift.Report, may offer) []StatusGain {
	out := []StatusGain{}
	for _, b := range report.Burdens {
		if b.Fix != nil && b.FixPoints > 0 && may.make(*b.Fix) {
			out = append(out, StatusGain{Points: b.FixPoints, Fix: b.Fix.ID, Title: drift.MaskText(b.Fix.Title)})
		}
	}
	slices.SortStableFunc(out, func(a, b StatusGain) int { return cmp.Compare(b.Points, a.Points) })
	return out[:min(len(out), maxGains)]
}

// sentence says in one sentence how a folder is.
func sentence(report *drift.Report) string {
	sel := report.Snapshot.Selection
	pinned := strings.TrimPrefix(report.Pinned.Version, "go")
	selected := strings.TrimPrefix(sel.Selected, "go")
	var what string
	switch {
	case sel.How == drift.HowNoGo:
		return "There is no go command on PATH."
	case sel.Selected == "" && sel.Error == "":
		return "The go on PATH is a script: which Go runs is known only when it does."
	case sel.Selected == "":
		return "The go command stops here with an error."
	case sel.LoadError != "":
		return fmt.Sprintf("Go %s runs here, but cannot load the module.", selected)
	case report.Drift && pinned != "":
		what = fmt.Sprintf("Go %s runs here, but Go %s is agreed upon", selected, pinned)
	case sel.How == drift.HowDownload:
		what = fmt.Sprintf("Go %s runs here once it has been downloaded", selected)
	case pinned != "":
		what = fmt.Sprintf("Go %s runs here, as agreed", selected)
	default:
		what = fmt.Sprintf("Go %s runs here", selected)
	}
	counts := report.Counts()
	if n := counts[drift.SeverityError] + counts[drift.SeverityWarning]; n == 1 {
		what += "; one problem"
	} else if n > 1 {
		what += fmt.Sprintf("; %d problems", n)
	}
	return what + "."
}

// maxStatusFixes bounds the menu of a status bar.
const maxStatusFixes = 20

// statusFixes are the fixes of a report, the most pressing first.
func statusFixes(report *drift.Report, may offer) []StatusFix {
	findings := slices.Clone(report.Findings)
	slices.SortStableFunc(findings, func(a, b drift.Finding) int {
		toolchain := func(f drift.Finding) int {
			if strings.HasPrefix(f.Code, "toolchain-") || f.Code == "goroot-mismatch" {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(toolchain(b), toolchain(a)), cmp.Compare(b.Severity.Rank(), a.Severity.Rank()))
	})
	out := []StatusFix{}
	seen := map[string]bool{}
	for _, finding := range findings {
		for _, fix := range tell.SortFixes(finding.Fixes) {
			if !may.make(fix) || seen[fix.ID] || len(out) == maxStatusFixes {
				continue
			}
			seen[fix.ID] = true
			out = append(out, StatusFix{
				ID: fix.ID, Title: fix.Title, Kind: string(fix.Kind), Note: fix.Note,
				Code: finding.Code, Where: where(report.Snapshot, finding.Place), Preferred: fix.Preferred,
			})
		}
	}
	return out
}

// where names a place for people, as seen from the folder.
func where(snap *drift.Snapshot, at drift.Place) string {
	if at.File == "" {
		return ""
	}
	name := tell.Relative(snap.Root, at.File)
	if doc, ok := snap.Documents[at.File]; ok {
		name += fmt.Sprintf(":%d", drift.PositionOf(doc.Text, at.Span.Start).Line)
	}
	return name
}
