package pins

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// resolveWorkflow takes the values of inputs without a default from the
// workflows that call this workflow or action, if they agree. Where they do
// not, the input is a variable of several values.
func resolveWorkflow(pins []drift.Pin, all map[string][]drift.Pin) []drift.Pin {
	if !slices.ContainsFunc(pins, func(p drift.Pin) bool { return inputOf(p) != "" }) {
		return pins
	}
	passed := callers(pins[0].Place.File, all)
	if len(passed) == 0 {
		return pins
	}
	out := slices.Clone(pins)
	for i, pin := range out {
		name := inputOf(pin)
		var found []drift.Pin
		for _, p := range passed {
			if strings.EqualFold(p.Extra["input"], name) && p.Meaning != drift.MeaningUnresolved {
				found = append(found, p)
			}
		}
		if name == "" || len(found) == 0 {
			continue
		}
		value := found[0]
		for _, p := range found {
			if p.Version != value.Version {
				value.Version = ""
			}
		}
		from, err := filepath.Rel(filepath.Dir(pin.Place.File), value.Place.File)
		if err != nil {
			from = value.Place.File
		}
		out[i] = takeValue(pin, value, filepath.ToSlash(from))
	}
	return out
}

// inputOf is the name of the input that a pin waits for; empty for others.
func inputOf(pin drift.Pin) string {
	if pin.Meaning != drift.MeaningUnresolved {
		return ""
	}
	name, _ := strings.CutPrefix(pin.Extra["name"], "github.event.")
	name, _ = strings.CutPrefix(name, "inputs.")
	if name == pin.Extra["name"] {
		return ""
	}
	return name
}

// callers are the values that other files of the repository give to a workflow
// or an action, in the order of the files' names.
func callers(called string, all map[string][]drift.Pin) []drift.Pin {
	var found []drift.Pin
	for file, pins := range all {
		root, ok := repositoryOf(file)
		if !ok {
			continue
		}
		for _, pin := range pins {
			uses := pin.Extra["uses"]
			if pin.Source != drift.SourceGitHubWith || uses == "" {
				continue
			}
			target := filepath.Join(root, filepath.FromSlash(uses))
			if target == called || target == filepath.Dir(called) && strings.HasPrefix(filepath.Base(called), "action.y") {
				found = append(found, pin)
			}
		}
	}
	slices.SortFunc(found, func(a, b drift.Pin) int {
		return cmp.Or(strings.Compare(a.Place.File, b.Place.File), a.Place.Span.Start-b.Place.Span.Start)
	})
	return found
}

// repositoryOf is the folder that the paths in a workflow or an action are
// relative to.
func repositoryOf(file string) (string, bool) {
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		if base := filepath.Base(dir); base == ".github" || base == ".gitea" || base == ".forgejo" {
			return filepath.Dir(dir), true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}
