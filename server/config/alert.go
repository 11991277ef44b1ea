package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Alert is [alert]: what is told, to whom, and when.
type Alert struct {
	// Channels are the ways to tell; without one nothing is told.
	Channels []Channel
	// Routes say what goes where: the first that fits decides.
	Routes []Route
	// Silences are those of the file. Others are made while it runs.
	Silences []Silence
	// GroupWait is how long the first of several alerts waits for the others.
	GroupWait time.Duration
	// ResolveWait is how long something has to be gone before that is told.
	ResolveWait time.Duration
	// Repeat is after what time an alert that stands is told again; 0 is never.
	Repeat time.Duration
	// FlapLimit is how often one finding is told as new within FlapWindow.
	FlapLimit  int
	FlapWindow time.Duration
	// GiveUp is after what time of trying a message is a dead letter.
	GiveUp time.Duration
	// Queue is how many messages may wait for one channel.
	Queue int
	Quiet Quiet
}

// DefaultAlert is what holds where the file says nothing.
var DefaultAlert = Alert{
	GroupWait: 30 * time.Second, ResolveWait: time.Minute, FlapLimit: 3, FlapWindow: time.Hour,
	GiveUp: 7 * 24 * time.Hour, Queue: 1000,
}

// Quiet are the hours of every day in which nothing is told but what is of an
// excepted level: minutes after midnight in local time. If both are the same there
// are none.
type Quiet struct {
	From, To int
	Except   []string
}

// Route says to which channels alerts go.
type Route struct {
	// Level is the least severity.
	Level string
	// Rules and Workspaces are patterns, of which one must fit: of rule codes, and of
	// names or folders. None fit all.
	Rules, Workspaces []string
	// Channels are names of channels: nil are all, an empty list is nowhere.
	Channels []string
}

// Silence is what is not told for a time.
type Silence struct {
	Rules, Workspaces []string
	// Until is zero if it holds for as long as it stands in the file.
	Until  time.Time
	Reason string
}

// Levels are the severities that can be named, the worst first.
var Levels = []string{"error", "warning", "info", "hint"}

// The limits of what can be asked for.
const (
	mostChannels = 32
	mostRoutes   = 200
	mostQueue    = 100_000
	longestSpan  = 366 * 24 * time.Hour
	mostPatterns = 100
	longestText  = 4 << 10
)

// alertTable is [alert] as it is written.
type alertTable struct {
	GroupWait   *string        `toml:"group-wait"`
	ResolveWait *string        `toml:"resolve-wait"`
	Repeat      *string        `toml:"repeat"`
	FlapLimit   *int64         `toml:"flap-limit"`
	FlapWindow  *string        `toml:"flap-window"`
	GiveUp      *string        `toml:"give-up"`
	Queue       *int64         `toml:"queue"`
	Quiet       *quietTable    `toml:"quiet"`
	Channels    []channelTable `toml:"channel"`
	Routes      []routeTable   `toml:"route"`
	Silences    []silenceTable `toml:"silence"`
}

type quietTable struct {
	From   string   `toml:"from"`
	To     string   `toml:"to"`
	Except []string `toml:"except"`
}

type routeTable struct {
	Level      string    `toml:"level"`
	Rules      []string  `toml:"rules"`
	Workspaces []string  `toml:"workspaces"`
	Channels   *[]string `toml:"channels"`
}

type silenceTable struct {
	Rules      []string   `toml:"rules"`
	Workspaces []string   `toml:"workspaces"`
	Until      *time.Time `toml:"until"`
	Reason     string     `toml:"reason"`
}

