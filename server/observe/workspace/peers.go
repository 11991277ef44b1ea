package workspace

import (
	"cmp"
	"maps"
	"slices"

	"godrift.dev/server/drift"
)

// peer is the environment of somebody else in the same folder, such as the login
// shell's beside the editor's. It has a probe of its own: what one knows of
// toolchains depends on the environment.
type peer struct {
	of      string
	environ map[string]string
	probed  *Probed
	other   drift.Other
	hash    [32]byte
}

// isPeer reports whether an environment is not the one the snapshots are made
// for.
func (w *Workspace) isPeer(of string) bool { return of != "" && w.world.Of != "" && of != w.world.Of }

// report takes the environment of a peer; nil means that it is no more.
func (w *Workspace) report(of string, environ map[string]string) error {
	at, have := slices.BinarySearchFunc(w.peers, of, func(p peer, of string) int { return cmp.Compare(p.of, of) })
	switch {
	case have && environ != nil && maps.Equal(w.peers[at].environ, environ), !have && environ == nil:
		return errUnchanged
	case environ == nil:
		w.peers = slices.Delete(slices.Clone(w.peers), at, at+1)
		return nil
	case have:
		w.peers = slices.Clone(w.peers)
	default:
		w.peers = slices.Insert(slices.Clone(w.peers), at, peer{of: of})
	}
	w.peers[at].environ = maps.Clone(environ)
	w.peers[at] = w.lookFrom(w.peers[at], true)
	w.readOthers(w.view(), nil, true)
	return nil
}

// lookFromPeers asks anew what the root looks like from everybody else's
// environment.
func (w *Workspace) lookFromPeers(environment bool) {
	w.peers = slices.Clone(w.peers)
	for i, p := range w.peers {
		w.peers[i] = w.lookFrom(p, environment)
	}
}

func (w *Workspace) lookFrom(p peer, environment bool) peer {
	world := w.world
	world.Environ, world.Of, world.Files = p.environ, p.of, w.view()
	if p.probed == nil {
		p.probed = Probe(world, w.root)
	} else {
		p.probed = p.probed.Again(world, w.root)
	}
	before := p.other.Selection
	p.other.Selection = p.probed.Select(w.root)
	if environment || !sameOutcome(before, p.other.Selection) {
		p.other.Environment = p.probed.Environment(w.root)
	}
	p.hash = hashOf(p.other)
	return p
}

// fromPeers is the snapshot's list.
func (w *Workspace) fromPeers() []drift.Other {
	var list []drift.Other
	for _, p := range w.peers {
		list = append(list, p.other)
	}
	return list
}
