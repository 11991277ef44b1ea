package alert

import (
	"cmp"
	"slices"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// item is one finding of which one channel is told something now.
type item struct {
	act      act
	standing drift.Standing
	told     *drift.Told
}

// batch is what one channel is told now.
type batch struct {
	items []item
	// fresh are the workspaces that the channel hears of for the first time. What
	// stands there is told in one summary, if it is more than one thing.
	fresh []string
	// next is when something else is due; zero if nothing waits.
	next time.Time
}

// toldBy is what a channel was told, by fingerprint.
func toldBy(l drift.Ledger, channel string) map[string]*drift.Told {
	out := map[string]*drift.Told{}
	for i, t := range l.Told {
		if t.Channel == channel {
			out[t.Fingerprint] = &l.Told[i]
		}
	}
	return out
}

// plan decides what a channel is told now. first says when the first report of each
// workspace came: nothing is said of one that was not looked at since the start. It is
// a function of its arguments.
func (r rules) plan(channel config.Channel, l drift.Ledger, first map[string]time.Time, now time.Time) batch {
	told := toldBy(l, channel.Name)
	type candidate struct {
		item
		step
	}
	var all []candidate
	byRoot := map[string][]candidate{}
	for _, s := range l.Standing {
		if first[s.Root].IsZero() {
			continue
		}
		t := told[s.Fingerprint]
		st := r.due(channel.Name, s, t, now)
		if st.act == nothing {
			continue
		}
		c := candidate{item{st.act, s, t}, st}
		if !slices.Contains(l.Seen[channel.Name], s.Root) && st.act == news {
			byRoot[s.Root] = append(byRoot[s.Root], c)
			continue
		}
		all = append(all, c)
	}

	var b batch
	wait := func(at time.Time) {
		if b.next.IsZero() || at.Before(b.next) {
			b.next = at
		}
	}
	for root, since := range first {
		if slices.Contains(l.Seen[channel.Name], root) {
			continue
		}
		open := slices.ContainsFunc(byRoot[root], func(c candidate) bool { return !c.join.After(now) })
		switch start := after(since, r.config.GroupWait, now); {
		case start.After(now):
			wait(start)
		case !open && len(byRoot[root]) > 0:
			for _, c := range byRoot[root] {
				wait(c.join)
			}
		default:
			b.fresh = append(b.fresh, root)
			for _, c := range byRoot[root] {
				if c.join.After(now) {
					wait(c.at)
				} else {
					b.items = append(b.items, c.item)
				}
			}
		}
	}
	together := slices.ContainsFunc(all, func(c candidate) bool { return c.step.act == news && !c.at.After(now) })
	for _, c := range all {
		joins := together && c.step.act == news && !c.join.After(now)
		if joins || !c.at.After(now) {
			b.items = append(b.items, c.item)
			continue
		}
		wait(c.at)
	}
	slices.Sort(b.fresh)
	// The worst first, and what is gone at the end.
	slices.SortStableFunc(b.items, func(x, y item) int {
		return cmp.Or(cmp.Compare(over(x.act), over(y.act)), y.standing.Level.Rank()-x.standing.Level.Rank(),
			cmp.Compare(x.standing.Workspace, y.standing.Workspace), x.standing.Since.Compare(y.standing.Since),
			cmp.Compare(x.standing.Fingerprint, y.standing.Fingerprint))
	})
	return b
}

func over(a act) int {
	if a == gone || a == quietly {
		return 1
	}
	return 0
}
