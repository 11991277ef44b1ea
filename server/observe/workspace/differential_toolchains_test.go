//go:build linux

package workspace_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"godrift.dev/server/drift"
)

// versions are the real toolchains the scenarios are made of, at least one of
// every behaviour of toolchain selection there has been.
var versions = []string{"1.20.14", "1.21.0", "1.21.13", "1.22.12", "1.23.12", "1.24.9", "1.25.3", "1.26.8"}

// cacheable are those that a scenario's module cache may hold.
var cacheable = versions[:len(versions)-1]

// toolchains are the fetched ones.
type toolchains struct {
	host     drift.Host
	roots    map[string]string // by version, without "go"
	modCache string
	goEnv    string // go.env as Go is shipped
	proxy    string // the host in its GOPROXY
	sumdb    string // the host in its GOSUMDB
}

var fetch = sync.OnceValues(fetchToolchains)

// fetched returns the toolchains, fetching what is missing into the module
// cache of this machine. Without them nothing can be compared: the test fails.
func fetched(t *testing.T) *toolchains {
	t.Helper()
	tcs, err := fetch()
	if err != nil {
		t.Fatalf("the real Go toolchains that this test compares with cannot be had: %v\n"+
			"They come through the module proxy with GOTOOLCHAIN=goX.Y.Z go version; check GOPROXY and the network.", err)
	}
	return tcs
}

func fetchToolchains() (*toolchains, error) {
	tcs := &toolchains{
		host:  drift.Host{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH},
		roots: map[string]string{},
	}
	dir, err := os.MkdirTemp("", "drift-fetch")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ask := func(program, v, variable string) (string, error) {
		cmd := exec.Command(program, "env", variable)
		cmd.Dir = dir
		// Without PATH no go1.x there can serve; GOROOT, GOFLAGS and the like of
		// this process are none of the matter.
		cmd.Env = append(os.Environ(), "GOTOOLCHAIN=go"+v, "PATH=", "GOFLAGS=", "GO111MODULE=", "GOROOT=", "GOWORK=off", "PWD="+dir)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			return "", fmt.Errorf("GOTOOLCHAIN=go%s go env %s: %w: %s", v, variable, err, bytes.TrimSpace(stderr.Bytes()))
		}
		return strings.TrimSpace(string(out)), nil
	}
	program, err := exec.LookPath("go")
	if err != nil {
		return nil, err
	}
	newest := versions[len(versions)-1]
	if tcs.roots[newest], err = ask(program, newest, "GOROOT"); err != nil {
		return nil, err
	}
	// From here on the newest one asks, so that none is found to be running
	// already and each is in the module cache.
	program = filepath.Join(tcs.roots[newest], "bin", "go")
	for _, v := range cacheable {
		if tcs.roots[v], err = ask(program, v, "GOROOT"); err != nil {
			return nil, err
		}
	}
	if tcs.modCache, err = ask(program, newest, "GOMODCACHE"); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(tcs.roots["1.25.3"], "go.env"))
	if err != nil {
		return nil, err
	}
	tcs.goEnv = string(text)
	for line := range strings.Lines(tcs.goEnv) {
		line = strings.TrimSpace(line)
		if v, ok := strings.CutPrefix(line, "GOPROXY=https://"); ok {
			tcs.proxy, _, _ = strings.Cut(v, ",")
		}
		if v, ok := strings.CutPrefix(line, "GOSUMDB="); ok {
			tcs.sumdb = v
		}
	}
	if tcs.proxy == "" || tcs.sumdb == "" {
		return nil, fmt.Errorf("no GOPROXY and GOSUMDB in the go.env of go1.25.3: %q", tcs.goEnv)
	}
	return tcs, nil
}

// replacer fills in what stands in braces in a scenario's texts.
func (tcs *toolchains) replacer(root string) *strings.Replacer {
	pairs := []string{
		"{ROOT}", root,
		"{PROXYHOST}", tcs.proxy,
		"{SUMDB}", tcs.sumdb,
		"{HOST}", tcs.host.GOOS + "/" + tcs.host.GOARCH,
		"{GOOS}", tcs.host.GOOS,
		"{GOARCH}", tcs.host.GOARCH,
		"{SHIPPED}", tcs.goEnv,
	}
	for v, dir := range tcs.roots {
		pairs = append(pairs, "{TC:"+v+"}", dir)
	}
	return strings.NewReplacer(pairs...)
}
