package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"godrift.dev/server/engine"
)

// bar shows how far a long action is: in place on a terminal, else one line
// when something begins.
type bar struct {
	w        io.Writer
	terminal bool
	text     string
	percent  int64
}

func (c *Command) progress() *bar {
	return &bar{w: c.Stderr, terminal: isTerminal(c.Stderr) && c.getenv("TERM") != "dumb", percent: -1}
}

const mega = 1 << 20

func (b *bar) show(text string, done, total int64) {
	if !b.terminal {
		if text != b.text {
			fmt.Fprintln(b.w, text)
		}
		b.text = text
		return
	}
	percent := done / mega
	if total > 0 {
		percent = done * 100 / total
	}
	if text == b.text && percent == b.percent {
		return
	}
	b.text, b.percent = text, percent
	fmt.Fprintf(b.w, "\r\x1b[K%s", text)
	switch {
	case total > 0:
		fmt.Fprintf(b.w, "  %d %%  %d of %d MiB", percent, done/mega, total/mega)
	case done > 0:
		fmt.Fprintf(b.w, "  %d MiB", done/mega)
	}
}

// rate shows how far it is, how fast it goes and how long it will take.
func (b *bar) rate(text string, done, total int64, since time.Duration) {
	if !b.terminal || since < time.Second || done == 0 {
		b.show(text, done, total)
		return
	}
	speed := float64(done) / since.Seconds()
	left := time.Duration(float64(max(0, total-done)) / speed * float64(time.Second)).Round(time.Second)
	b.text = text
	fmt.Fprintf(b.w, "\r\x1b[K%s  %d %%  %d of about %d MiB, %d MiB/s, %s left", text, done*100/max(total, 1), done/mega, total/mega, int64(speed)/mega, left)
}

// cache shows how far a build cache is read, of which the folders are about alike. What
// came before that does not count for its speed.
func (b *bar) cache(text string) func(engine.CacheProgress) {
	var one sync.Mutex // several goroutines report
	var begun time.Time
	return func(p engine.CacheProgress) {
		one.Lock()
		defer one.Unlock()
		if begun.IsZero() {
			begun = time.Now()
		}
		b.rate(text, p.Bytes, p.Bytes*engine.CacheFolders/int64(p.Folders), time.Since(begun))
	}
}

// count shows how many of some things are done, on a terminal only.
func (b *bar) count(text string, done, total int) {
	if !b.terminal {
		return
	}
	b.text = text
	fmt.Fprintf(b.w, "\r\x1b[K%s  %d of %d", text, done, total)
}

// close leaves the line as it was.
func (b *bar) close() {
	if b.terminal && b.text != "" {
		fmt.Fprint(b.w, "\r\x1b[K")
	}
}
