//go:build linux

package workspace_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/workspace"
)

var (
	seed    = flag.Uint64("seed", 1, "the first `number` of the differential test's random numbers")
	cases   = flag.Int("cases", 600, "`how many` scenarios the differential test makes")
	reportf = flag.String("mismatches", "", "a `file` to append every mismatch to, as a line of JSON")
)

// TestDifferential makes random machines, asks the real go command on each
// which Go runs, what it prints when none does, and every variable of its
// environment, and compares with what godrift says without running anything.
//
// A scenario depends on its name alone: -run 'TestDifferential/1-0042-' with
// the -seed that the name starts with plays one again, -cases plays more.
func TestDifferential(t *testing.T) {
	tcs := fetched(t)
	t.Logf("-seed %d -cases %d", *seed, *cases)
	for n := range *cases {
		s := scenarioFor(*seed, n)
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			compare(t, s, tcs)
		})
	}
}

// scenarioFor makes the scenario of a seed and a number.
func scenarioFor(seed uint64, n int) *scenario {
	m := &maker{Rand: rand.New(rand.NewPCG(seed, uint64(n))), s: &scenario{Env: map[string]string{}}}
	total := 0
	for _, k := range kinds {
		total += k.weight
	}
	at := m.IntN(total)
	for _, k := range kinds {
		if at -= k.weight; at < 0 {
			m.s.Kind = k.name
			k.make(m)
			break
		}
	}
	m.s.Name = fmt.Sprintf("%d-%04d-%s", seed, n, m.s.Kind)
	if m.chance(15) {
		m.unsave()
	}
	return m.s
}

func compare(t *testing.T, s *scenario, tcs *toolchains) {
	m, err := s.build(tcs)
	if m != nil {
		defer m.remove()
	}
	if err != nil {
		t.Fatal(err)
	}
	want, err := m.ask()
	if err != nil {
		t.Fatalf("%v\n%s", err, s.describe(t))
	}
	files, err := m.files(s)
	if err != nil {
		t.Fatal(err)
	}
	dir, err := m.getwd()
	if err != nil {
		t.Fatal(err)
	}
	world := workspace.World{Files: files, Environ: m.env, Of: "cli", Host: tcs.host}
	probe := workspace.Probe(world, dir)
	d := &differences{machine: m}
	d.selection(want, probe.Select(dir))
	d.environment(want, probe.Environment(dir), files)
	d.elsewhere(probe.Select(dir), workspace.Probe(world, m.root).Select(dir))
	if len(d.list) == 0 {
		return
	}
	report(t, s, d.list)
	t.Errorf("%s\n%s", strings.Join(texts(d.list), "\n"), s.describe(t))
}

// difference is one thing that godrift and the go command do not agree on.
type difference struct {
	Field string `json:"field"`
	Go    string `json:"go"`
	Ours  string `json:"ours"`
}

func texts(list []difference) []string {
	var lines []string
	for _, d := range list {
		lines = append(lines, fmt.Sprintf("%s: go says %q, godrift says %q", d.Field, d.Go, d.Ours))
	}
	return lines
}

type differences struct {
	machine *machine
	list    []difference
}

func (d *differences) same(field, theirs, ours string) {
	if theirs != ours {
		at := strings.NewReplacer(d.machine.root, "{ROOT}")
		d.list = append(d.list, difference{field, at.Replace(theirs), at.Replace(ours)})
	}
}

func (d *differences) selection(want *answers, got drift.Selection) {
	d.same("how", string(want.How), string(got.How))
	d.same("selected", want.Selected, got.Selected)
	d.same("error", stable(want.Error), stable(got.Error))
	if !want.Stub && want.Error == "" && want.How != drift.HowNoGo {
		d.same("load error", stable(want.List), stable(got.LoadError))
	}
	if want.How == drift.HowNoGo {
		if got.Go != nil {
			d.same("go", "", got.Go.Executable)
		}
		return
	}
	if got.Go == nil {
		d.same("go", want.Go, "")
		return
	}
	d.same("go", want.Go, got.Go.Executable)
	if want.Env["GOROOT"] != "" && !want.Stub && want.Error == "" && got.GOROOT != "" {
		d.same("goroot", want.Env["GOROOT"], got.GOROOT)
	}
}

// elsewhere checks that a probe serves every folder, whichever it was made for.
func (d *differences) elsewhere(here, there drift.Selection) {
	d.same("how, probed elsewhere", string(here.How), string(there.How))
	d.same("selected, probed elsewhere", here.Selected, there.Selected)
	d.same("error, probed elsewhere", here.Error, there.Error)
	d.same("load error, probed elsewhere", here.LoadError, there.LoadError)
}

func (d *differences) environment(want *answers, got drift.Environment, files drift.Files) {
	if want.Stub || want.How == drift.HowNoGo {
		return
	}
	d.same("environment error", stable(want.EnvError), stable(got.Error))
	d.layers(got, files)
	if want.Env == nil {
		return
	}
	have := map[string]bool{}
	for _, v := range got.Variables {
		have[v.Name] = true
		value, ok := want.Env[v.Name]
		if !ok {
			d.same(v.Name, "(no such variable)", v.Value)
			continue
		}
		d.same(v.Name, value, v.Value)
	}
	for name := range want.Env {
		if !have[name] {
			d.same(name, want.Env[name], "(missing)")
		}
	}
	if !slices.IsSortedFunc(got.Variables, func(a, b drift.Variable) int { return strings.Compare(a.Name, b.Name) }) {
		d.same("order of variables", "sorted", "not sorted")
	}
}

