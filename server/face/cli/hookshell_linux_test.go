package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"godrift.dev/server/face/cli"
)

// promptShell is a shell on a terminal with the hook in its prompt.
type promptShell struct {
	t      *testing.T
	name   string
	person *os.File
	seen   chan []byte
	text   bytes.Buffer
	starts string // a file with one line for each start of godrift
	n      int
}

// startPrompt starts a shell whose start-up file says before and then what
// godrift prints.
func startPrompt(t *testing.T, name, dir, before string, environ []string) *promptShell {
	t.Helper()
	program, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the hook is tried in %s: %v", name, err)
		}
		t.Skipf("%s is not installed", name)
	}
	top := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := &promptShell{t: t, name: name, seen: make(chan []byte, 1000), starts: filepath.Join(top, "starts")}
	// What the hook starts counts itself first.
	counter := filepath.Join(top, "counter")
	write := func(file, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write(counter, "#!/bin/sh\necho start >> '"+s.starts+"'\nexec '"+self+"' \"$@\"\n", 0o755)
	write(s.starts, "", 0o600)
	var hook, complaint bytes.Buffer
	c := cli.Command{Stdout: &hook, Stderr: &complaint, Environ: environ, Dir: dir, StateDir: filepath.Join(top, "it's state")}
	if code := c.Main([]string{"hook", name}); code != cli.ExitOK {
		t.Fatalf("exit code %d\n%s", code, complaint.String())
	}
	rc := filepath.Join(top, "rc")
	text := strings.ReplaceAll(hook.String(), self, counter)
	write(rc, before+"\n"+text+text, 0o600) // twice is once

	args := map[string][]string{
		"bash": {"--norc", "--noprofile", "--noediting", "-i"},
		"zsh":  {"-f", "-i", "-o", "no_zle", "-o", "no_prompt_cr"},
		"fish": {"--no-config", "-i"},
	}[name]
	person, end := terminal(t)
	s.person = person
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = slices.Concat(environ, []string{"TERM=dumb", "RC=" + rc, "LANG=C.UTF-8"})
	cmd.Stdin, cmd.Stdout, cmd.Stderr = end, end, end
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	go func() {
		for {
			b := make([]byte, 4096)
			n, err := person.Read(b)
			if err != nil {
				return
			}
			s.seen <- b[:n]
		}
	}()
	s.run("source $RC") // bash and zsh know it too
	return s
}

// run types a line and returns what is to be seen until the prompt after it is
// ready.
func (s *promptShell) run(line string) string {
	s.t.Helper()
	s.n++
	// The second line is run after the prompt that follows the first.
	done := fmt.Sprintf("done-%d.", s.n)
	if _, err := io.WriteString(s.person, line+"\nprintf 'done-%s.' "+fmt.Sprint(s.n)+"\n"); err != nil {
		s.t.Fatal(err)
	}
	limit := time.After(60 * time.Second)
	for {
		if before, after, ok := strings.Cut(s.text.String(), done); ok {
			s.text.Reset()
			s.text.WriteString(after)
			return before
		}
		select {
		case b := <-s.seen:
			s.text.Write(b)
		case <-limit:
			s.t.Fatalf("%s: no prompt after %q:\n%s", s.name, line, s.text.String())
		}
	}
}

func (s *promptShell) started() int {
	s.t.Helper()
	text, err := os.ReadFile(s.starts)
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Count(string(text), "\n")
}

// expect types a line; godrift must have been started if it had to look, and must
// not if it had not, and says something if there is something to say.
func (s *promptShell) expect(line string, looks bool, says string) {
	s.t.Helper()
	before := s.started()
	text := s.run(line)
	if got := s.started() > before; got != looks {
		s.t.Errorf("%s: after %q godrift was started: %v, want %v\n%s", s.name, line, got, looks, text)
	}
	if got := strings.Contains(text, "godrift: "); got != (says != "") || !strings.Contains(text, says) {
		s.t.Errorf("%s: after %q %q was to be said:\n%s", s.name, line, says, text)
	}
}

// settle lets the files get older than the last look.
func (s *promptShell) settle() {
	s.t.Helper()
	s.run("sleep 0.1")
	s.run("true")
}

