package rules

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

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
		doc := in.Snapshot.Documents[pin.Place.File]
		fetches = buildsOthers(doc) || onlyFetches(doc)
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

// buildsOthers reports whether a Dockerfile builds nothing of this repository: it
// installs a program of somebody else by its version, and copies no code.
func buildsOthers(doc drift.Document) bool {
	installs := false
	for line := range strings.Lines(string(doc.Text)) {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		switch verb := strings.ToUpper(words[0]); {
		case strings.Contains(line, "go install ") && strings.Contains(line, "@"):
			installs = true
		case (verb == "COPY" || verb == "ADD") && !strings.Contains(line, "--from=") && !copiesFiles(words[1:]),
			strings.Contains(line, "go "), strings.Contains(line, "make"), strings.Contains(line, "git clone"), strings.Contains(line, "--mount"), strings.Contains(line, "<<"):
			return false
		}
	}
	return installs
}

// copiesFiles reports whether everything that a COPY takes is a file that is no
// code, by its extension.
func copiesFiles(words []string) bool {
	for i, w := range words {
		if strings.HasPrefix(w, "--") || i == len(words)-1 {
			continue
		}
		switch path.Ext(w) {
		case ".yml", ".yaml", ".json", ".toml", ".conf", ".sh", ".txt", ".tmpl", ".template", ".crt", ".pem":
		default:
			return false
		}
	}
	return true
}
