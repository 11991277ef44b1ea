package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// eventOf is the document of one telling.
func eventOf(it item, told drift.Told, now time.Time) (Event, error) {
	var e Event
	if err := json.Unmarshal(it.standing.Event, &e); err != nil {
		return e, fmt.Errorf("reading what is kept of %s: %w", it.standing.Fingerprint, err)
	}
	e.ID, e.State, e.Since, e.Time = told.ID, told.State, it.standing.Since, it.standing.Since
	e.Repeated = it.act == again
	if it.act == gone {
		e.Time = earlier(it.standing.Changed, now)
		e.Fix, e.Command, e.Report = "", "", ""
	}
	return e, nil
}

// summary tells in one alert what stands in a workspace that is looked at for the first
// time.
func summary(items []item, now time.Time) (Event, error) {
	now = now.UTC().Truncate(time.Millisecond)
	var first Event
	var counts tell.Counts
	var lines []string
	ids := sha256.New()
	for i, it := range items {
		e, err := eventOf(it, drift.Told{ID: it.standing.ID, State: drift.AlertFiring}, now)
		if err != nil {
			return e, err
		}
		if i == 0 {
			first = e
		}
		fmt.Fprintln(ids, it.standing.ID)
		counts = counts.Plus(it.standing.Level)
		if i < mostInSummary {
			lines = append(lines, fmt.Sprintf("%s %s: %s", it.standing.Level, it.standing.Rule, e.Title))
		}
	}
	if n := len(items) - mostInSummary; n > 0 {
		lines = append(lines, fmt.Sprintf("and %d more; godrift check lists them all", n))
	}
	return Event{
		Schema: tell.SchemaAlert, Version: tell.DocumentVersion, ID: hex.EncodeToString(ids.Sum(nil))[:16], Kind: tell.AlertSummary, State: drift.AlertFiring,
		Level: items[0].standing.Level, Workspace: first.Workspace, Root: first.Root, Host: first.Host, Link: first.Link, TraceID: first.TraceID,
		Title:   fmt.Sprintf("%s in %s, looked at for the first time", drift.Plural(len(items), "finding"), first.Workspace),
		Message: strings.Join(lines, "\n"), Time: now, Since: first.Since, Counts: &counts,
		Fingerprint: fingerprint(first.Root, "summary"), Command: "godrift check",
	}, nil
}

// overflowed says that a queue was full.
func (a *Alerts) overflowed(o overflow, channel string, p part, now time.Time) Event {
	went := len(o.held)
	for _, it := range p.all {
		if o.held[it.standing.Fingerprint] {
			went--
		}
	}
	text := fmt.Sprintf("The queue of the channel %s was full from %s to %s. What still stands is told now, late.", channel, clock(o.since), clock(now))
	if went > 0 {
		text += fmt.Sprintf(" %s came meanwhile and may have gone untold.", drift.Plural(went, "other finding"))
	}
	return notice("The queue of alerts was full", text, drift.SeverityWarning, a.o.Host, now)
}

// notice is an alert about the alerts.
func notice(title, text string, level drift.Severity, host string, now time.Time) Event {
	now = now.UTC().Truncate(time.Millisecond)
	id := fingerprint(title, text+strconv.FormatInt(now.UnixNano(), 10))
	return Event{
		Schema: tell.SchemaAlert, Version: tell.DocumentVersion, ID: id, Kind: tell.AlertNotice, State: drift.AlertFiring, Level: level, Host: host,
		Title: title, Message: text, Time: now, Since: now, Fingerprint: fingerprint("notice", title),
	}
}
