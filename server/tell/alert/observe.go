package alert

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// mostStanding is how many findings of one workspace are looked at, the worst first.
const mostStanding = 500

// observe compares a report with what stands in its workspace, writes what is another,
// and returns the ledger as it is then.
func (a *Alerts) observe(ctx context.Context, l drift.Ledger, s sighting, now time.Time, c config.Alert) (drift.Ledger, error) {
	root := s.report.Snapshot.Root
	before := map[string]drift.Standing{}
	var others []drift.Standing
	for _, x := range l.Standing {
		if x.Root == root {
			before[x.Fingerprint] = x
		} else {
			others = append(others, x)
		}
	}
	now = now.UTC().Truncate(time.Millisecond)
	var changed, all []drift.Standing
	keep := func(x drift.Standing, another bool) {
		all = append(all, x)
		if another {
			changed = append(changed, x)
		}
	}
	here := map[string]bool{}
	seen := func(fingerprint string) time.Time {
		if was := before[fingerprint]; was.Firing {
			return earlier(was.Since, now)
		}
		return now
	}
	for _, e := range eventsOf(s, a.o.Host, a.o.Link, seen) {
		here[e.Fingerprint] = true
		was, known := before[e.Fingerprint]
		x, err := stand(e, was, known, l.Told, now)
		if err != nil {
			return l, err
		}
		keep(x, !known || differs(x, was))
	}
	var forget []string
	for f, was := range before {
		switch {
		case here[f]:
		case was.Firing && awaits(s.report.Snapshot, was.Rule):
			keep(was, false)
		case was.Firing:
			was.Firing, was.Changed = false, now
			keep(was, true)
		case forgettable(was, l.Told, c, now):
			forget = append(forget, f)
		case was.Changed.After(now): // the clock was set back
			was.Changed = now
			keep(was, true)
		default:
			keep(was, false)
		}
	}
	if len(changed)+len(forget) > 0 {
		if err := a.o.Outbox.Stand(ctx, changed, forget); err != nil {
			return l, err
		}
	}
	l.Standing = slices.Concat(others, all)
	slices.SortFunc(l.Standing, func(x, y drift.Standing) int {
		return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.Fingerprint, y.Fingerprint))
	})
	return l, nil
}

// stand is what a finding is now, after what it was.
func stand(e Event, was drift.Standing, known bool, told []drift.Told, now time.Time) (drift.Standing, error) {
	x := drift.Standing{
		Fingerprint: e.Fingerprint, Workspace: e.Workspace, Root: e.Root, Rule: e.Rule, Level: e.Level,
		Firing: true, ID: was.ID, Changed: earlier(was.Changed, now), Since: earlier(was.Since, now),
	}
	switch {
	case !known, !was.Firing && !believed(was, told):
		// It is another time that it stands.
		x.Since, x.Changed = now, now
		x.ID = episode(e.Fingerprint, now)
	case !was.Firing:
		x.Changed = now // it was gone for less than anybody noticed
	}
	if known && x.ID == was.ID {
		// What led to it is what was known when it came.
		var old Event
		if err := json.Unmarshal(was.Event, &old); err == nil {
			if old.Cause != "" {
				e.Before, e.After, e.Cause = old.Before, old.After, old.Cause
			}
			if old.TraceID != "" {
				e.TraceID = old.TraceID
			}
		}
	}
	var err error
	if x.Event, err = json.Marshal(e); err != nil {
		return x, fmt.Errorf("writing an alert: %w", err)
	}
	return x, nil
}

func differs(x, y drift.Standing) bool {
	return x.Firing != y.Firing || x.ID != y.ID || x.Level != y.Level || x.Workspace != y.Workspace || !x.Changed.Equal(y.Changed) || !bytes.Equal(x.Event, y.Event)
}

// believed reports whether somebody still takes it for standing.
func believed(s drift.Standing, told []drift.Told) bool {
	return slices.ContainsFunc(told, func(t drift.Told) bool {
		return t.Fingerprint == s.Fingerprint && t.ID == s.ID && t.State == drift.AlertFiring
	}) && !slices.ContainsFunc(told, func(t drift.Told) bool {
		return t.Fingerprint == s.Fingerprint && t.ID == s.ID && t.State == drift.AlertResolved
	})
}

