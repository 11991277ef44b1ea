package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
	"godrift.dev/server/tell"
)

// pageLanes are the facts that the timeline draws, in order. The health is drawn as a
// line.
var pageLanes = []string{
	drift.KeySelected, drift.KeyGOROOT, drift.EnvKey("GOTOOLCHAIN"), drift.EnvKey("CGO_ENABLED"), drift.EnvKey("GOCACHE"), drift.KeyScore,
}

// The places of those among them that are drawn in other ways, too.
const (
	laneGOROOT = 1
	laneCgo    = 3
	laneScore  = 5
)

// pageIdle is how long the past of a workspace is held after it was drawn last.
const pageIdle = 5 * time.Minute

// pagePast is what the timeline draws, as it was read last: only what came since is
// read again.
type pagePast struct {
	mu     sync.Mutex
	last   int64 // the newest moment that was read
	tracks map[string]*pageTrack
	drop   *time.Timer
}

// pageTrack is the past of one environment.
type pageTrack struct {
	of    string
	times []int64
	// causes are places in pageCauses, for each of times.
	causes []uint8
	// runs are the places in times at which the chain of records begins anew: what was
	// before is not known to have led there.
	runs  []int
	after int64
	lanes [][]lanePoint
}

// lanePoint is when a fact changed.
type lanePoint struct {
	at       int64
	old, new string
}

// pageCauses are all causes; a place in them is smaller than the word.
var pageCauses = []drift.CauseKind{
	drift.CauseFirst, drift.CauseFile, drift.CauseEnvironment, drift.CauseBranch, drift.CauseGoGet, drift.CauseGoEnv, drift.CauseGodrift,
	drift.CauseVariable, drift.CauseMachine, drift.CauseOther,
}

var errPastMoved = errors.New("a moment came that is older than what was read")

// read brings the past up to date. The lock is held.
func (p *pagePast) read(ctx context.Context, store *remember.Store, root string) error {
	err := p.readAfter(ctx, store, root)
	if errors.Is(err, errPastMoved) {
		p.last, p.tracks = 0, nil
		err = p.readAfter(ctx, store, root)
	}
	if err != nil {
		p.last, p.tracks = 0, nil
		return err
	}
	if p.drop == nil {
		p.drop = time.AfterFunc(pageIdle, p.forget)
	}
	p.drop.Reset(pageIdle)
	return nil
}

// forget lets go of what nobody looks at any more.
func (p *pagePast) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last, p.tracks = 0, nil
}

func (p *pagePast) readAfter(ctx context.Context, store *remember.Store, root string) error {
	if p.tracks == nil {
		p.tracks = map[string]*pageTrack{}
	}
	moved := false
	err := store.Steps(ctx, remember.StepFilter{Root: root, After: p.last, Keys: pageLanes}, func(s remember.Step) {
		p.last = max(p.last, s.ID)
		track := p.tracks[s.Of]
		if track == nil {
			track = &pageTrack{of: s.Of, lanes: make([][]lanePoint, len(pageLanes))}
			p.tracks[s.Of] = track
		}
		moved = moved || !track.add(s)
	})
	if err == nil && moved {
		return errPastMoved
	}
	return err
}

// add puts a moment at the end. It reports whether that is its place.
func (t *pageTrack) add(s remember.Step) bool {
	if n := len(t.times); n > 0 && t.times[n-1] > s.Time {
		return false
	}
	if len(t.times) == 0 || s.Before != t.after {
		t.runs = append(t.runs, len(t.times))
	}
	t.after = s.After
	t.times = append(t.times, s.Time)
	t.causes = append(t.causes, uint8(max(0, slices.Index(pageCauses, s.Cause)))) //nolint:gosec // there are ten of them
	for _, c := range s.Changes {
		t.lanes[c.Key] = append(t.lanes[c.Key], lanePoint{s.Time, c.Old, c.New})
	}
	return true
}

// environments lists the tracks, the one that changed last first.
func (p *pagePast) environments() []tell.PageEnvironment {
	out := []tell.PageEnvironment{}
	for of, t := range p.tracks {
		out = append(out, tell.PageEnvironment{Of: of, Moments: len(t.times), Last: t.times[len(t.times)-1]})
	}
	slices.SortFunc(out, func(a, b tell.PageEnvironment) int {
		return cmp.Or(cmp.Compare(b.Last, a.Last), cmp.Compare(a.Of, b.Of))
	})
	return out
}

// laneBand is a time in which a fact had one value; known is false where nobody knows
// which.
type laneBand struct {
	from, to int64
	value    string
	known    bool
}

// bands are the values of a lane until a time. is is the present value, of which a lane
// without changes is made.
func (t *pageTrack) bands(lane int, is string, known bool, until int64) []laneBand {
	var out []laneBand
	add := func(from, to int64, value string, known bool) {
		if n := len(out); n > 0 && out[n-1].value == value && out[n-1].known == known {
			out[n-1].to = to
			return
		}
		out = append(out, laneBand{from, to, value, known})
	}
	points := t.lanes[lane]
	for i, begin := range t.runs {
		from, to := t.times[begin], until
		if i+1 < len(t.runs) {
			to = t.times[t.runs[i+1]]
		}
		n := 0
		for n < len(points) && (points[n].at < to || i+1 == len(t.runs)) {
			n++
		}
		own := points[:n]
		points = points[n:]
		last := i+1 == len(t.runs)
		if len(own) == 0 {
			add(from, to, is, known && last)
			continue
		}
		if own[0].at > from {
			add(from, own[0].at, own[0].old, true)
		}
		for j, p := range own {
			end := to
			if j+1 < len(own) {
				end = own[j+1].at
			}
			add(p.at, end, p.new, true)
		}
	}
	return out
}
