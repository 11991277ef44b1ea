package engine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// lived is a workspace with a page, which has lived through these states of "cli",
// one every step. The last is an hour ago.
func lived(tb testing.TB, states []map[string]string, step time.Duration) (*engine.Page, []time.Time) {
	tb.Helper()
	opts := workspace(tb, map[string]string{"go.mod": "module m\n\ngo 1.20\n"})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	tb.Cleanup(func() { do(tb, mender.Close()) })
	memory := mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "test"}, nil, engine.Listener{})
	begin := time.Now().Add(-time.Hour - time.Duration(len(states))*step).UTC().Truncate(time.Millisecond)
	var lines []record.Line
	var times []time.Time
	known := map[string]bool{}
	before := ""
	for i, values := range states {
		at := begin.Add(time.Duration(i) * step)
		r := drift.Record{Version: drift.RecordVersion, Time: at, Root: opts.Root, Of: "cli", Values: values}
		id := r.ID()
		if id == before {
			continue
		}
		if !known[id] {
			known[id] = true
			lines = append(lines, record.Line{Record: &r})
		}
		m := drift.Moment{Time: at, Root: opts.Root, Of: "cli", Before: before, After: id, Cause: drift.Cause{Kind: drift.CauseGoEnv, Text: "state " + strconv.Itoa(i)}, By: drift.Actor{Kind: drift.ActorCommand}}
		lines = append(lines, record.Line{Moment: &m})
		times = append(times, at)
		before = id
	}
	_, err := memory.Import(tb.Context(), opts.Root, lines)
	do(tb, err)
	e, _ := run(tb, opts)
	settled(tb, e)
	return engine.NewPage(e, memory, opts, "m"), times
}

func timeline(tb testing.TB, p *engine.Page, q tell.PageQuestion) tell.PageTimelineDocument {
	tb.Helper()
	q.Ask = tell.PageAskTimeline
	doc, err := p.Ask(tb.Context(), q)
	do(tb, err)
	return doc.(tell.PageTimelineDocument)
}

// stateAt is a state of a history in which everything changes at its own pace.
func stateAt(random *rand.Rand, i int) map[string]string {
	minor := i / 3 % 4
	return map[string]string{
		"go.selected": fmt.Sprintf("go1.2%d.0", minor), "go.goroot": fmt.Sprintf("/home/me/sdk/go1.2%d.0", minor),
		"env.CGO_ENABLED": strconv.Itoa(i / 5 % 2), "env.CGO_ENABLED@layer": "default",
		"env.GOFLAGS": "-tags=" + strings.Repeat(`"<`, i%2), "env.GOFLAGS@layer": "process", "score": strconv.Itoa(random.IntN(101)),
	}
}

// At every time the picture shows the value that was in force then.
func TestTimelineIsWhatWas(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var states []map[string]string
	for i := range 60 {
		states = append(states, stateAt(random, i))
	}
	p, times := lived(t, states, time.Minute)
	doc := timeline(t, p, tell.PageQuestion{Width: 4000})
	if doc.Of != "cli" || doc.Total != 60 || doc.Count != 60 || doc.First != times[0].UnixMilli() || doc.Last != times[59].UnixMilli() {
		t.Fatalf("%+v", doc)
	}
	for i, at := range times {
		middle := at.Add(30 * time.Second).UnixMilli()
		for _, lane := range doc.Lanes {
			for _, band := range lane.Bands {
				if band.From <= middle && middle < band.To {
					if want := states[i][lane.Key]; band.Value == nil || *band.Value != want {
						t.Errorf("%s at %d is %v, want %q", lane.Key, i, band, want)
					}
				}
			}
		}
		score := -2
		for _, s := range doc.Scores {
			if s.Time <= middle {
				score = s.Score
			}
		}
		if strconv.Itoa(score) != states[i]["score"] {
			t.Errorf("the score at %d is %d, want %s", i, score, states[i]["score"])
		}
	}
	if len(doc.Moves) != 4 || doc.Moves[0].From != "/home/me/sdk/go1.20.0" || doc.Moves[0].Count != 5 {
		t.Errorf("moves: %+v", doc.Moves)
	}
	on, off := 0, 0
	for _, f := range doc.Flips {
		on, off = on+f.On, off+f.Off
	}
	if on != 6 || off != 5 {
		t.Errorf("cgo went on %d times and off %d times", on, off)
	}
	// A picture of a part is the same part.
	part := timeline(t, p, tell.PageQuestion{Width: 4000, Since: times[10], Until: times[20]})
	if part.Count != 11 || part.Lanes[0].Bands[0].From != times[10].UnixMilli() || *part.Lanes[0].Bands[0].Value != states[10]["go.selected"] {
		t.Errorf("a part: %+v", part)
	}
}

