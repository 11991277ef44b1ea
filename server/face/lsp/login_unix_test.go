//go:build unix

package lsp

import (
	"os"
	"os/exec"
	"testing"

	"godrift.dev/server/engine"
)

// TestMain lets a login shell start the test's own file to answer.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "reply-environment" {
		if err := engine.Reply(os.Stdout, os.Args[2], os.Environ()); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// loginMachine has a bash whose start-up file says text.
func loginMachine(t *testing.T, text string) (*machine, func(*Options)) {
	t.Helper()
	m := newMachine(t)
	bash, err := exec.LookPath("bash")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("bash is not installed")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	m.environ["SHELL"] = bash
	m.write(t, "home/.bash_profile", text)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	return m, func(o *Options) {
		m.world(o)
		o.Reply = []string{self, "reply-environment"}
	}
}

func TestLoginShell(t *testing.T) {
	m, options := loginMachine(t, "echo welcome; export GOFLAGS=-trimpath\n")
	c := serve(t, options)
	c.initialize(object{"trusted": true}, m.path("ws"))
	file := m.path("ws/go.mod")
	differs := func(p published) bool { return p.has("editor-terminal-differ") }
	agrees := func(p published) bool { return !differs(p) }
	_, at := c.published(file, 0, differs)

	// Another value in the start-up file counts when somebody asks to look again.
	m.write(t, "home/.bash_profile", "unset GOFLAGS\n")
	c.call(MethodRefresh, nil, nil)
	_, at = c.published(file, at, agrees)
	m.environ["CGO_ENABLED"] = "0"
	m.write(t, "home/.bash_profile", "export CGO_ENABLED=1\n")
	c.notify(MethodEnvironment, EnvironmentParams{Name: "editor", Variables: m.environ})
	_, at = c.published(file, at, differs)

	// What the client sets in every terminal counts after the start-up files.
	c.notify(MethodEnvironment, EnvironmentParams{Name: "editor", Variables: m.environ, Terminals: map[string]string{"CGO_ENABLED": "0"}})
	_, at = c.published(file, at, agrees)
	c.notify(MethodEnvironment, EnvironmentParams{Name: "editor", Variables: m.environ})
	_, at = c.published(file, at, differs)

	// Nobody is compared with who does not want it.
	c.notify("workspace/didChangeConfiguration", object{"settings": object{"godrift": object{"loginShell": false}}})
	_, at = c.published(file, at, agrees)
	c.notify("workspace/didChangeConfiguration", object{"settings": object{"godrift": object{"loginShell": true}}})
	_, at = c.published(file, at, differs)

	// A terminal that the client tells of is compared, too, until it is closed.
	m.environ["CGO_ENABLED"] = "1"
	c.notify(MethodEnvironment, EnvironmentParams{Name: "editor", Variables: m.environ})
	_, at = c.published(file, at, agrees)
	c.notify(MethodEnvironment, EnvironmentParams{Name: "terminal:1", Variables: map[string]string{"PATH": m.environ["PATH"], "HOME": m.environ["HOME"], "GOFLAGS": "-race"}})
	_, at = c.published(file, at, differs)
	c.notify(MethodEnvironment, EnvironmentParams{Name: "terminal:1"})
	c.published(file, at, agrees)
}

// TestLoginShellIsNotStarted holds that a shell is started in trusted folders only,
// and that one which never answers stops nobody.
func TestLoginShellIsNotStarted(t *testing.T) {
	m, options := loginMachine(t, "touch $HOME/started\nsleep 300\n")
	c := serve(t, options)
	c.initialize(nil, m.path("ws"))
	var s Status
	c.call(MethodRefresh, nil, &s)
	if _, err := os.Stat(m.path("home/started")); err == nil {
		t.Error("the login shell was started although the folder is not trusted")
	}
	c.notify(MethodTrust, TrustParams{Trusted: true})
	c.call(MethodRefresh, nil, &s)
	if !s.Trusted {
		t.Error("not trusted though told")
	}
	c.call("shutdown", nil, nil)
	c.notify("exit", nil)
	if code := c.exitCode(); code != ExitClean {
		t.Errorf("exit code %d", code)
	}
}
