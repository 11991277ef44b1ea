package modgraph

import (
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"godrift.dev/server/drift"
)

// unsummed finds the modules whose go.mod the graph needs, or whose content builds
// need, and go.sum has no line for. It is asked for outside of workspaces only, and without -mod=mod, which adds
// the line (modload.mustHaveSums).
func (r *resolver) unsummed() {
	if r.Work != "" || r.Mode != "readonly" {
		return
	}
	sums := r.readSums()
	var lacking []string
	for m, s := range r.known {
		actual := m
		if to, ok := r.replacement(m); ok {
			actual = to
		}
		if s != nil && actual.Version != "" && !sums[actual.Path+" "+actual.Version+"/go.mod"] {
			lacking = append(lacking, actual.String())
		}
	}
	r.graph.Unsummed, r.graph.UnsummedCount = some(lacking)
	var unproven []string
	for _, q := range r.mains[0].file.Require {
		actual := module.Version{Path: q.Mod.Path, Version: r.selected[q.Mod.Path]}
		if to, ok := r.replacement(actual); ok {
			actual = to
		}
		if !q.Indirect && actual.Version != "" && !sums[actual.Path+" "+actual.Version] {
			unproven = append(unproven, actual.String())
		}
	}
	r.graph.Unproven, _ = some(slices.Compact(unproven))
}

// sumFile is the go.sum beside the go.mod that is read.
func (r *resolver) sumFile() string {
	if r.Alt != "" {
		return strings.TrimSuffix(r.Alt, ".mod") + ".sum"
	}
	return filepath.Join(filepath.Dir(r.Mod), "go.sum")
}

// readSums are the lines of go.sum, without their hashes.
func (r *resolver) readSums() map[string]bool {
	file := r.sumFile()
	r.graph.Files = append(r.graph.Files, file)
	out := map[string]bool{}
	text, err := r.Files.ReadFile(file)
	if err != nil {
		return out
	}
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 {
			out[fields[0]+" "+fields[1]] = true
		}
	}
	return out
}

// said is the fingerprint of what a repository says about its modules: the files
// that a commit changes when somebody wants other ones. They are read where they
// stand by default, whatever a flag or a variable names in their place, so that
// setting one changes nothing here.
func (r *resolver) said() string {
	h := sha256.New()
	add := func(dir string, names ...string) {
		for _, name := range names {
			file := filepath.Join(dir, name)
			text, err := r.Files.ReadFile(file)
			r.graph.Files = append(r.graph.Files, file)
			if err != nil {
				continue
			}
			rel, err := filepath.Rel(r.Top, file)
			if err != nil {
				rel = file
			}
			sum := sha256.Sum256(text)
			h.Write([]byte(rel + "\x00" + hex.EncodeToString(sum[:]) + "\n"))
		}
	}
	home := r.nearest("go.mod")
	if home != "" {
		add(home, "go.mod", "go.sum")
		r.graph.Files = append(r.graph.Files, filepath.Join(home, "vendor", "modules.txt"))
	}
	if dir := r.nearest("go.work"); dir != "" {
		r.graph.Files = append(r.graph.Files, filepath.Join(dir, "vendor", "modules.txt"))
		add(dir, "go.work", "go.work.sum")
		text, _ := r.Files.ReadFile(filepath.Join(dir, "go.work")) // it says nothing if it cannot be read
		if work, err := modfile.ParseWork("go.work", text, nil); err == nil {
			for _, use := range work.Use {
				if member := absolute(dir, use.Path); member != home && drift.Within(r.Top, member) {
					add(member, "go.mod", "go.sum")
				}
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// nearest is the folder of the nearest file of a name, at or above the root.
func (r *resolver) nearest(name string) string {
	for dir := r.Root; ; dir = filepath.Dir(dir) {
		if info, err := r.Files.Stat(filepath.Join(dir, name)); err == nil && !info.IsDir() {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}
