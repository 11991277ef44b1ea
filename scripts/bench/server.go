package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"godrift.dev/server/engine"
)

// contender is a language server with its options.
type contender struct {
	program string
	args    []string
	options any
}

func (b *bench) contenders() []contender {
	both := []contender{{program: b.godrift, args: []string{"lsp"}, options: map[string]any{"trusted": true}}}
	if b.gopls != "" {
		both = append(both, contender{program: b.gopls, options: map[string]any{"diagnosticsDelay": "0s"}})
	}
	return both
}

// session is what one run of a language server showed.
type session struct {
	answered, first, cpu     time.Duration
	rssInitialized, rssFirst int64
}

// session starts a server on a folder, opens its go.mod and waits for the
// first diagnostics of it.
func (b *bench) session(c contender, root string) (s session, err error) {
	ctx, cancel := context.WithTimeout(b.ctx, b.limit)
	defer cancel()
	cl, text, err := b.open(ctx, c, root, &s)
	if err != nil {
		return s, err
	}
	defer func() { s.cpu = cl.stop(b.ctx) }()
	if err := cl.open(goModOf(root), text); err != nil {
		return s, err
	}
	p, err := cl.first(ctx, root)
	if err != nil {
		return s, err
	}
	s.first = p.at.Sub(cl.started)
	s.rssFirst = rss(cl.cmd.Process.Pid)
	return s, nil
}

// open starts a server up to initialized and reads the folder's go.mod.
func (b *bench) open(ctx context.Context, c contender, root string, s *session) (*client, string, error) {
	text, err := os.ReadFile(goModOf(root))
	if err != nil {
		return nil, "", err
	}
	cl, err := b.start(root, c.program, c.args...)
	if err != nil {
		return nil, "", err
	}
	if err := cl.initialize(ctx, root, c.options); err != nil {
		cl.stop(b.ctx)
		return nil, "", err
	}
	s.answered = time.Since(cl.started)
	s.rssInitialized = rss(cl.cmd.Process.Pid)
	return cl, string(text), cl.notify("initialized", map[string]any{})
}

// firstDiagnostic measures figure 3.
func (b *bench) firstDiagnostic() error {
	type place struct {
		name, root string
		n          int
	}
	var places []place
	for _, p := range []struct{ name, text string }{{"small broken", broken}, {"small valid", mended}} {
		root, err := b.small(p.name, p.text)
		if err != nil {
			return err
		}
		places = append(places, place{p.name, root, b.n})
	}
	for _, folder := range b.folders {
		base := filepath.Base(folder)
		root, err := b.copyOf(folder, "broken-"+base, true)
		if err != nil {
			return err
		}
		if err := breakGoMod(root); err != nil {
			return err
		}
		places = append(places, place{base + " broken", root, max(b.n/3, 3)})
		if b.valid {
			places = append(places, place{base + " valid", folder, 1})
		}
	}
	for _, p := range places {
		sides := make([][]session, 2)
		for i := range p.n + 1 {
			if i == 0 && p.n == 1 {
				continue
			}
			for j, c := range b.contenders() {
				s, err := b.session(c, p.root)
				if err != nil {
					if p.n > 1 {
						return err
					}
					row(p.name, "", fmt.Sprintf("%s: %v", filepath.Base(c.program), err), "")
				}
				if i > 0 {
					sides[j] = append(sides[j], s)
				}
			}
		}
		for _, what := range []struct {
			name string
			of   func(session) time.Duration
		}{
			{"initialize answered", func(s session) time.Duration { return s.answered }},
			{"first diagnostics of go.mod", func(s session) time.Duration { return s.first }},
			{"CPU until then", func(s session) time.Duration { return s.cpu }},
		} {
			pair("A godrift; B gopls; "+p.name+": "+what.name, pick(sides[0], what.of), pick(sides[1], what.of))
		}
	}
	return nil
}

func pick(sessions []session, of func(session) time.Duration) (t times) {
	for _, s := range sessions {
		t = append(t, of(s))
	}
	return t
}

// edit measures figure 4: each edit breaks or mends the go line, and the next
// one comes when the diagnostics of this version are there.
func (b *bench) edit() error {
	root, err := b.small("edit", mended)
	if err != nil {
		return err
	}
	for _, folder := range append([]string{root}, b.folders...) {
		sides := make([]times, 2)
		var cpu [2]time.Duration
		var after [2]int64
		for i, c := range b.contenders() {
			n := b.edits
			if i > 0 {
				n = max(n/20, 20)
				if folder != root {
					continue // gopls loads all of it first
				}
			}
			if sides[i], cpu[i], after[i], err = b.editing(c, folder, n); err != nil {
				return err
			}
		}
		name := "small"
		if folder != root {
			name = filepath.Base(folder)
		}
		row(fmt.Sprintf("A godrift, %d edits; B gopls; %s: p50", len(sides[0]), name), ms(sides[0].at(0.5)), ms(sides[1].at(0.5)), ratio(float64(sides[0].at(0.5)), float64(sides[1].at(0.5))))
		row("… p99", ms(sides[0].at(0.99)), ms(sides[1].at(0.99)), ratio(float64(sides[0].at(0.99)), float64(sides[1].at(0.99))))
		row("… CPU per edit", ms(cpu[0]), ms(cpu[1]), ratio(float64(cpu[0]), float64(cpu[1])))
		row("… memory after them", mib(after[0]), mib(after[1]), ratio(float64(after[0]), float64(after[1])))
	}
	return nil
}

