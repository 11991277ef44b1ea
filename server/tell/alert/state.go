package alert

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// mostLetters is how many messages of each kind State lists.
const mostLetters = 200

// State is what stands, what is silenced, what waits and what was given up.
func (a *Alerts) State(ctx context.Context) (tell.AlertsDocument, error) {
	c, now := a.current(), a.o.Now()
	doc := tell.AlertsDocument{
		Schema: tell.SchemaAlerts, Version: tell.DocumentVersion, Channels: []tell.AlertChannel{}, Firing: []tell.AlertStanding{},
		Silences: []tell.AlertSilence{}, Queued: []tell.AlertLetter{}, Dead: []tell.AlertLetter{},
	}
	l, err := a.o.Outbox.Ledger(ctx)
	if err != nil {
		return doc, err
	}
	queued, err := a.o.Outbox.Letters(ctx, mostLetters, drift.LetterPending, drift.LetterInflight)
	if err != nil {
		return doc, err
	}
	dead, err := a.o.Outbox.Letters(ctx, mostLetters, drift.LetterDead)
	if err != nil {
		return doc, err
	}
	// What waits, or was given up, told nobody anything.
	untold := map[[2]string]time.Time{}
	for _, x := range slices.Concat(dead, queued) {
		for _, f := range x.Fingerprints {
			key := [2]string{x.Channel, f}
			untold[key] = later(untold[key], x.Created)
		}
	}
	r := rules{c, l.Silences}
	for _, s := range l.Standing {
		if !s.Firing {
			continue
		}
		var e Event
		if err := json.Unmarshal(s.Event, &e); err != nil {
			return doc, fmt.Errorf("reading what is kept of %s: %w", s.Fingerprint, err)
		}
		until, forever := r.silenced(s, now)
		row := tell.AlertStanding{
			ID: s.ID, Level: s.Level, Rule: s.Rule, Workspace: s.Workspace, Root: s.Root, Message: e.Message, Since: s.Since,
			Told: []string{}, Silenced: forever || !until.IsZero(),
		}
		for _, t := range l.Told {
			if t.Fingerprint == s.Fingerprint && t.State == drift.AlertFiring && untold[[2]string{t.Channel, t.Fingerprint}].Before(t.At) {
				row.Told = append(row.Told, t.Channel)
			}
		}
		doc.Firing = append(doc.Firing, row)
	}
	slices.SortStableFunc(doc.Firing, func(x, y tell.AlertStanding) int {
		return cmp.Or(y.Level.Rank()-x.Level.Rank(), cmp.Compare(x.Workspace, y.Workspace), x.Since.Compare(y.Since))
	})
	for _, s := range c.Silences {
		if s.Until.IsZero() || s.Until.After(now) {
			doc.Silences = append(doc.Silences, silenceOf(drift.Silence{Rules: s.Rules, Workspaces: s.Workspaces, Until: s.Until, Reason: s.Reason}))
		}
	}
	for _, s := range l.Silences {
		if s.Until.After(now) {
			doc.Silences = append(doc.Silences, silenceOf(s))
		}
	}
	counts, err := a.o.Outbox.Waiting(ctx)
	if err != nil {
		return doc, err
	}
	for _, ch := range c.Channels {
		doc.Channels = append(doc.Channels, channelOf(ch.Name, ch.Kind, counts[ch.Name]))
	}
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		n := counts[name]
		if !slices.ContainsFunc(c.Channels, func(ch config.Channel) bool { return ch.Name == name }) && n[drift.LetterPending]+n[drift.LetterInflight]+n[drift.LetterDead] > 0 {
			doc.Channels = append(doc.Channels, channelOf(name, "", n)) // it is not in the configuration any more
		}
	}
	for _, x := range queued {
		doc.Queued = append(doc.Queued, letterOf(x))
	}
	for _, x := range dead {
		doc.Dead = append(doc.Dead, letterOf(x))
	}
	return doc, nil
}

func channelOf(name, kind string, n map[drift.LetterState]int) tell.AlertChannel {
	return tell.AlertChannel{Name: name, Kind: kind, Queued: n[drift.LetterPending] + n[drift.LetterInflight], Sent: n[drift.LetterSent], Dead: n[drift.LetterDead]}
}

func silenceOf(s drift.Silence) tell.AlertSilence {
	out := tell.AlertSilence{ID: s.ID, Rules: append([]string{}, s.Rules...), Workspaces: append([]string{}, s.Workspaces...), Reason: drift.MaskText(s.Reason)}
	if !s.Until.IsZero() {
		until := s.Until.UTC()
		out.Until = &until
	}
	return out
}

