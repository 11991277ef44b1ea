package watch

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
	"go.uber.org/goleak"

	"godrift.dev/server/drift"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; a test that needs it all has failed.
const patience = 20 * time.Second

// start watches files and folders and hands back the events.
func start(t *testing.T, opts Options, dirs, files []string) (*Watcher, chan drift.Event) {
	t.Helper()
	events := make(chan drift.Event, 1000)
	opts.Send = func(ev drift.Event) { events <- ev }
	w := New(t.Context(), opts)
	t.Cleanup(func() { _ = w.Close() })
	w.Set(dirs, files)
	return w, events
}

// await waits for an event that names file.
func await(t *testing.T, events chan drift.Event, file string) drift.Event {
	t.Helper()
	limit := time.After(patience)
	for {
		select {
		case ev := <-events:
			if ev.Cause != "watching begins" && slices.Contains(ev.Files, file) {
				return ev
			}
		case <-limit:
			t.Fatalf("no event named %s", file)
		}
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func do(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Every way in which programs are known to save a file, each twice: the first
// save must not cost the watch that the second one needs.
func TestSavingStyles(t *testing.T) {
	styles := map[string]func(t *testing.T, file, text string){
		"in place": write,
		"rename over it": func(t *testing.T, file, text string) {
			write(t, file+".tmp", text)
			do(t, os.Rename(file+".tmp", file))
		},
		"vim with backup": func(t *testing.T, file, text string) {
			do(t, os.Rename(file, file+"~"))
			write(t, file, text)
			do(t, os.Remove(file+"~"))
		},
		"remove and create": func(t *testing.T, file, text string) {
			do(t, os.Remove(file))
			write(t, file, text)
		},
		"temporary file elsewhere": func(t *testing.T, file, text string) {
			tmp := filepath.Join(filepath.Dir(filepath.Dir(file)), "elsewhere")
			write(t, tmp, text)
			do(t, os.Rename(tmp, file))
		},
		"hard link swapped": func(t *testing.T, file, text string) {
			write(t, file+".new", text)
			do(t, os.Remove(file))
			do(t, os.Link(file+".new", file))
			do(t, os.Remove(file+".new"))
		},
		"folder replaced by rename": func(t *testing.T, file, text string) {
			dir := filepath.Dir(file)
			do(t, os.MkdirAll(dir+".new", 0o755))
			write(t, filepath.Join(dir+".new", filepath.Base(file)), text)
			do(t, os.Rename(dir, dir+".old"))
			do(t, os.Rename(dir+".new", dir))
			do(t, os.RemoveAll(dir+".old"))
		},
		"folder removed and made again": func(t *testing.T, file, text string) {
			dir := filepath.Dir(file)
			do(t, os.RemoveAll(dir))
			do(t, os.Mkdir(dir, 0o755))
			write(t, file, text)
		},
		"replaced by a link": func(t *testing.T, file, text string) {
			tmp := filepath.Join(filepath.Dir(filepath.Dir(file)), "target-"+fmt.Sprint(len(text)))
			write(t, tmp, text)
			do(t, os.Remove(file))
			do(t, os.Symlink(tmp, file))
		},
	}
	for name, save := range styles {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "ws", "go.mod")
			do(t, os.Mkdir(filepath.Dir(file), 0o755))
			write(t, file, "module m\n")
			_, events := start(t, Options{}, nil, []string{file})
			for i, text := range []string{"go 1.25.0\n", "go 1.26.0 // again\n"} {
				save(t, file, text)
				for {
					await(t, events, file)
					// An event may tell of a step in between; what counts is that
					// one comes when the new text can be read.
					if got, err := os.ReadFile(file); err == nil && string(got) == text {
						break
					}
				}
				t.Logf("save %d seen", i+1)
			}
			write(t, file, "last, in place\n")
			await(t, events, file)
		})
	}
}

func TestLinkedFile(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "config", "env")
	file := filepath.Join(dir, "ws", "go.mod")
	do(t, os.Mkdir(filepath.Dir(target), 0o755))
	do(t, os.Mkdir(filepath.Dir(file), 0o755))
	write(t, target, "1")
	do(t, os.Symlink(target, file))
	_, events := start(t, Options{}, nil, []string{file})
	write(t, target, "2")
	await(t, events, file)
	write(t, target+".tmp", "3")
	do(t, os.Rename(target+".tmp", target))
	await(t, events, file)
}

func TestFolderThatComesLater(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a", "b", "c", "env")
	_, events := start(t, Options{}, nil, []string{file})
	do(t, os.MkdirAll(filepath.Dir(file), 0o755))
	write(t, file, "GOTOOLCHAIN=local\n")
	await(t, events, file)
	do(t, os.RemoveAll(filepath.Join(dir, "a")))
	await(t, events, file)
	do(t, os.MkdirAll(filepath.Dir(file), 0o755))
	write(t, file, "GOTOOLCHAIN=auto\n")
	await(t, events, file)
}