func inShells(t *testing.T, f func(t *testing.T, name string, export func(variable, value string) string)) {
	for _, name := range []string{"bash", "zsh", "fish"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f(t, name, func(variable, value string) string {
				if name == "fish" {
					return "set -gx " + variable + " " + value
				}
				return "export " + variable + "=" + value
			})
		})
	}
}

func TestPromptHook(t *testing.T) {
	inShells(t, func(t *testing.T, name string, export func(variable, value string) string) {
		dir, environ := workspace(t) // go 1.26.0 in go.mod, 1.25.3 in .go-version; go1.26.2 runs
		top := filepath.Dir(dir)
		environ[1] += ":/usr/bin:/bin"
		for _, sub := range []string{"sub/deep", "../plain"} {
			if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n\ngo 1.24.0\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		s := startPrompt(t, name, top, "", environ)
		s.expect("cd plain", false, "")
		const drift = ".go-version:1 pins go1.25.3"
		s.expect("cd ../app", true, drift)
		s.settle()
		s.expect("true", false, "")
		s.expect("cd sub/deep", false, "")
		s.expect("echo ignored > file", false, "")
		s.expect("echo 1.26.2 > ../../.go-version", true, "")
		s.settle()
		s.expect("true", false, "")
		s.expect(export("GOTOOLCHAIN", "go1.99.0x"), true, "invalid GOTOOLCHAIN")
		s.expect(export("GOTOOLCHAIN", "auto"), true, "")
		s.expect("cd /", false, "")
		s.expect("cd "+dir, true, "")
		s.expect("mv .go-version old; printf 'go 1.25.3' > .go-version; rm old; echo 1.25.3 > .go-version", true, drift)
		s.settle()
		s.expect("rm .go-version", true, "")
		s.settle()
		s.expect("touch -d 2001-01-01 new; mv new .tool-versions; echo golang 1.24.1 > .tool-versions", true, "pins go1.24.1")
		s.settle()
		s.expect("cd ../plain", false, "")
		s.expect("cd ../app", true, "pins go1.24.1") // whoever comes back is told again
		if entries, err := os.ReadDir(top); err != nil || len(entries) == 0 {
			t.Error(entries, err)
		}
	})
}

// TestPromptHookManners holds that the hook leaves the shell as it was.
func TestPromptHookManners(t *testing.T) {
	inShells(t, func(t *testing.T, name string, _ func(variable, value string) string) {
		dir, environ := workspace(t)
		environ[1] += ":/usr/bin:/bin"
		before := map[string]string{
			"bash": `PROMPT_COMMAND='printf "mine-%s." $?'`,
			"zsh":  `mine() { printf "mine-%s." $?; }; precmd_functions=(mine)`,
			"fish": `function mine --on-event fish_prompt; printf "mine-%s." $status; end`,
		}[name]
		s := startPrompt(t, name, dir, before, environ)
		status := map[string]string{"bash": "$?", "zsh": "$?", "fish": "$status"}[name]
		s.run("true")
		if text := s.run("false"); !strings.Contains(text, "mine-1.") {
			t.Errorf("the prompt command that was there sees another status, or is gone:\n%s", text)
		}
		once := map[string][2]string{
			"bash": {`echo "($PROMPT_COMMAND)"`, `(__godrift_prompt;printf "mine-%s." $?)`},
			"zsh":  {`echo "($precmd_functions)"`, "(__godrift_prompt mine)"},
			"fish": {"functions -n | grep -c __godrift_prompt", "1"},
		}[name]
		if text := s.run(once[0]); !strings.Contains(text, once[1]) {
			t.Errorf("not there once:\n%s", text)
		}
		if text := s.run("sh -c 'exit 7'; printf 'is-%s.' " + status); !strings.Contains(text, "is-7.") {
			t.Errorf("the status is lost:\n%s", text)
		}
		if name == "fish" {
			return
		}
		for _, line := range []string{"set -u", "set -e", "cd /", "cd " + dir, "unset GOFLAGS GOROOT TMPDIR; true", "set +e; set +u"} {
			if text := s.run(line); strings.Contains(text, "unbound") || strings.Contains(text, "not set") {
				t.Errorf("after %q:\n%s", line, text)
			}
		}
		if name == "bash" {
			s.run(`PROMPT_COMMAND=('printf "one."' 'printf "two-%s." $?'); source <(grep -v '^PROMPT_COMMAND=' "$RC")`)
			if text := s.run("false"); !strings.Contains(text, "one.") || !strings.Contains(text, "two-") {
				t.Errorf("a list of prompt commands:\n%s", text)
			}
			if text := s.run(`echo "${#PROMPT_COMMAND[@]} ${PROMPT_COMMAND[0]}"`); !strings.Contains(text, "3 __godrift_prompt") {
				t.Errorf("the list of prompt commands:\n%s", text)
			}
		}
		began := s.started()
		s.run("__godrift_key=; __godrift_prompt 2>/dev/null")
		if got := s.started() - began; got > 1 {
			t.Errorf("without a terminal godrift was started %d times", got)
		}
	})
}

// awkward is hard to quote for one shell or another, and no valid UTF-8.
const awkward = "-L'it''s \"q\" $HOME ${X} `id` $(id)' !! !x \\ \\\\ a\\'b\nsecond line\t\xff\xfe \u00e9 *?[a]{b,c} ~ # ; & |"

// TestPromptDrift holds that a shell whose variables are not as they were accepted
// is told so and what to type, and that what it types brings them back, byte for
// byte.
func TestPromptDrift(t *testing.T) {
	inShells(t, func(t *testing.T, name string, export func(variable, value string) string) {
		dir, environ := workspace(t)
		if err := os.Remove(filepath.Join(dir, ".go-version")); err != nil {
			t.Fatal(err)
		}
		environ[1] += ":/usr/bin:/bin:" + filepath.SplitList(os.Getenv("PATH"))[0] // where godrift is
		environ = append(environ, "GODEBUG="+awkward, "GOFLAGS=-tags=a")
		accept := func(environ []string) {
			t.Helper()
			var out, complaint bytes.Buffer
			c := cli.Command{Stdout: &out, Stderr: &complaint, Environ: environ, Dir: dir}
			if code := c.Main([]string{"accept"}); code != cli.ExitOK {
				t.Fatalf("exit code %d\n%s", code, complaint.String())
			}
		}
		accept(environ)
		s := startPrompt(t, name, dir, "", environ)
		back := map[string]string{
			"bash": `eval "$(godrift rollback --shell bash)"`, "zsh": `eval "$(godrift rollback --shell zsh)"`, "fish": "godrift rollback --shell fish | source",
		}[name]
		isAwkward := func() {
			t.Helper()
			text := s.run(`sh -c 'printf "%s" "$GODEBUG" | od -An -v -tx1 | tr -d " \n"; echo .'`)
			if !strings.Contains(text, fmt.Sprintf("%x.", awkward)) {
				t.Errorf("GODEBUG is another one:\n%s", text)
			}
		}
		isAwkward()
		s.settle()
		s.expect("true", false, "")
		s.expect(export("GOFLAGS", "-tags=b"), true, "GOFLAGS=-tags=b, from the environment of this shell; accepted was -tags=a ("+back+")")
		s.settle()
		s.expect("true", false, "") // it was said
		s.expect(back, true, "")
		s.expect(export("GODEBUG", "x")+"; "+export("GOFLAGS", "-tags=c"), true, "GOFLAGS=-tags=c")
		s.expect(back, true, "")
		isAwkward()
		unset := map[string]string{"bash": "unset ", "zsh": "unset ", "fish": "set -e "}[name]
		s.expect(unset+"GODEBUG; "+unset+"GOFLAGS", true, "GOFLAGS is not set; accepted was -tags=a")
		s.expect(back, true, "")
		isAwkward()
		s.expect(export("GOARCH", "arm64")+"; "+export("GOFLAGS", "-tags=c"), true, "(and 1 more)")
		s.expect(back, true, "")

		// Whatever else is accepted counts at the next prompt, in every shell.
		s.settle()
		accept(slices.Concat(environ, []string{"GOFLAGS=-tags=z"}))
		s.expect("true", true, "GOFLAGS=-tags=a, from the environment of this shell; accepted was -tags=z")
		accept(environ)
		s.expect("true", true, "")
		s.settle()
		s.expect("cd /", false, "")
		s.expect(export("GOFLAGS", "-tags=d"), false, "") // nothing of a workspace
	})
}