// layers checks that what is said to stand in a line of a file stands there.
func (d *differences) layers(got drift.Environment, files drift.Files) {
	for _, v := range got.Variables {
		for _, l := range append([]drift.Layer{v.Layer}, v.Shadowed...) {
			switch l.Kind {
			case drift.LayerProcess:
				// A wrapper script or a switch may have set it.
				if l.File == "" && v.Name != "GOROOT" && d.machine.env[v.Name] == "" {
					d.same(v.Name+" in the process environment", "", l.Value)
				}
			case drift.LayerGOENV, drift.LayerGoEnv:
				text, err := files.ReadFile(l.File)
				lines := bytes.Split(text, []byte("\n"))
				if err != nil || l.Line < 1 || l.Line > len(lines) {
					d.same(fmt.Sprintf("%s at %s:%d", v.Name, l.File, l.Line), "a line", fmt.Sprint(err))
					continue
				}
				// The value is what the go command makes of the text, which may be
				// something else: a GOCACHE that is no absolute path counts as off.
				if line := lines[l.Line-1]; !bytes.HasPrefix(line, []byte(v.Name+"=")) {
					d.same(fmt.Sprintf("%s at %s:%d", v.Name, l.File, l.Line), v.Name+"=", string(line))
				}
			}
		}
	}
}

// stable leaves out of a message what is different each time: the names of
// temporary folders and the trace that follows a crash of the go command.
func stable(text string) string {
	if strings.HasPrefix(text, "panic:") {
		text, _, _ = strings.Cut(text, "\n")
	}
	return workDir.ReplaceAllString(text, "go-build*")
}

var workDir = regexp.MustCompile(`go-build\d+`)

var reportMu sync.Mutex

// report appends the mismatches to the file that -mismatches names.
func report(t *testing.T, s *scenario, list []difference) {
	if *reportf == "" {
		return
	}
	reportMu.Lock()
	defer reportMu.Unlock()
	f, err := os.OpenFile(*reportf, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := json.NewEncoder(f).Encode(map[string]any{"name": s.Name, "kind": s.Kind, "differences": list, "scenario": s.describe(t)}); err != nil {
		t.Fatal(err)
	}
}

// files is the disk as godrift sees it. For a scenario with unsaved text the
// disk is changed now, after the go command has been asked, and the text that
// the go command saw comes from an editor's buffers.
func (m *machine) files(s *scenario) (drift.Files, error) {
	if len(s.Unsaved) == 0 {
		return workspace.Disk(), nil
	}
	o := buffers{Files: workspace.Disk(), texts: map[string][]byte{}}
	for _, u := range s.Unsaved {
		path := filepath.Join(m.root, u.Path)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		o.texts[path] = text
		if err := os.Remove(path); err != nil {
			return nil, err
		}
		if u.Disk != "" {
			if err := os.WriteFile(path, []byte(u.Disk), 0o644); err != nil {
				return nil, err
			}
		}
	}
	return o, nil
}

// buffers lays an editor's open documents over a disk.
type buffers struct {
	drift.Files
	texts map[string][]byte
}

// text finds the buffer of a file, also through a link to it.
func (b buffers) text(name string) ([]byte, bool) {
	if text, ok := b.texts[name]; ok {
		return text, true
	}
	resolved, err := b.Files.EvalSymlinks(name)
	if err != nil {
		return nil, false
	}
	text, ok := b.texts[resolved]
	return text, ok
}

func (b buffers) ReadFile(name string) ([]byte, error) {
	if text, ok := b.text(name); ok {
		return text, nil
	}
	return b.Files.ReadFile(name)
}

func (b buffers) Stat(name string) (fs.FileInfo, error) {
	if text, ok := b.text(name); ok {
		return bufferInfo{filepath.Base(name), int64(len(text))}, nil
	}
	return b.Files.Stat(name)
}

func (b buffers) Lstat(name string) (fs.FileInfo, error) {
	if _, ok := b.texts[name]; ok {
		return b.Stat(name)
	}
	return b.Files.Lstat(name)
}

func (b buffers) EvalSymlinks(name string) (string, error) {
	if _, ok := b.texts[name]; ok {
		dir, err := b.Files.EvalSymlinks(filepath.Dir(name))
		return filepath.Join(dir, filepath.Base(name)), err
	}
	return b.Files.EvalSymlinks(name)
}

type bufferInfo struct {
	name string
	size int64
}

func (i bufferInfo) Name() string       { return i.name }
func (i bufferInfo) Size() int64        { return i.size }
func (i bufferInfo) Mode() fs.FileMode  { return 0o644 }
func (i bufferInfo) ModTime() time.Time { return time.Time{} }
func (i bufferInfo) IsDir() bool        { return false }
func (i bufferInfo) Sys() any           { return nil }
