package ask

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/shell"
)

// DefaultLimit is how long a login shell may take. VS Code gives its own
// question as much (application.shellEnvironmentResolutionTimeout).
const DefaultLimit = 10 * time.Second

// LoginShell says whom to ask.
type LoginShell struct {
	// Environ is the environment that the shell is started with. Its SHELL, HOME
	// and USER say which shell starts, and where.
	Environ map[string]string
	// Files is where /etc/passwd is looked at if there is no SHELL.
	Files drift.Files
	// Reply is the program, with arguments, that the shell starts to answer: one
	// that calls [Reply] with the mark that is added as its last argument.
	Reply []string
	// Limit replaces DefaultLimit if it is not zero.
	Limit time.Duration
}

// maxEnvironment bounds an answer. Linux allows 6 MiB for all of a process's
// arguments and variables together.
const maxEnvironment = 8 << 20

// resolving are variables that tell start-up files that nobody sits there. Many
// people's files look for VS Code's, for its sake.
var resolving = []string{"GODRIFT_ASKS_SHELL", "VSCODE_RESOLVING_ENVIRONMENT"}

// own are the variables of the shell that was asked and of nothing else.
var own = append([]string{"_", "SHLVL", "PWD", "OLDPWD"}, resolving...)

// Environment starts the login shell and returns the environment it gives to
// programs. Values are bytes as they are, and may hold secrets.
func (l LoginShell) Environment(ctx context.Context) (map[string]string, error) {
	program, err := l.program()
	if err != nil {
		return nil, err
	}
	mark := rand.Text()
	args, err := arguments(program, append(l.Reply[:len(l.Reply):len(l.Reply)], mark))
	if err != nil {
		return nil, err
	}
	limit := l.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	text, err := l.run(limited, program, args, mark)
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, fmt.Errorf("ask the login shell %s: no answer within %s; one of its start-up files waits for something, or for somebody", program, limit)
	case errors.Is(err, io.EOF):
		return nil, fmt.Errorf("ask the login shell %s: it ended without an answer; a start-up file that calls exit, or starts another program in its place, can leave that out where %s is set", program, resolving[0])
	default:
		return nil, fmt.Errorf("ask the login shell %s: %w", program, err)
	}
	environ := map[string]string{}
	for _, entry := range bytes.Split(text, []byte{0}) {
		// Windows has variables named "=C:"; they are no business of ours.
		if i := bytes.IndexByte(entry, '='); i > 0 {
			environ[string(entry[:i])] = string(entry[i+1:])
		}
	}
	for _, name := range own {
		delete(environ, name)
	}
	return environ, nil
}

// program is the login shell of whoever has the environment.
func (l LoginShell) program() (string, error) {
	program := l.Environ["SHELL"]
	switch {
	case program != "":
	case runtime.GOOS == "windows":
		program = filepath.Join(l.Environ["SystemRoot"], "System32", "WindowsPowerShell", "v1.0", "powershell.exe")
	case runtime.GOOS == "darwin":
		program = "/bin/zsh"
	default:
		program = l.passwd()
	}
	if !filepath.IsAbs(program) {
		return "", fmt.Errorf("ask the login shell: SHELL is %q, which is no absolute path", program)
	}
	return program, nil
}

// passwd is the shell that /etc/passwd names for this user.
func (l LoginShell) passwd() string {
	const fallback = "/bin/sh"
	text, err := l.Files.ReadFile("/etc/passwd")
	if err != nil {
		return fallback
	}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(f) == 7 && f[2] == strconv.Itoa(os.Getuid()) && f[6] != "" {
			return f[6]
		}
	}
	return fallback
}

