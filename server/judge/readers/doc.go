// Package readers knows what each program would take from a repository's files:
// which file wins for it, what it reads there, and what it passes by. The same
// files mean different things to different programs, and each of them stands in
// a file of its own with the source of what is said about it.
//
// It is a function of a snapshot: no program is asked. Where the answer depends
// on a setting of the program that no file of the repository tells, the reading
// says so instead of guessing.
package readers

import (
	"path/filepath"
	"slices"

	"godrift.dev/server/drift"
)

// Reading is what one program takes.
type Reading = drift.Reading

// Parting is a point at which two programs part.
type Parting = drift.Parting

// Reader is one program that picks a Go, or that changes pins.
type Reader struct {
	// Name is as people call it.
	Name string
	// Edits says that it changes pins and runs a Go only for that.
	Edits bool
	// Many says that it is used in many places, each of which takes what it sees.
	Many bool
	read func(f *folder, name string) []Reading
	part func(f *folder) []Parting
}

// Readers lists the programs in the order in which they are shown.
var Readers = []Reader{
	{Name: "go command", read: readGoCommand, part: partGoCommand},
	{Name: "setup-go v3", Many: true, read: readSetupGo(3)},
	{Name: "setup-go v4, v5", Many: true, read: readSetupGo(5)},
	{Name: "setup-go v6+", Many: true, read: readSetupGo(6), part: partSetupGo},
	{Name: "docker build", Many: true, read: readDocker, part: partDocker},
	{Name: "mise", read: readMise, part: partMise},
	{Name: "asdf-golang", read: readAsdf, part: partAsdf},
	{Name: "goenv", read: readGoenv, part: partGoenv},
	{Name: "golangci-lint", read: readGolangci, part: partGolangci},
	{Name: "Renovate", Edits: true, read: readRenovate, part: partRenovate},
	{Name: "Dependabot", Edits: true, read: readDependabot, part: partDependabot},
}

// Read tells what each program would take in a folder of the workspace. Every
// program has at least one reading; one that is used in several places with
// different results has several.
func Read(s *drift.Snapshot, dir string) []Reading {
	f := newFolder(s, dir)
	var out []Reading
	for _, r := range Readers {
		out = append(out, r.read(f, r.Name)...)
	}
	return out
}

// Part tells where two programs take different things in a folder.
func Part(s *drift.Snapshot, dir string) []Parting {
	f := newFolder(s, dir)
	var out []Parting
	for _, r := range Readers {
		if r.part == nil {
			continue
		}
		for _, p := range r.part(f) {
			if !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// Taking names the programs that take exactly this pin, and those that change
// it, seen from the folder of its file or the nearest one above in which any
// program takes it.
func Taking(s *drift.Snapshot, pin drift.Pin) (taken, edited []string) {
	for dir := filepath.Dir(pin.Place.File); drift.Within(s.Root, dir); dir = filepath.Dir(dir) {
		f := newFolder(s, dir)
		for _, r := range Readers {
			for _, reading := range r.read(f, r.Name) {
				sees := slices.ContainsFunc(reading.Sees, func(p drift.Pin) bool { return p.Place == pin.Place })
				if r.Edits && sees {
					edited = appendNew(edited, r.Name)
				}
				if !r.Edits && (reading.Pin.Place == pin.Place || r.Many && sees) {
					taken = appendNew(taken, r.Name)
				}
			}
		}
		if len(taken) > 0 || dir == s.Root {
			return taken, edited
		}
		edited = nil
	}
	return taken, edited
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
