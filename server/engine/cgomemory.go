package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/cgo"
)

// What is remembered of trials: those that ended well, for a day. Headers can be
// taken away without a trace in the compiler, and somebody who has installed
// what was missing wants to see it work.
const (
	cgoRemembered = 24 * time.Hour
	cgoMost       = 200
	cgoVersion    = 1
)

// remembered is the file with the trials of compilers.
type remembered struct {
	Version int                  `json:"version"`
	Trials  map[string]cgoRecord `json:"trials"`
}

// cgoRecord is one trial that ended well.
type cgoRecord struct {
	At      time.Time        `json:"at"`
	Verdict drift.CgoVerdict `json:"verdict"`
	Machine string           `json:"machine"`
	Built   string           `json:"built"`
}

// searched are variables that say where compilers look for headers and libraries.
var searched = []string{
	"PATH", "CPATH", "C_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH", "GCC_EXEC_PREFIX", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET", "ZIG_LIB_DIR", "INCLUDE", "LIB",
}

// trialKey is the same for trials that end in the same way: the same compiler, by
// path, size and time, with the same arguments, program and places to look.
func (l *cgoLook) trialKey(trial cgo.Trial, environ map[string]string) string {
	h := sha256.New()
	add := func(words ...string) {
		for _, w := range words {
			_, _ = fmt.Fprintf(h, "%d:%s", len(w), w) // a hash cannot fail
		}
	}
	add(l.machine.Identity(trial.Compiler.Path), trial.Target.String(), trial.Source)
	add(trial.Args...)
	for _, name := range searched {
		add(name, environ[name])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// memoryFile is where trials are remembered; empty if there is no such place.
func (l *cgoLook) memoryFile() string {
	dir := cmp.Or(l.opts.StateDir, StateDir(l.opts.World.Environ))
	if dir == "" || !l.req.Remembered {
		return ""
	}
	return filepath.Join(dir, "cgo.json")
}

// recall finds a trial. A file that cannot be read is as good as none.
func (l *cgoLook) recall(key string) (cgoRecord, bool) {
	r, ok := l.load().Trials[key]
	age := l.opts.Now().Sub(r.At)
	return r, ok && age >= 0 && age < cgoRemembered
}

func (l *cgoLook) load() remembered {
	var all remembered
	file := l.memoryFile()
	if file == "" {
		return all
	}
	text, err := os.ReadFile(file)
	if err != nil || len(text) > 1<<20 || json.Unmarshal(text, &all) != nil || all.Version != cgoVersion {
		return remembered{}
	}
	return all
}

// keep remembers a trial. Of two processes that do so at once one is forgotten, and
// its trial is made once more.
func (l *cgoLook) keep(key string, r cgoRecord) {
	file := l.memoryFile()
	if file == "" {
		return
	}
	all := l.load()
	if all.Trials == nil {
		all.Trials = map[string]cgoRecord{}
	}
	all.Version = cgoVersion
	all.Trials[key] = r
	if len(all.Trials) > cgoMost {
		keys := slices.SortedFunc(maps.Keys(all.Trials), func(a, b string) int { return all.Trials[a].At.Compare(all.Trials[b].At) })
		for _, old := range keys[:len(keys)-cgoMost] {
			delete(all.Trials, old)
		}
	}
	text, err := json.Marshal(all)
	if err == nil {
		if err = os.MkdirAll(filepath.Dir(file), 0o700); err == nil {
			err = replaceFile(file, text)
		}
	}
	if err != nil {
		l.opts.Log.Debug("a trial of a compiler is not remembered", "error", err)
	}
}

// replaceFile writes a file that only its user reads, whole or not at all. What is lost
// with the power is found out again.
func replaceFile(file string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	_, err = f.Write(text)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // nothing reads it
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
