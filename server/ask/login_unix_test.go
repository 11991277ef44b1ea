//go:build unix

package ask

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test's own binary be the program that shells start.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "reply" {
		if err := Reply(os.Stdout, os.Args[2], os.Environ()); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// startup are the files that an interactive login shell reads.
var startup = map[string]string{"bash": ".bash_profile", "zsh": ".zshrc", "fish": ".config/fish/config.fish", "sh": ".profile"}

// person is a LoginShell with a home folder whose start-up file says text.
func person(t *testing.T, name, text string) LoginShell {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("%s is asked here: %v", name, err)
		}
		t.Skipf("%s is not installed", name)
	}
	home := t.TempDir()
	file := filepath.Join(home, startup[name])
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return LoginShell{
		Environ: map[string]string{"HOME": home, "SHELL": program, "PATH": os.Getenv("PATH"), "LANG": "C.UTF-8"},
		Reply:   []string{self, "reply"}, Limit: 30 * time.Second,
	}
}

// shells run f for every shell, with a way to say "export" in it.
func shells(t *testing.T, f func(t *testing.T, name string, export func(variable, word string) string)) {
	for name := range startup {
		t.Run(name, func(t *testing.T) {
			f(t, name, func(variable, word string) string {
				if name == "fish" {
					return "set -gx " + variable + " " + word + "\n"
				}
				return variable + "=" + word + "; export " + variable + "\n"
			})
		})
	}
}

func TestEnvironment(t *testing.T) {
	shells(t, func(t *testing.T, name string, export func(variable, word string) string) {
		l := person(t, name, "echo a banner; printf '\\033]0;title\\007\\033[31m'\n"+
			export("GODRIFT_LINES", "'a\nb=c\n'")+export("GOFLAGS", "-mod=mod")+export("GODRIFT_EMPTY", "''")+
			export("GODRIFT_BYTES", "\"$(printf 'a\\377b')\"")+"echo to stderr >&2\n")
		if name == "fish" {
			l = person(t, name, "echo a banner\n"+export("GODRIFT_LINES", "'a\nb=c\n'")+export("GOFLAGS", "-mod=mod")+
				export("GODRIFT_EMPTY", "''")+export("GODRIFT_BYTES", "a\\xffb"))
		}
		l.Environ["GIVEN"] = "x"
		got, err := l.Environment(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for variable, want := range map[string]string{
			"GODRIFT_LINES": "a\nb=c\n", "GOFLAGS": "-mod=mod", "GODRIFT_EMPTY": "", "GODRIFT_BYTES": "a\xffb", "GIVEN": "x", "HOME": l.Environ["HOME"],
		} {
			if value, ok := got[variable]; !ok || value != want {
				t.Errorf("%s is %q, want %q", variable, value, want)
			}
		}
		for _, variable := range own {
			if value, ok := got[variable]; ok {
				t.Errorf("%s=%q is the asked shell's own", variable, value)
			}
		}
	})
}

// TestAwkward holds that start-up files which are not made for being asked give
// an answer or an error, in time, and that nothing is left running.
func TestAwkward(t *testing.T) {
	shells(t, func(t *testing.T, name string, export func(variable, word string) string) {
		question := "read -r answer\n"
		if name == "fish" {
			question = "read answer\n"
		}
		for what, c := range map[string]struct {
			text  string
			limit time.Duration
			fails string
		}{
			"asks a question":             {text: question + "cat\n"},
			"asks at the terminal":        {text: "cat /dev/tty\n"},
			"changes the terminal":        {text: "stty sane; stty -echo\n"},
			"leaves a child that writes":  {text: "sleep 300 &\n"},
			"ends":                        {text: "exit 3\n", fails: "ended without an answer"},
			"starts another program":      {text: "exec true\n", fails: "ended without an answer"},
			"starts another shell":        {text: "exec sh -i\n", fails: "ended without an answer"},
			"never returns":               {text: "sleep 300\n", limit: time.Second, fails: "no answer within 1s"},
			"prints for ever":             {text: "yes\n", limit: time.Second, fails: "no answer within 1s"},
			"prints what is no character": {text: "printf '\\377\\000\\001'; head -c 100000 /dev/zero\n"},
			"is not well":                 {text: "no-such-program-anywhere\n"},
		} {
			if name == "fish" && what == "ends" {
				c.fails = "" // exit ends no more than the file that says it
			}
			l := person(t, name, export("GODRIFT_TRACE", strconv.Itoa(os.Getpid()))+c.text)
			if c.limit > 0 {
				l.Limit = c.limit
			}
			start := time.Now()
			got, err := l.Environment(t.Context())
			switch {
			case c.fails == "" && (err != nil || got["HOME"] != l.Environ["HOME"]):
				t.Errorf("%s: %v, HOME %q", what, err, got["HOME"])
			case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)):
				t.Errorf("%s: %v, want an error with %q", what, err, c.fails)
			}
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("%s: it took %s", what, took)
			}
			if left := stillRunning(t, l.Environ["HOME"]); len(left) > 0 {
				t.Errorf("%s: left running: %v", what, left)
			}
		}
	})
}

func TestCancelled(t *testing.T) {
	l := person(t, "sh", "sleep 300\n")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	if _, err := l.Environment(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left := stillRunning(t, l.Environ["HOME"]); len(left) > 0 {
		t.Errorf("left running: %v", left)
	}
}

func TestNobodyToAsk(t *testing.T) {
	for name, environ := range map[string]map[string]string{
		"no absolute path": {"SHELL": "bash"},
		"not there":        {"SHELL": "/nonexistent/bash"},
		"unknown":          {"SHELL": "/bin/tcsh"},
		"no shell":         {"SHELL": "/bin/false"},
	} {
		if got, err := (LoginShell{Environ: environ, Reply: []string{"/bin/true"}}).Environment(t.Context()); err == nil {
			t.Errorf("%s: answered %v", name, got)
		}
	}
}

func TestAtLogin(t *testing.T) {
	got := AtLogin(map[string]string{"HOME": "/home/me", "PATH": "/w/bin", "GOFLAGS": "-x", "LC_ALL": "C", "SSH_AUTH_SOCK": "/s"})
	if got["HOME"] != "/home/me" || got["LC_ALL"] != "C" || got["SSH_AUTH_SOCK"] != "/s" {
		t.Errorf("lost: %v", got)
	}
	if _, ok := got["GOFLAGS"]; ok || strings.Contains(got["PATH"], "/w/bin") {
		t.Errorf("kept: %v", got)
	}
}
