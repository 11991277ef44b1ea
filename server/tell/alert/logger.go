package alert

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/DeRuina/timberjack"
	"github.com/gofrs/flock"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// logger appends the document of each alert to a file, one line each.
type logger struct {
	channel config.Channel
	o       Options
}

func (logger) close() {}

// send opens the file each time: somebody may have moved it away, and another process
// may have begun a new one. A lock keeps two from doing that at once.
func (w logger) send(ctx context.Context, m message, _ drift.Letter, _ time.Time) answer {
	file := config.Expand(w.channel.File, w.o.Environ)
	fail := func(err error) answer {
		return answer{err: fmt.Errorf("writing the log %s: %w", file, err), busy: true}
	}
	line, err := json.Marshal(m.Alerts[0])
	if err != nil {
		return fail(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return fail(err)
	}
	lock := flock.New(file+".lock", flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(ctx, w.channel.Timeout)
	defer cancel()
	if ok, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil || !ok {
		return fail(fmt.Errorf("waiting for another process: %w", err))
	}
	defer lock.Unlock() //nolint:errcheck // closing the file gives the lock back
	// What a kill left half written is no line of the next one.
	if broken(file) {
		line = append([]byte("\n"), line...)
	}
	out := &timberjack.Logger{Filename: file, MaxSize: w.channel.MaxSize, MaxBackups: w.channel.MaxFiles, FileMode: 0o600, Compression: "none"}
	_, err = out.Write(append(line, '\n'))
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fail(err)
	}
	return answer{said: "written to " + file}
}

// broken reports whether the file ends in the middle of a line.
func broken(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, info.Size()-1)
	return err == nil && !bytes.Equal(last, []byte("\n"))
}
