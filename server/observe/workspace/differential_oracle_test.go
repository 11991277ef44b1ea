//go:build linux

package workspace_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// answers are what the real go command says on a machine.
type answers struct {
	// Go is the file that a shell would run; empty if there is none.
	Go       string
	Selected string // third word of go version
	Error    string // of go version
	How      drift.How
	Env      map[string]string // go env -json
	EnvError string
	List     string // of go list -m, if it fails
	// Stub says that a stand-in answered, whose go env means nothing.
	Stub bool
}

// limit is far beyond what a go command takes that has nothing to download.
const limit = time.Minute

// ask runs the real go command.
func (m *machine) ask() (*answers, error) {
	a := &answers{Go: m.shellPath("go")}
	if a.Go == "" {
		a.How = drift.HowNoGo
		return a, nil
	}
	out, stderr, ok, err := m.run(a.Go, "version")
	if err != nil {
		return nil, err
	}
	if ok {
		fields := strings.Fields(out)
		if len(fields) < 3 {
			return nil, fmt.Errorf("go version prints %q", out)
		}
		a.Selected = fields[2]
	} else {
		a.Error, a.How = stderr, drift.HowError
	}
	out, stderr, ok, err = m.run(a.Go, "env", "-json")
	if err != nil {
		return nil, err
	}
	if ok {
		if err := json.Unmarshal([]byte(out), &a.Env); err != nil {
			return nil, fmt.Errorf("go env -json prints %q: %w", out, err)
		}
		delete(a.Env, "GOGCCFLAGS")
		a.Stub = strings.HasPrefix(a.Env["GOROOT"], "/stub/")
	} else {
		a.EnvError = stderr
	}
	if a.Error == "" {
		_, stderr, ok, err = m.run(a.Go, "list", "-m")
		if err != nil {
			return nil, err
		}
		if !ok {
			a.List = stderr
		}
		if err := m.how(a); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// how finds out which way the answer came.
func (m *machine) how(a *answers) error {
	if a.Stub {
		a.How = drift.HowPath
		return nil
	}
	// The go that was started, on its own. A shim may set what is unset here,
	// but hands the words of the command line on.
	local, err := m.localVersion(a.Go)
	if err != nil {
		return err
	}
	switch {
	case local == a.Selected:
		a.How = drift.HowLocal
	case m.execPath(a.Selected) != "":
		a.How = drift.HowPath
	default:
		// A go1.x on PATH need not be what its name says: the folder tells.
		// Where it does not (go env stops), nothing but the cache has the version.
		out, _, ok, err := m.run(a.Go, "env", "GOROOT")
		if err != nil {
			return err
		}
		a.How = drift.HowPath
		if !ok || strings.HasPrefix(out, m.root) && strings.Contains(out, "golang.org/toolchain@") {
			a.How = drift.HowModCache
		}
	}
	return nil
}

// localVersion reads the version of the program that a shim, or the shell,
// starts.
func (m *machine) localVersion(program string) (string, error) {
	if text, err := os.ReadFile(program); err == nil && bytes.HasPrefix(text, []byte("#!")) {
		for _, word := range strings.Fields(string(text)) {
			if strings.HasSuffix(word, "/bin/go") {
				program = word
			}
		}
	}
	resolved, err := filepath.EvalSymlinks(program)
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(resolved), "..", "VERSION"))
	if err != nil {
		return "", err
	}
	v, _, _ := strings.Cut(string(text), "\n")
	return v, nil
}

// run runs one go command. It reports false if the command failed, and an
// error if it could not be run. "go: downloading" lines and white space at the
// end of a message are left out.
func (m *machine) run(program string, args ...string) (stdout, stderr string, ok bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(ctx, program)
	cmd.Args = append([]string{"go"}, args...)
	cmd.Dir = m.cwd
	// Nothing here may reach the network, whatever a scenario says: a proxy that
	// nobody listens at.
	cmd.Env = append(m.environ(), "HTTP_PROXY=http://127.0.0.1:9", "HTTPS_PROXY=http://127.0.0.1:9")
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", "", false, fmt.Errorf("go %s takes more than %v", strings.Join(args, " "), limit)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", "", false, err
	}
	var kept []string
	for line := range strings.Lines(errs.String()) {
		if !strings.HasPrefix(line, "go: downloading ") {
			kept = append(kept, line)
		}
	}
	return out.String(), strings.TrimRight(strings.Join(kept, ""), " \t\r\n"), err == nil, nil
}

// shellPath finds a program as a POSIX shell does.
func (m *machine) shellPath(name string) string {
	for _, dir := range strings.Split(m.env["PATH"], ":") {
		if path := m.program(dir, name); path != "" {
			return path
		}
	}
	return ""
}

// execPath finds a program as exec.LookPath does: what is found through a
// relative entry is refused, and nothing after it is tried.
func (m *machine) execPath(name string) string {
	for _, dir := range strings.Split(m.env["PATH"], ":") {
		if path := m.program(dir, name); path != "" {
			if !filepath.IsAbs(dir) {
				return ""
			}
			return path
		}
	}
	return ""
}

func (m *machine) program(dir, name string) string {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(m.cwd, dir)
	}
	path := filepath.Join(dir, name)
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o111 == 0 {
		return ""
	}
	return path
}
