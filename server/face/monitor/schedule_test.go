package monitor

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"godrift.dev/server/config"
)

// A clock that ran ahead and is set right puts no full check off.
func TestClockSetBack(t *testing.T) {
	now := time.Date(2039, 1, 1, 0, 0, 0, 0, time.UTC)
	m := &monitor{opts: Options{Now: func() time.Time { return now }}, checks: make(chan fullCheck, 1)}
	m.config.Monitor = config.DefaultMonitor()
	period := m.config.Monitor.FullCheck
	w := &watched{name: "a", root: "/a", next: after(now, period, phaseOf("/a"))}
	m.watched = []*watched{w}
	m.due()
	if len(m.checks) != 0 {
		t.Fatal("it is checked before its time")
	}
	now = now.AddDate(-12, 0, 0)
	m.due()
	if len(m.checks) != 1 || w.next.After(now.Add(2*period)) {
		t.Errorf("%d checks wait, and the next is at %v; it is %v", len(m.checks), w.next, now)
	}
}

// Wherever one starts to count, checks come once in each period, neither twice in a short
// time nor never.
func TestAfter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := time.Duration(rapid.Int64Range(int64(time.Minute), int64(30*24*time.Hour)).Draw(t, "period"))
		phase := rapid.Uint64().Draw(t, "phase")
		from := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "from"), 0)
		at := after(from, period, phase)
		if at.Sub(from) < period/8 || at.Sub(from) > period+period/8 {
			t.Fatalf("from %v with a period of %v it is %v later", from, period, at.Sub(from))
		}
		if next := after(at, period, phase); next.Sub(at) != period {
			t.Fatalf("the one after %v is %v", at, next)
		}
	})
}

// Workspaces do not all check at one time.
func TestPhases(t *testing.T) {
	day, hours := 24*time.Hour, map[int]bool{}
	from := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for i := range 64 {
		hours[after(from, day, phaseOf("/srv/"+strings.Repeat("x", i))).Hour()] = true
	}
	if len(hours) < 12 {
		t.Errorf("64 workspaces check in %d hours of a day", len(hours))
	}
}

func TestNameOf(t *testing.T) {
	for text, want := range map[string]string{
		"app": "app", "": "w", ".": "w", "-x": "x", "a b\n\"{": "a-b---", "Grüße": "Grüße", "\xff": "w", "/": "w",
	} {
		if got := nameOf(text, "w"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		name := nameOf(rapid.String().Draw(t, "text"), "w")
		if err := config.CheckName(name); err != nil || !utf8.ValidString(name) {
			t.Fatal(err)
		}
	})
}

// Each folder is watched once, and each has a name of its own.
func TestNames(t *testing.T) {
	m := &monitor{machine: "/state/machine"}
	var got []string
	for _, w := range m.workspaces(config.Monitor{Machine: true, Workspaces: []config.Workspace{
		{Path: "/a/app"}, {Path: "/b/app"}, {Path: "/a/app/"}, {Path: "/c", Name: "app"}, {Path: "/d/app-2"},
	}}) {
		if !w.machine {
			got = append(got, w.name+" "+w.root)
		}
	}
	if want := "app /a/app, app-2 /b/app, app-3 /c, app-2-2 /d/app-2"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if alone := m.workspaces(config.Monitor{}); len(alone) != 1 || !alone[0].machine {
		t.Errorf("nothing is asked for: %+v", alone)
	}
}
