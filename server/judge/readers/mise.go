package readers

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// readMise is mise: the nearest of its own files, the strongest name first, then
// .tool-versions beside it (https://mise.jdx.dev/configuration.html). 1.25 is
// the newest 1.25, or the one that mise.lock holds. .go-version, go.mod and
// go.work count only where idiomatic_version_file_enable_tools has go. From
// go.mod it takes the toolchain line if that is a full release; the go line is
// deprecated since 2026.8.10 and no longer read from 2026.11 on, and that of
// go.work never was (src/plugins/core/go.rs of github.com/jdx/mise,
// parse_gomod and parse_gowork).
func readMise(f *folder, name string) []Reading {
	var ignores []drift.IgnoredPin
	for _, dir := range f.up() {
		found, others := f.miseIn(dir)
		ignores = append(ignores, others...)
		if len(found) == 0 {
			continue
		}
		p := found[0]
		r := Reading{Reader: name, Pin: p, Version: takes(p), Sees: found, Reason: f.at(p) + " is the nearest of the files it reads."}
		for _, weaker := range found[1:] {
			ignores = append(ignores, drift.IgnoredPin{Pin: weaker, Why: "is weaker than " + f.rel(p.Place.File)})
		}
		if p.Meaning == drift.MeaningLine {
			if lock, ok := f.pin(filepath.Join(dir, "mise.lock"), drift.SourceMiseLock); ok && strings.HasPrefix(lock.Version+".", p.Version+".") {
				r.Version = lock.Version
				r.Reason += " " + f.at(lock) + " holds it at this release."
				r.Sees = append(r.Sees, lock)
			}
		}
		r.Ignores = slices.Concat(ignores, f.idiomatic())
		return []Reading{r}
	}
	r := Reading{Reader: name, Reason: "Nothing here that it reads by default.", Ignores: append(ignores, f.idiomatic()...)}
	if p, v := f.idiomaticPick(); v != "" {
		r.Reason += fmt.Sprintf(" With idiomatic files on for go it would take %s from %s.", v, f.at(p))
	} else if line, _ := f.lines(f.nearest("go.mod")); line.Version != "" {
		r.Reason += fmt.Sprintf(" With idiomatic files on for go it would take %s from %s, but not from 2026.11 on.", asRange(numbers(line.Version)), f.at(line))
	}
	return []Reading{r}
}

// miseNames are the files of mise in a folder, the strongest first.
var miseNames = []string{
	"mise.local.toml", ".mise.local.toml", "mise.toml", ".mise.toml", ".rtx.toml", "mise/config.local.toml", "mise/config.toml",
	".mise/config.local.toml", ".mise/config.toml", ".config/mise.local.toml", ".config/mise.toml",
	".config/mise/config.local.toml", ".config/mise/config.toml", ".config/mise/mise.toml",
}

// miseIn lists the pins that mise reads in a folder, the strongest first, and
// those of files that count in an environment of mise only.
func (f *folder) miseIn(dir string) (found []drift.Pin, ignored []drift.IgnoredPin) {
	add := func(file string, source drift.Source) {
		for _, p := range f.byFile[file] {
			if p.Source == source && p.Role == drift.RoleDevelop && p.Extra["fallback"] == "" {
				found = append(found, p)
			}
		}
	}
	for _, name := range miseNames {
		add(filepath.Join(dir, filepath.FromSlash(name)), drift.SourceMise)
	}
	var more []string
	for file := range f.byFile {
		if filepath.Dir(file) == filepath.Join(dir, ".config", "mise", "conf.d") {
			more = append(more, file)
		}
	}
	slices.Sort(more)
	for _, file := range more {
		add(file, drift.SourceMise)
	}
	add(filepath.Join(dir, ".tool-versions"), drift.SourceToolVersions)
	var others []string
	for file, pins := range f.byFile {
		name := filepath.Base(file)
		if filepath.Dir(file) == dir && pins[0].Source == drift.SourceMise && !slices.Contains(miseNames, name) {
			others = append(others, file)
		}
	}
	slices.Sort(others)
	for _, file := range others {
		for _, p := range f.byFile[file] {
			ignored = append(ignored, drift.IgnoredPin{Pin: p, Why: "counts in an environment of mise only (MISE_ENV)"})
		}
	}
	return found, ignored
}

// idiomaticPick is what mise 2026.11 takes with idiomatic files on.
func (f *folder) idiomaticPick() (drift.Pin, string) {
	for _, dir := range f.up() {
		if p, ok := f.pin(join(dir, ".go-version"), drift.SourceGoVersion); ok && p.Version != "" && len(f.byFile[p.Place.File]) == 1 && !strings.HasPrefix(p.Raw, "go") {
			return p, takes(p)
		}
		for _, name := range []string{"go.work", "go.mod"} {
			if _, toolchain := f.lines(join(dir, name)); isRelease(toolchain.Version) && toolchain.Raw == "go"+toolchain.Version {
				return toolchain, toolchain.Version
			}
		}
	}
	return drift.Pin{}, ""
}

// idiomatic lists what mise reads with idiomatic files on only.
func (f *folder) idiomatic() []drift.IgnoredPin {
	const why = "is read with idiomatic files on only"
	var out []drift.IgnoredPin
	if p, ok := f.pin(f.nearest(".go-version"), drift.SourceGoVersion); ok {
		out = append(out, drift.IgnoredPin{Pin: p, Why: why})
	}
	goLine, toolchain := f.lines(f.nearest("go.mod"))
	if toolchain.Source != "" {
		out = append(out, drift.IgnoredPin{Pin: toolchain, Why: why})
	}
	if goLine.Source != "" {
		out = append(out, drift.IgnoredPin{Pin: goLine, Why: "is read with idiomatic files on only, and not from 2026.11 on"})
	}
	return out
}

// partMise tells where versions of mise part, for those who use it.
func partMise(f *folder) []Parting {
	r := readMise(f, "mise")[0]
	if r.Pin.Source != "" {
		return managed(f, "mise", r)
	}
	uses := slices.ContainsFunc(f.s.Environment.Toolchains, func(t drift.Toolchain) bool { return t.Origin == drift.OriginMise }) ||
		slices.ContainsFunc(f.s.Pins, func(p drift.Pin) bool { return p.Source == drift.SourceMise || p.Source == drift.SourceMiseGotoolchain })
	line, _ := f.lines(f.nearest("go.mod"))
	if _, v := f.idiomaticPick(); !uses || v != "" || line.Version == "" {
		return nil
	}
	return []Parting{{A: "mise before 2026.11", B: "mise from 2026.11", Message: fmt.Sprintf(
		"With idiomatic files on, mise before 2026.11 takes %s from %s; from 2026.11 on it takes nothing here, for a go line is a floor. Name a Go in mise.toml or .go-version.",
		asRange(numbers(line.Version)), f.at(line))}}
}
