package alert

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// message is what a letter says.
type message struct {
	Alerts []Event `json:"alerts"`
	// More is how many did not fit.
	More int `json:"more,omitempty"`
}

// The bounds of one message and of one transaction.
const (
	mostInMessage = 50
	mostAtOnce    = 50
	mostInSummary = 20
)

// overflow is what is known of a queue that is full.
type overflow struct {
	since time.Time
	held  map[string]bool // fingerprints
}

// part is what one transaction tells.
type part struct {
	items []item
	seen  []string
	all   []item // of the whole batch
}

// parts divides what a channel is told: into one message for those that people read,
// and for programs so that what belongs together is decided at once and the rest fits.
func (b batch) parts(kind string, room int) []part {
	if batched(kind) {
		return []part{{b.items, b.fresh, b.items}}
	}
	var out []part
	rest := b.items
	for _, root := range b.fresh {
		p := part{seen: []string{root}, all: b.items}
		var others []item
		for _, it := range rest {
			if it.act == news && it.standing.Root == root {
				p.items = append(p.items, it)
			} else {
				others = append(others, it)
			}
		}
		rest = others
		out = append(out, p)
	}
	for some := range slices.Chunk(rest, max(1, min(mostAtOnce, room))) {
		out = append(out, part{items: some, all: b.items})
	}
	return out
}

// tell has a channel told what is due, and returns when the next is.
func (a *Alerts) tell(ctx context.Context, r rules, channel config.Channel, l drift.Ledger, now time.Time) (time.Time, error) {
	b := r.plan(channel, l, a.first, now)
	if len(b.items)+len(b.fresh) == 0 {
		return b.next, nil
	}
	for _, p := range b.parts(channel.Kind, r.config.Queue) {
		t, err := a.telling(r, channel, p, now)
		if err != nil {
			return time.Time{}, err
		}
		switch err := a.o.Outbox.Tell(ctx, t); {
		case err == nil:
		case errors.Is(err, drift.ErrToldBefore):
			ring(a.wake) // what is so now is looked at again
			return b.next, nil
		case errors.Is(err, drift.ErrOutboxFull):
			a.noteFull(ctx, channel.Name, b.items, now)
			return now.Add(longestWait), nil
		default:
			return time.Time{}, err
		}
		a.mu.Lock()
		delete(a.full, channel.Name)
		a.mu.Unlock()
		a.post(channel.Name)
		a.o.Changed()
	}
	return b.next, nil
}

// noteFull remembers what does not fit. It is not lost: it is not told yet, and will be
// if it still stands when there is room.
func (a *Alerts) noteFull(ctx context.Context, channel string, items []item, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	o := a.full[channel]
	if o == nil {
		o = &overflow{since: now, held: map[string]bool{}}
		a.full[channel] = o
		a.o.Log.WarnContext(ctx, "the queue of a channel is full: what still stands is told when there is room", "channel", channel)
	}
	for _, it := range items {
		if len(o.held) < 10*mostStanding {
			o.held[it.standing.Fingerprint] = true
		}
	}
}

// telling writes down what a part of a batch makes of what the channel was told, and
// the letters that tell it.
func (a *Alerts) telling(r rules, channel config.Channel, p part, now time.Time) (drift.Telling, error) {
	t := drift.Telling{Channel: channel.Name, Seen: p.seen, Room: r.config.Queue}
	var single []Event
	var about [][]string
	fresh := map[string][]item{} // by root, what goes into a summary
	key := sha256.New()
	fmt.Fprintf(key, "%s\n", channel.Name)
	for _, it := range p.items {
		told := r.turned(it, channel.Name, now)
		fmt.Fprintf(key, "%s %s %d\n", told.Fingerprint, told.ID, told.Turn)
		if it.act == news && slices.Contains(p.seen, it.standing.Root) {
			fresh[it.standing.Root] = append(fresh[it.standing.Root], it)
		}
		t.Tolds = append(t.Tolds, told)
	}
	for i, it := range p.items {
		many := len(fresh[it.standing.Root]) > 1 && it.act == news && slices.Contains(p.seen, it.standing.Root)
		if many {
			t.Tolds[i].Summary = true
		}
		if many || it.act == quietly {
			continue
		}
		e, err := eventOf(it, t.Tolds[i], now)
		if err != nil {
			return t, err
		}
		single, about = append(single, e), append(about, []string{it.standing.Fingerprint})
	}
	var summaries []Event
	var covered [][]string
	for _, root := range p.seen {
		if items := fresh[root]; len(items) > 1 {
			e, err := summary(items, now)
			if err != nil {
				return t, err
			}
			summaries = append(summaries, e)
			var f []string
			for _, it := range items {
				f = append(f, it.standing.Fingerprint)
			}
			covered = append(covered, f)
		}
	}
	events, findings := slices.Concat(summaries, single), slices.Concat(covered, about)
	a.mu.Lock()
	o := a.full[channel.Name]
	a.mu.Unlock()
	if o != nil && len(events) > 0 {
		events, findings = append([]Event{a.overflowed(*o, channel.Name, p, now)}, events...), append([][]string{nil}, findings...)
	}
	base := hex.EncodeToString(key.Sum(nil))[:20]
	if batched(channel.Kind) && len(events) > 0 {
		m := message{Alerts: events[:min(len(events), mostInMessage)], More: max(0, len(events)-mostInMessage)}
		for i := range m.Alerts {
			if len(m.Alerts) > 1 {
				m.Alerts[i].Report = "" // it is for what stands alone
			}
		}
		l, err := letter(channel.Name, base, m, slices.Concat(findings...), now)
		t.Letters = []drift.Letter{l}
		return t, err
	}
	for i, e := range events {
		l, err := letter(channel.Name, base+"-"+strconv.Itoa(i), message{Alerts: []Event{e}}, findings[i], now)
		if err != nil {
			return t, err
		}
		t.Letters = append(t.Letters, l)
	}
	return t, nil
}

func letter(channel, key string, m message, about []string, now time.Time) (drift.Letter, error) {
	body, err := json.Marshal(m)
	if err != nil {
		return drift.Letter{}, fmt.Errorf("writing a message: %w", err)
	}
	return drift.Letter{Key: key, Channel: channel, Created: now, Next: now, Body: body, Fingerprints: about}, nil
}

// turned is what the channel was told once this is.
func (r rules) turned(it item, channel string, now time.Time) drift.Told {
	s := it.standing
	t := drift.Told{Fingerprint: s.Fingerprint, Channel: channel, ID: s.ID, Level: s.Level}
	if it.told != nil {
		t = *it.told
		t.News = r.recent(t.News, now)
	}
	t.At = now
	switch it.act {
	case news:
		t.State, t.ID, t.Level, t.Summary = drift.AlertFiring, s.ID, s.Level, false
		t.News = append(t.News, now)
	case worse, again:
		t.State, t.Level, t.Summary = drift.AlertFiring, s.Level, false
		t.News = append(t.News, now)
	case gone, quietly:
		t.State = drift.AlertResolved
	case nothing:
	}
	return t
}

// clock writes a time for people, in the zone of the machine's clock.
func clock(t time.Time) string { return t.Format("2006-01-02 15:04:05 MST") }

// batched reports whether a channel is for people, who get what came together in one
// message. Programs get one document for each alert.
func batched(kind string) bool {
	switch kind {
	case config.ChannelSlack, config.ChannelWeCom, config.ChannelDesktop:
		return true
	}
	return false
}
