package gocache

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// build compiles a few small packages of the standard library with the real go
// command into a cache, and returns what it printed.
func build(t *testing.T, cache string) (string, error) {
	t.Helper()
	cmd := exec.Command("go", "build", "internal/goarch", "internal/cpu", "internal/goos")
	cmd.Env = append(os.Environ(), "GOCACHE="+cache, "GOFLAGS=", "GOTOOLCHAIN=local", "GO111MODULE=off", "GOWORK=off", "GODEBUG=")
	cmd.Dir = t.TempDir()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func newCache(t *testing.T) string {
	t.Helper()
	cache := filepath.Join(t.TempDir(), "cache")
	if out, err := build(t, cache); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return cache
}

func verify(t *testing.T, cache string) Result {
	t.Helper()
	res, err := Verify(t.Context(), Options{Dir: cache, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// archives returns the outputs that are compiled packages, each with its entry.
func archives(t *testing.T, cache string) (outputs, entries []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(cache, "??", "*-a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		e, err := ParseEntry(read(t, file))
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out := filepath.Join(cache, hex.EncodeToString(e.Output[:1]), e.Output.String()+"-d")
		if madeBy(read(t, out)) != "" {
			outputs, entries = append(outputs, out), append(entries, file)
		}
	}
	if len(outputs) < 3 {
		t.Fatalf("the cache holds only %d compiled packages", len(outputs))
	}
	return outputs, entries
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyFindsNothingInAWholeCache(t *testing.T) {
	cache := newCache(t)
	res := verify(t, cache)
	if len(res.Bad) != 0 || res.Entries < 3 || res.Outputs < 3 || res.Bytes == 0 {
		t.Errorf("got %+v", res)
	}
	outputs, _ := archives(t, cache)
	if want := read(t, outputs[0]); len(want) == 0 {
		t.Errorf("%s is empty", outputs[0])
	}
}

// Each damage is found under its name, and nothing else is reported. A cache
// from which just the reported files were removed is whole again after the next
// build.
func TestVerifyFindsDamage(t *testing.T) {
	type damaged struct {
		file   string
		reason Reason
	}
	for name, c := range map[string]struct {
		damage func(t *testing.T, cache string, outputs, entries []string) damaged
		// heals says that the go command mends it by itself.
		heals, fails bool
	}{
		"a flipped bit": {damage: func(t *testing.T, _ string, outputs, _ []string) damaged {
			text := read(t, outputs[0])
			text[len(text)-20] ^= 4
			write(t, outputs[0], text)
			return damaged{outputs[0], ReasonContent}
		}},
		"another package's output": {damage: func(t *testing.T, _ string, outputs, _ []string) damaged {
			text := read(t, outputs[1])
			size := len(read(t, outputs[0]))
			text = append(text, make([]byte, size)...)[:size]
			write(t, outputs[0], text)
			return damaged{outputs[0], ReasonContent}
		}},
		"a cut output": {heals: true, damage: func(t *testing.T, _ string, outputs, _ []string) damaged {
			text := read(t, outputs[0])
			write(t, outputs[0], text[:len(text)/2])
			return damaged{outputs[0], ReasonContent}
		}},
		"a deleted output": {heals: true, damage: func(t *testing.T, _ string, outputs, entries []string) damaged {
			if err := os.Remove(outputs[0]); err != nil {
				t.Fatal(err)
			}
			return damaged{entries[0], ReasonMissingOutput}
		}},
		"a garbled entry": {heals: true, damage: func(t *testing.T, _ string, _, entries []string) damaged {
			write(t, entries[0], []byte("garbage"))
			return damaged{entries[0], ReasonEntry}
		}},
		"an empty entry": {heals: true, damage: func(t *testing.T, _ string, _, entries []string) damaged {
			write(t, entries[0], nil)
			return damaged{entries[0], ReasonEntry}
		}},
		"an entry with another size": {heals: true, damage: func(t *testing.T, _ string, _, entries []string) damaged {
			text := read(t, entries[0])
			copy(text[3+2*(hexSize+1):], "                   7")
			write(t, entries[0], text)
			return damaged{entries[0], ReasonSize}
		}},
		"an entry that names another package's output": {damage: func(t *testing.T, _ string, _, entries []string) damaged {
			text, other := read(t, entries[0]), read(t, entries[1])
			const from = 3 + hexSize + 1
			copy(text[from:], other[from:from+hexSize+1+20])
			write(t, entries[0], text)
			return damaged{entries[0], ReasonMixedUp}
		}},
		"a link in place of an output": {damage: func(t *testing.T, _ string, outputs, _ []string) damaged {
			if err := errors.Join(os.Remove(outputs[0]), os.Symlink(outputs[0], outputs[0])); err != nil {
				t.Skip("no symbolic links here:", err)
			}
			return damaged{outputs[0], ReasonNotAFile}
		}},
		"an empty folder in place of an output": {damage: func(t *testing.T, _ string, outputs, _ []string) damaged {
			if err := errors.Join(os.Remove(outputs[0]), os.Mkdir(outputs[0], 0o777)); err != nil {
				t.Fatal(err)
			}
			return damaged{outputs[0], ReasonNotAFile}
		}},
		"a file of somebody else": {damage: func(t *testing.T, cache string, _, _ []string) damaged {
			file := filepath.Join(cache, "00", "notes.txt")
			write(t, file, []byte("mine"))
			return damaged{file, ReasonForeign}
		}},
		"a file beside the folders": {damage: func(t *testing.T, cache string, _, _ []string) damaged {
			file := filepath.Join(cache, "core.1234")
			write(t, file, []byte("dump"))
			return damaged{file, ReasonForeign}
		}},
		"a file in place of a folder": {fails: true, damage: func(t *testing.T, cache string, _, _ []string) damaged {
			for i := range Folders {
				dir := filepath.Join(cache, hex.EncodeToString([]byte{byte(i)}))
				if os.Remove(dir) == nil { // an empty one
					write(t, dir, nil)
					return damaged{dir, ReasonNotAFile}
				}
			}
			t.Fatal("no folder is empty")
			return damaged{}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			cache := newCache(t)
			outputs, entries := archives(t, cache)
			want := c.damage(t, cache, outputs, entries)
			res := verify(t, cache)
			var got []damaged
			for _, b := range res.Bad {
				got = append(got, damaged{b.Path, b.Reason})
				if b.Detail == "" || b.Effect == "" {
					t.Errorf("%+v says too little", b)
				}
			}
			if diff := cmp.Diff([]damaged{want}, got, cmp.AllowUnexported(damaged{})); diff != "" {
				t.Fatal(diff)
			}

			// What the go command makes of it is what is said of it.
			out, err := build(t, cache)
			if c.fails != (err != nil) {
				t.Errorf("go build: %v\n%s", err, out)
			}
			healed := len(verify(t, cache).Bad) == 0
			if c.heals != healed {
				t.Errorf("the go command mended it: %v, want %v", healed, c.heals)
			}
			if err := os.RemoveAll(want.file); err != nil {
				t.Fatal(err)
			}
			if out, err := build(t, cache); err != nil {
				t.Errorf("go build after the repair: %v\n%s", err, out)
			}
			if bad := verify(t, cache).Bad; len(bad) != 0 {
				t.Errorf("after the repair and a build: %+v", bad)
			}
		})
	}
}

// A program that go run keeps stands in a folder of its own.
func TestVerifyReadsPrograms(t *testing.T) {
	cache := t.TempDir()
	write(t, filepath.Join(cache, "trim.txt"), nil)
	const sum = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" // of "hello"
	dir := filepath.Join(cache, "2c", sum+"-d")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "tool"), []byte("hello"))
	if res := verify(t, cache); len(res.Bad) != 0 || res.Outputs != 1 || res.Bytes != 5 {
		t.Errorf("a whole program: %+v", res)
	}
	write(t, filepath.Join(dir, "tool"), []byte("hellO"))
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(dir, old, old); err != nil {
		t.Fatal(err)
	}
	if res := verify(t, cache); len(res.Bad) != 1 || res.Bad[0].Path != dir || res.Bad[0].Reason != ReasonContent {
		t.Errorf("a program with another content: %+v", res)
	}
}

// The go command writes an output where it will stand, and its entry last: what
// no entry names and is a moment old is not bad yet.
func TestVerifyLeavesWhatIsBeingWritten(t *testing.T) {
	cache := newCache(t)
	file := filepath.Join(cache, "ab", strings.Repeat("ab", 32)+"-d")
	write(t, file, []byte("half an outp"))
	if res := verify(t, cache); len(res.Bad) != 0 {
		t.Errorf("just written: %+v", res.Bad)
	}
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(file, old, old); err != nil {
		t.Fatal(err)
	}
	if res := verify(t, cache); len(res.Bad) != 1 || res.Bad[0].Path != file {
		t.Errorf("an hour later: %+v", res.Bad)
	}
}

func TestVerifyRefusesWhatIsNoCache(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "thesis.txt"), []byte("dear"))
	project := t.TempDir()
	write(t, filepath.Join(project, "README"), []byte("My project"))
	if err := os.Mkdir(filepath.Join(project, "ab"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(t.Context(), Options{Dir: project}); err == nil || !strings.Contains(err.Error(), "does not look like") {
		t.Errorf("a project was taken for a cache: %v", err)
	}
	for name, dir := range map[string]string{
		"there is no build cache":     filepath.Join(dir, "none"),
		"is no folder":                filepath.Join(dir, "thesis.txt"),
		"does not look like a build ": dir,
	} {
		if _, err := Verify(t.Context(), Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestVerifyIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	_, err := Verify(ctx, Options{Dir: newCache(t), Workers: 1, Progress: func(Progress) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzParseEntry(f *testing.F) {
	id := strings.Repeat("0f", 32)
	f.Add([]byte("v1 " + id + " " + id + "                   17  1700000000000000000\n"))
	f.Add([]byte("v1 "))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ParseEntry(text)
		if err == nil && (len(text) != entrySize || e.Size < 0 || e.Time.UnixNano() < 0) {
			t.Errorf("%q was taken as %+v", text, e)
		}
		madeBy(text)
	})
}