func TestPatternsAndQuiet(t *testing.T) {
	dir := t.TempDir()
	w, events := start(t, Options{}, nil, []string{filepath.Join(dir, "go"), filepath.Join(dir, "go1.*")})
	write(t, filepath.Join(dir, "gofmt"), "noise")
	write(t, filepath.Join(dir, ".go.swp"), "noise")
	write(t, filepath.Join(dir, "go1.25.3"), "x")
	ev := await(t, events, filepath.Join(dir, "go1.25.3"))
	if ev.Kind != drift.EventSaved || !strings.Contains(ev.Cause, "go1.25.3") {
		t.Errorf("event is %+v", ev)
	}
	do(t, w.Close())
	close(events)
	for ev := range events {
		for _, file := range ev.Files {
			if strings.HasSuffix(file, "gofmt") || strings.HasSuffix(file, ".swp") {
				t.Errorf("event for %s, which nobody asked for", file)
			}
		}
	}
}

func TestSetReplaces(t *testing.T) {
	dir := t.TempDir()
	one, two := filepath.Join(dir, "1", "go.mod"), filepath.Join(dir, "2", "go.mod")
	do(t, os.Mkdir(filepath.Dir(one), 0o755))
	do(t, os.Mkdir(filepath.Dir(two), 0o755))
	w, events := start(t, Options{}, nil, []string{one})
	w.Set(nil, []string{two})
	write(t, one, "x")
	write(t, two, "x")
	await(t, events, two)
	do(t, w.Close())
	close(events)
	for ev := range events {
		if slices.Contains(ev.Files, one) {
			t.Errorf("%s is still watched", one)
		}
	}
}

// A file that changes between the caller's look and the first watch would be
// lost if the watcher did not name it when watching begins.
func TestWatchingBeginsWithALook(t *testing.T) {
	file := filepath.Join(t.TempDir(), "go.mod")
	write(t, file, "x")
	_, events := start(t, Options{}, nil, []string{file})
	select {
	case ev := <-events:
		if !slices.Equal(ev.Files, []string{file}) {
			t.Errorf("first event names %v", ev.Files)
		}
	case <-time.After(patience):
		t.Fatal("no event")
	}
}

func TestLimitFallsBackToPolling(t *testing.T) {
	limits := map[string]Options{
		"max_user_watches":   {add: func(*fsnotify.Watcher, string) error { return syscall.ENOSPC }},
		"max_user_instances": {start: func() (*fsnotify.Watcher, error) { return nil, syscall.EMFILE }},
	}
	for name, opts := range limits {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "go.mod")
			write(t, file, "1")
			var log bytes.Buffer
			opts.Poll, opts.Log = time.Millisecond, slog.New(slog.NewTextHandler(&log, nil))
			w, events := start(t, opts, nil, []string{file})
			w.Set([]string{t.TempDir()}, []string{file}) // refused again
			// The first look may come before or after any one of these writes; each
			// differs from the one before in size.
			deadline := time.After(patience)
			for n := 2; ; n++ {
				write(t, file, strings.Repeat("x", n%5000))
				select {
				case ev := <-events:
					if !slices.Contains(ev.Files, file) {
						continue
					}
				case <-deadline:
					t.Fatal("polling found no change")
				default:
					continue
				}
				do(t, w.Close())
				if got := strings.Count(log.String(), "raise fs.inotify."+name); got != 1 {
					t.Errorf("the limit was told %d times, want once:\n%s", got, log.String())
				}
				return
			}
		})
	}
}

// BenchmarkSet measures the set-up for one folder: the time, and the memory that
// stays.
func BenchmarkSet(b *testing.B) {
	root := b.TempDir()
	var files []string
	for i := range 1000 {
		dir := filepath.Join(root, fmt.Sprint(i))
		if err := os.Mkdir(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		file := filepath.Join(dir, "go.mod")
		if err := os.WriteFile(file, nil, 0o644); err != nil {
			b.Fatal(err)
		}
		files = append(files, file)
	}
	heap := func() int64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	var kept int64
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		before := heap()
		w := New(b.Context(), Options{Send: func(drift.Event) {}})
		b.StartTimer()
		w.Set(nil, files)
		b.StopTimer()
		kept = heap() - before
		w.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(files)), "ns/folder")
	b.ReportMetric(float64(kept)/float64(len(files)), "B-kept/folder")
}

// A folder can be made between the look that finds it missing and the watch on
// its ancestor; nothing tells of it then.
func TestFolderMadeWhileWatchingBegins(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a", "b", "c", "env")
	_, events := start(t, Options{add: func(w *fsnotify.Watcher, at string) error {
		if at == dir { // just before the watch begins
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
		}
		return w.Add(at)
	}}, nil, []string{file})
	write(t, file, "GOTOOLCHAIN=local\n")
	await(t, events, file)
}
