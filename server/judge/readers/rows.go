package readers

import (
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// mostRows is how many readings one program has at most.
const mostRows = 5

// rows collects the readings of a program that is used in many places: those
// that come to the same are one.
type rows struct {
	more  string // what the places are called
	list  []Reading
	keys  []string
	times []int
	left  int
}

// add takes a reading; readings with another key stay apart.
func (rs *rows) add(key string, r Reading) {
	key += "\x00" + r.Version
	i := slices.Index(rs.keys, key)
	switch {
	case i >= 0:
		rs.times[i]++
		for _, p := range r.Sees {
			if !slices.ContainsFunc(rs.list[i].Sees, func(q drift.Pin) bool { return q.Place == p.Place }) {
				rs.list[i].Sees = append(rs.list[i].Sees, p)
			}
		}
	case len(rs.list) == mostRows:
		rs.left++
	default:
		rs.list, rs.keys, rs.times = append(rs.list, r), append(rs.keys, key), append(rs.times, 1)
	}
}

func (rs *rows) done() []Reading {
	for i, n := range rs.times {
		if n > 1 {
			rs.list[i].Reason += fmt.Sprintf(" The same comes of %s.", rs.others(n-1))
		}
	}
	if rs.left > 0 {
		rs.list[len(rs.list)-1].Reason += fmt.Sprintf(" Left out: %s; godrift pins lists them all.", rs.others(rs.left))
	}
	return rs.list
}

func (rs *rows) others(n int) string {
	if n == 1 {
		return "one more " + strings.TrimSuffix(rs.more, "s")
	}
	return fmt.Sprintf("%d more %s", n, rs.more)
}
