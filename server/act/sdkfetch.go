package act

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"path/filepath"
	"runtime"
	"strings"

	"godrift.dev/server/drift"
)

// fetchSDK has a go command that is here already download a toolchain, and returns
// its folder in the module cache. A go from before 1.21 can: it takes it for a
// module like others.
func fetchSDK(ctx context.Context, opts *Options, name string) (string, error) {
	fail := func(err error) (string, error) { return "", fmt.Errorf("downloading %s: %w", name, err) }
	if opts.fetch != nil {
		return opts.fetch(name)
	}
	program, goroot, old, err := anyFetcher(opts)
	if err != nil {
		return fail(err)
	}
	what := "golang.org/toolchain@v0.0.1-" + name + "." + runtime.GOOS + "-" + runtime.GOARCH
	out, proxy, err := fetching(ctx, opts, name, program, goroot, func(ctx context.Context, dir string, env []string) ([]string, []string, error) {
		args := []string{"mod", "download", "-json", what}
		if !old {
			return args, env, nil
		}
		// From 1.21 on the go command checks a toolchain against the checksum database
		// whatever the settings say (cmd/go/internal/modfetch, useSumDB).
		out, err := runGo(ctx, program, []string{"env", "GOSUMDB", "GOPROXY"}, dir, env)
		sum, from, _ := strings.Cut(out.stdout, "\n")
		if err != nil || sum == "off" && !strings.HasPrefix(from, "file://") {
			return nil, nil, cmp.Or(err, errors.New("GOSUMDB=off leaves nothing to check it against: unset GOSUMDB"))
		}
		return args, append(env, "GONOSUMDB=none.invalid", "GOPRIVATE=none.invalid", "GOINSECURE=none.invalid"), nil
	})
	if ended := (*fetchEnded)(nil); errors.As(err, &ended) {
		return fail(ended.err)
	}
	// It tells of an error in its answer, too.
	var got struct{ Dir, Error string }
	if jerr := json.Unmarshal([]byte(out.stdout), &got); jerr == nil && got.Error == "" && filepath.IsAbs(got.Dir) {
		return got.Dir, nil
	}
	return fail(reason(name, proxy, cmp.Or(got.Error, out.stderr), cmp.Or(err, errors.New("it says nothing"))))
}

// anyFetcher picks a go command: one that checks toolchains by itself, else one
// from before 1.21, or one of which that is not known.
func anyFetcher(opts *Options) (program, goroot string, old bool, err error) {
	var other drift.Toolchain
	for _, t := range opts.Toolchains {
		switch {
		case t.Shim || !filepath.IsAbs(t.Executable) || version.Compare(t.Version, "go1.17") < 0:
		case version.Compare(t.Version, firstSwitching) >= 0:
			return t.Executable, wholeGOROOT(t.GOROOT), false, nil
		case other.Executable == "":
			other = t
		}
	}
	if other.Executable != "" {
		return other.Executable, wholeGOROOT(other.GOROOT), true, nil
	}
	program, goroot, err = fetcher(opts)
	return program, goroot, true, err
}