// However long the history is, the picture has no more in it than it has pixels, and
// loses no moment.
func TestTimelineIsBounded(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var states []map[string]string
	for i := range 1500 {
		states = append(states, stateAt(random, i))
	}
	p, times := lived(t, states, time.Second)
	doc := timeline(t, p, tell.PageQuestion{Width: 200, Until: times[len(times)-1]})
	for _, lane := range doc.Lanes {
		if len(lane.Bands) > 200 {
			t.Errorf("%d bands of %s in 200 pixels", len(lane.Bands), lane.Key)
		}
		for i, b := range lane.Bands[1:] {
			if b.From != lane.Bands[i].To {
				t.Errorf("%s: a gap between %v and %v", lane.Key, lane.Bands[i], b)
			}
		}
	}
	count := 0
	for _, d := range doc.Density {
		count += d.Count
	}
	if count != 1500 || doc.Count != 1500 || len(doc.Density) > 201 || len(doc.Scores) > 2*200/3+2 {
		t.Errorf("%d of %d moments in %d places, %d scores", count, doc.Count, len(doc.Density), len(doc.Scores))
	}
	// A text is looked for in what changed and in why.
	for text, want := range map[string]int{"STATE 77": 11, `"<`: 1499, "nothing like it": 0} {
		if got := timeline(t, p, tell.PageQuestion{Text: text}).Count; got != want {
			t.Errorf("%d moments with %s, want %d", got, text, want)
		}
		moments, err := p.Ask(t.Context(), tell.PageQuestion{Ask: tell.PageAskMoments, Text: text, Limit: 1000})
		do(t, err)
		if got := len(moments.(tell.LogDocument).Moments); got != min(want, 1000) {
			t.Errorf("%d moments with %s are listed, want %d", got, text, want)
		}
	}
}

// Every question is answered, by an engine that remembers and by one that does not.
func TestPageAnswers(t *testing.T) {
	p, times := lived(t, []map[string]string{{"go.selected": "go1.20.1", "score": "90"}, {"go.selected": "go1.21.0", "score": "80"}}, time.Hour)
	forgetful := engine.NewPage(firstLook(t, workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.20\n"})), nil, engine.Options{}, "m")
	for _, page := range []*engine.Page{p, forgetful} {
		for _, ask := range tell.PageAsks {
			if ask == tell.PageAskCgo || page == forgetful && (ask == tell.PageAskCompare || ask == tell.PageAskMoment) {
				continue // one starts a compiler; the others have nothing to tell
			}
			doc, err := page.Ask(t.Context(), tell.PageQuestion{Ask: ask, A: "last~1", B: "last", ID: 1})
			if err != nil || doc == nil {
				t.Errorf("%s: %v", ask, err)
			}
		}
	}
	if _, err := p.Ask(t.Context(), tell.PageQuestion{Ask: "secrets"}); !errors.Is(err, engine.ErrAsk) {
		t.Errorf("a question that is none: %v", err)
	}
	now, err := p.Ask(t.Context(), tell.PageQuestion{Ask: tell.PageAskNow})
	do(t, err)
	if doc := now.(tell.PageNowDocument); doc.Check.Score == 0 || len(doc.Recent) != 2 || !doc.Recent[0].Time.Equal(times[1]) {
		t.Errorf("now: %+v", doc)
	}
	diff, err := p.Ask(t.Context(), tell.PageQuestion{Ask: tell.PageAskCompare, A: "last~1", B: "last"})
	do(t, err)
	if d := cmp.Diff(2, len(diff.(tell.DiffDocument).Changes)); d != "" {
		t.Error(d)
	}
}

// firstLook is an engine that has looked at its workspace.
func firstLook(t *testing.T, opts engine.Options) *engine.Engine {
	t.Helper()
	e, _ := run(t, opts)
	settled(t, e)
	return e
}

// BenchmarkPageTimeline draws a history, the first time and when it is known. Making one
// of 100,000 moments takes a while, so it has to be asked for:
// GODRIFT_MOMENTS=100000 go test -run '^$' -bench PageTimeline ./server/engine
func BenchmarkPageTimeline(b *testing.B) {
	size, err := strconv.Atoi(os.Getenv("GODRIFT_MOMENTS"))
	if err != nil {
		size = 1000
	}
	random := rand.New(rand.NewPCG(5, 6))
	var some, states []map[string]string
	for i := range 240 {
		some = append(some, stateAt(random, i))
	}
	for i := range size {
		states = append(states, some[i%len(some)])
	}
	p, times := lived(b, states, 5*time.Minute)
	for name, q := range map[string]tell.PageQuestion{
		"all": {Width: 1200}, "day": {Width: 1200, Since: times[len(times)/2], Until: times[len(times)/2].Add(24 * time.Hour)}, "text": {Width: 1200, Text: "state 77"},
	} {
		b.Run("first/"+name, func(b *testing.B) {
			for b.Loop() {
				p.Forget()
				if doc := timeline(b, p, q); doc.Total < size/2 {
					b.Fatal(doc.Total)
				}
			}
		})
		b.Run("again/"+name, func(b *testing.B) {
			for b.Loop() {
				timeline(b, p, q)
			}
		})
	}
}
