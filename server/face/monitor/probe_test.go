//go:build unix

package monitor_test

import (
	"strings"
	"syscall"
	"testing"
)

// A probe runs at the start and when its files change; its value is a fact of its workspace and
// a metric, and a restart is no change.
func TestProbes(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	h.write("level", "3\n")
	probe := "[[probe]]\nname = \"level\"\nfiles = [\"~/lev*\"]\ncommand = [\"cat\", \"" + h.path("level") + "\"]\nmetric = true\nworkspace = \"a\"\n"
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n" + probe)
	p := h.start()
	p.await("a probe says something else", "probe", "level", "value", "3")
	p.await("a change is remembered", "cause", "first sight")
	site := p.page()
	h.write("level", "4 apples\n")
	p.await("a probe says something else", "value", "4 apples")
	p.await("a change is remembered", "cause", "the machine changed: probe level")
	if _, text := site.get("/metrics", site.token); !strings.Contains(text, `godrift_probe_value{probe="level"} 4`) || !strings.Contains(text, `godrift_probe_failures_total{probe="level"} 0`) {
		t.Errorf("the metrics are\n%s", text)
	}
	if _, text := site.get("/api/moments?root="+h.path("a"), site.token); !strings.Contains(text, `"probe.level"`) {
		t.Errorf("the history is\n%s", text)
	}
	p.signal(syscall.SIGTERM)
	p.end()

	h.write("a/go.mod", strings.ReplaceAll(module, "1.25", "1.24"))
	p = h.start()
	r := p.await("a change is remembered", "cause", "go.mod")
	if strings.Contains(r.String(), "probe") {
		t.Errorf("a restart changes what a probe says: %v", r)
	}
	site = p.page()
	// One that fails is told, and says what it said.
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n" + strings.ReplaceAll(probe, `["cat"`, `["cat", "-nosuch"`))
	p.await("a probe failed; what it said before stands", "error", "invalid option")
	if _, text := site.get("/metrics", site.token); !strings.Contains(text, `godrift_probe_failures_total{probe="level"} 1`) || strings.Contains(text, `godrift_probe_value{`) {
		t.Errorf("the metrics are\n%s", text)
	}
	// A probe that is taken out is no fact any more.
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n")
	p.await("a probe says something else", "probe", "level", "value", "")
	p.await("a change is remembered", "changes", "1")
	if _, text := site.get("/metrics", site.token); strings.Contains(text, "godrift_probe_") && strings.Contains(text, `probe="level"`) {
		t.Errorf("the metrics are\n%s", text)
	}
	// Nor does one run for a workspace that is not watched, or without a machine.
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n" + strings.ReplaceAll(probe, `workspace = "a"`, ""))
	p.await("a probe does not run: there is no such workspace")
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A repository names no command.
func TestProbesOfTheUserAlone(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	h.write("a/godrift.toml", "[[probe]]\nname = \"evil\"\ncommand = [\"touch\", \""+h.path("evil")+"\"]\n")
	h.write("a/config.toml", "[[probe]]\nname = \"evil\"\ncommand = [\"touch\", \""+h.path("evil")+"\"]\n")
	p := h.start(h.path("a"))
	p.await("a change is remembered", "workspace", "a")
	p.signal(syscall.SIGTERM)
	p.end()
	if p.mention("a probe begins") || exists(h.path("evil")) {
		t.Errorf("it ran: %v", p.seen)
	}
}