// forgettable reports whether nothing of what is gone is of any more use: nobody has to
// be told, and coming back now it would be damped by nothing.
func forgettable(s drift.Standing, told []drift.Told, c config.Alert, now time.Time) bool {
	if earlier(s.Changed, now).Add(max(c.FlapWindow, c.ResolveWait)).After(now) {
		return false
	}
	return !slices.ContainsFunc(told, func(t drift.Told) bool {
		return t.Fingerprint == s.Fingerprint && t.State == drift.AlertFiring &&
			slices.ContainsFunc(c.Channels, func(ch config.Channel) bool { return ch.Name == t.Channel })
	})
}

// awaits reports whether what a rule looks at is not read yet: that it says nothing
// means nothing.
func awaits(s *drift.Snapshot, rule string) bool {
	switch {
	case strings.HasPrefix(rule, "tool-"), strings.HasPrefix(rule, "gocache-"):
		return s.ToolsPending
	case strings.HasPrefix(rule, "cgo-"):
		return s.CgoPending || s.ToolsPending
	case strings.HasPrefix(rule, "modules-"), rule == "floor-raised":
		return s.GraphPending
	}
	return false
}

// fingerprint names a finding in its workspace.
func fingerprint(root, finding string) string {
	sum := sha256.Sum256([]byte(root + "\x00" + finding))
	return hex.EncodeToString(sum[:8])
}

// episode names one time that a finding stands.
func episode(fingerprint string, since time.Time) string {
	sum := sha256.Sum256([]byte(fingerprint + "\x00" + strconv.FormatInt(since.UnixNano(), 10)))
	return hex.EncodeToString(sum[:8])
}

// eventsOf makes an alert of each finding of a report; seen says since when it stands.
func eventsOf(s sighting, host, link string, seen func(fingerprint string) time.Time) []Event {
	snapshot := s.report.Snapshot
	texts := tell.TextsOf(snapshot)
	findings := tell.NewFindings(snapshot.Root, s.report.Findings, texts)
	order := make([]int, len(findings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int { return findings[y].Severity.Rank() - findings[x].Severity.Rank() })
	var out []Event
	for _, i := range order[:min(len(order), mostStanding)] {
		f := findings[i]
		if f.Severity.Rank() == 0 {
			continue
		}
		e := Event{
			Schema: tell.SchemaAlert, Version: tell.DocumentVersion, Kind: tell.AlertFinding, State: drift.AlertFiring,
			Level: f.Severity, Rule: f.Code, Workspace: s.name, Root: snapshot.Root, Host: host,
			Title: firstSentence(f.Message), Message: clipBytes(f.Message, 4<<10), File: f.File, Line: f.Line,
			Fingerprint: fingerprint(snapshot.Root, f.ID), Link: link, TraceID: s.traceID,
		}
		since := tell.SinceOf(s.report, s.report.Findings[i], s.recent)
		e.Before, e.After, e.Cause = clipBytes(since.Before, 500), clipBytes(since.After, 500), clipBytes(since.Cause, 500)
		for _, x := range tell.SortFixes(s.report.Findings[i].Fixes) {
			if x.Kind != drift.FixAccept && !x.NeedsEditor() {
				e.Fix, e.Command = clipBytes(drift.MaskText(x.Title), 1<<10), "godrift fix --finding "+f.ID+" "+drift.ShellWord(snapshot.Root) // who reads an alert is not in the folder
				break
			}
		}
		if tell.NeedsDiagnosis(f.Code) {
			since.Seen = seen(e.Fingerprint)
			e.Report = tell.Diagnosis(s.report, i, since, tell.Options{})
		}
		out = append(out, e)
	}
	return out
}

// firstSentence is a message as one line.
func firstSentence(message string) string {
	line := tell.Flat(message)
	if head, _, ok := strings.Cut(line, ". "); ok {
		line = head
	}
	return drift.ClipTo(strings.TrimSuffix(line, "."), 140)
}

// clipBytes keeps the first bytes of a text, whole characters only.
func clipBytes(s string, most int) string {
	if len(s) <= most {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	const more = "…"
	return strings.ToValidUTF8(s[:max(0, most-len(more)-4)], "") + more
}
