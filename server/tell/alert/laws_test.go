package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// shelf is an outbox in memory that sends nothing.
type shelf struct {
	Outbox
	ledger  drift.Ledger
	letters []drift.Letter
	nextID  int64
	full    bool
}

func newShelf() *shelf { return &shelf{ledger: drift.Ledger{Seen: map[string][]string{}}} }

func (s *shelf) Ledger(context.Context) (drift.Ledger, error) {
	l := s.ledger
	l.Standing, l.Told, l.Silences = slices.Clone(l.Standing), slices.Clone(l.Told), slices.Clone(l.Silences)
	return l, nil
}

func (s *shelf) Stand(_ context.Context, changed []drift.Standing, forget []string) error {
	for _, c := range changed {
		s.ledger.Standing = append(slices.DeleteFunc(s.ledger.Standing, func(x drift.Standing) bool { return x.Fingerprint == c.Fingerprint }), c)
	}
	s.ledger.Standing = slices.DeleteFunc(s.ledger.Standing, func(x drift.Standing) bool { return slices.Contains(forget, x.Fingerprint) })
	s.ledger.Told = slices.DeleteFunc(s.ledger.Told, func(x drift.Told) bool { return slices.Contains(forget, x.Fingerprint) })
	return nil
}

func (s *shelf) Tell(_ context.Context, t drift.Telling) error {
	if s.full && len(t.Letters) > 0 {
		return drift.ErrOutboxFull
	}
	for _, told := range t.Tolds {
		s.ledger.Told = slices.DeleteFunc(s.ledger.Told, func(x drift.Told) bool {
			return x.Fingerprint == told.Fingerprint && x.Channel == told.Channel
		})
		told.Turn++
		s.ledger.Told = append(s.ledger.Told, told)
	}
	s.ledger.Seen[t.Channel] = append(s.ledger.Seen[t.Channel], t.Seen...)
	for _, l := range t.Letters {
		if slices.ContainsFunc(s.letters, func(x drift.Letter) bool { return x.Key == l.Key }) {
			return fmt.Errorf("the key %s is used twice", l.Key)
		}
		s.letters = append(s.letters, l)
	}
	return nil
}

func (*shelf) Sweep(context.Context, time.Time) error { return nil }

func (s *shelf) Silence(_ context.Context, v drift.Silence) (int64, error) {
	s.nextID++
	v.ID = s.nextID
	s.ledger.Silences = append(s.ledger.Silences, v)
	return v.ID, nil
}

func (s *shelf) Unsilence(_ context.Context, id int64) (bool, error) {
	n := len(s.ledger.Silences)
	s.ledger.Silences = slices.DeleteFunc(s.ledger.Silences, func(v drift.Silence) bool { return v.ID == id })
	return len(s.ledger.Silences) < n, nil
}

// said is one alert that a channel was told, and when.
type said struct {
	Event
	channel string
	at      time.Time
}

// model is a world of a few workspaces and findings, with a clock that only the test moves.
type model struct {
	t       *rapid.T
	a       *Alerts
	shelf   *shelf
	now     time.Time
	present map[string]map[string]drift.Severity // by workspace: rule → level
	heard   map[string]bool                      // workspaces that were reported
	seen    int                                  // letters that were read
	said    []said
	batches [][]said // by letter
}

var lawRules = []string{"toolchain-drift", "pin-floating", "gocache-corrupt", "env-drift"}

func newModel(t *rapid.T, c config.Alert) *model {
	m := &model{
		t: t, shelf: newShelf(), now: time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC),
		present: map[string]map[string]drift.Severity{}, heard: map[string]bool{},
	}
	a, err := New(Options{Config: c, Outbox: m.shelf, Now: func() time.Time { return m.now }})
	if err != nil {
		t.Fatal(err)
	}
	m.a = a
	return m
}

func (m *model) report(workspace string) {
	var findings []drift.Finding
	for _, rule := range lawRules {
		if level, ok := m.present[workspace][rule]; ok {
			findings = append(findings, finding(rule, level, "X"))
		}
	}
	m.heard[workspace] = true
	m.a.Report(context.Background(), workspace, report("/"+workspace, findings...), nil)
	m.turn()
}

func (m *model) turn() time.Time {
	next, err := m.a.turn(context.Background())
	if err != nil {
		m.t.Fatal(err)
	}
	for _, l := range m.shelf.letters[m.seen:] {
		var msg message
		if err := json.Unmarshal(l.Body, &msg); err != nil {
			m.t.Fatal(err)
		}
		var b []said
		for _, e := range msg.Alerts {
			b = append(b, said{e, l.Channel, m.now})
		}
		m.said = append(m.said, b...)
		m.batches = append(m.batches, b)
	}
	m.seen = len(m.shelf.letters)
	return next
}

