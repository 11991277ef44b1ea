package toolchain

import (
	"debug/buildinfo"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/drift"
)

// Kind says what a program that goes by the name of a go command is.
type Kind int

// The kinds of program.
const (
	KindUnknown Kind = iota // only running it would tell
	KindGo                  // the go command itself
	KindDL                  // a wrapper of golang.org/dl
	KindBroken              // nothing that the system can run
)

// Program is a program found under the name of a go command, seen through to
// the go command it runs if that can be read off it.
type Program struct {
	Kind Kind
	// Path is where it was found.
	Path string
	// Executable is the go command that runs in the end, with links resolved.
	Executable string
	// Version is that of the go command, as runtime.Version prints it.
	Version string
	// Overrides are the variables that wrapper scripts on the way set; an empty
	// value stands for unset.
	Overrides map[string]drift.Layer
}

// Programs identifies programs and remembers what was found out, by name, size
// and time of change. The zero value is ready to use, also by several
// goroutines.
type Programs struct {
	mu   sync.Mutex
	seen map[stamp]binary
}

type stamp struct {
	name string
	size int64
	time time.Time
}

// binary is what stands in one file.
type binary struct {
	kind    Kind
	version string
	script  bool
}

// depthMax bounds how many scripts may start each other.
const depthMax = 8

// Identify looks at the program at path, which is absolute. getenv is the
// environment it would be started in. Nothing is run: a Go program carries its
// version in its build information (debug/buildinfo), and a script is followed
// only if each of its lines is understood.
func (ps *Programs) Identify(files drift.Files, getenv func(string) string, path string) Program {
	p := Program{Path: path, Overrides: map[string]drift.Layer{}}
	get := func(name string) string {
		if o, ok := p.Overrides[name]; ok {
			return o.Value
		}
		return getenv(name)
	}
	for range depthMax {
		resolved, err := files.EvalSymlinks(path)
		if err != nil {
			p.Kind = KindBroken
			return p
		}
		b := ps.read(files, resolved)
		if !b.script {
			p.Kind, p.Version, p.Executable = b.kind, b.version, resolved
			if b.kind == KindDL {
				p.throughDL(files, ps, get)
			}
			return p
		}
		next, ok := follow(files, resolved, get, p.Overrides)
		if !ok {
			break
		}
		path = next
	}
	p.Kind = KindUnknown
	return p
}

// throughDL follows a wrapper of golang.org/dl: it runs the go command below
// ~/sdk with GOROOT set (golang.org/dl/internal/version/version.go Run).
func (p *Program) throughDL(files drift.Files, ps *Programs, get func(string) string) {
	home := get("HOME")
	if home == "" {
		home = get("USERPROFILE")
	}
	root := filepath.Join(home, "sdk", p.Version)
	exe := filepath.Join(root, "bin", "go")
	if _, err := files.Stat(filepath.Join(root, ".unpacked-success")); err != nil || home == "" {
		return
	}
	if resolved, err := files.EvalSymlinks(exe); err == nil {
		if b := ps.read(files, resolved); b.kind == KindGo {
			p.Kind, p.Version, p.Executable = KindGo, b.version, resolved
			p.Overrides["GOROOT"] = drift.Layer{Kind: drift.LayerProcess, Value: root, File: p.Path}
		}
	}
}

// read finds out what one file is.
func (ps *Programs) read(files drift.Files, name string) binary {
	info, err := files.Stat(name)
	if err != nil || !info.Mode().IsRegular() {
		return binary{kind: KindBroken}
	}
	key := stamp{name, info.Size(), info.ModTime()}
	ps.mu.Lock()
	b, ok := ps.seen[key]
	ps.mu.Unlock()
	if ok {
		return b
	}
	b = readBinary(files, name, info.Size())
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.seen == nil {
		ps.seen = map[stamp]binary{}
	}
	ps.seen[key] = b
	return b
}

func readBinary(files drift.Files, name string, size int64) binary {
	f, err := drift.Open(files, name)
	if err != nil {
		// Too large to read whole in a recorded file system: the tree tells.
		return treeBinary(files, name)
	}
	defer f.Close()
	head := make([]byte, min(size, 512))
	if _, err := f.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return treeBinary(files, name)
	}
	if !isExecutableFormat(head) {
		text := string(head)
		if strings.HasPrefix(text, "#!") || len(text) > 0 && !strings.ContainsRune(text, 0) {
			return binary{script: true}
		}
		return binary{kind: KindBroken}
	}
	info, err := buildinfo.Read(f)
	switch {
	case err != nil:
		return binary{}
	case info.Path == "cmd/go":
		return binary{kind: KindGo, version: info.GoVersion}
	case strings.HasPrefix(info.Path, "golang.org/dl/go"):
		return binary{kind: KindDL, version: strings.TrimPrefix(info.Path, "golang.org/dl/")}
	}
	return binary{}
}

// treeBinary takes the version from GOROOT/VERSION.
func treeBinary(files drift.Files, name string) binary {
	text, err := files.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(name)), "VERSION"))
	if err != nil {
		return binary{}
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return binary{kind: KindGo, version: strings.TrimSpace(line)}
}

// isExecutableFormat knows ELF, Mach-O and PE.
func isExecutableFormat(head []byte) bool {
	for _, magic := range []string{"\x7fELF", "\xfe\xed\xfa\xce", "\xfe\xed\xfa\xcf", "\xce\xfa\xed\xfe", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe", "MZ"} {
		if strings.HasPrefix(string(head), magic) {
			return true
		}
	}
	return false
}
