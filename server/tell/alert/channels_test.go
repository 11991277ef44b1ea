package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func sample(text string) message {
	e := notice("title", text, drift.SeverityError, "host", time.Now())
	return message{Alerts: []Event{e}}
}

func sendOnce(t *testing.T, c config.Channel, o Options, m message) answer {
	t.Helper()
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Second
	}
	a := made(t, Options{Outbox: newShelf(), Run: o.Run, Environ: o.Environ, Version: "v1"})
	s := a.sender(c)
	defer s.close()
	return s.send(t.Context(), m, drift.Letter{Key: "the-key", Attempts: 2}, time.Now())
}

// A command gets the document on its standard input, and nothing of it anywhere else.
func TestCommand(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are those of Unix")
	}
	dir := t.TempDir()
	environ := map[string]string{"PATH": os.Getenv("PATH"), "OUT": dir}
	run := func(limit time.Duration, argv ...string) answer {
		return sendOnce(t, config.Channel{Kind: config.ChannelCommand, Command: argv, Timeout: limit}, Options{Run: engine.RunProgram, Environ: environ}, sample("$(touch "+dir+"/evil) `touch "+dir+"/evil`; touch "+dir+"/evil"))
	}
	if ans := run(0, "sh", "-c", `cat > "$OUT/got"; echo "$GODRIFT_IDEMPOTENCY_KEY $GODRIFT_ATTEMPT" > "$OUT/env"; echo taken`); ans.err != nil || ans.said != "the program has taken it: taken" {
		t.Fatalf("%+v", ans)
	}
	var e Event
	if text, err := os.ReadFile(filepath.Join(dir, "got")); err != nil || json.Unmarshal(text, &e) != nil || e.Title != "title" {
		t.Errorf("%s %v", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "env")); err != nil || string(text) != "the-key 2\n" {
		t.Errorf("%q %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "evil")); err == nil {
		t.Error("a part of an alert was run")
	}
	for want, argv := range map[string][]string{
		"the program failed: no":         {"sh", "-c", "echo no; exit 3"},
		"the program failed: ***":        {"sh", "-c", "echo token=abcdefghijklmnop1234567890; exit 1"},
		"starting the program: ":         {"/nowhere/at/all"},
		"the program failed: \ufffd[31m": {"sh", "-c", `printf '\033[31m'; exit 1`},
	} {
		if ans := run(0, argv...); ans.err == nil || !strings.Contains(strings.ReplaceAll(ans.err.Error(), "token=", ""), want) || ans.final {
			t.Errorf("%q: %v, want %q", argv, ans.err, want)
		}
	}
	// It does not read what it gets, which is no failure.
	if ans := run(0, "true"); ans.err != nil {
		t.Error(ans.err)
	}
}

// A command that does not end is killed with what it has started.
func TestCommandIsKilled(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("it looks into /proc")
	}
	dir := t.TempDir()
	ans := sendOnce(t, config.Channel{Kind: config.ChannelCommand, Command: []string{"sh", "-c", `sh -c 'echo $$ > "$OUT/child"; exec sleep 600' & echo $! > /dev/null; wait`}, Timeout: 700 * time.Millisecond},
		Options{Run: engine.RunProgram, Environ: map[string]string{"PATH": os.Getenv("PATH"), "OUT": dir}}, sample("x"))
	if ans.err == nil || !strings.Contains(ans.err.Error(), "did not end within 700ms") || !ans.unsure {
		t.Fatalf("%+v", ans)
	}
	text, err := os.ReadFile(filepath.Join(dir, "child"))
	if err != nil {
		t.Fatal(err)
	}
	child := strings.TrimSpace(string(text))
	if cmdline, err := os.ReadFile("/proc/" + child + "/cmdline"); err == nil && strings.Contains(string(cmdline), "sleep") {
		t.Errorf("%s still sleeps", child)
	}
}

