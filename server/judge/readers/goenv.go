package readers

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// readGoenv is goenv: GOENV_VERSION, then the nearest .go-version at or above
// the folder, then the global file $GOENV_ROOT/version; go.mod only where
// GOENV_GOMOD_VERSION_ENABLE=1 is set (libexec/goenv-version-name and
// goenv-version-file of github.com/go-nv/goenv). It knows installed versions
// only: 1.25 is the highest 1.25 that is installed, and a v, or a go before the
// digits, is part of a name that nobody has installed.
func readGoenv(f *folder, name string) []Reading {
	file := f.nearest(".go-version")
	p, ok := f.pin(file, drift.SourceGoVersion)
	if !ok {
		r := Reading{Reader: name, Reason: "There is no .go-version: it takes GOENV_VERSION, else the global file of goenv."}
		r.Ignores = f.ignoreLines("is read with GOENV_GOMOD_VERSION_ENABLE=1 only")
		return []Reading{r}
	}
	r := Reading{Reader: name, Pin: p, Version: takes(p), Reason: f.at(p) + " is the nearest .go-version, unless GOENV_VERSION is set."}
	r.Sees = append(r.Sees, f.byFile[file]...)
	have := f.installed(drift.OriginGoenv, p.Version)
	switch {
	case p.Version != "" && p.Raw != p.Version:
		r.Version, r.Reason = refused, fmt.Sprintf("%s says %s, and goenv has no version of that name.", f.at(p), p.Raw)
	case p.Meaning == drift.MeaningLine && have != "":
		r.Version = have
		r.Reason += " It is the highest " + p.Version + " that goenv has installed."
	case p.Meaning == drift.MeaningLine:
		r.Version = "highest installed " + p.Version
	}
	r.Ignores = f.ignoreLines("is read with GOENV_GOMOD_VERSION_ENABLE=1 only")
	return []Reading{r}
}

// ignoreLines lists the go and toolchain line of the nearest go.mod.
func (f *folder) ignoreLines(why string) []drift.IgnoredPin {
	var out []drift.IgnoredPin
	goLine, toolchain := f.lines(f.nearest("go.mod"))
	for _, p := range []drift.Pin{goLine, toolchain} {
		if p.Source != "" {
			out = append(out, drift.IgnoredPin{Pin: p, Why: why})
		}
	}
	return out
}

// partGoenv tells of spellings of .go-version that not every reader takes.
func partGoenv(f *folder) []Parting {
	var out []Parting
	r := readGoenv(f, "goenv")[0]
	p := r.Pin
	switch {
	case p.Source == "":
		return nil
	case p.Raw != p.Version && strings.HasPrefix(p.Raw, "v"):
		out = append(out, Parting{A: "goenv", B: "mise", Message: f.at(p) + " says " + p.Raw + ": mise and setup-go take the v off, goenv looks for a version of that name."})
	case p.Raw != p.Version && strings.HasPrefix(p.Raw, "go"):
		out = append(out, Parting{A: "goenv", B: "setup-go v6+", Message: f.at(p) + " says " + p.Raw + ": neither goenv nor setup-go has a version of that name; write " + p.Version + "."})
	}
	if p.Extra["bom"] != "" {
		out = append(out, Parting{A: "goenv", B: "setup-go v6+", Message: f.at(p) + " starts with a byte order mark: setup-go trims it, goenv and mise keep it as part of the version."})
	}
	if len(r.Sees) > 1 {
		out = append(out, Parting{A: "goenv", B: "setup-go v6+", Message: fmt.Sprintf(
			"%s holds %d versions: goenv takes the first, %s, and the others stand in for it; mise and setup-go take the whole text for one version.", f.rel(p.Place.File), len(r.Sees), p.Raw)})
	}
	return append(out, managed(f, "goenv", r)...)
}
