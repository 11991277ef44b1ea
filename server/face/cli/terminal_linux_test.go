package cli_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"godrift.dev/server/face/cli"
)

// terminal opens a pseudo terminal. What is written to the second end can be
// read from the first, and the other way round.
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo terminals: %v", err)
	}
	t.Cleanup(func() { person.Close() })
	fd := int(person.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// workspace has a pin below its floor.
func workspace(t *testing.T) (dir string, environ []string) {
	t.Helper()
	top := t.TempDir()
	dir = filepath.Join(top, "app")
	for name, text := range map[string]string{"go.mod": "module m\n\ngo 1.26.0\n", ".go-version": "1.25.3\n"} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := plantGo(filepath.Join(top, "go"), "go1.26.2"); err != nil {
		t.Fatal(err)
	}
	return dir, []string{"HOME=" + top, "PATH=" + filepath.Join(top, "go", "bin"), "TERM=xterm"}
}

// talk runs a command on a terminal, types, and returns what is to be seen.
func talk(t *testing.T, dir string, environ []string, typed string, args ...string) (string, int) {
	t.Helper()
	person, program := terminal(t)
	if _, err := io.WriteString(person, typed); err != nil {
		t.Fatal(err)
	}
	const last = "\x00end\x00"
	seen := make(chan string)
	go func() {
		var all bytes.Buffer
		b := make([]byte, 4096)
		for {
			n, err := person.Read(b)
			all.Write(b[:n])
			if err != nil || bytes.Contains(all.Bytes(), []byte(last)) {
				seen <- strings.ReplaceAll(strings.TrimSuffix(all.String(), last), "\r\n", "\n")
				return
			}
		}
	}()
	c := cli.Command{Stdin: program, Stdout: program, Stderr: program, Environ: environ, Dir: dir, StateDir: filepath.Join(t.TempDir(), "state")}
	code := c.Main(args)
	if _, err := io.WriteString(program, last); err != nil {
		t.Fatal(err)
	}
	select {
	case text := <-seen:
		return text, code
	case <-time.After(30 * time.Second):
		t.Fatal("nothing came through the terminal")
		return "", 0
	}
}

func TestColor(t *testing.T) {
	dir, environ := workspace(t)
	for name, c := range map[string]struct {
		environ []string
		color   bool
	}{
		"a terminal":       {environ, true},
		"NO_COLOR":         {append([]string{"NO_COLOR=1"}, environ...), false},
		"an empty one":     {append([]string{"NO_COLOR="}, environ...), true},
		"a dumb terminal":  {append(environ[:len(environ):len(environ)], "TERM=dumb"), false},
		"both of the last": {append(environ[:len(environ):len(environ)], "TERM=dumb", "NO_COLOR=1"), false},
	} {
		text, code := talk(t, dir, c.environ, "", "check")
		if code != cli.ExitFindings || !strings.Contains(text, "pin-below-floor") {
			t.Fatalf("%s: exit code %d\n%s", name, code, text)
		}
		if got := strings.Contains(text, "\x1b["); got != c.color {
			t.Errorf("%s: colour %v, want %v\n%s", name, got, c.color, text)
		}
	}
}

func TestAsking(t *testing.T) {
	dir, environ := workspace(t)
	pin := func() string {
		text, err := os.ReadFile(filepath.Join(dir, ".go-version"))
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(text))
	}

	// No is no, and so is saying nothing.
	for _, typed := range []string{"n\nn\nn\n", "\n\n\n"} {
		text, code := talk(t, dir, environ, typed, "fix", "--apply")
		if code != cli.ExitOK || !strings.Contains(text, "Apply this fix? [y/N]") || !strings.Contains(text, "Nothing was changed.") || strings.Contains(text, "Nothing to fix") || pin() != "1.25.3" {
			t.Fatalf("answer %q: exit code %d, pin %s\n%s", typed, code, pin(), text)
		}
	}
	text, code := talk(t, dir, environ, "y\nn\nn\n", "fix", "--apply")
	if code != cli.ExitOK || pin() != "1.26.0" {
		t.Fatalf("exit code %d, pin %s\n%s", code, pin(), text)
	}
}