// A desktop notification is a program like another; without one it says so.
func TestDesktop(t *testing.T) {
	var got []string
	o := Options{Environ: map[string]string{"XDG_RUNTIME_DIR": "/run/user/1"}, Run: func(_ context.Context, argv []string, _ map[string]string, _ []byte, _ time.Duration) (string, bool, bool, error) {
		got = argv
		return "", false, false, nil
	}}
	ans := sendOnce(t, config.Channel{Kind: config.ChannelDesktop}, o, sample("<b>text"))
	if runtime.GOOS == "linux" {
		if ans.err != nil || !slices.Equal(got, []string{"notify-send", "--app-name=godrift", "--urgency=critical", "--", "[error] title", "&lt;b&gt;text"}) {
			t.Errorf("%+v %q", ans, got)
		}
		o.Environ = nil
		if ans := sendOnce(t, config.Channel{Kind: config.ChannelDesktop}, o, sample("x")); ans.err == nil || !ans.final {
			t.Errorf("%+v", ans)
		}
	}
}

// The log begins a new file when it is large, keeps as many as it is told, loses no line,
// and is written by several processes at once.
func TestLogRotates(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	file := filepath.Join(dir, "alerts.log")
	c := config.Channel{Kind: config.ChannelLog, File: file, MaxSize: 1, MaxFiles: 100}
	const writers, each = 4, 30
	text := strings.Repeat("x", 32<<10)
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				if ans := sendOnce(t, c, Options{}, sample(fmt.Sprint(w, " ", i, " ", text))); ans.err != nil {
					t.Error(ans.err)
				}
			}
		})
	}
	group.Wait()
	files, err := filepath.Glob(filepath.Join(dir, "alerts*.log"))
	if err != nil || len(files) < 3 {
		t.Fatalf("%q %v", files, err)
	}
	found := map[string]bool{}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > 1<<20 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has %d bytes and %s", name, info.Size(), info.Mode())
		}
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			var e Event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatalf("%s: %.80q: %v", name, line, err)
			}
			found[strings.TrimSuffix(e.Message, " "+text)] = true
		}
	}
	if len(found) != writers*each {
		t.Errorf("%d of %d alerts", len(found), writers*each)
	}
	// A few old ones are kept.
	c.MaxFiles = 2
	for range 100 {
		if ans := sendOnce(t, c, Options{}, sample(text)); ans.err != nil {
			t.Fatal(ans.err)
		}
	}
	if files, err = filepath.Glob(filepath.Join(dir, "alerts*.log")); err != nil || len(files) > 3 {
		t.Errorf("%d files are kept: %v", len(files), err)
	}
}

