package workspace

import (
	"bytes"
	"maps"
	"slices"
)

// Unchanged reports whether everything the probe's answers so far depend on is
// still as it was, at the price of a few stats. The first call looks at every
// file again; the answer is no as soon as one differs. A change that leaves the
// size and the time of a file as they were goes unnoticed, as it does in every
// build tool.
func (p *Probed) Unchanged() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changed {
		return false
	}
	if n := p.memo.count(); n != p.lookedAt {
		p.sightings, p.changed = p.memo.again()
		p.lookedAt = n
		return !p.changed
	}
	p.changed = slices.ContainsFunc(p.sightings, func(s sighting) bool { return !s.still(p.world.Files) })
	if !p.changed && p.stocked {
		p.stock.mu.Lock()
		p.changed = !p.stock.unchanged(p.world.Files)
		p.stock.mu.Unlock()
	}
	return !p.changed
}

// count is how many names were looked at.
func (m *memo) count() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.stats) + len(m.texts) + len(m.resolved)
}

// again looks at all names anew. changed says that something differs; if not,
// the sightings are what has to stay the same.
func (m *memo) again() (_ []sighting, changed bool) {
	m.mu.Lock()
	stats, texts, resolved := maps.Clone(m.stats), maps.Clone(m.texts), maps.Clone(m.resolved)
	m.mu.Unlock()
	now := newMemo(m.files)
	names := map[string]bool{}
	for name, was := range stats {
		names[name] = false
		info, err := now.Stat(name)
		if (err == nil) != (was.err == nil) {
			return nil, true
		}
		if err == nil && stateOf(info).kind() != stateOf(was.value).kind() {
			return nil, true
		}
	}
	for name, was := range texts {
		names[name] = false
		text, err := now.ReadFile(name)
		if (err == nil) != (was.err == nil) || !bytes.Equal(text, was.value) {
			return nil, true
		}
	}
	for name, was := range resolved {
		names[name] = false
		is, err := now.EvalSymlinks(name)
		if (err == nil) != (was.err == nil) || is != was.value {
			return nil, true
		}
	}
	return sightings(now, names, false), false
}
