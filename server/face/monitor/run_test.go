//go:build unix

package monitor_test

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/face/monitor"
	"godrift.dev/server/remember"
)

// patience bounds every wait; a test that needs it all has failed.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv("GODRIFT_TEST_MONITOR") != "" {
		os.Exit(monitor.Run(context.Background(), monitor.Options{
			Out: os.Stdout, Err: os.Stderr, LogFormat: "json", World: engine.Here("cli"), Version: "v0.0.0-test", Workspaces: os.Args[1:], Listen: cmp.Or(os.Getenv("GODRIFT_TEST_LISTEN"), "127.0.0.1:0"),
		}))
	}
	goleak.VerifyTestMain(m)
}

// home is the home folder of somebody who runs monitors.
type home struct {
	t   *testing.T
	dir string
}

func newHome(t *testing.T) home {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return home{t, dir}
}

func (h home) path(name string) string { return filepath.Join(h.dir, filepath.FromSlash(name)) }

func (h home) write(name, text string) {
	h.t.Helper()
	file := h.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

func (h home) config(text string) { h.write("config/godrift/config.toml", text) }

func (h home) environ() map[string]string {
	return map[string]string{
		"HOME": h.dir, "XDG_STATE_HOME": h.path("state"), "XDG_CONFIG_HOME": h.path("config"), "PATH": os.Getenv("PATH"),
		"GOTOOLCHAIN": "local", "GOENV": h.path("goenv"), "GOPATH": h.path("go"), "GOCACHE": h.path("cache"), "GOFLAGS": "",
	}
}

// record is one line of the log.
type record map[string]any

func (r record) String() string { text, _ := json.Marshal(map[string]any(r)); return string(text) }

// process is a monitor that runs.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  chan string // lines of standard output
	log  chan record
	seen []record

	mu   sync.Mutex
	rest strings.Builder // lines that are no record
	done chan struct{}
}

func (h home) start(workspaces ...string) *process {
	h.t.Helper()
	p := &process{t: h.t, cmd: exec.Command(os.Args[0], workspaces...), out: make(chan string, 100), log: make(chan record, 10_000), done: make(chan struct{})}
	p.cmd.Dir = h.dir
	for name, value := range h.environ() {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Env = append(p.cmd.Env, "GODRIFT_TEST_MONITOR=1")
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	printed := make(chan struct{})
	go func() {
		defer close(printed)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			p.out <- lines.Text()
		}
	}()
	go func() {
		defer close(p.done)
		defer func() { <-printed }()
		defer close(p.log)
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			var r record
			if json.Unmarshal(lines.Bytes(), &r) == nil {
				p.log <- r
				continue
			}
			p.mu.Lock()
			fmt.Fprintln(&p.rest, lines.Text())
			p.mu.Unlock()
		}
		_, _ = io.Copy(io.Discard, stderr)
	}()
	h.t.Cleanup(func() {
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Process.Kill()
			<-p.done
			_ = p.cmd.Wait()
		}
	})
	return p
}

// await waits for a line of the log with this message and these attributes.
func (p *process) await(message string, attrs ...string) record {
	p.t.Helper()
	limit := time.After(patience)
	for {
		select {
		case r, ok := <-p.log:
			if !ok {
				p.t.Fatalf("the monitor ended before it said %q %v:\n%v\n%s", message, attrs, p.seen, p.said())
			}
			p.seen = append(p.seen, r)
			if r["msg"] != message {
				continue
			}
			fits := true
			for i := 0; i+1 < len(attrs); i += 2 {
				fits = fits && strings.Contains(fmt.Sprint(r[attrs[i]]), attrs[i+1])
			}
			if fits {
				return r
			}
		case <-limit:
			p.t.Fatalf("the monitor never said %q %v:\n%v", message, attrs, p.seen)
		}
	}
}

func (p *process) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.rest.String()
}

func (p *process) signal(s os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.t.Fatal(err)
	}
}