func (t alertTable) parse() (Alert, error) {
	a := DefaultAlert
	fail := func(err error) (Alert, error) { return DefaultAlert, err }
	for _, s := range []struct {
		key   string
		text  *string
		to    *time.Duration
		least time.Duration
	}{
		{"group-wait", t.GroupWait, &a.GroupWait, 0},
		{"resolve-wait", t.ResolveWait, &a.ResolveWait, 0},
		{"repeat", t.Repeat, &a.Repeat, 0},
		{"flap-window", t.FlapWindow, &a.FlapWindow, time.Second},
		{"give-up", t.GiveUp, &a.GiveUp, time.Minute},
	} {
		d, err := span(s.text, *s.to, s.least, longestSpan)
		if err != nil {
			return fail(mistake{table: "alert", key: s.key, at: -1, err: err})
		}
		*s.to = d
	}
	for _, n := range []struct {
		key         string
		value       *int64
		to          *int
		least, most int64
	}{{"flap-limit", t.FlapLimit, &a.FlapLimit, 1, 1000}, {"queue", t.Queue, &a.Queue, 1, mostQueue}} {
		if n.value == nil {
			continue
		}
		if *n.value < n.least || *n.value > n.most {
			return fail(mistake{table: "alert", key: n.key, at: -1, err: fmt.Errorf("%d: it must be from %d to %d", *n.value, n.least, n.most)})
		}
		*n.to = int(*n.value)
	}
	if a.Repeat != 0 && a.Repeat < time.Minute {
		return fail(mistake{table: "alert", key: "repeat", at: -1, err: errors.New("it must be 1m at least, or 0s for never")})
	}
	var err error
	if t.Quiet != nil {
		if a.Quiet, err = t.Quiet.parse(); err != nil {
			return fail(mistake{table: "alert", key: "quiet", at: -1, err: err})
		}
	}
	if a.Channels, err = parseChannels(t.Channels); err != nil {
		return fail(err)
	}
	if len(t.Routes) > mostRoutes || len(t.Silences) > mostRoutes {
		return fail(mistake{table: "alert", at: -1, err: fmt.Errorf("there may be %d routes and %d silences at most", mostRoutes, mostRoutes)})
	}
	for i, r := range t.Routes {
		route, err := r.parse(a.Channels)
		if err != nil {
			return fail(mistake{table: "alert.route", item: i, at: -1, err: err})
		}
		a.Routes = append(a.Routes, route)
	}
	for i, s := range t.Silences {
		silence, err := s.parse()
		if err != nil {
			return fail(mistake{table: "alert.silence", item: i, at: -1, err: err})
		}
		a.Silences = append(a.Silences, silence)
	}
	return a, nil
}

func (q quietTable) parse() (Quiet, error) {
	var out Quiet
	for _, c := range []struct {
		name, text string
		to         *int
	}{{"from", q.From, &out.From}, {"to", q.To, &out.To}} {
		clock, err := time.Parse("15:04", c.text)
		if err != nil {
			return Quiet{}, fmt.Errorf("%s = %q: write a time of the day such as \"22:00\"", c.name, c.text)
		}
		*c.to = clock.Hour()*60 + clock.Minute()
	}
	for _, level := range q.Except {
		if !slices.Contains(Levels, level) {
			return Quiet{}, levelError("except", level)
		}
	}
	out.Except = q.Except
	return out, nil
}

func (r routeTable) parse(channels []Channel) (Route, error) {
	if r.Level == "" {
		r.Level = "warning"
	}
	if !slices.Contains(Levels, r.Level) {
		return Route{}, levelError("level", r.Level)
	}
	if err := errors.Join(patterns("rules", r.Rules), patterns("workspaces", r.Workspaces)); err != nil {
		return Route{}, err
	}
	out := Route{Level: r.Level, Rules: r.Rules, Workspaces: r.Workspaces}
	if r.Channels == nil {
		return out, nil
	}
	out.Channels = []string{}
	for _, name := range *r.Channels {
		if !slices.ContainsFunc(channels, func(c Channel) bool { return c.Name == name }) {
			return Route{}, fmt.Errorf("there is no channel %q", shorten(name))
		}
		if !slices.Contains(out.Channels, name) {
			out.Channels = append(out.Channels, name)
		}
	}
	return out, nil
}

func (s silenceTable) parse() (Silence, error) {
	if len(s.Rules)+len(s.Workspaces) == 0 {
		return Silence{}, errors.New(`say what: rules = ["…"] or workspaces = ["…"]`)
	}
	if len(s.Reason) > longestText {
		return Silence{}, fmt.Errorf("reason: it is longer than %d bytes", longestText)
	}
	if err := errors.Join(patterns("rules", s.Rules), patterns("workspaces", s.Workspaces)); err != nil {
		return Silence{}, err
	}
	out := Silence{Rules: s.Rules, Workspaces: s.Workspaces, Reason: s.Reason}
	if s.Until != nil {
		out.Until = s.Until.UTC()
	}
	return out, nil
}

func levelError(key, level string) error {
	return fmt.Errorf("%s = %q: it must be one of %s", key, shorten(level), strings.Join(Levels, ", "))
}

// patterns refuses those that cannot fit anything as they are written.
func patterns(key string, list []string) error {
	if len(list) > mostPatterns {
		return fmt.Errorf("%s: there may be %d at most", key, mostPatterns)
	}
	for _, p := range list {
		if len(p) > longestText || p == "" {
			return fmt.Errorf("%s: a pattern must have from 1 to %d bytes", key, longestText)
		}
		if _, err := filepath.Match(p, ""); err != nil {
			return fmt.Errorf("%s: %q is no pattern", key, shorten(p))
		}
	}
	return nil
}

// Fits reports whether one of the patterns fits one of the texts, which it does if
// there is no pattern. A star stands for any characters but a path separator.
func Fits(patterns []string, texts ...string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool {
		return slices.ContainsFunc(texts, func(text string) bool {
			ok, err := filepath.Match(p, text)
			return err == nil && ok || p == text
		})
	})
}

// shorten keeps a message readable whatever stands in the file.
func shorten(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
