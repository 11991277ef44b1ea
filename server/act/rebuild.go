package act

import (
	"cmp"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
)

// checkRebuild keeps out what could be taken for a path or a flag, and what does
// not put the same program in the place of another.
func checkRebuild(opts *Options, a drift.Action) error {
	fail := func(format string, args ...any) error {
		return fmt.Errorf("rebuilding %s: %w", a.File, fmt.Errorf(format, args...))
	}
	switch {
	case opts.Untrusted:
		return fail("nothing is downloaded or built for a folder that is not trusted; trust the folder and apply the fix again")
	case !filepath.IsAbs(a.File):
		return fail("the name of the file must be absolute")
	case module.CheckImportPath(a.Package) != nil || !strings.Contains(strings.SplitN(a.Package, "/", 2)[0], "."):
		return fail("%q is no import path of a program", a.Package)
	case semver.Canonical(a.Version) != a.Version || a.Version == "":
		return fail("%q is no version of a module, such as v1.2.3", a.Version)
	case strings.TrimSuffix(filepath.Base(a.File), ".exe") != programOf(a.Package):
		return fail("%s is another program", a.Package)
	}
	return checkToolchain(a.Toolchain)
}

// programOf is what go install calls the program of a package (cmd/go's
// load.DefaultExecName).
func programOf(pkg string) string {
	last := path.Base(pkg)
	if len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" && last != "v0" && last != "v1" {
		last = path.Base(path.Dir(pkg))
	}
	return last
}

// build has a go command that is here already build a program with exactly one
// toolchain: go install PACKAGE@VERSION takes it from GOTOOLCHAIN, and passes by
// a "+auto" behind it. What comes out is looked at before it is believed, and
// then kept under its hash, which is returned.
func build(ctx context.Context, opts *Options, a drift.Action) (hash string, err error) {
	what := a.Package + "@" + a.Version
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("building %s with %s: %w", what, a.Toolchain, err)
	}
	if opts.build != nil {
		return opts.build(a)
	}
	kept, err := keptTools(opts)
	if err != nil {
		return fail(err)
	}
	program, goroot, err := fetcher(opts)
	if err != nil {
		return fail(err)
	}
	dir, err := os.MkdirTemp(kept, "build-")
	if err != nil {
		return fail(err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left is swept with the next fix

	limit := cmp.Or(opts.InstallLimit, installLimit)
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	opts.progress("Building "+programOf(a.Package)+" "+a.Version+" with "+a.Toolchain, 0, 0)
	env := append(buildEnv(opts, goroot), "GOBIN="+dir)
	_, proxy := settings(limited, program, dir, append(slices.Clone(env), "GOTOOLCHAIN=local"))
	out, err := runGo(limited, program, []string{"install", what}, dir, append(env, "GOTOOLCHAIN="+a.Toolchain))
	switch {
	case ctx.Err() != nil:
		return fail(fmt.Errorf("it was cancelled: %w", ctx.Err()))
	case errors.Is(limited.Err(), context.DeadlineExceeded):
		return fail(fmt.Errorf("it took longer than %s and was stopped: try again, what was downloaded and compiled so far is kept", limit))
	case err != nil:
		return fail(reason(what, proxy, out.stderr, err))
	}
	file := filepath.Join(dir, programOf(a.Package))
	if runtime.GOOS == "windows" {
		file += ".exe"
	}
	if err := verify(file, a); err != nil {
		return fail(err)
	}
	if hash, err = hashFile(file); err != nil {
		return fail(err)
	}
	if err := os.Rename(file, filepath.Join(kept, hash)); err != nil {
		return fail(err)
	}
	return hash, nil
}

// verify looks at what was built.
func verify(file string, a drift.Action) error {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return fmt.Errorf("what was built cannot be looked at: %w", err)
	}
	if info.Path != a.Package || info.Main.Version != a.Version || !isOf(info.GoVersion, a.Toolchain) {
		return fmt.Errorf("the go command built %s %s with %s in its place; nothing was replaced", info.Path, info.Main.Version, info.GoVersion)
	}
	return nil
}

// isOf reports whether a program's Go is a toolchain, to whose name experiments
// or a builder may have added something.
func isOf(goVersion, toolchain string) bool {
	rest, ok := strings.CutPrefix(goVersion, toolchain)
	return ok && (rest == "" || rest[0] == '-' || rest[0] == ' ')
}

// carried are the variables of the GOENV file that count for a build: where
// modules come from and are kept, and which C compiler there is. All others,
// such as GOOS and GOFLAGS=-mod=vendor, would make another program of it.
var carried = []string{
	"GOPROXY", "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GOSUMDB", "GOINSECURE", "GOVCS", "GOAUTH", "GOPATH", "GOMODCACHE",
	"GOCACHE", "GOCACHEPROG", "CC", "CXX", "AR", "PKG_CONFIG", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_LDFLAGS",
}

// buildEnv is the environment for building a program for this machine.
func buildEnv(opts *Options, goroot string) []string {
	env := slices.DeleteFunc(installEnv(opts, goroot), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return name == "GOENV" || name == "GOBIN" || name == "GOFLAGS"
	})
	env = append(env, "GOENV=off", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	user, err := readDisk(opts.GOENV)
	if err != nil || user == nil {
		return env
	}
	for _, name := range carried {
		value := goenvValue(user.Text, name)
		set := slices.ContainsFunc(env, func(kv string) bool { return strings.HasPrefix(kv, name+"=") && len(kv) > len(name)+1 })
		if value != nil && !set {
			env = append(env, name+"="+*value)
		}
	}
	return env
}
