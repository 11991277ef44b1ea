package readers

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// readGoCommand is the go command: it starts as the go on PATH, and looks at the
// go and toolchain lines of the go.work in effect, else of go.mod, to switch to
// a newer one (https://go.dev/doc/toolchain#select; cmd/go/internal/toolchain,
// Select). A toolchain line that is lower than its go line has no effect. It
// reads the file of no version manager.
func readGoCommand(f *folder, name string) []Reading {
	sel := f.selection()
	r := Reading{Reader: name, Version: strings.TrimPrefix(sel.Selected, "go")}
	file := f.work()
	if file == "" {
		file = f.nearest("go.mod")
	}
	goLine, toolchain := f.lines(file)
	for _, p := range []drift.Pin{goLine, toolchain} {
		if p.Source != "" {
			r.Sees = append(r.Sees, p)
		}
		if p.Source != "" && p.Place.File == sel.Decider.File && overlaps(p.Place.Span, sel.Decider.Span) {
			r.Pin = p
		}
	}
	if belowGoLine(toolchain, goLine) {
		r.Sees = r.Sees[:1]
		r.Ignores = append(r.Ignores, drift.IgnoredPin{Pin: toolchain, Why: "is lower than the go line and has no effect"})
	}
	if work := f.work(); work != "" {
		goLine, toolchain := f.lines(f.nearest("go.mod"))
		for _, p := range []drift.Pin{goLine, toolchain} {
			if p.Source != "" {
				r.Ignores = append(r.Ignores, drift.IgnoredPin{Pin: p, Why: "does not choose where " + f.rel(work) + " is in effect"})
			}
		}
	}
	for _, manager := range []string{".go-version", ".tool-versions", "mise.toml", ".mise.toml"} {
		for _, p := range f.byFile[f.nearest(manager)] {
			r.Ignores = append(r.Ignores, drift.IgnoredPin{Pin: p, Why: "is for version managers"})
		}
	}
	switch {
	case sel.How == drift.HowNoGo:
		r.Reason = "There is no go on PATH."
	case sel.Error != "":
		r.Reason = "It stops: " + drift.MaskText(first(sel.Error))
	case sel.LoadError != "":
		r.Reason = "It runs, but builds stop: " + drift.MaskText(first(sel.LoadError))
	case r.Pin.Source != "":
		r.Reason = f.at(r.Pin) + " asks for it" + ways[sel.How] + "."
	case sel.Decider.File != "":
		r.Reason = f.at(drift.Pin{Place: sel.Decider}) + " decides" + ways[sel.How] + "."
	case len(r.Sees) > 0:
		r.Reason = "The go on PATH satisfies " + f.at(r.Sees[0]) + "."
	default:
		r.Reason = "It is the go on PATH; no go.mod speaks here."
	}
	return []Reading{r}
}

var ways = map[drift.How]string{drift.HowDownload: ", and it would be downloaded"}

func overlaps(a, b drift.Span) bool { return a.Start < b.End && b.Start < a.End }

func first(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// partGoCommand tells of readers of go.mod where a go.work is in effect.
func partGoCommand(f *folder) []Parting {
	work := f.work()
	mod := f.nearest("go.mod")
	if work == "" || mod == "" {
		return nil
	}
	workGo, workToolchain := f.lines(work)
	modGo, modToolchain := f.lines(mod)
	a, b := workToolchain, modToolchain
	if a.Source == "" {
		a = workGo
	}
	if b.Source == "" {
		b = modGo
	}
	if a.Version == "" || b.Version == "" || firstRelease(a.Version) == firstRelease(b.Version) {
		return nil
	}
	return []Parting{{A: "go command", B: "golangci-lint", Message: fmt.Sprintf(
		"The go command chooses by %s (%s); golangci-lint, and setup-go where it is told go.mod, choose by %s (%s).",
		f.at(a), a.Version, f.at(b), b.Version)}}
}

// managed tells where a version manager takes another Go than the one that
// runs: its shims are not first on PATH, or go.mod has switched away.
func managed(f *folder, manager string, r Reading) []Parting {
	sel := f.selection()
	running := strings.TrimPrefix(sel.Selected, "go")
	v := comesTo(r.Pin)
	if running == "" || v == "" || r.Version == refused || r.Pin.Meaning == drift.MeaningLine && strings.HasPrefix(running+".", r.Pin.Version+".") || v == sel.Selected {
		return nil
	}
	return []Parting{{A: "go command", B: manager, Message: fmt.Sprintf(
		"%s takes %s from %s, and go%s runs here.", manager, r.Version, f.at(r.Pin), running)}}
}