// editing returns what every edit took, the time on the processors that one
// edit takes in the mean, without the start, and the memory in the end.
func (b *bench) editing(c contender, root string, n int) (took times, each time.Duration, memory int64, err error) {
	ctx, cancel := context.WithTimeout(b.ctx, b.limit)
	defer cancel()
	var s session
	var start time.Duration
	cl, text, err := b.open(ctx, c, root, &s)
	if err != nil {
		return nil, 0, 0, err
	}
	defer func() { each = (cl.stop(b.ctx) - start) / time.Duration(n) }()
	file := goModOf(root)
	if err := cl.open(file, text); err != nil {
		return nil, 0, 0, err
	}
	if _, err := cl.first(ctx, root); err != nil {
		return nil, 0, 0, err
	}
	line, wrong := goLine.FindString(text), "go 1.x5"
	above, _, _ := strings.Cut(text, line)
	at := strings.Count(above, "\n")
	start = cpuSoFar(cl.cmd.Process.Pid)
	for i := range n {
		version := i + 2
		now, before := line, wrong
		if i%2 == 0 {
			now, before = wrong, line
		}
		sent := time.Now()
		if err := cl.notify("textDocument/didChange", map[string]any{
			"textDocument": map[string]any{"uri": uri(file), "version": version},
			"contentChanges": []any{map[string]any{"text": now, "range": map[string]any{
				"start": map[string]any{"line": at, "character": 0},
				"end":   map[string]any{"line": at, "character": len(before)},
			}}},
		}); err != nil {
			return nil, 0, 0, err
		}
		p, err := cl.await(ctx, file, func(p published) bool {
			return p.Version == version || p.Version == 0 && len(p.Diagnostics) == 0 && i%2 == 1
		})
		if err != nil {
			return nil, 0, 0, err
		}
		took = append(took, p.at.Sub(sent))
	}
	return took, 0, rss(cl.cmd.Process.Pid), nil
}

// rename measures figure 5: a file is renamed over go.mod, which is not open.
func (b *bench) rename() error {
	for _, folder := range append([]string{""}, b.folders...) {
		name := "small"
		root, err := b.small("rename", mended)
		if folder != "" {
			name = filepath.Base(folder)
			root, err = b.copyOf(folder, "rename-"+name, true)
		}
		if err != nil {
			return err
		}
		took, err := b.renaming(root, max(b.edits/5, 10))
		if err != nil {
			return err
		}
		alone(fmt.Sprintf("godrift, %d renames, %s: beyond the quiet time of %v", len(took), name, engine.DefaultQuiet), took)
	}
	return nil
}

func (b *bench) renaming(root string, n int) (took times, err error) {
	ctx, cancel := context.WithTimeout(b.ctx, b.limit)
	defer cancel()
	var s session
	cl, text, err := b.open(ctx, b.contenders()[0], root, &s)
	if err != nil {
		return nil, err
	}
	defer cl.stop(b.ctx)
	file := goModOf(root)
	if _, err := cl.first(ctx, root); err != nil {
		return nil, err
	}
	wrong := goLine.ReplaceAllString(text, "go 1.x5")
	for i := range n {
		now := text
		if i%2 == 0 {
			now = wrong
		}
		if err := os.WriteFile(file+".new", []byte(now), 0o644); err != nil {
			return nil, err
		}
		start := time.Now()
		if err := os.Rename(file+".new", file); err != nil {
			return nil, err
		}
		p, err := cl.await(ctx, file, func(p published) bool { return p.at.After(start) })
		if err != nil {
			return nil, err
		}
		took = append(took, p.at.Sub(start)-engine.DefaultQuiet)
	}
	return took, nil
}

// memory measures figure 6.
func (b *bench) memory() error {
	root, err := b.small("memory", broken)
	if err != nil {
		return err
	}
	for _, folder := range append([]string{root}, b.folders...) {
		name := "small"
		if folder != root {
			name = filepath.Base(folder)
			if folder, err = b.copyOf(folder, "memory-"+name, true); err == nil {
				err = breakGoMod(folder)
			}
			if err != nil {
				return err
			}
		}
		var after [2]session
		for i, c := range b.contenders() {
			if after[i], err = b.session(c, folder); err != nil {
				return err
			}
		}
		a, g := after[0], after[1]
		row("A godrift; B gopls; "+name+" broken: after initialize", mib(a.rssInitialized), mib(g.rssInitialized), ratio(float64(a.rssInitialized), float64(g.rssInitialized)))
		row("… after the first diagnostics", mib(a.rssFirst), mib(g.rssFirst), ratio(float64(a.rssFirst), float64(g.rssFirst)))
	}
	return nil
}
