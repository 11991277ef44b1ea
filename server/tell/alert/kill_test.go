package alert

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
	"godrift.dev/server/tell"
)

const (
	killDir   = "GODRIFT_TEST_ALERT_DIR"
	killURL   = "GODRIFT_TEST_ALERT_URL"
	killStep  = "GODRIFT_TEST_ALERT_STEP"  // the step before which the process dies; 0 is none
	killPhase = "GODRIFT_TEST_ALERT_PHASE" // what is so when it starts: "firing" or "gone"
	killClock = "GODRIFT_TEST_ALERT_CLOCK" // how far its clock is ahead
)

// deadly is an outbox whose process dies between two steps.
type deadly struct {
	*remember.Store
	at int

	mu    sync.Mutex
	steps int
}

func (d *deadly) step() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.steps++
	if d.steps == d.at {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			_ = self.Kill()
		}
		select {} // nothing more is done
	}
}

// taken is how many steps there were.
func (d *deadly) taken() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.steps
}

func (d *deadly) Ledger(ctx context.Context) (drift.Ledger, error) {
	d.step()
	return d.Store.Ledger(ctx)
}

func (d *deadly) Stand(ctx context.Context, changed []drift.Standing, forget []string) error {
	d.step()
	defer d.step()
	return d.Store.Stand(ctx, changed, forget)
}

func (d *deadly) Tell(ctx context.Context, t drift.Telling) error {
	d.step()
	defer d.step()
	return d.Store.Tell(ctx, t)
}

func (d *deadly) Claim(ctx context.Context, channel, owner string, now, lease time.Time, far time.Duration) (*drift.Letter, time.Time, error) {
	d.step()
	l, next, err := d.Store.Claim(ctx, channel, owner, now, lease, far)
	if l != nil {
		d.step()
	}
	return l, next, err
}

func (d *deadly) Finish(ctx context.Context, l drift.Letter, owner string, hold time.Time) error {
	d.step()
	defer d.step()
	return d.Store.Finish(ctx, l, owner, hold)
}

// TestMortal is not a test of its own: TestKilledAnywhere runs it as a process that tells
// of one finding, and then that it is gone.
func TestMortal(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		return
	}
	at, _ := strconv.Atoi(os.Getenv(killStep))
	ahead, _ := time.ParseDuration(os.Getenv(killClock))
	outbox := &deadly{Store: store(t, dir), at: at}
	changed, rang := bell()
	log := filepath.Join(dir, "alerts.log")
	a := made(t, Options{
		Config: parsed(t, "[alert]\ngroup-wait = \"0s\"\nresolve-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n"+
			"[[alert.channel]]\nname = \"file\"\nkind = \"log\"\nfile = "+strconv.Quote(log)+"\n"),
		Outbox: outbox, Environ: map[string]string{"URL": os.Getenv(killURL)}, Changed: changed, Now: func() time.Time { return time.Now().Add(ahead) },
	})
	begin(t, a)
	settled := func(d tell.AlertsDocument, firing int) bool {
		told := true
		for _, f := range d.Firing {
			told = told && len(f.Told) == 2
		}
		return len(d.Queued) == 0 && len(d.Firing) == firing && told
	}
	state := func(firing int) {
		until(t, a, rang, func(d tell.AlertsDocument) bool { return settled(d, firing) })
	}
	if os.Getenv(killPhase) == "firing" {
		a.Report(t.Context(), "app", report("/w", finding("toolchain-drift", drift.SeverityError, "X")), nil)
		state(1)
	}
	fmt.Println("gone") // from here on the finding is not there
	a.Report(t.Context(), "app", report("/w"), nil)
	state(0)
	// What is gone is told when nobody believes in it any more.
	until(t, a, rang, func(tell.AlertsDocument) bool {
		l, err := outbox.Store.Ledger(t.Context())
		for _, told := range l.Told {
			if told.State == drift.AlertFiring {
				return false
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		d, err := a.State(t.Context()) // after the ledger, which may have put something into the queue
		return err == nil && len(d.Queued) == 0
	})
	fmt.Println("done", outbox.taken())
}

// mortal runs the process, and says whether the finding was there at its end, and whether
// it ended by itself.
func mortal(t *testing.T, dir, url, phase string, step int, ahead time.Duration) (next string, done bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestMortal$", "-test.timeout=60s")
	cmd.Env = append(os.Environ(), killDir+"="+dir, killURL+"="+url, killPhase+"="+phase, killStep+"="+strconv.Itoa(step), killClock+"="+ahead.String())
	out, err := cmd.CombinedOutput()
	next = phase
	for s := bufio.NewScanner(strings.NewReader(string(out))); s.Scan(); {
		switch {
		case s.Text() == "gone":
			next = "gone"
		case strings.HasPrefix(s.Text(), "done"):
			done = true
		}
	}
	if err != nil && strings.Contains(string(out), "FAIL") {
		t.Fatalf("step %d: %v\n%s", step, err, out)
	}
	return next, done
}

// A process that is killed between any two steps loses nothing, and tells nothing twice as
// new: what arrives again has the same ID and the same key.
func TestKilledAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a hundred processes")
	}
	kills, twice := 0, 0
	for step := 1; ; step++ {
		s := serve(t, nil)
		dir := stateDir(t)
		phase, done := mortal(t, dir, s.URL, "firing", step, 0)
		if done {
			break
		}
		kills++
		// The next one comes when nobody has a lease any more.
		if _, done = mortal(t, dir, s.URL, phase, 0, time.Hour); !done {
			t.Fatalf("step %d: the second process did not end by itself", step)
		}
		var hook []Event
		keys := map[string]map[string]bool{}
		for _, r := range s.all() {
			var e Event
			if err := json.Unmarshal([]byte(r.body), &e); err != nil {
				t.Fatal(err)
			}
			hook = append(hook, e)
			id := string(e.State)
			if keys[id] == nil {
				keys[id] = map[string]bool{}
			}
			keys[id][r.header.Get("Idempotency-Key")] = true
		}
		for state, k := range keys {
			if len(k) != 1 {
				t.Errorf("step %d: %s came under %d keys", step, state, len(k))
			}
		}
		text, err := os.ReadFile(filepath.Join(dir, "alerts.log"))
		if err != nil {
			t.Fatal(err)
		}
		var log []Event
		for line := range strings.Lines(string(text)) {
			var e Event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatalf("step %d: %q: %v", step, line, err)
			}
			log = append(log, e)
		}
		for name, events := range map[string][]Event{"hook": hook, "file": log} {
			ids, states := map[string]bool{}, ""
			for i, e := range events {
				ids[e.ID] = true
				if i == 0 || events[i-1].State != e.State {
					states += string(e.State) + " "
				} else {
					twice++
				}
			}
			if len(ids) != 1 || states != "firing resolved " {
				t.Errorf("step %d: %s was told %q of %d alerts", step, name, states, len(ids))
			}
		}
		s.Close()
	}
	t.Logf("%d kills, %d messages came a second time", kills, twice)
	if kills < 10 {
		t.Fatalf("%d kills prove nothing", kills)
	}
}