// pass lets time go by, as Run would: whenever something is due it is told.
func (m *model) pass(d time.Duration) {
	end := m.now.Add(d)
	for range 10_000 {
		next := m.turn()
		if next.IsZero() || next.After(end) {
			m.now = end
			m.turn()
			return
		}
		if !next.After(m.now) {
			next = m.now.Add(time.Second)
		}
		m.now = next
	}
	m.t.Fatal("time does not go by: something is always due")
}

func lawConfig(t *rapid.T) config.Alert {
	c := config.DefaultAlert
	c.GroupWait = rapid.SampledFrom([]time.Duration{0, 10 * time.Second, time.Minute}).Draw(t, "groupWait")
	c.ResolveWait = rapid.SampledFrom([]time.Duration{0, 30 * time.Second}).Draw(t, "resolveWait")
	c.Repeat = rapid.SampledFrom([]time.Duration{0, 0, 4 * time.Hour}).Draw(t, "repeat")
	c.FlapLimit = rapid.IntRange(1, 3).Draw(t, "flapLimit")
	c.FlapWindow = rapid.SampledFrom([]time.Duration{10 * time.Minute, time.Hour}).Draw(t, "flapWindow")
	if rapid.Bool().Draw(t, "quiet") {
		c.Quiet = config.Quiet{From: 22 * 60, To: 7 * 60, Except: []string{"error"}}
	}
	c.Channels = []config.Channel{{Name: "people", Kind: config.ChannelSlack}, {Name: "program", Kind: config.ChannelWebhook}}
	if rapid.Bool().Draw(t, "routes") {
		c.Routes = []config.Route{
			{Level: "hint", Rules: []string{"env-*"}, Channels: []string{}},
			{Level: "error", Channels: []string{"people"}},
			{Level: "info", Workspaces: []string{"a"}},
		}
	}
	return c
}

// The laws of telling, over random stories.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := lawConfig(t)
		m := newModel(t, c)
		levels := []drift.Severity{drift.SeverityError, drift.SeverityWarning, drift.SeverityInfo}
		var silences []drift.Silence // all that ever were, with their true ends
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			w := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "workspace")
			m.pass(time.Second)
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0, 1, 2, 3:
				if m.present[w] == nil {
					m.present[w] = map[string]drift.Severity{}
				}
				rule := rapid.SampledFrom(lawRules).Draw(t, "rule")
				if _, there := m.present[w][rule]; there && rapid.Bool().Draw(t, "gone") {
					delete(m.present[w], rule)
				} else {
					m.present[w][rule] = rapid.SampledFrom(levels).Draw(t, "level")
				}
				m.report(w)
			case 4:
				m.report(w)
			case 5:
				rule := rapid.SampledFrom(lawRules).Draw(t, "rule")
				d := rapid.SampledFrom([]time.Duration{time.Minute, time.Hour}).Draw(t, "length")
				s, err := m.a.Silence(context.Background(), []string{rule}, nil, d, "")
				if err != nil {
					t.Fatal(err)
				}
				silences = append(silences, drift.Silence{ID: s.ID, Rules: s.Rules, Created: m.now, Until: *s.Until})
			case 6:
				// As after a restart: nothing but the ledger is left.
				a, err := New(m.a.o)
				if err != nil {
					t.Fatal(err)
				}
				m.a = a
				for w := range m.heard {
					m.report(w)
				}
			default:
				m.pass(rapid.SampledFrom([]time.Duration{time.Second, 45 * time.Second, 20 * time.Minute, 5 * time.Hour}).Draw(t, "time"))
			}
		}
		m.pass(50 * time.Hour)

		r := rules{config: c}
		for _, channel := range c.Channels {
			state := map[string]said{}
			news := map[string][]time.Time{}
			for _, s := range m.said {
				if s.channel != channel.Name {
					continue
				}
				hour := s.at.Hour()
				if c.Quiet.From != c.Quiet.To && (hour >= 22 || hour < 7) && s.Kind == tell.AlertFinding && s.Level != drift.SeverityError {
					t.Fatalf("%s %s is told in the quiet hours, at %s", s.State, s.Rule, s.at)
				}
				for _, v := range silences {
					if slices.Contains(v.Rules, s.Rule) && s.at.After(v.Created) && s.at.Before(v.Until) {
						t.Fatalf("%s %s is told at %s in spite of a silence from %s until %s", s.State, s.Rule, s.at, v.Created, v.Until)
					}
				}
				if s.Kind != tell.AlertFinding {
					continue
				}
				last, knows := state[s.Fingerprint]
				switch {
				case s.State == drift.AlertResolved:
					if !knows || last.State != drift.AlertFiring || last.ID != s.ID {
						t.Fatalf("%s is resolved at %s, and was never told: %+v", s.Rule, s.at, last)
					}
				case knows && last.State == drift.AlertFiring && !s.Repeated && s.Level.Rank() <= last.Level.Rank():
					t.Fatalf("%s is told twice as new, at %s and %s", s.Rule, last.at, s.at)
				case !knows || last.State == drift.AlertResolved:
					if knows && last.ID == s.ID {
						t.Fatalf("%s came back with the old ID", s.Rule)
					}
					news[s.Fingerprint] = append(news[s.Fingerprint], s.at)
				}
				if s.Repeated && c.Repeat > 0 && knows && s.at.Sub(last.at) < c.Repeat {
					t.Fatalf("%s is repeated after %s", s.Rule, s.at.Sub(last.at))
				}
				if s.Repeated && c.Repeat == 0 {
					t.Fatalf("%s is repeated, which nobody wants", s.Rule)
				}
				if s.State == drift.AlertFiring && !r.routed(channel.Name, drift.Standing{Rule: s.Rule, Level: s.Level, Workspace: s.Workspace, Root: s.Root}) {
					t.Fatalf("%s at %s is told to %s, where it does not belong", s.Rule, s.Level, channel.Name)
				}
				state[s.Fingerprint] = s
			}
			for f, times := range news {
				for i := c.FlapLimit; i < len(times); i++ {
					if times[i].Sub(times[i-c.FlapLimit]) < c.FlapWindow {
						t.Fatalf("%s is told as new %d times within %s: %s", f, c.FlapLimit+1, times[i].Sub(times[i-c.FlapLimit]), times)
					}
				}
			}
			// In the end every channel knows what is so, and nothing else.
			told := toldBy(m.shelf.ledger, channel.Name)
			for _, s := range m.shelf.ledger.Standing {
				level, there := m.present[s.Workspace][s.Rule]
				if there != s.Firing {
					t.Fatalf("%s in %s: firing %v, there %v", s.Rule, s.Workspace, s.Firing, there)
				}
				knows := told[s.Fingerprint] != nil && told[s.Fingerprint].State == drift.AlertFiring
				s.Level = level
				switch {
				case there && r.routed(channel.Name, s) && !knows:
					t.Fatalf("%s in %s stands, and %s was not told", s.Rule, s.Workspace, channel.Name)
				case !there && knows:
					t.Fatalf("%s in %s is gone, and %s was not told", s.Rule, s.Workspace, channel.Name)
				}
			}
		}
	})
}

