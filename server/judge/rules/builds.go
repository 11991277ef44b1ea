package rules

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// moduleFile is a go.mod or go.sum as the inputs of a step name it.
var moduleFile = regexp.MustCompile(`([\w./-]+)/go\.(?:sum|mod)\b`)

// namedModules are the modules whose files the step of a pin names, as setup-go's
// cache-dependency-path does: what a workflow above several modules builds.
func (in Input) namedModules(pin drift.Pin) []spot {
	if pin.Source != drift.SourceGitHubSetupGo {
		return nil
	}
	list, known := in.index.named[pin.Place]
	if known {
		return list
	}
	for _, m := range moduleFile.FindAllStringSubmatch(in.step(pin), -1) {
		at := slices.IndexFunc(in.spots(), func(s spot) bool {
			rel := in.rel(s.Dir)
			return rel != s.Dir && (m[1] == rel || strings.HasSuffix(m[1], "/"+rel))
		})
		if at >= 0 && !slices.ContainsFunc(list, func(s spot) bool { return s.File == in.spots()[at].File }) {
			list = append(list, in.spots()[at])
		}
	}
	in.index.named[pin.Place] = list
	return list
}

// maxStep bounds the lines of a step that are looked at after a pin, and maxBefore
// the bytes before one.
const (
	maxStep   = 40
	maxBefore = 16 << 10
)

// step is the text of the list item of a YAML file that a pin stands in.
func (in Input) step(pin drift.Pin) string {
	text := in.Snapshot.Documents[pin.Place.File].Text
	at := min(pin.Place.Span.Start, len(text))
	before, after := string(text[max(0, at-maxBefore):at]), string(text[at:min(len(text), at+maxBefore)])
	start := max(strings.LastIndex(before, "\n- "), strings.LastIndex(before, " - "), 0)
	var b strings.Builder
	b.WriteString(before[start:])
	lines := 0
	for line := range strings.Lines(after) {
		if lines++; lines > maxStep || lines > 1 && strings.HasPrefix(strings.TrimSpace(line), "- ") {
			break
		}
		b.WriteString(line)
	}
	return b.String()
}

// buildsNothingHere reports whether a Dockerfile takes no Go code from the folder
// it stands in and keeps no Go: it fetches a tool or another repository, and
// what it makes is not built from the module around it. An image that keeps its
// Go may be there to build the module outside of the Dockerfile.
func (in Input) buildsNothingHere(pin drift.Pin) bool {
	if !strings.HasPrefix(string(pin.Source), "dockerfile:") {
		return false
	}
	fetches, known := in.index.fetches[pin.Place.File]
	if !known {
		fetches = in.buildsOthers(pin) || onlyFetches(in.Snapshot.Documents[pin.Place.File])
		in.index.fetches[pin.Place.File] = fetches
	}
	return fetches
}

// onlyFetches reports whether a Dockerfile has a stage, copies nothing that can be
// Go code, and ends in an image that has no Go.
func onlyFetches(doc drift.Document) bool {
	text := strings.NewReplacer("\\\r\n", " ", "\\\n", " ").Replace(string(doc.Text))
	names := map[string]bool{} // of stages
	keeps, copies := true, false
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) < 2 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch strings.ToUpper(words[0]) {
		case "FROM":
			words = slices.DeleteFunc(words[1:], func(w string) bool { return strings.HasPrefix(w, "--") })
			if len(words) == 0 {
				return false
			}
			image := strings.ToLower(words[0])
			keeps = names[image] || strings.ContainsAny(image, "$") || strings.Contains(path.Base(image), "go")
			if len(words) == 3 && strings.EqualFold(words[1], "as") {
				names[strings.ToLower(words[2])] = true
			}
		case "COPY", "ADD":
			copies = true
			if takesCode(words[1:]) {
				return false
			}
		case "RUN":
			if slices.ContainsFunc(words, func(w string) bool {
				return strings.HasPrefix(w, "--mount") && !strings.Contains(w, "from=") && !strings.Contains(w, "type=cache") && !strings.Contains(w, "type=secret")
			}) {
				return false
			}
		case "ONBUILD":
			return false
		}
	}
	return copies && !keeps && len(names) > 0
}

// takesCode reports whether the words of a COPY or ADD may name Go code of the
// folder: anything but files of another kind.
func takesCode(words []string) bool {
	var from []string
	for _, w := range words {
		if strings.HasPrefix(w, "--from=") {
			return false
		}
		if !strings.HasPrefix(w, "--") {
			from = append(from, strings.Trim(w, `[]",`))
		}
	}
	if len(from) < 2 {
		return true
	}
	return slices.ContainsFunc(from[:len(from)-1], func(name string) bool {
		if strings.Contains(name, "://") {
			return false
		}
		ext := filepath.Ext(name)
		return ext == "" || name == "." || name == ".." || strings.ContainsAny(ext, "*?]}/$") || ext == ".go" || ext == ".mod" || ext == ".sum" || ext == ".work"
	})
}
