package readers

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// readSetupGo is actions/setup-go of one major version (src/main.ts and
// src/installer.ts of github.com/actions/setup-go). go-version beats
// go-version-file. Of a go.mod or go.work, v3 to v5 take the go line; v6 and
// later take the toolchain line first, and only where GOTOOLCHAIN is not local.
// They set GOTOOLCHAIN=local themselves, for the steps after them, so that a
// second use in the same job takes the go line, and no go command in the job
// switches to a newer Go. A go line without a patch is a range: 1.25 is the
// newest 1.25. .tool-versions is read from v6.1 on, and its golang line only;
// every other file is taken whole as one version.
func readSetupGo(major int) func(*folder, string) []Reading {
	return func(f *folder, name string) []Reading {
		uses := f.uses()
		if len(uses) == 0 {
			return nothing(name, "No workflow here gives it a version.")
		}
		rows := rows{more: "steps"}
		for _, u := range uses {
			r := f.setupGo(u, major)
			r.Reader = name
			key := r.Pin.Place.File + fmt.Sprint(r.Pin.Place.Span)
			if u.version.Source != "" {
				key = "" // steps that are given the same are one row
			}
			rows.add(key, r)
		}
		return rows.done()
	}
}

// setupGo is what a use takes if the action has this major.
func (f *folder) setupGo(u use, major int) Reading {
	if u.version.Source != "" {
		r := Reading{Pin: u.version, Version: f.given(u), Sees: []drift.Pin{u.version}, Reason: f.at(u.version) + " gives go-version."}
		if r.Version == "" {
			r.Reason = f.at(u.version) + " gives a go-version that is not known here."
		}
		if u.from.Source != "" {
			r.Reason = f.at(u.version) + " gives go-version, which beats go-version-file."
			r.Ignores = []drift.IgnoredPin{{Pin: u.from, Why: "is beaten by go-version"}}
		}
		return r
	}
	r := Reading{Sees: []drift.Pin{u.from}}
	name := strings.TrimPrefix(u.from.Raw, "./")
	if strings.Contains(name, "${") || u.from.Meaning == drift.MeaningUnresolved {
		r.Pin, r.Reason = u.from, f.at(u.from)+" names a file that is not known here."
		return r
	}
	file := filepath.Join(f.repository(u.file), filepath.FromSlash(name))
	switch base := filepath.Base(file); base {
	case "go.mod", "go.work":
		return f.setupGoLines(u, file, major >= 6, r)
	case ".tool-versions":
		return f.setupGoTools(u, file, major, r)
	}
	p, ok := f.pin(file, drift.SourceGoVersion)
	if !ok {
		r.Pin, r.Reason = u.from, fmt.Sprintf("%s names %s, in which no version can be read.", f.at(u.from), f.rel(file))
		return r
	}
	r.Pin, r.Sees = p, append(r.Sees, p)
	r.Version, r.Reason = takes(p), fmt.Sprintf("%s names %s.", f.at(u.from), f.rel(file))
	if len(f.byFile[file]) > 1 || strings.HasPrefix(p.Raw, "go") {
		r.Version, r.Reason = refused, fmt.Sprintf("%s names %s, whose whole text is no version to it.", f.at(u.from), f.rel(file))
	}
	return r
}

// setupGoLines is a go.mod or go.work.
func (f *folder) setupGoLines(u use, file string, six bool, r Reading) Reading {
	if !f.has(file) {
		r.Pin, r.Reason = u.from, fmt.Sprintf("%s names %s, which is not here.", f.at(u.from), f.rel(file))
		return r
	}
	goLine, toolchain := f.lines(file)
	if six && toolchain.Version != "" && !u.second && !u.local {
		r.Pin, r.Version, r.Sees = toolchain, toolchain.Version, append(r.Sees, toolchain)
		r.Reason = fmt.Sprintf("%s names %s, and the toolchain line comes first.", f.at(u.from), f.rel(file))
		return r
	}
	if toolchain.Source != "" {
		why := "is read by v6 and later only"
		if six {
			why = "is not read where GOTOOLCHAIN=local is set already"
		}
		r.Ignores = append(r.Ignores, drift.IgnoredPin{Pin: toolchain, Why: why})
	}
	if goLine.Version == "" {
		r.Pin, r.Reason = u.from, fmt.Sprintf("%s names %s, which has no go line: it takes the Go of the runner.", f.at(u.from), f.rel(file))
		return r
	}
	r.Pin, r.Version, r.Sees = goLine, asRange(numbers(goLine.Version)), append(r.Sees, goLine)
	r.Reason = fmt.Sprintf("%s names %s, and it takes the go line.", f.at(u.from), f.rel(file))
	if six && toolchain.Version != "" {
		r.Reason = fmt.Sprintf("%s names %s; GOTOOLCHAIN=local is set by then, so it takes the go line.", f.at(u.from), f.rel(file))
	}
	return r
}

