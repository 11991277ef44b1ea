package readers

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// readAsdf is asdf with the plugin asdf-golang: the golang line of the nearest
// .tool-versions, whose words are names of releases
// (https://asdf-vm.com/manage/configuration.html). .go-version, go.mod and
// go.work count only with legacy_version_file = yes in .asdfrc; of go.mod the
// plugin keeps the major alone and takes the highest release of it that is
// installed (bin/list-legacy-filenames and bin/parse-legacy-file of
// github.com/asdf-community/asdf-golang).
func readAsdf(f *folder, name string) []Reading {
	for _, dir := range f.up() {
		for _, p := range f.byFile[join(dir, ".tool-versions")] {
			if p.Source != drift.SourceToolVersions || p.Extra["fallback"] != "" || f.tool(p) != "golang" {
				continue
			}
			r := Reading{Reader: name, Pin: p, Version: takes(p), Reason: f.at(p) + " is the nearest golang line of a .tool-versions.", Sees: []drift.Pin{p}}
			if noRelease(p) {
				r.Version = refused
				r.Reason = fmt.Sprintf("%s says %s, and asdf wants a release: there is none of that name.", f.at(p), p.Raw)
			}
			r.Ignores = f.legacy()
			return []Reading{r}
		}
	}
	r := Reading{Reader: name, Reason: "No .tool-versions has a golang line: it takes the one in the home folder.", Ignores: f.legacy()}
	if p, v := f.legacyPick(); v != "" {
		r.Reason += fmt.Sprintf(" With legacy files on it would take the %s, by %s.", v, f.at(p))
	}
	return []Reading{r}
}

// legacyPick is what asdf-golang takes with legacy files on.
func (f *folder) legacyPick() (drift.Pin, string) {
	for _, dir := range f.up() {
		if p, ok := f.pin(join(dir, ".go-version"), drift.SourceGoVersion); ok {
			return p, "highest installed " + p.Raw
		}
		for _, name := range []string{"go.mod", "go.work"} {
			if line, _ := f.lines(join(dir, name)); line.Version != "" {
				major, _, _ := strings.Cut(line.Version, ".")
				return line, "highest installed " + major + ".x, whatever its minor"
			}
		}
	}
	return drift.Pin{}, ""
}

// legacy lists what asdf-golang reads with legacy files on only.
func (f *folder) legacy() []drift.IgnoredPin {
	const why = "is read with legacy_version_file = yes only"
	var out []drift.IgnoredPin
	if p, ok := f.pin(f.nearest(".go-version"), drift.SourceGoVersion); ok {
		out = append(out, drift.IgnoredPin{Pin: p, Why: why})
	}
	return append(out, f.ignoreLines(why)...)
}

// tool is the name before a version in a .tool-versions.
func (f *folder) tool(p drift.Pin) string {
	words := strings.Fields(f.line(p))
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// noRelease reports whether a version is the name of a minor, which is no
// release since 1.21.
func noRelease(p drift.Pin) bool {
	return p.Meaning == drift.MeaningLine && p.Raw == p.Version && isLanguage("go"+p.Version) && !releases.Known(p.Version)
}

// partAsdf tells of lines of .tool-versions that asdf and mise take differently.
func partAsdf(f *folder) []Parting {
	var out []Parting
	for _, p := range f.byFile[f.nearest(".tool-versions")] {
		if p.Source != drift.SourceToolVersions || p.Extra["fallback"] != "" {
			continue
		}
		switch tool := f.tool(p); {
		case tool != "golang":
			out = append(out, Parting{A: "asdf-golang", B: "mise", Message: fmt.Sprintf(
				"%s calls Go %s: mise reads it, asdf and setup-go know golang only.", f.at(p), tool)})
		case noRelease(p):
			out = append(out, Parting{A: "asdf-golang", B: "mise", Message: fmt.Sprintf(
				"%s says %s: mise takes the newest patch, asdf finds no release of that name.", f.at(p), p.Raw)})
		}
	}
	r := readAsdf(f, "asdf-golang")[0]
	return append(out, managed(f, "asdf-golang", r)...)
}
