package monitor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"godrift.dev/server/config"
)

// follow has the monitor watch what a configuration says. Workspaces that stay are left
// alone.
func (m *monitor) follow(ctx context.Context, c config.Config) {
	wanted := m.workspaces(c.Monitor)
	m.mu.Lock()
	before := m.watched
	var now, fresh []*watched
	for _, w := range wanted {
		i := slices.IndexFunc(before, func(old *watched) bool { return old.root == w.root && old.name == w.name })
		if i >= 0 {
			now = append(now, before[i])
			continue
		}
		now, fresh = append(now, w), append(fresh, w)
	}
	m.watched = now
	m.mu.Unlock()
	other := m.config.Monitor.Poll != c.Monitor.Poll || m.config.Monitor.FullCheck != c.Monitor.FullCheck
	m.config = c
	for _, old := range before {
		if !slices.Contains(now, old) {
			old.stop()
		}
	}
	for _, w := range now {
		isNew := slices.Contains(fresh, w)
		if isNew || other {
			m.schedule(w)
		}
		if isNew {
			w.log = m.log.With("workspace", w.name)
			m.recallProbes(ctx, w)
			m.watch(ctx, w)
		}
	}
	m.followProbes(ctx, c.Probes)
	m.unwatched(ctx)
	m.note.changed()
}

// list is what is watched now.
func (m *monitor) list() []*watched {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.watched)
}

// workspaces names what a configuration wants to have watched: each folder once, each name
// once, the machine last.
func (m *monitor) workspaces(c config.Monitor) []*watched {
	var out []*watched
	add := func(w *watched) {
		if slices.ContainsFunc(out, func(o *watched) bool { return o.root == w.root }) {
			return
		}
		if len(out) >= config.MostWorkspaces {
			m.log.Error("there are too many workspaces; this one is not watched", "root", w.root, "most", config.MostWorkspaces)
			return
		}
		base := w.name
		for n := 2; slices.ContainsFunc(out, func(o *watched) bool { return o.name == w.name }); n++ {
			w.name = fmt.Sprintf("%s-%d", base, n)
		}
		out = append(out, w)
	}
	for _, ws := range c.Workspaces {
		root := filepath.Clean(ws.Path)
		name := ws.Name
		if name == "" {
			name = nameOf(filepath.Base(root), "workspace")
		}
		add(&watched{name: name, root: root})
	}
	if c.Machine || len(out) == 0 {
		host, err := os.Hostname()
		if err != nil {
			host = ""
		}
		add(&watched{name: nameOf(host, "machine"), root: m.machine, machine: true})
	}
	return out
}

// nameOf makes a name that can be a label of metrics out of any text.
func nameOf(text, otherwise string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r) {
			return r
		}
		return '-'
	}, strings.ToValidUTF8(text, "-"))
	text = strings.TrimLeft(text, "-._")
	if runes := []rune(text); len(runes) > 48 {
		text = string(runes[:48])
	}
	if text == "" {
		return otherwise
	}
	return text
}
