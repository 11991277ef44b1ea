package web

import (
	"fmt"
	"net"
	"testing"

	"pgregory.net/rapid"
)

// Whoever asks again from the number of the last answer misses nothing, is told
// nothing twice, and is never told more than there are things.
func TestHubLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newHub("run")
		things := rapid.IntRange(1, mostThings-1).Draw(t, "things")
		last := map[string]uint64{} // when each thing changed
		type reader struct {
			after uint64
			seen  map[string]uint64
		}
		readers := make([]reader, 3)
		for i := range readers {
			readers[i].seen = map[string]uint64{}
		}
		var seq uint64
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "change") {
				root := fmt.Sprint(rapid.IntRange(1, things).Draw(t, "thing"))
				h.changed("changed", root)
				seq++
				last[root] = seq
				continue
			}
			r := &readers[rapid.IntRange(0, 2).Draw(t, "reader")]
			news, now, next := h.since(r.after)
			if now != seq {
				t.Fatalf("the number is %d, and there were %d changes", now, seq)
			}
			before := r.after
			for _, n := range news {
				if n.Seq <= before {
					t.Fatalf("%+v after %d", n, before)
				}
				before = n.Seq
				r.seen[n.Root] = n.Seq
			}
			r.after = now
			for root, seq := range last {
				if r.seen[root] != seq {
					t.Fatalf("%s changed at %d, and %d was told", root, seq, r.seen[root])
				}
			}
			select {
			case <-next:
				t.Fatal("woken without a change")
			default:
			}
		}
	})
}

// A thousand workspaces that come and go leave no more than there is room for, and
// the newest news is there.
func TestHubBounded(t *testing.T) {
	h := newHub("run")
	for i := range 10 * mostThings {
		h.changed("changed", fmt.Sprint(i))
	}
	news, _, _ := h.since(0)
	if len(news) != mostThings || news[len(news)-1].Root != fmt.Sprint(10*mostThings-1) {
		t.Errorf("%d, the last %+v", len(news), news[len(news)-1])
	}
}

// However connections come, ask and go: there are never more than there may be,
// none that is served is cut, and the count is right at the end.
func TestGateLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most, perRemote := rapid.IntRange(1, 8).Draw(t, "most"), rapid.IntRange(1, 4).Draw(t, "perRemote")
		g := newGate(most, perRemote)
		type client struct {
			c    *conn
			done []func()
		}
		var clients []*client
		for range rapid.IntRange(1, 100).Draw(t, "steps") {
			if len(clients) == 0 || rapid.IntRange(0, 2).Draw(t, "what") == 0 {
				here, there := net.Pipe()
				defer here.Close()
				defer there.Close()
				if c, ok := g.admit(remoteConn{there, net.IPv4(192, 0, 2, byte(rapid.IntRange(1, 3).Draw(t, "from")))}).(*conn); ok {
					clients = append(clients, &client{c: c})
				}
				continue
			}
			x := rapid.SampledFrom(clients).Draw(t, "client")
			switch rapid.IntRange(0, 2).Draw(t, "does") {
			case 0:
				if !x.c.closed {
					x.done = append(x.done, x.c.serve())
				}
			case 1:
				if len(x.done) > 0 {
					x.done[0]()
					x.done = x.done[1:]
				}
			case 2:
				if len(x.done) == 0 {
					_ = x.c.Close()
				}
			}
			open, remotes := 0, map[string]int{}
			for _, x := range clients {
				if !x.c.closed {
					open++
					remotes[x.c.remote]++
				} else if len(x.done) > 0 {
					t.Fatal("one that was served was cut")
				}
			}
			if open != g.all || open > most {
				t.Fatalf("%d are open, %d are counted, %d may be", open, g.all, most)
			}
			for remote, n := range remotes {
				if n > perRemote || g.remotes[remote] != n {
					t.Fatalf("%d of %s, %d counted", n, remote, g.remotes[remote])
				}
			}
		}
	})
}
