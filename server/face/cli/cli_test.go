package cli_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"godrift.dev/server/face/cli"
)

var update = flag.Bool("update", false, "write the golden files")

func TestMain(m *testing.M) {
	// A shell starts this test's own file where it would start godrift.
	if len(os.Args) > 1 && (os.Args[1] == "hook" || os.Args[1] == "reply-environment") {
		os.Exit((&cli.Command{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}).Main(os.Args[1:]))
	}
	testscript.Main(m, map[string]func(){
		"godrift": func() {
			command := cli.Command{
				Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Version: "v0.0.0-test",
				Serve: func(_ context.Context, s cli.Server) int {
					fmt.Fprintf(s.Out, "serving %s\n", s.Version)
					return 7
				},
				Monitor: func(_ context.Context, m cli.Monitoring) int {
					fmt.Fprintf(m.Err, "monitoring %q, here %q, log %s\n", m.Workspaces, m.Here, m.LogFormat)
					return 3
				},
			}
			os.Exit(command.Main(os.Args[1:]))
		},
	})
}

// interrupt makes of all fixes what a kill leaves just before they are closed.
func interrupt(dir string) error {
	db, err := sql.Open("sqlite", filepath.Join(dir, "godrift.db"))
	if err != nil {
		return err
	}
	defer db.Close()
	var token string
	if err := db.QueryRow("UPDATE journal SET state = 'doing', finished = 0 RETURNING token").Scan(&token); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "locks", "entry-"+token+".lock"), nil, 0o600)
}

func TestScripts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the scripts use names and permissions of Unix")
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			if err := plantGo(filepath.Join(e.WorkDir, "go1.26.2"), "go1.26.2"); err != nil {
				return err
			}
			if err := os.MkdirAll(home, 0o755); err != nil {
				return err
			}
			e.Vars = append(e.Vars,
				"HOME="+home, "XDG_STATE_HOME="+filepath.Join(home, "state"), "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=",
				"PATH="+filepath.Join(e.WorkDir, "go1.26.2", "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
				"BIN="+filepath.SplitList(os.Getenv("PATH"))[0], // where testscript has put godrift
				"NOBIN="+strings.Join(filepath.SplitList(os.Getenv("PATH"))[1:], string(os.PathListSeparator)),
				"GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@t", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@t",
				"BASHPATH="+bashPath(), "CI=", "GITHUB_WORKSPACE=", "PRE_COMMIT=", "GOTOOLCHAIN=", "GOFLAGS=", "GOROOT=", "GOPATH=", "SHELL=/bin/bash",
				"TMPDIR="+filepath.Join(e.WorkDir, "tmp"),
			)
			return os.MkdirAll(filepath.Join(e.WorkDir, "tmp"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"golden": golden,
			"interrupt": func(ts *testscript.TestScript, _ bool, _ []string) {
				ts.Check(interrupt(filepath.Join(ts.Getenv("XDG_STATE_HOME"), "godrift")))
			},
			"plantgo": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(plantGo(ts.MkAbs(args[0]), args[1]))
			},
			"planttool": func(ts *testscript.TestScript, _ bool, args []string) {
				// planttool FILE GO PACKAGE MODULE VERSION [XTOOLS]
				args = append(args, "")
				ts.Check(plantTool(ts.MkAbs(args[0]), args[1], args[2], args[3], args[4], args[5]))
			},
			"bytes": func(ts *testscript.TestScript, _ bool, args []string) {
				// bytes NAME TEXT: both as Go strings, for what txtar cannot hold.
				name, text := unescape(args[0]), unescape(args[1])
				file := filepath.Join(ts.Getenv("WORK"), name)
				ts.Check(os.MkdirAll(filepath.Dir(file), 0o755))
				ts.Check(os.WriteFile(file, []byte(text), 0o644))
			},
			"exits": exits,
		},
	})
}

// unescape knows \xNN and \n.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		var n byte
		switch {
		case strings.HasPrefix(s[i:], `\x`) && len(s) >= i+4:
			if _, err := fmt.Sscanf(s[i+2:i+4], "%02x", &n); err == nil {
				b.WriteByte(n)
				i += 3
				continue
			}
		case strings.HasPrefix(s[i:], `\n`):
			b.WriteByte('\n')
			i++
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// exits CODE ARGS… runs godrift and demands an exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGS…")
	}
	err := ts.Exec("godrift", args[1:]...)
	code := "0"
	if err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("godrift %s: exit code %s, want %s", strings.Join(args[1:], " "), code, args[0])
	}
}

// golden STREAM NAME compares a stream with testdata/golden/NAME, the working
// folder written as $WORK.
func golden(ts *testscript.TestScript, _ bool, args []string) {
	got := ts.ReadFile(args[0])
	work := ts.Getenv("WORK")
	if real, err := filepath.EvalSymlinks(work); err == nil {
		got = strings.ReplaceAll(got, real, "$WORK")
	}
	got = stable(strings.ReplaceAll(got, work, "$WORK"))
	file := filepath.Join(goldenDir, args[1])
	if *update {
		ts.Check(os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	ts.Check(err)
	if string(want) != got {
		ts.Fatalf("%s is not as it was (go test -update accepts it):\n--- want\n%s--- got\n%s", args[1], want, got)
	}
}

// stable takes out what differs between machines: the IDs of fixes, which depend
// on the folder, times, and the Gos that are installed outside the test.
func stable(s string) string {
	s = fixID.ReplaceAllString(s, "${1}000000000000")
	s = shownID.ReplaceAllString(s, "${1}000000000000")
	s = acceptedAt.ReplaceAllString(s, "${1}2026-01-01T00:00:00Z")
	s = foreignGo.ReplaceAllString(s, "")
	return goRow.ReplaceAllStringFunc(s, func(row string) string { return blanks.ReplaceAllString(row, "  ") })
}

var (
	fixID      = regexp.MustCompile(`("id": "[a-z-]+-)[0-9a-f]{12}`)
	shownID    = regexp.MustCompile(`(--finding [a-z-]+-)[0-9a-f]{12}`)
	foreignGo  = regexp.MustCompile(`(?m)^ +(\* +)?\S+ +(PATH|system|sdk|modcache|gobin) +/.*\n`)
	goRow      = regexp.MustCompile(`(?m)^ +(\* +)?\S+ +(PATH|system|sdk|modcache|gobin) +.*$`)
	blanks     = regexp.MustCompile(` {2,}`)
	acceptedAt = regexp.MustCompile(`("acceptedAt": "|- Looked at: )[0-9TZ:.-]+`)
)

// goldenDir is absolute, for scripts change the folder.
var goldenDir = func() string {
	dir, err := filepath.Abs(filepath.Join("testdata", "golden"))
	if err != nil {
		panic(err)
	}
	return dir
}()

// bashPath is empty where there is no bash.
func bashPath() string {
	path, err := exec.LookPath("bash")
	if err != nil {
		return ""
	}
	return path
}