// A line that a kill left half written is no part of the next one, and a log that cannot be
// written is tried again.
func TestLogTrouble(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "alerts.log")
	c := config.Channel{Kind: config.ChannelLog, File: file, MaxSize: 1, MaxFiles: 1}
	if err := os.WriteFile(file, []byte(`{"half":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if ans := sendOnce(t, c, Options{}, sample("x")); ans.err != nil {
		t.Fatal(ans.err)
	}
	text, err := os.ReadFile(file)
	if lines := strings.Split(string(text), "\n"); err != nil || len(lines) != 3 || !json.Valid([]byte(lines[1])) {
		t.Errorf("%q %v", text, err)
	}
	c.File = filepath.Join(file, "below", "a.log")
	if ans := sendOnce(t, c, Options{}, sample("x")); ans.err == nil || ans.final {
		t.Errorf("%+v", ans)
	}
}

// What one process silences counts for another that runs, and after a restart; when it is
// taken back, what stands is told.
func TestSilenceOfAnotherProcess(t *testing.T) {
	dir := stateDir(t)
	s := serve(t, nil)
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	results := map[string]int{}
	var mu sync.Mutex
	o := Options{Config: c, Environ: map[string]string{"URL": s.URL}, Told: func(_, result string, _ time.Duration) { mu.Lock(); results[result]++; mu.Unlock() }}
	options := func() Options {
		mine := o
		mine.Outbox = store(t, dir)
		return mine
	}
	person := made(t, options())
	silence, err := person.Silence(t.Context(), []string{"go-*"}, []string{"app"}, time.Hour, "later")
	if err != nil {
		t.Fatal(err)
	}
	changed, rang := bell()
	mine := options()
	mine.Changed = changed
	a := made(t, mine)
	begin(t, a)
	a.Report(t.Context(), "app", report("/w", finding("go-missing", drift.SeverityError, "X")), nil)
	a.Report(t.Context(), "other", report("/o", finding("go-missing", drift.SeverityError, "X")), nil)
	s.wait(t, 1)
	doc := until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Firing) == 2 && len(d.Queued) == 0 })
	for _, f := range doc.Firing {
		if f.Silenced != (f.Workspace == "app") || (len(f.Told) == 0) != f.Silenced {
			t.Errorf("%+v", f)
		}
	}
	if ok, err := person.Unsilence(t.Context(), silence.ID); !ok || err != nil {
		t.Fatal(ok, err)
	}
	a.look() // as it does every minute
	s.wait(t, 1)
	mu.Lock()
	defer mu.Unlock()
	if results["silenced"] == 0 {
		t.Errorf("%v", results)
	}
}

// Another configuration counts at once: what waits for a channel that is gone stays, and is
// sent when it is back.
func TestReload(t *testing.T) {
	s := serve(t, nil)
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	none := c
	none.Channels = nil
	changed, rang := bell()
	a := made(t, Options{Config: none, Outbox: store(t, stateDir(t)), Environ: map[string]string{"URL": s.URL}, Changed: changed})
	begin(t, a)
	a.Report(t.Context(), "app", report("/w", finding("go-missing", drift.SeverityError, "X")), nil)
	until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Firing) == 1 && len(d.Channels) == 0 })
	a.Reload(c)
	s.wait(t, 1)
	doc := until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Channels) == 1 && d.Channels[0].Sent == 1 })
	if len(doc.Firing) != 1 {
		t.Errorf("%+v", doc)
	}
}

// A queue that is full says so when there is room, and what stood meanwhile is told.
func TestOverflow(t *testing.T) {
	clock := &clockwork{now: time.Now()}
	shelf := newShelf()
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\nresolve-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	var log lines
	a := made(t, Options{Config: c, Outbox: shelf, Now: clock.Now, Log: log.logger()})
	turn := func(findings ...drift.Finding) {
		t.Helper()
		a.Report(t.Context(), "app", report("/w", findings...), nil)
		if _, err := a.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.move(time.Second)
	}
	turn()
	shelf.full = true
	turn(finding("go-missing", drift.SeverityError, "X"), finding("env-drift", drift.SeverityError, "Y"))
	turn(finding("go-missing", drift.SeverityError, "X"))
	if len(shelf.letters) != 0 || strings.Count(log.String(), "the queue of a channel is full") != 1 {
		t.Fatalf("%d letters, %s", len(shelf.letters), log.String())
	}
	shelf.full = false
	turn(finding("go-missing", drift.SeverityError, "X"))
	var texts []string
	for _, l := range shelf.letters {
		var m message
		if err := json.Unmarshal(l.Body, &m); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, m.Alerts[0].Message)
	}
	if len(texts) != 2 || !strings.Contains(texts[0], "was full from") || !strings.Contains(texts[0], "1 other finding came meanwhile") || !strings.Contains(texts[1], "go-missing") {
		t.Errorf("%q", texts)
	}
}

// A workspace with hundreds of findings is bounded, and a thousand of them are told fast.
func TestMany(t *testing.T) {
	shelf := newShelf()
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"people\"\nkind = \"slack\"\nurl-env = \"URL\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	a := made(t, Options{Config: c, Outbox: shelf})
	a.Report(t.Context(), "app", report("/w"), nil)
	if _, err := a.turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	var findings []drift.Finding
	for i := range 1000 {
		findings = append(findings, finding("pin-disagrees", drift.SeverityWarning, strconv.Itoa(i)))
	}
	a.Report(t.Context(), "app", report("/w", findings...), nil)
	if _, err := a.turn(t.Context()); err != nil {
		t.Fatal(err)
	}
	people, hook := 0, 0
	for _, l := range shelf.letters {
		if l.Channel == "hook" {
			hook++
			continue
		}
		people++
		var m message
		if err := json.Unmarshal(l.Body, &m); err != nil || len(m.Alerts) != mostInMessage || m.More != mostStanding-mostInMessage {
			t.Errorf("%d alerts and %d more: %v", len(m.Alerts), m.More, err)
		}
	}
	if people != 1 || hook != mostStanding {
		t.Errorf("%d messages to people, %d documents", people, hook)
	}
}
