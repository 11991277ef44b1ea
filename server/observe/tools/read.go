package tools

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"strings"

	"godrift.dev/server/drift"
)

// maxRead bounds what is read of one program, most of which is not looked at.
const maxRead = 64 << 20

const xtools = "golang.org/x/tools"

// Read says what a file is. Its name and origin are left to the caller.
func Read(files drift.Files, path string) drift.Tool {
	tool := drift.Tool{Path: path, State: drift.ToolUnreadable}
	f, err := drift.Open(files, path)
	if err != nil {
		tool.Problem = problem(err)
		return tool
	}
	defer f.Close()
	var head [4]byte
	n, err := f.ReadAt(head[:], 0)
	if n < len(head) && err != nil && !errors.Is(err, io.EOF) {
		tool.Problem = problem(err)
		return tool
	}
	switch {
	case n == 0:
		tool.Problem = "the file is empty"
		return tool
	case bytes.HasPrefix(head[:n], []byte("#!")):
		tool.State, tool.Problem = drift.ToolScript, "it is a script, which starts something else"
		return tool
	}
	limited := &limited{ReaderAt: f, left: maxRead}
	info, err := buildInfo(limited)
	switch {
	case err == nil:
		tool.State = drift.ToolRead
		describe(&tool, info)
	case limited.left <= 0:
		tool.Problem = fmt.Sprintf("what built it does not stand in the first %d MB that are read", maxRead>>20)
	case err.Error() == "not a Go executable":
		tool.State, tool.Problem = drift.ToolForeign, "it is no Go program"
	case isProgram(head[:n]):
		tool.Problem = "the program is damaged or breaks off (" + err.Error() + ")"
	default:
		tool.State, tool.Problem = drift.ToolForeign, "it is no program"
	}
	return tool
}

// buildInfo is buildinfo.Read for files that somebody made to harm.
func buildInfo(r io.ReaderAt) (info *debug.BuildInfo, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("its tables make no sense: %v", p)
		}
	}()
	return buildinfo.Read(r)
}

// describe takes over what is known of a Go program.
func describe(tool *drift.Tool, info *debug.BuildInfo) {
	tool.GoVersion, tool.Package, tool.Module, tool.Version = drift.Clip(info.GoVersion), drift.Clip(info.Path), drift.Clip(info.Main.Path), drift.Clip(info.Main.Version)
	if tool.Module == "" {
		tool.State, tool.Problem = drift.ToolBare, "it does not say which module it is"
	}
	if tool.Module == xtools {
		tool.XTools = tool.Version
	}
	for _, dep := range info.Deps {
		if dep.Path != xtools {
			continue
		}
		if tool.XTools = drift.Clip(dep.Version); dep.Replace != nil {
			tool.XTools = ""
			if dep.Replace.Path == xtools {
				tool.XTools = drift.Clip(dep.Replace.Version)
			}
		}
	}
}

// isProgram reports whether a file begins as a program does: ELF, PE, Mach-O (also
// for several machines), XCOFF, Wasm and Plan 9 are left aside.
func isProgram(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "MZ", "\xfe\xed\xfa", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"} {
		if strings.HasPrefix(string(head), magic) {
			return true
		}
	}
	return false
}

// problem is an error in a few words, without the name that stands beside it.
func problem(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return "it cannot be read (" + err.Error() + ")"
}

// errEnough ends the reading of a program.
var errEnough = errors.New("too much to read")

// limited reads so many bytes in all.
type limited struct {
	io.ReaderAt
	left int64
}

func (l *limited) ReadAt(p []byte, off int64) (int, error) {
	if l.left -= int64(len(p)); l.left <= 0 {
		return 0, errEnough
	}
	return l.ReaderAt.ReadAt(p, off)
}

// nameOf is a program's name as people call it.
func nameOf(path string) string {
	return strings.TrimSuffix(filepath.Base(path), ".exe")
}
