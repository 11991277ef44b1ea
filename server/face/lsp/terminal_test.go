package lsp

import (
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"godrift.dev/server/engine"
)

// prompted has a shell of the machine leave its variables, as the hook in its
// prompt does; its process is the test's own, which runs.
func (m *machine) prompted(t *testing.T, state, dir string, variables ...string) {
	t.Helper()
	stamps, err := engine.PrepareTerminals(state)
	if err != nil {
		t.Fatal(err)
	}
	environ := maps.Clone(m.environ)
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		environ[name] = value
	}
	if err := engine.LeaveTerminal(filepath.Join(stamps, strconv.Itoa(os.Getpid())), engine.ShellOf(nil), dir, environ); err != nil {
		t.Fatal(err)
	}
}

// TestTerminals holds that a terminal with the hook in its prompt is compared with
// the editor from its first prompt to its end, in trusted folders.
func TestTerminals(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	m.write(t, "other/x", "")
	state := filepath.Join(t.TempDir(), "state")
	c := serve(t, func(o *Options) { m.world(o); o.StateDir = state })
	c.initialize(object{"trusted": true}, m.path("ws"))
	file := m.path("ws/go.mod")
	differs := func(p published) bool { return p.has("editor-terminal-differ") }
	agrees := func(p published) bool { return !differs(p) }
	self := os.Getpid()
	open := EnvironmentParams{Name: "terminal:" + strconv.Itoa(self), Process: self}
	closed := EnvironmentParams{Name: "terminal:" + strconv.Itoa(self)}

	// A terminal whose shell tells nothing, then something, then something else.
	c.notify(MethodEnvironment, open)
	c.call(MethodRefresh, nil, nil)
	m.prompted(t, state, m.path("ws"), "GOFLAGS=-race")
	p, at := c.published(file, 0, differs)
	const want = "GOFLAGS is not the same for the editor and the terminal bash "
	if text := p.find("editor-terminal-differ").Message; !strings.Contains(text, want+strconv.Itoa(self)) || !strings.Contains(text, "GOFLAGS=-race from the environment of the terminal bash") {
		t.Errorf("it says\n%s", text)
	}
	m.prompted(t, state, m.path("ws"))
	_, at = c.published(file, at, agrees)
	m.prompted(t, state, m.path("ws/sub"), "GOROOT=/elsewhere")
	_, at = c.published(file, at, differs)
	m.prompted(t, state, m.path("other"), "GOROOT=/elsewhere") // it went elsewhere
	_, at = c.published(file, at, agrees)
	m.prompted(t, state, m.dir, "GOTOOLCHAIN=go1.24.5+auto") // ws is in there
	_, at = c.published(file, at, differs)

	// Closed, and opened again before this server was: it has told already.
	c.notify(MethodEnvironment, closed)
	_, at = c.published(file, at, agrees)
	c.notify(MethodEnvironment, open)
	_, at = c.published(file, at, differs)

	c.notify(MethodTrust, TrustParams{})
	_, at = c.published(file, at, agrees)
	c.notify(MethodTrust, TrustParams{Trusted: true})
	_, at = c.published(file, at, differs)
	c.notify(MethodEnvironment, closed)
	c.published(file, at, agrees)
}
