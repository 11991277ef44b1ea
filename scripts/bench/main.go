// Command bench measures godrift beside what people use today, in turn
// (A B A B ...), and prints medians and ratios as a Markdown table.
//
//	go -C scripts/bench run . [-only 1,2,3,4,5,6,7,8,10] [-n 15] [folder ...]
//
// The folders are checkouts of real projects to measure the large cases on.
// Small workspaces are made for the purpose. It judges nothing: the figures
// that godrift wants to reach stand in server/PERFORMANCE.md. Memory is read
// from /proc, so on other systems than Linux it is missing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// bench is one run of this program.
type bench struct {
	ctx      context.Context
	n        int // pairs per figure
	edits    int
	valid    bool // measure gopls on large valid workspaces
	limit    time.Duration
	scratch  string
	godrift  string
	hello    string
	gopls    string // empty: not wanted
	renovate string // likewise
	cacheDir string // the build cache of figure 8; empty: the one in use
	folders  []string
}

// figures in the order of the page that records them.
var figures = []struct {
	number, title string
	measure       func(*bench) error
}{
	{"1", "Environment and selection, in process", (*bench).environment},
	{"2", "Start of the process, and the hook in a prompt", (*bench).coldStart},
	{"3", "Language server: from start to the first diagnostic of go.mod", (*bench).firstDiagnostic},
	{"4", "Language server: from an edit to its diagnostics", (*bench).edit},
	{"5", "Language server: from a rename on disk to its diagnostics", (*bench).rename},
	{"6", "Language server: memory", (*bench).memory},
	{"7", "Finding and reading every file that pins a Go", (*bench).scan},
	{"8", "Checking the build cache", (*bench).cache},
	{"10", "Trying a C compiler for a target", (*bench).probe},
}

func main() {
	var b bench
	only := flag.String("only", "1,2,3,4,5,6,7,8,10", "the figures to measure")
	flag.IntVar(&b.n, "n", 15, "pairs of runs per figure")
	flag.IntVar(&b.edits, "edits", 1000, "edits in figure 4; a fifth of it are the renames in figure 5")
	flag.BoolVar(&b.valid, "large-valid", false, "let gopls load the folders as they are: takes minutes and gigabytes")
	flag.DurationVar(&b.limit, "limit", 5*time.Minute, "the longest wait for one answer")
	flag.StringVar(&b.godrift, "godrift", "", "the godrift to measure; built from this checkout if empty")
	flag.StringVar(&b.renovate, "renovate", "", "the renovate to measure in figure 7 (npm install renovate)")
	flag.StringVar(&b.cacheDir, "cache", "", "the build cache to check in figure 8; the one in use if empty")
	memory := flag.Int64("hash-memory", 0, "compute the SHA-256 of so many bytes of memory and end; figure 8 starts itself so")
	noGopls := flag.Bool("no-gopls", false, "measure godrift alone")
	flag.Parse()
	if *memory > 0 {
		hashMemory(*memory)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	b.ctx = ctx
	err := b.run(*only, !*noGopls, flag.Args())
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(only string, gopls bool, folders []string) (err error) {
	if b.scratch, err = os.MkdirTemp("", "godrift-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.scratch)) }()
	for _, folder := range folders {
		abs, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		b.folders = append(b.folders, abs)
	}
	if err := b.prepare(gopls); err != nil {
		return err
	}
	b.header()
	wanted := map[string]bool{}
	for number := range strings.SplitSeq(only, ",") {
		wanted[strings.TrimSpace(number)] = true
	}
	for _, f := range figures {
		if !wanted[f.number] {
			continue
		}
		fmt.Printf("\n### %s. %s\n\n| case | A | B | A/B |\n| --- | --- | --- | --- |\n", f.number, f.title)
		if err := f.measure(b); err != nil {
			return fmt.Errorf("figure %s: %w", f.number, err)
		}
	}
	return nil
}

// goplsVersion is the gopls to compare with.
const goplsVersion = "v0.23.0"

// prepare builds and installs the programs to measure.
func (b *bench) prepare(gopls bool) error {
	if b.godrift == "" {
		b.godrift = filepath.Join(b.scratch, exe("godrift"))
		// As it is released: without libc, which a start would have to load.
		build := exec.CommandContext(b.ctx, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", b.godrift, "./server/cmd/godrift")
		build.Env = append(os.Environ(), "CGO_ENABLED=0")
		build.Dir = filepath.Join("..", "..")
		if err := b.do(build); err != nil {
			return err
		}
	}
	source := filepath.Join(b.scratch, "hello.go")
	text := "package main\n\nimport \"os\"\n\nfunc main() { os.Stdout.WriteString(\"hello\\n\") }\n"
	if err := os.WriteFile(source, []byte(text), 0o644); err != nil {
		return err
	}
	b.hello = filepath.Join(b.scratch, exe("hello"))
	if err := b.do(exec.CommandContext(b.ctx, "go", "build", "-o", b.hello, source)); err != nil {
		return err
	}
	if !gopls {
		return nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "godrift-e2e", "bin", "gopls")
	b.gopls = filepath.Join(dir, exe("gopls"))
	if out, err := exec.CommandContext(b.ctx, b.gopls, "version").Output(); err == nil && strings.Contains(string(out), goplsVersion) {
		return nil
	}
	install := exec.CommandContext(b.ctx, "go", "install", "golang.org/x/tools/gopls@"+goplsVersion)
	install.Env = append(os.Environ(), "GOBIN="+dir)
	return b.do(install)
}

func (b *bench) do(cmd *exec.Cmd) error {
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}

func exe(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// header says what was measured, when, and how busy the machine was.
func (b *bench) header() {
	commit := "unknown"
	if out, err := exec.CommandContext(b.ctx, "git", "describe", "--always", "--dirty").Output(); err == nil {
		commit = strings.TrimSpace(string(out))
	}
	load := ""
	if text, err := os.ReadFile("/proc/loadavg"); err == nil {
		load = ", load " + strings.Join(strings.Fields(string(text))[:3], " ")
	}
	fmt.Printf("%s, commit %s, %s %s/%s, %d processors%s\n", time.Now().UTC().Format("2006-01-02 15:04"), commit, runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), load)
}