// setupGoTools is a .tool-versions.
func (f *folder) setupGoTools(u use, file string, major int, r Reading) Reading {
	for _, p := range f.byFile[file] {
		if p.Extra["fallback"] != "" || f.tool(p) != "golang" {
			continue
		}
		r.Pin, r.Version, r.Sees = p, takes(p), append(r.Sees, p)
		r.Reason = fmt.Sprintf("%s names %s, and the golang line counts, from v6.1 on.", f.at(u.from), f.rel(file))
		if major < 6 {
			r.Version, r.Reason = refused, fmt.Sprintf("%s names %s, whose whole text it takes for a version.", f.at(u.from), f.rel(file))
		}
		return r
	}
	r.Pin, r.Reason = u.from, fmt.Sprintf("%s names %s, which has no golang line.", f.at(u.from), f.rel(file))
	return r
}

// given is what the go-version input comes to; for a matrix, each of its values.
func (f *folder) given(u use) string {
	p := u.version
	if axis, ok := strings.CutPrefix(p.Extra["name"], "matrix."); ok && p.Version == "" {
		text := string(f.s.Documents[u.file].Text)
		var values []string
		for _, q := range f.byFile[u.file] {
			if q.Source == drift.SourceGitHubMatrix && jobOf(text, q.Place.Span.Start) == u.job {
				values = appendNew(values, q.Raw)
			}
		}
		if len(values) > 0 {
			return "each of " + strings.Join(values, ", ")
		}
		return "each of " + axis
	}
	return takes(p)
}

// repository is the folder that a workflow's paths start from.
func (f *folder) repository(file string) string {
	for dir := filepath.Dir(file); drift.Within(f.s.Root, dir); dir = filepath.Dir(dir) {
		if name := filepath.Base(dir); name == ".github" || name == ".gitea" || name == ".forgejo" {
			return filepath.Dir(dir)
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return f.s.Root
}

// partSetupGo tells where majors of setup-go, its inputs and its uses in one job
// part.
func partSetupGo(f *folder) []Parting {
	var ps parts
	for _, u := range f.uses() {
		old, six := f.setupGo(u, 5), f.setupGo(u, 6)
		where := u.from
		if u.version.Source != "" {
			where = u.version
		}
		runs := ""
		if u.major > 0 {
			runs = fmt.Sprintf(" The step runs v%d.", u.major)
		}
		if u.version.Source != "" && u.from.Source != "" {
			ps.add("go-version", "go-version-file", u.version, "both are given to one step; go-version counts, and %s is not looked at.", u.from.Raw)
		}
		if old.Version != six.Version {
			ps.add("setup-go v4, v5", "setup-go v6+", where, "up to v5 it %s; from v6 on it %s.%s", f.verb(old), f.verb(six), runs)
		}
		if once := (use{file: u.file, from: u.from, version: u.version}); u.second && u.major != 0 && u.major < 6 {
			continue // it exports no GOTOOLCHAIN
		} else if first := f.setupGo(once, 6); u.second && first.Version != six.Version {
			ps.add("setup-go v6+, first in a job", "setup-go v6+, second in a job", where, "as the second use in its job it runs under the GOTOOLCHAIN=local that the first one set: it takes %s (%s) and not %s (%s).",
				six.Version, f.at(six.Pin), first.Version, f.at(first.Pin))
		}
		if floor := f.floor(f.repository(u.file)); below(six.Pin, floor) {
			ps.add("setup-go v4, v5", "setup-go v6+", where, "it takes %s, and %s needs %s. From v6 on GOTOOLCHAIN=local is set and the build stops; up to v5 the go command downloads a newer Go.%s",
				six.Version, f.at(floor), floor.Version, runs)
		}
	}
	return ps.named(f)
}

// verb says what a reading comes to, as "takes 1.25.3 (go.mod:3)".
func (f *folder) verb(r Reading) string {
	switch r.Version {
	case refused:
		return "refuses " + f.at(r.Pin)
	case "":
		return "takes nothing"
	}
	return fmt.Sprintf("takes %s (%s)", r.Version, f.at(r.Pin))
}
