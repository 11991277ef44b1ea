package alert

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// Event is one alert, as webhooks, commands and the log get it.
type Event = tell.Alert

// Options is what alerts need to know. Config and Outbox are required.
type Options struct {
	Config config.Alert
	Outbox Outbox
	// Environ is the environment that addresses, keys and proxies are taken from, and
	// that commands get.
	Environ map[string]string
	Version string
	// Host is the name of this machine; it may be empty.
	Host string
	// Log takes what went wrong; it may be nil.
	Log *slog.Logger
	// Now is the clock, in the time zone of the quiet hours; time.Now if nil.
	Now func() time.Time
	// Told is told how it went: sent, failed, dead, deduplicated or silenced. It must
	// not block, and may be nil.
	Told func(channel, result string, took time.Duration)
	// Changed is told that State would say something else; it must not block, and may
	// be nil.
	Changed func()
	// Trace names the trace of a context; it may be nil.
	Trace func(ctx context.Context) string
	// Delivered is told of each attempt to send a message whose first alert names a trace;
	// it must not block, and may be nil.
	Delivered func(traceID, channel, result string, took time.Duration)
	// Link is the page, for people who may open it. What comes after a ? is left out,
	// for it can be a token.
	Link string
	// Run starts a program; without it there are no channels of kind command and
	// desktop. Who hands it in is engine.RunProgram.
	Run func(ctx context.Context, argv []string, environ map[string]string, input []byte, limit time.Duration) (said string, failed, timedOut bool, err error)
}

// Alerts tells what reports show. It is safe for use by several goroutines; Run does
// the work.
type Alerts struct {
	o Options
	// owner names this process in leases.
	owner string

	mu     sync.Mutex
	config config.Alert
	inbox  map[string]sighting // the newest of each workspace
	wake   chan struct{}       // something is in inbox, or another configuration, or another silence
	reload chan struct{}       // the channels are others
	posted map[string]chan struct{}
	full   map[string]*overflow // the channels whose queue is full

	// What follows is Run's alone.
	first map[string]time.Time // when this process had the first report of each workspace
	swept time.Time            // when old messages were last forgotten
}

// sighting is one report that was handed in.
type sighting struct {
	name    string
	report  *drift.Report
	recent  []drift.Moment
	traceID string
}

// New makes Alerts. Nothing is read or sent before Run.
func New(o Options) (*Alerts, error) {
	if o.Outbox == nil {
		return nil, errors.New("alerts need a place to keep messages in until they are sent: set HOME or XDG_STATE_HOME")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Told == nil {
		o.Told = func(string, string, time.Duration) {}
	}
	if o.Delivered == nil {
		o.Delivered = func(string, string, string, time.Duration) {}
	}
	if o.Changed == nil {
		o.Changed = func() {}
	}
	if o.Link != "" {
		u, err := url.Parse(o.Link)
		if err != nil {
			return nil, errors.New("the address of the page is none")
		}
		u.RawQuery, u.Fragment, u.User = "", "", nil
		o.Link = u.String()
	}
	o.Version = cmp.Or(o.Version, "devel")
	return &Alerts{
		o: o, owner: rand.Text(), config: o.Config, inbox: map[string]sighting{},
		wake: make(chan struct{}, 1), reload: make(chan struct{}, 1), posted: map[string]chan struct{}{},
		first: map[string]time.Time{}, full: map[string]*overflow{},
	}, nil
}

// Report takes a report of a workspace, and recent are the newest moments of its
// history, newest first. It never blocks: of several reports of one workspace that
// come faster than they are looked at, the newest counts.
func (a *Alerts) Report(ctx context.Context, name string, r *drift.Report, recent []drift.Moment) {
	if r == nil || r.Snapshot == nil {
		return
	}
	s := sighting{name: name, report: r, recent: recent}
	if a.o.Trace != nil {
		s.traceID = a.o.Trace(ctx)
	}
	a.mu.Lock()
	a.inbox[r.Snapshot.Root] = s
	a.mu.Unlock()
	ring(a.wake)
}

// Unwatched takes back what stands in a workspace that nobody looks at any more: nobody
// would ever see that it is mended.
func (a *Alerts) Unwatched(ctx context.Context, name, root string) {
	// Trusted, since what is not trusted is not looked at as a whole.
	a.Report(ctx, name, &drift.Report{Snapshot: &drift.Snapshot{Root: root, Trusted: true}}, nil)
}

// Reload has another configuration count from now on. What waits for a channel that
// is not in it stays.
func (a *Alerts) Reload(c config.Alert) {
	a.mu.Lock()
	a.config = c
	a.mu.Unlock()
	ring(a.reload)
	ring(a.wake)
}

// ring wakes whoever waits, and never blocks.
func ring(bell chan struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}

// current is the configuration that counts now.
func (a *Alerts) current() config.Alert {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.config
}

// sweepEvery is how often old messages are forgotten.
const sweepEvery = 6 * time.Hour

// longestWait bounds how long nothing is looked at: another process may have made a
// silence, and a clock may have been set.
const longestWait = time.Minute

// Run tells what is to be told, and sends it, until ctx ends. What is under way then
// is given a moment to end.
func (a *Alerts) Run(ctx context.Context) {
	for ctx.Err() == nil {
		carriers, stop := context.WithCancel(ctx)
		var group sync.WaitGroup
		a.mu.Lock()
		c := a.config
		a.posted = map[string]chan struct{}{}
		for _, channel := range c.Channels {
			bell := make(chan struct{}, 1)
			a.posted[channel.Name] = bell
			group.Go(func() { a.carry(carriers, channel, c.GiveUp, bell) })
		}
		a.mu.Unlock()
		a.decideUntil(ctx, a.reload)
		stop()
		group.Wait()
	}
}

// decideUntil looks at reports and decides what is told, until another configuration
// comes or ctx ends.
func (a *Alerts) decideUntil(ctx context.Context, another <-chan struct{}) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	failed := time.Duration(0)
	for {
		select {
		case <-ctx.Done():
			return
		case <-another:
			return
		case <-a.wake:
		case <-timer.C:
		}
		next, err := a.turn(ctx)
		wait := longestWait
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			failed = min(max(2*failed, time.Second), longestWait)
			wait = failed
			a.o.Log.ErrorContext(ctx, "alerts cannot be decided", "error", err, "again", wait)
		case !next.IsZero():
			failed = 0
			wait = max(time.Millisecond, min(wait, next.Sub(a.o.Now())))
		default:
			failed = 0
		}
		timer.Reset(wait)
	}
}
