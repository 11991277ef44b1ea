package web

import (
	"cmp"
	"slices"
	"sync"
)

// notice tells that something is not as it was. What it is now is asked for: so
// nothing has to be kept for a client that is slow, and many changes in a row are
// one notice.
type notice struct {
	Kind string `json:"kind"` // "changed" or "alerts"
	Root string `json:"root,omitempty"`
	Seq  uint64 `json:"seq"`
}

// mostThings bounds what is kept: more than are ever watched at once.
const mostThings = 256

// hub knows when each thing changed last, and wakes those who wait for that.
type hub struct {
	// run names this process: the numbers of another one mean nothing here.
	run string

	mu      sync.Mutex
	seq     uint64
	last    map[notice]uint64 // by kind and root
	changes chan struct{}     // closed with the next change
	clients int               // that are told of changes
}

func newHub(run string) *hub {
	return &hub{run: run, last: map[notice]uint64{}, changes: make(chan struct{})}
}

// changed counts a change. It never blocks.
func (h *hub) changed(kind, root string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seq++
	what := notice{Kind: kind, Root: root}
	if _, ok := h.last[what]; !ok && len(h.last) >= mostThings {
		oldest := what
		for n, seq := range h.last {
			if oldest == what || seq < h.last[oldest] {
				oldest = n
			}
		}
		delete(h.last, oldest) // a workspace that is not watched any more
	}
	h.last[what] = h.seq
	close(h.changes)
	h.changes = make(chan struct{})
}

// since lists what changed after a number, oldest first, the present number, and
// a channel that is closed with the next change.
func (h *hub) since(after uint64) (news []notice, seq uint64, next <-chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if after > h.seq {
		after = 0 // a number of another process
	}
	for n, seq := range h.last {
		if seq > after {
			n.Seq = seq
			news = append(news, n)
		}
	}
	slices.SortFunc(news, func(a, b notice) int { return cmp.Compare(a.Seq, b.Seq) })
	return news, h.seq, h.changes
}
