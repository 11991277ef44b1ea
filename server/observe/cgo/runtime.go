package cgo

import (
	"fmt"
	"go/build"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// Runtime is what the package runtime/cgo asks of a compiler. Every program with
// C code is linked with it, so whoever cannot compile it can compile nothing.
type Runtime struct {
	// Headers are those that its C files include without a condition.
	Headers []string
	// CPPFlags, CFlags and LDFlags are those of its #cgo lines.
	CPPFlags, CFlags, LDFlags []string
}

// usual is taken where the package cannot be read: what it has asked for in every
// release.
var usual = Runtime{
	Headers: []string{"errno.h", "pthread.h", "signal.h", "stdint.h", "stdio.h", "stdlib.h", "string.h"},
	CFlags:  []string{"-Wall", "-Werror"},
}

// Context is go/build's for a target, looking at files as godrift does.
func Context(files drift.Files, t Target, minor int, cgoEnabled bool) *build.Context {
	ctxt := &build.Context{
		GOOS: t.GOOS, GOARCH: t.GOARCH, CgoEnabled: cgoEnabled, Compiler: "gc",
		OpenFile: func(name string) (io.ReadCloser, error) {
			f, err := drift.Open(files, name)
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{io.NewSectionReader(f, 0, maxSource), f}, nil
		},
		IsDir: func(name string) bool {
			info, err := files.Stat(name)
			return err == nil && info.IsDir()
		},
		ReadDir: func(name string) ([]fs.FileInfo, error) {
			entries, err := files.ReadDir(name)
			if err != nil {
				return nil, err
			}
			var list []fs.FileInfo
			for _, e := range entries {
				if info, err := e.Info(); err == nil {
					list = append(list, info)
				}
			}
			return list, nil
		},
	}
	for i := 1; i <= minor; i++ {
		ctxt.ReleaseTags = append(ctxt.ReleaseTags, fmt.Sprintf("go1.%d", i))
	}
	return ctxt
}

// maxSource bounds what is read of one source file.
const maxSource = 4 << 20

// ReadRuntime reads the package in the GOROOT that builds.
func ReadRuntime(files drift.Files, goroot string, t Target, minor int) Runtime {
	dir := filepath.Join(goroot, "src", "runtime", "cgo")
	pkg, err := Context(files, t, minor, true).ImportDir(dir, 0)
	if goroot == "" || err != nil || len(pkg.CFiles) == 0 {
		rt := usual
		if t.GOOS == "windows" {
			rt.Headers = []string{"errno.h", "process.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "windows.h"}
		}
		return rt
	}
	rt := Runtime{CPPFlags: pkg.CgoCPPFLAGS, CFlags: pkg.CgoCFLAGS, LDFlags: pkg.CgoLDFLAGS}
	for _, name := range append(pkg.CFiles, pkg.HFiles...) {
		text, err := files.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		// Headers of other targets are not told apart by their constraints.
		if strings.HasSuffix(name, ".h") && name != "libcgo.h" && name != "libcgo_"+libcgoKind(t)+".h" {
			continue
		}
		rt.Headers = append(rt.Headers, includes(string(text))...)
	}
	slices.Sort(rt.Headers)
	rt.Headers = slices.Compact(rt.Headers)
	return rt
}

func libcgoKind(t Target) string {
	if t.GOOS == "windows" || t.GOOS == "darwin" || t.GOOS == "ios" {
		return t.GOOS
	}
	return "unix"
}

// includes are the headers in angle brackets that a C file includes outside of
// #if.
func includes(text string) []string {
	var list []string
	depth := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		directive, ok := strings.CutPrefix(line, "#")
		if !ok {
			continue
		}
		directive = strings.TrimSpace(directive)
		switch {
		case strings.HasPrefix(directive, "if"):
			depth++
		case strings.HasPrefix(directive, "endif"):
			depth = max(0, depth-1)
		case depth == 0 && strings.HasPrefix(directive, "include"):
			_, rest, ok := strings.Cut(directive, "<")
			name, _, closed := strings.Cut(rest, ">")
			if ok && closed && !strings.ContainsAny(name, "\"\\\n") {
				list = append(list, name)
			}
		}
	}
	return list
}