// arguments have a shell start as an interactive login shell and run a command.
func arguments(program string, command []string) ([]string, error) {
	name := strings.TrimSuffix(filepath.Base(program), ".exe")
	kind, err := shell.Named(name)
	if err != nil {
		return nil, fmt.Errorf("ask the login shell %s: %w", program, err)
	}
	words := make([]string, len(command))
	for i, word := range command {
		if words[i], err = shell.Quote(kind, word); err != nil {
			return nil, fmt.Errorf("ask the login shell %s: %q %w", program, word, err)
		}
	}
	line := strings.Join(words, " ")
	switch {
	case name == "powershell":
		return []string{"-NoLogo", "-NonInteractive", "-Command", "& " + line}, nil
	case kind == shell.PowerShell:
		return []string{"-Login", "-NoLogo", "-NonInteractive", "-Command", "& " + line}, nil
	}
	return []string{"-i", "-l", "-c", line}, nil
}

// run starts the shell and returns what stands between the marks. The error is
// io.EOF if the shell ended before.
func (l LoginShell) run(ctx context.Context, program string, args []string, mark string) ([]byte, error) {
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer out.Close()
	cmd := exec.Command(program, args...)
	cmd.Stdout = in
	cmd.Dir = l.Environ["HOME"]
	if info, err := os.Stat(cmd.Dir); err != nil || !info.IsDir() {
		cmd.Dir = string(filepath.Separator)
	}
	for name, value := range l.Environ {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	for _, name := range resolving {
		cmd.Env = append(cmd.Env, name+"=1")
	}
	ownSession(cmd)
	err = cmd.Start()
	in.Close()
	if err != nil {
		return nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended says nothing that the answer does not
		close(ended)
	}()
	type answer struct {
		text []byte
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		text, err := between(out, []byte(mark))
		answered <- answer{text, err}
	}()
	var a answer
	select {
	case a = <-answered:
	case <-ctx.Done():
		a.err = ctx.Err()
	case <-ended:
		// What it has started may hold the pipe open for ever, or write the answer
		// just now.
		select {
		case a = <-answered:
		case <-ctx.Done():
			a.err = ctx.Err()
		case <-time.After(time.Second):
			a.err = io.EOF
		}
	}
	endSession(cmd)
	<-ended
	return a.text, a.err
}

// between reads up to the second mark and returns what stands between the two.
func between(r io.Reader, mark []byte) ([]byte, error) {
	var text []byte
	begun := false
	b := make([]byte, 32<<10)
	for {
		n, err := r.Read(b)
		from := max(0, len(text)-len(mark))
		text = append(text, b[:n]...)
		if i := bytes.Index(text[from:], mark); i >= 0 && !begun {
			begun = true
			text = append([]byte(nil), text[from+i+len(mark):]...)
			from = 0
		}
		if begun {
			if i := bytes.Index(text[from:], mark); i >= 0 {
				return text[:from+i], nil
			}
			if len(text) > maxEnvironment {
				return nil, fmt.Errorf("its environment is larger than %d MiB", maxEnvironment>>20)
			}
		} else if len(text) > len(mark) {
			text = append(text[:0], text[len(text)-len(mark):]...) // banners
		}
		if err != nil {
			return nil, err
		}
	}
}

// Reply writes an environment between two marks. It is what the program does
// that a login shell starts.
func Reply(w io.Writer, mark string, environ []string) error {
	_, err := io.WriteString(w, mark+strings.Join(environ, "\x00")+mark)
	return err
}

// loginKeeps are the variables that somebody who logs in has before any start-up
// file was read.
var loginKeeps = []string{
	"HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
	"DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP", "WSL_DISTRO_NAME", "WSL_INTEROP",
}

// AtLogin is what is left of an environment for somebody who logs in anew. On
// Windows everything is: a new program gets what the registry says, which a
// PowerShell's profile then changes.
func AtLogin(environ map[string]string) map[string]string {
	if runtime.GOOS == "windows" {
		return environ
	}
	// sshd and login start with such a PATH; /etc/profile mostly makes another.
	left := map[string]string{"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}
	for _, name := range loginKeeps {
		if value, ok := environ[name]; ok {
			left[name] = value
		}
	}
	for name, value := range environ {
		if strings.HasPrefix(name, "LC_") {
			left[name] = value
		}
	}
	return left
}
