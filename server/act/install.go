package act

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/version"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/drift"
)

// installLimit bounds one download.
const installLimit = 15 * time.Minute

// firstSwitching is the oldest Go that can fetch another one.
const firstSwitching = "go1.21"

// toolchainName keeps out what could be taken for a path or a flag.
var toolchainName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^go1(\.[0-9]+){1,2}((rc|beta)[0-9]+)?(-[0-9A-Za-z.-]+)?$`)
})

func checkToolchain(name string) error {
	if !toolchainName().MatchString(name) || !version.IsValid(name) {
		return fmt.Errorf("%q is no name of a Go toolchain, such as go1.25.3", name)
	}
	return nil
}

// install has a go command that is here already fetch the toolchain into the
// module cache. That way the user's own proxy, credentials and checksum
// database count, and nothing is trusted that the go command would not trust.
func install(ctx context.Context, opts *Options, name string) error {
	fail := func(err error) error { return fmt.Errorf("downloading %s: %w", name, err) }
	if err := checkToolchain(name); err != nil {
		return fail(err)
	}
	program, goroot, err := fetcher(opts)
	if err != nil {
		return fail(err)
	}
	out, proxy, err := fetching(ctx, opts, name, program, goroot, func(_ context.Context, _ string, env []string) ([]string, []string, error) {
		return []string{"version"}, append(env, "GOTOOLCHAIN="+name), nil
	})
	var ended *fetchEnded
	switch {
	case errors.As(err, &ended):
		return fail(ended.err)
	case err != nil:
		return fail(reason(name, proxy, out.stderr, err))
	}
	if words := strings.Fields(out.stdout); len(words) < 3 || words[2] != name && !strings.HasPrefix(words[2], name+"-") {
		return fail(fmt.Errorf("%s ran, but says %q: something named %s stands on PATH before it; look there", program, strings.TrimSpace(out.stdout), name))
	}
	return nil
}

// fetchEnded says that a go command was not asked, or was stopped: what it printed
// is no reason.
type fetchEnded struct{ err error }

func (e *fetchEnded) Error() string { return e.err.Error() }

// fetching has a go command download a toolchain, in an empty folder, within the time
// limit and with its progress shown. ask says which command it is and in which
// environment; it is given the one to begin with. proxy is where it was to come
// from. The error is a fetchEnded, or what the command ended with.
func fetching(ctx context.Context, opts *Options, name, program, goroot string, ask func(ctx context.Context, dir string, env []string) (args, environ []string, err error)) (out output, proxy string, err error) {
	dir, err := os.MkdirTemp("", "godrift-install-")
	if err != nil {
		return out, "", &fetchEnded{err}
	}
	defer os.RemoveAll(dir) //nolint:errcheck // an empty folder for temporary files
	limit := cmp.Or(opts.InstallLimit, installLimit)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	opts.progress("Downloading "+name, 0, 0)
	env := append(installEnv(opts, goroot), "GOTOOLCHAIN=local")
	args, environ, err := ask(limited, dir, slices.Clone(env))
	if err != nil {
		return out, "", &fetchEnded{err}
	}
	cache, proxy := settings(limited, program, dir, env)
	stop := watchGrowth(limited, opts, name, cache)
	out, err = runGo(limited, program, args, dir, environ)
	stop()
	switch {
	case ctx.Err() != nil:
		return out, proxy, &fetchEnded{fmt.Errorf("it was cancelled: %w", ctx.Err())}
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return out, proxy, &fetchEnded{fmt.Errorf("it took longer than %s and was stopped: try again, or look at the network and at GOPROXY", limit)}
	}
	return out, proxy, err
}

// fetcher picks the go command that fetches: the first that can, those on PATH
// first.
func fetcher(opts *Options) (program, goroot string, err error) {
	old := ""
	for _, t := range opts.Toolchains {
		switch v := t.Version; {
		case t.Shim || t.Executable == "" || !filepath.IsAbs(t.Executable):
		case version.Compare(v, firstSwitching) < 0:
			old = v
		default:
			return t.Executable, wholeGOROOT(t.GOROOT), nil
		}
	}
	// A shim, or nobody has looked yet: let the one on PATH try.
	if program := onPath(opts.Environ["PATH"]); program != "" {
		return program, "", nil
	}
	next := "install a current Go from https://go.dev/dl/"
	if old != "" {
		return "", "", fmt.Errorf("%s cannot fetch toolchains, that takes Go 1.21 or newer: %s", old, next)
	}
	return "", "", errors.New("there is no go on PATH that could fetch it: " + next)
}

// wholeGOROOT returns the folder if the go command takes it for a GOROOT
// (cmd/go/internal/cfg, isGOROOT). Naming it keeps a GOROOT in the GOENV file,
// which may be wrong, from counting.
func wholeGOROOT(dir string) string {
	if info, err := os.Stat(filepath.Join(dir, "pkg", "tool")); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

// onPath finds an executable go in the absolute folders of PATH.
func onPath(path string) string {
	name := "go"
	if runtime.GOOS == "windows" {
		name = "go.exe"
	}
	for _, dir := range filepath.SplitList(path) {
		if !filepath.IsAbs(dir) {
			continue // never run what lies in the folder one happens to be in
		}
		file := filepath.Join(dir, name)
		info, err := os.Stat(file)
		if err == nil && info.Mode().IsRegular() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
			return file
		}
	}
	return ""
}

// misleading are variables that would keep the go command from fetching what it
// is asked for, or make it stop before it does.
var misleading = []string{
	"GOROOT", "GOFLAGS", "GO111MODULE", "GOWORK", "GOTOOLCHAIN", "GODEBUG", "GOOS", "GOARCH", "GOEXPERIMENT", "GOTMPDIR", "PWD",
	"GOTOOLCHAIN_INTERNAL_SWITCH_COUNT", "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION", "GOAMD64", "GOARM64", "GOARM", "GO386",
	"GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM", "GOFIPS140", "CGO_ENABLED",
}

// installEnv is the environment for fetching. Proxies, credentials and the
// checksum database stay as they are. The GOENV file could hold the misleading
// variables too; a value in the process environment goes before it.
func installEnv(opts *Options, goroot string) []string {
	env := []string{"GO111MODULE=on", "GOWORK=off", "GOFLAGS=-mod=mod"}
	if goroot != "" {
		env = append(env, "GOROOT="+goroot)
	}
	for name, value := range opts.Environ {
		if !slices.Contains(misleading, name) {
			env = append(env, name+"="+value)
		}
	}
	// The GOENV file could also name a GOROOT, from which the go command then
	// takes its go.env, and so has no checksum database where there is none
	// (cmd/go/internal/cfg, initEnvCache). Its own go.env counts.
	user, err := readDisk(opts.GOENV)
	if goroot != "" && err == nil && user != nil && goenvValue(user.Text, "GOROOT") != nil {
		if own, err := readDisk(filepath.Join(goroot, "go.env")); err == nil && own != nil {
			for _, name := range []string{"GOPROXY", "GOSUMDB"} {
				value := goenvValue(own.Text, name)
				if opts.Environ[name] == "" && goenvValue(user.Text, name) == nil && value != nil {
					env = append(env, name+"="+*value)
				}
			}
		}
	}
	slices.Sort(env)
	return env
}

// settings returns the module cache's folder for downloads and GOPROXY, empty
// if go does not tell.
func settings(ctx context.Context, program, dir string, env []string) (cache, proxy string) {
	out, err := runGo(ctx, program, []string{"env", "GOMODCACHE", "GOPROXY"}, dir, env)
	cache, proxy, _ = strings.Cut(out.stdout, "\n")
	if cache = strings.TrimSpace(cache); err != nil || !filepath.IsAbs(cache) {
		return "", ""
	}
	return filepath.Join(cache, "cache", "download", "golang.org", "toolchain", "@v"), strings.TrimSpace(proxy)
}

// watchGrowth reports how much of the archive has arrived. How large it will be
// is not known beforehand.
func watchGrowth(ctx context.Context, opts *Options, name, cache string) (stop func()) {
	if opts.Progress == nil || cache == "" {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		begun := time.Now()
		last := int64(0)
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			size, whole := arrived(cache, name, begun)
			if whole {
				opts.progress("Unpacking "+name, size, size)
				return
			}
			if size > last {
				opts.progress("Downloading "+name, size, 0)
			}
			last = size
		}
	}()
	return func() {
		cancel()
		<-finished
	}
}

// arrived is the size of the archive in the cache: whole, or what is there yet.
func arrived(cache, name string, since time.Time) (size int64, whole bool) {
	archives, err := filepath.Glob(filepath.Join(cache, "v0.0.1-"+name+".*.zip*"))
	if err != nil {
		return 0, false
	}
	for _, file := range archives {
		info, err := os.Stat(file)
		if err != nil || info.ModTime().Before(since.Add(-time.Minute)) {
			continue
		}
		if strings.HasSuffix(file, ".zip") {
			return info.Size(), true
		}
		if strings.HasSuffix(file, ".tmp") {
			size = max(size, info.Size())
		}
	}
	return size, false
}

// reason turns what the go command printed into an error that says what to do.
func reason(name, proxy, stderr string, err error) error {
	said := strings.TrimSpace(drift.MaskText(stderr))
	lines := slices.DeleteFunc(strings.Split(said, "\n"), func(line string) bool {
		return strings.HasPrefix(line, "go: downloading ") || strings.TrimSpace(line) == ""
	})
	if len(lines) > 6 {
		lines = lines[len(lines)-6:]
	}
	said = strings.Join(lines, "\n")
	if said == "" {
		return fmt.Errorf("the go command failed: %w", err)
	}
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, w) })
	}
	next := "look at what the go command says"
	switch {
	case proxy == "off" || has("GOPROXY=off", "disabled by GOPROXY"):
		// For a toolchain the go command says no more than "not available".
		next = "GOPROXY=off forbids downloads: allow a proxy, or take a toolchain that is here already"
	case has("checksum", "GOSUMDB", "GONOSUMDB", "verifying module"):
		next = "the download could not be verified against the checksum database: check GOSUMDB; godrift does not switch it off"
	case has("toolchain not available", "404 Not Found", "410 Gone", "not found"):
		next = "no " + name + " is published for " + runtime.GOOS + "/" + runtime.GOARCH + " where GOPROXY points: check the version"
	case has("no space left", "disk quota", "not enough space"):
		next = "make room on the disk of the module cache and try again"
	case has("permission denied", "read-only file system"):
		next = "the module cache cannot be written: check who owns it"
	case has("dial tcp", "lookup ", "i/o timeout", "connection refused", "connection reset", "no such host", "network is unreachable", "TLS", "proxyconnect", "x509"):
		next = "check the network and GOPROXY, then try again"
	}
	return fmt.Errorf("%s\nThe go command says: %s", next, said)
}
