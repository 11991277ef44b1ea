package remember

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

const (
	writerDir  = "GODRIFT_TEST_WRITER_DIR"
	writerName = "GODRIFT_TEST_WRITER_NAME"
	// killsWanted names the number of kills; it is 200 in CI and fewer at a desk.
	killsWanted = "GODRIFT_KILLS"
)

// TestWriter is not a test of its own: TestKills runs it in several processes.
// It remembers one state after the other until it is killed, and says each time
// what is acknowledged.
func TestWriter(t *testing.T) {
	dir := os.Getenv(writerDir)
	if dir == "" {
		return
	}
	s := open(t, dir)
	for i := 0; ; i++ {
		r := drift.Record{Version: 1, Time: time.Now().UTC(), Root: "/w", Of: os.Getenv(writerName), Values: map[string]string{
			"env.GOFLAGS": fmt.Sprint("-tags=", os.Getpid(), "_", i), "env.GOFLAGS@layer": "process",
			"host.shell": strings.Repeat("x", i%2000),
		}}
		m, fresh, err := s.Remember(ctx, Sighting{Record: r, By: tester()})
		if err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		fmt.Println("acknowledged", m.ID, m.After)
		if i%5 == 0 {
			if _, err := s.Accept(ctx, drift.Baseline{Record: r, AcceptedAt: time.Now(), By: tester()}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// writer is one process that writes.
type writer struct {
	name string
	cmd  *exec.Cmd
	out  *bufio.Scanner
	errs bytes.Buffer
}

func startWriter(t *testing.T, dir, name string) *writer {
	t.Helper()
	w := &writer{name: name, cmd: exec.Command(os.Args[0], "-test.run=^TestWriter$", "-test.timeout=600s")}
	w.cmd.Env = append(os.Environ(), writerDir+"="+dir, writerName+"="+name)
	w.cmd.Stderr = &w.errs
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.out = bufio.NewScanner(out)
	return w
}

// read takes n acknowledgements, or, with n < 0, all that are left.
func (w *writer) read(t *testing.T, n int, acknowledged map[string]string) {
	t.Helper()
	for ; n != 0; n-- {
		if !w.out.Scan() {
			if n > 0 {
				t.Fatalf("the writer ended by itself: %v %s", w.out.Err(), w.errs.String())
			}
			return
		}
		words := strings.Fields(w.out.Text())
		if len(words) == 3 && words[0] == "acknowledged" && len(words[2]) == 64 {
			acknowledged[words[1]] = w.name + " " + words[2]
		} else if n > 0 {
			t.Fatalf("the writer says %q\n%s", w.out.Text(), w.errs.String())
		}
	}
}

// TestKills kills one of three writers again and again, wherever it happens to
// be. Nothing that was acknowledged is lost, and the database stays whole.
func TestKills(t *testing.T) {
	kills := 30
	if os.Getenv("CI") != "" {
		kills = 200
	}
	if n, err := strconv.Atoi(os.Getenv(killsWanted)); err == nil {
		kills = n
	}
	dir := filepath.Join(t.TempDir(), "state")
	acknowledged := map[string]string{} // by the moment's number
	var writers [3]*writer
	for i := range writers {
		writers[i] = startWriter(t, dir, fmt.Sprint("writer", i))
	}
	t.Cleanup(func() {
		for _, w := range writers {
			w.cmd.Process.Kill()
			w.cmd.Wait()
		}
	})
	stop := func(i int) {
		w := writers[i]
		if err := w.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		w.read(t, -1, acknowledged) // what it said before it died counts
		w.cmd.Wait()
	}
	for range kills {
		i := rand.IntN(len(writers))
		writers[i].read(t, 1+rand.IntN(4), acknowledged)
		stop(i)
		writers[i] = startWriter(t, dir, writers[i].name)
	}
	for i := range writers {
		writers[i].read(t, 1, acknowledged)
		stop(i)
	}

	s := open(t, dir)
	var verdict string
	if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		return db.QueryRowContext(ctx, "PRAGMA integrity_check").Scan(&verdict)
	}); err != nil || verdict != "ok" {
		t.Fatalf("the database is not whole: %s %v", verdict, err)
	}
	list, err := s.Moments(ctx, Filter{Root: "/w", Limit: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range list {
		found[fmt.Sprint(m.ID)] = m.Of + " " + m.After
		if _, err := s.Record(ctx, m.After); err != nil {
			t.Errorf("moment %d: %v", m.ID, err)
		}
	}
	if len(acknowledged) < kills {
		t.Fatalf("%d acknowledgements prove nothing", len(acknowledged))
	}
	for id, want := range acknowledged {
		if found[id] != want {
			t.Errorf("moment %s was acknowledged as %s, and is %q", id, want, found[id])
		}
	}
	if b, err := s.Baseline(ctx, "/w"); err != nil || b == nil {
		t.Errorf("the baseline: %v", err)
	}
	if aside, _ := filepath.Glob(filepath.Join(dir, "*damaged*")); len(aside) > 0 {
		t.Errorf("the database was set aside: %v", aside)
	}
	t.Logf("%d kills, %d acknowledged, %d in the history", kills, len(acknowledged), len(list))
}