// end waits for the end and returns the exit code.
func (p *process) end() int {
	p.t.Helper()
	limit := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	for r := range p.log {
		p.seen = append(p.seen, r)
	}
	<-p.done
	err := p.cmd.Wait()
	if !limit.Stop() {
		p.t.Fatalf("the monitor did not end:\n%v", p.seen)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// mention reports whether the log so far has a message.
func (p *process) mention(message string) bool {
	return slices.ContainsFunc(p.seen, func(r record) bool { return r["msg"] == message })
}

// note is what the monitor tells others of itself.
func (h home) note() (drift.MonitorNote, bool) {
	h.t.Helper()
	m := engine.NewMender("", h.environ())
	defer m.Close()
	note, runs, err := m.Monitor()
	if err != nil {
		h.t.Fatal(err)
	}
	return note, runs
}

const module = "module example.com/a\n\ngo 1.25\n"

// A change is remembered while it runs, and what happened last before it is told to end is
// not lost.
func TestRemembers(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	p := h.start(h.path("a"))
	p.await("a change is remembered", "workspace", "a", "cause", "first sight")
	h.write("a/go.mod", strings.ReplaceAll(module, "1.25", "1.24"))
	p.await("a change is remembered", "workspace", "a", "cause", "saved: go.mod")

	note, runs := h.note()
	if !runs || note.PID != p.cmd.Process.Pid || note.Version != "v0.0.0-test" || !note.Ended.IsZero() {
		t.Errorf("it runs, but says %+v %v", note, runs)
	}
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d:\n%s", code, p.said())
	}
	note, runs = h.note()
	if runs || note.Ended.IsZero() || len(note.Workspaces) != 2 || note.Workspaces[0].Name != "a" || !note.Workspaces[1].Machine {
		t.Errorf("it has ended, but says %+v %v", note, runs)
	}
	if p.said() != "" {
		t.Errorf("besides the log it said %s", p.said())
	}
}

// A go.mod that somebody left in the home folder has no say over the machine itself.
func TestMachineStandsApart(t *testing.T) {
	h := newHome(t)
	h.write("go.mod", "module home\n\ngo 1.99.0\n")
	h.write("go.work", "go 1.98.0\n")
	h.write(".go-version", "1.97.0\n")
	h.write(".git/HEAD", "ref: refs/heads/main\n")
	p := h.start(h.path("missing"))
	p.await("a change is remembered", "cause", "first sight")
	p.signal(syscall.SIGTERM)
	p.end()
	note, _ := h.note()
	if len(note.Workspaces) != 2 || !note.Workspaces[1].Machine || note.Workspaces[1].Findings != 0 || note.Workspaces[1].Score != 100 {
		t.Errorf("a repository has a say: %+v", note.Workspaces)
	}
}

// A second monitor of the same state folder names the first and ends.
func TestSecond(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	first := h.start(h.path("a"))
	first.await("the monitor has started")
	second := h.start(h.path("a"))
	if code := second.end(); code != 3 || !strings.Contains(second.said(), fmt.Sprintf("a monitor runs already with the state folder %s, process %d", h.path("state/godrift"), first.cmd.Process.Pid)) {
		t.Errorf("exit code %d, %s", code, second.said())
	}
	first.signal(os.Interrupt)
	if code := first.end(); code != 0 {
		t.Errorf("exit code of the first: %d", code)
	}
}

// A kill leaves nothing behind that the next one stumbles over, and takes nothing away
// that was remembered.
func TestKilled(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	p := h.start(h.path("a"))
	p.await("a change is remembered", "workspace", "a")
	p.signal(syscall.SIGKILL)
	p.end()
	if note, runs := h.note(); runs || !note.Ended.IsZero() {
		t.Errorf("it was killed, but says %+v %v", note, runs)
	}
	h.write("a/go.mod", strings.ReplaceAll(module, "1.25", "1.24"))
	p = h.start(h.path("a"))
	p.await("a change is remembered", "workspace", "a", "cause", "go.mod")
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A folder that is missing at the start, or goes, is reported and comes back by itself.
func TestMissingFolder(t *testing.T) {
	h := newHome(t)
	p := h.start(h.path("in/a"))
	p.await("the workspace cannot be looked at; it comes back by itself", "workspace", "a", "error", "the folder is not there")
	h.write("in/a/go.mod", module)
	p.await("the workspace can be looked at again", "workspace", "a")
	p.await("a change is remembered", "workspace", "a", "cause", "first sight")
	for range 2 {
		if err := os.RemoveAll(h.path("in")); err != nil {
			t.Fatal(err)
		}
		p.await("the workspace cannot be looked at; it comes back by itself", "workspace", "a")
		h.write("in/a/go.mod", module)
		p.await("the workspace can be looked at again", "workspace", "a")
	}
	p.signal(syscall.SIGTERM)
	p.end()
}

// The configuration is obeyed when it changes and when the monitor is told to read it; one
// with a mistake changes nothing, and workspaces that stay are left alone.
func TestReload(t *testing.T) {
	h := newHome(t)
	for _, name := range []string{"a", "b", "c"} {
		h.write(name+"/go.mod", module)
	}
	h.config("[monitor]\nworkspaces = [\"~/a\", {path = \"~/b\", name = \"two\"}]\n")
	p := h.start()
	p.await("a change is remembered", "workspace", "two")

	h.config("[monitor]\nworkspaces = [\"~/b\"\n")
	p.await("config.toml has a mistake; the monitor goes on with what it said before", "error", "line 2:")
	p.signal(syscall.SIGHUP)
	p.await("config.toml has a mistake; the monitor goes on with what it said before", "error", "config.toml: line 2:")

	h.config("[monitor]\nmachine = false\npoll = \"1s\"\nworkspaces = [\"~/c\", {path = \"~/b\", name = \"two\"}]\n")
	p.await("the mistake in config.toml is gone")
	p.await("a workspace is not watched any more", "workspace", "a")
	p.await("a workspace is watched", "workspace", "c")
	p.await("a change is remembered", "workspace", "c")
	h.write("b/go.mod", strings.ReplaceAll(module, "1.25", "1.24"))
	p.await("a change is remembered", "workspace", "two", "changes", "2")
	if p.mention("a workspace is not watched any more") {
		again := 0
		for _, r := range p.seen {
			if r["msg"] == "a workspace is watched" && r["workspace"] == "two" {
				again++
			}
		}
		if again != 1 {
			t.Errorf("the workspace that stayed was begun %d times", again)
		}
	}

	p.signal(syscall.SIGHUP)
	p.await("the configuration was read again")
	p.signal(syscall.SIGTERM)
	p.end()
	note, _ := h.note()
	if len(note.Workspaces) != 2 || note.Workspaces[0].Name != "c" || note.Workspaces[1].Name != "two" || note.Broken != "" || note.Config != h.path("config/godrift/config.toml") {
		t.Errorf("at the end: %+v", note)
	}
}

// What a kill left half done is put right at the next start, and spoken of.
func TestKilledFix(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	h.config("[monitor]\nmachine = false\n")
	store, err := remember.Open(h.path("state/godrift"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.Begin(t.Context(), remember.Entry{Root: h.path("a"), Kind: remember.KindFix, Title: "Write go1.26.1", Token: "cut-short", Steps: []byte("[]")}); err != nil {
		t.Fatal(err)
	}
	p := h.start(h.path("a"))
	p.await("a fix that was cut short has been dealt with", "fix", "Write go1.26.1", "text", "before it had changed anything")
	p.signal(syscall.SIGTERM)
	p.end()
	if open, err := store.Unfinished(t.Context()); err != nil || len(open) != 0 {
		t.Errorf("still open: %v %v", open, err)
	}
}

// An editor that empties the file before it writes, a full disk, or a file that is gone for a
// moment ends no watch and no alert; who means it says so.
func TestEmptied(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	const text = "[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n"
	h.config(text)
	p := h.start()
	p.await("a change is remembered", "workspace", "a")
	h.config("\n")
	p.await("config.toml has a mistake; the monitor goes on with what it said before", "error", "it is empty")
	h.config(text)
	p.await("the mistake in config.toml is gone")
	if err := os.Remove(h.path("config/godrift/config.toml")); err != nil {
		t.Fatal(err)
	}
	p.await("config.toml has a mistake; the monitor goes on with what it said before", "error", "it is not there any more")
	if p.mention("a workspace is not watched any more") {
		t.Error("a workspace was given up")
	}
	p.signal(syscall.SIGHUP)
	p.await("a workspace is not watched any more", "workspace", "a")
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.said())
	}
}

// What is wrong in the configuration at the start is told with its place, and the exit code
// is that of a mistake.
func TestBrokenConfig(t *testing.T) {
	h := newHome(t)
	h.config("[monitor]\npoll = \"soon\"\n")
	p := h.start()
	if code := p.end(); code != 2 || !strings.Contains(p.said(), "config.toml: line 2: monitor.poll:") {
		t.Errorf("exit code %d: %s", code, p.said())
	}
	if _, runs := h.note(); runs {
		t.Error("it runs")
	}
}

// The time of the next full check outlives a restart.
func TestPlanSurvives(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	h.config("[monitor]\nmachine = false\n")
	var next []time.Time
	for _, v := range []string{"1.25", "1.24"} {
		h.write("a/go.mod", strings.ReplaceAll(module, "1.25", v))
		p := h.start(h.path("a"))
		p.await("a change is remembered", "workspace", "a")
		p.signal(syscall.SIGTERM)
		p.end()
		note, _ := h.note()
		next = append(next, note.Workspaces[0].Next)
	}
	if !next[0].After(time.Now()) || next[0].After(time.Now().Add(49*time.Hour)) || !next[0].Equal(next[1]) {
		t.Errorf("the next check is at %v, after a restart at %v", next[0], next[1])
	}
}

// When its time has come all of a workspace is read.
func TestFullCheck(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	for _, folder := range []string{"00", "7f"} {
		h.write("cache/"+folder+"/x", "this is not go's")
	}
	h.write("cache/README", "This directory holds cached build artifacts from the Go build system.\n")
	h.write("cache/trim.txt", "")
	h.config("[monitor]\nmachine = false\n")
	var ahead atomic.Int64
	signals := make(chan monitor.Signal)
	logs, out := io.Pipe()
	p := &process{t: t, log: make(chan record, 1000)}
	var work sync.WaitGroup
	work.Go(func() {
		defer close(p.log)
		for lines := bufio.NewScanner(logs); lines.Scan(); {
			var r record
			if json.Unmarshal(lines.Bytes(), &r) == nil {
				p.log <- r
			}
		}
	})
	work.Go(func() {
		defer out.Close()
		world := engine.Here("cli")
		world.Environ = h.environ()
		code := monitor.Run(t.Context(), monitor.Options{
			Err: out, LogFormat: "json", World: world, Workspaces: []string{h.path("a")}, Signals: signals, Listen: config.NoListen,
			Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) },
		})
		if code != 0 {
			t.Errorf("exit code %d", code)
		}
	})
	p.await("a change is remembered", "workspace", "a")
	ahead.Store(int64(49 * time.Hour))
	signals <- monitor.SignalReload // it looks at its clock, too
	p.await("a part of the build cache was read", "cache", h.path("cache"))
	p.await("full check", "workspace", "a")
	signals <- monitor.SignalEnd
	work.Wait()
	note, _ := h.note()
	if w := note.Workspaces[0]; w.Checked.IsZero() || !w.Next.After(w.Checked) {
		t.Errorf("after the check: %+v", w)
	}
}

func exists(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}