func letterOf(l drift.Letter) tell.AlertLetter {
	out := tell.AlertLetter{ID: l.ID, Channel: l.Channel, State: string(l.State), Created: l.Created, Attempts: l.Attempts, Error: l.Error}
	var m message
	if err := json.Unmarshal(l.Body, &m); err == nil && len(m.Alerts) > 0 {
		out.Title = m.headline()
	}
	if l.State != drift.LetterDead {
		next := l.Next
		out.Next = &next
	}
	return out
}

// Silence keeps what fits from being told for a time.
func (a *Alerts) Silence(ctx context.Context, rules, workspaces []string, length time.Duration, reason string) (tell.AlertSilence, error) {
	now := a.o.Now().UTC().Truncate(time.Millisecond)
	s := drift.Silence{Rules: rules, Workspaces: workspaces, Created: now, Until: now.Add(length), Reason: reason}
	id, err := a.o.Outbox.Silence(ctx, s)
	if err != nil {
		return tell.AlertSilence{}, err
	}
	s.ID = id
	a.look()
	return silenceOf(s), nil
}

// Unsilence takes a silence back, and reports whether there was one of that number.
func (a *Alerts) Unsilence(ctx context.Context, id int64) (bool, error) {
	ok, err := a.o.Outbox.Unsilence(ctx, id)
	a.look()
	return ok, err
}

// Resend has messages tried again that were given up, all of them if no number is
// given, and returns how many there were.
func (a *Alerts) Resend(ctx context.Context, ids ...int64) (int, error) {
	n, err := a.o.Outbox.Revive(ctx, a.o.Now(), ids...)
	a.mu.Lock()
	for _, bell := range a.posted {
		ring(bell)
	}
	a.mu.Unlock()
	return n, err
}

// look has everything looked at again.
func (a *Alerts) look() {
	ring(a.wake)
	a.o.Changed()
}

// Test sends an alert that is marked as a test to a channel, or to all if its name is
// empty, and says what each answered. It takes the way that every alert takes; only
// it is not tried twice.
func (a *Alerts) Test(ctx context.Context, name string) (tell.AlertTestDocument, error) {
	now := a.o.Now()
	e := Event{
		Schema: tell.SchemaAlert, Version: tell.DocumentVersion, ID: "test-" + rand.Text()[:12], Kind: tell.AlertTest, State: drift.AlertFiring,
		Level: drift.SeverityInfo, Host: a.o.Host, Title: "This is a test", Link: a.o.Link,
		Message: "Somebody tries out whether alerts of godrift arrive here. Nothing is wrong.",
		Time:    now.UTC().Truncate(time.Millisecond), Since: now.UTC().Truncate(time.Millisecond), Fingerprint: fingerprint("test", ""),
	}
	doc := tell.AlertTestDocument{Schema: tell.SchemaAlertTest, Version: tell.DocumentVersion, ID: e.ID, Channels: []tell.AlertTestResult{}}
	for _, c := range a.current().Channels {
		if name != "" && c.Name != name {
			continue
		}
		result, err := a.try(ctx, c, e)
		if err != nil {
			return doc, err
		}
		doc.Channels = append(doc.Channels, result)
	}
	return doc, nil
}

func (a *Alerts) try(ctx context.Context, c config.Channel, e Event) (tell.AlertTestResult, error) {
	now := a.o.Now()
	l, err := letter(c.Name, e.ID+"-"+c.Name, message{Alerts: []Event{e}}, nil, now)
	if err != nil {
		return tell.AlertTestResult{}, err
	}
	// It is posted with its lease, so that no running monitor takes it.
	l.Owner, l.Leased = a.owner, now.Add(c.Timeout+leaseMargin)
	if err := a.o.Outbox.Tell(ctx, drift.Telling{Channel: c.Name, Letters: []drift.Letter{l}}); err != nil {
		return tell.AlertTestResult{}, err
	}
	l.Attempts = 1
	s := a.sender(c)
	defer s.close()
	begun := time.Now()
	ans := deliver(ctx, s, l, now)
	result := tell.AlertTestResult{Channel: c.Name, Kind: c.Kind, Sent: ans.err == nil, Answer: ans.said, Milliseconds: time.Since(begun).Milliseconds()}
	if ans.err != nil {
		result.Answer = ans.err.Error()
	}
	// A test that failed is not sent later: nobody waits for it then.
	return result, a.o.Outbox.Discard(context.WithoutCancel(ctx), l.Key)
}
