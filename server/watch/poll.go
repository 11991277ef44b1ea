package watch

import (
	"context"
	"os"
	"time"

	"godrift.dev/server/drift"
)

// look is what polling compares of a file.
type look struct {
	size    int64
	modTime time.Time
	mode    os.FileMode
	exists  bool
}

func lookAt(file string) look {
	info, err := os.Stat(file)
	if err != nil {
		return look{}
	}
	return look{size: info.Size(), modTime: info.ModTime(), mode: info.Mode(), exists: true}
}

// poll compares the wanted files at intervals, from the moment the system
// refused a watch.
func (w *Watcher) poll(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-w.polling:
	}
	ticker := time.NewTicker(w.opts.Poll)
	defer ticker.Stop()
	last := map[string]look{}
	for {
		w.mu.Lock()
		files := w.files
		w.mu.Unlock()
		var changed []string
		now := make(map[string]look, len(files))
		for _, file := range files {
			now[file] = lookAt(file)
			if before, known := last[file]; known && before != now[file] {
				changed = append(changed, file)
			}
		}
		last = now
		if len(changed) > 0 {
			w.opts.Send(drift.Event{Kind: drift.EventSaved, Cause: "change found by polling", Files: changed})
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
