package readers

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// readDocker is docker build: the image after FROM in a Dockerfile, with
// arguments replaced by --build-arg, else by their defaults
// (https://docs.docker.com/reference/dockerfile/#from). It reads no go.mod; the
// golang images set GOTOOLCHAIN=local, so that go.mod cannot raise what it took
// (https://github.com/docker-library/golang/issues/472).
func readDocker(f *folder, name string) []Reading {
	files := f.dockerfiles()
	if len(files) == 0 {
		return nothing(name, "No Dockerfile here takes a Go image.")
	}
	rows := rows{more: "Dockerfiles"}
	for _, file := range files {
		for _, r := range f.dockerfile(name, file) {
			rows.add("", r)
		}
	}
	return rows.done()
}

// dockerfiles lists those at and below the folder, the nearest first. Those of
// modules below are left to these.
func (f *folder) dockerfiles() []string {
	var files []string
	home, _ := f.s.Module(f.dir)
	for file, pins := range f.byFile {
		if !drift.Within(f.dir, file) || !slices.ContainsFunc(pins, isFrom) {
			continue
		}
		if m, _ := f.s.Module(filepath.Dir(file)); m.Dir == home.Dir || f.dir == f.s.Root {
			files = append(files, file)
		}
	}
	depth := func(file string) int { return strings.Count(file, string(filepath.Separator)) }
	slices.SortFunc(files, func(a, b string) int { return cmp.Or(cmp.Compare(depth(a), depth(b)), cmp.Compare(a, b)) })
	return files
}

func isFrom(p drift.Pin) bool { return p.Source == drift.SourceDockerfileFrom }

// dockerfile is what a build takes from one file: the images, each once.
func (f *folder) dockerfile(name, file string) []Reading {
	var out []Reading
	for _, p := range f.byFile[file] {
		if !isFrom(p) {
			continue
		}
		r := Reading{Reader: name, Pin: p, Version: takes(p), Sees: []drift.Pin{p}, Reason: f.at(p) + " names the image."}
		if p.Extra["digest"] != "" {
			r.Reason = f.at(p) + " names the image; its digest decides, not the tag."
		}
		arg, ok := f.argument(file, p.Extra["name"])
		if !ok {
			arg, ok = f.origin(p)
		}
		if ok && p.Meaning == drift.MeaningVar {
			r.Pin, r.Version, r.Sees = arg, takes(arg), append(r.Sees, arg)
			r.Reason = fmt.Sprintf("%s is the default; --build-arg %s=… replaces it.", f.at(arg), arg.Extra["name"])
		} else if p.Meaning == drift.MeaningUnresolved {
			r.Reason = fmt.Sprintf("%s has no default: --build-arg %s=… must tell.", f.at(p), p.Extra["name"])
		}
		same := slices.IndexFunc(out, func(o Reading) bool { return o.Version == r.Version })
		if same >= 0 {
			out[same].Sees = append(out[same].Sees, r.Sees...)
			continue
		}
		out = append(out, r)
	}
	return out
}

// argument is the ARG of a name in a Dockerfile.
func (f *folder) argument(file, name string) (drift.Pin, bool) {
	for _, p := range f.byFile[file] {
		if p.Source == drift.SourceDockerfileArg && name != "" && p.Extra["name"] == name {
			return p, true
		}
	}
	return drift.Pin{}, false
}

// maxHops bounds how many arguments are followed from one to the next.
const maxHops = 8

// origin is the ARG of the same Dockerfile that the value of a variable comes from
// in the end: ARG IMAGE=golang:$GO_VERSION takes it from an ARG above.
func (f *folder) origin(p drift.Pin) (drift.Pin, bool) {
	text := f.s.Documents[p.Place.File].Text
	for range maxHops {
		line, err := strconv.Atoi(p.Extra["fromLine"])
		if err != nil || p.Extra["from"] != "" {
			break
		}
		i := slices.IndexFunc(f.byFile[p.Place.File], func(o drift.Pin) bool {
			return o.Source == drift.SourceDockerfileArg && drift.PositionOf(text, o.Place.Span.Start).Line == line
		})
		if i < 0 {
			break
		}
		if p = f.byFile[p.Place.File][i]; p.Meaning != drift.MeaningVar {
			return p, true
		}
	}
	return drift.Pin{}, false
}

// partDocker tells where an image is older than the module it builds.
func partDocker(f *folder) []Parting {
	var ps parts
	for _, file := range f.dockerfiles() {
		floor := f.floor(filepath.Dir(file))
		switched := slices.ContainsFunc(f.byFile[file], func(p drift.Pin) bool {
			return p.Source == drift.SourceDockerfileToolchain && p.Version != "local"
		})
		for _, r := range f.dockerfile("docker build", file) {
			if below(r.Pin, floor) && !switched {
				ps.add("go command", "docker build", r.Pin,
					"it takes %s, and %s needs %s. The golang images set GOTOOLCHAIN=local, so the build stops there while other places download a newer Go.",
					r.Version, f.at(floor), floor.Version)
			}
		}
	}
	return ps.named(f)
}