// What fires together is one message for people, and the first look at a workspace is one
// for everybody.
func TestTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := config.DefaultAlert
		c.Channels = []config.Channel{{Name: "people", Kind: config.ChannelSlack}, {Name: "program", Kind: config.ChannelWebhook}}
		m := newModel(t, c)
		n := rapid.IntRange(0, len(lawRules)).Draw(t, "standing")
		m.present["a"] = map[string]drift.Severity{}
		for _, rule := range lawRules[:n] {
			m.present["a"][rule] = drift.SeverityError
		}
		m.report("a")
		m.pass(time.Hour)
		for _, channel := range []string{"people", "program"} {
			var letters [][]said
			for _, b := range m.batches {
				if b[0].channel == channel {
					letters = append(letters, b)
				}
			}
			if len(letters) != min(n, 1) {
				t.Fatalf("%s got %d messages about %d findings at the first look", channel, len(letters), n)
			}
			if n > 1 && (letters[0][0].Kind != tell.AlertSummary || letters[0][0].Counts.Error != n) {
				t.Fatalf("%+v is no summary of %d", letters[0][0], n)
			}
		}
		// The others come within the time that the first one waits.
		m.batches = nil
		for _, rule := range lawRules[n:] {
			m.present["a"][rule] = drift.SeverityWarning
			m.report("a")
			m.now = m.now.Add(5 * time.Second)
		}
		m.pass(time.Hour)
		people, program := 0, 0
		for _, b := range m.batches {
			if b[0].channel == "people" {
				people++
				if len(b) != len(lawRules)-n {
					t.Fatalf("%d of %d in one message", len(b), len(lawRules)-n)
				}
			} else {
				program += len(b)
			}
		}
		if people != min(1, len(lawRules)-n) || program != len(lawRules)-n {
			t.Fatalf("%d messages to people and %d documents to a program about %d findings", people, program, len(lawRules)-n)
		}
		// What was told in a summary only goes quietly; the others do not.
		m.batches, m.present["a"] = nil, nil
		m.report("a")
		m.pass(time.Hour)
		resolved := 0
		for _, b := range m.batches {
			for _, s := range b {
				if s.State != drift.AlertResolved {
					t.Fatalf("%+v", s)
				}
				if s.channel == "program" {
					resolved++
				}
			}
		}
		want := len(lawRules)
		if n > 1 {
			want -= n
		}
		if resolved != want {
			t.Fatalf("%d of %d are resolved", resolved, want)
		}
	})
}
