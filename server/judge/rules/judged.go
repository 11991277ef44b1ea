package rules

import (
	"path"
	"strings"

	"godrift.dev/server/drift"
)

// pins are the pins that pick a Go to run, with the one of godrift.toml. A
// toolchain line below its go line has no effect, and what stands in for another
// pin is none of its own.
func (in Input) pins() []drift.Pin {
	var list []drift.Pin
	if pin, ok := in.policyPin(); ok {
		list = append(list, pin)
	}
	for _, pin := range in.Snapshot.Pins {
		if pin.Role == drift.RoleFloor || pin.Role == drift.RoleDocs || !namesVersion(pin) || in.testData(pin.Place.File) ||
			pin.Extra["fallback"] != "" || pin.Extra["earlyscan"] != "" || isToolchainLine(pin) && in.belowGoLine(pin) {
			continue
		}
		list = append(list, pin)
	}
	return list
}

// inVersionMatrix reports whether a pin is one of several that a CI system tries in
// turn, and not, for instance, the image of a lone test.
func inVersionMatrix(pin drift.Pin) bool {
	kind, _, _ := strings.Cut(string(pin.Source), ":")
	return isMatrix(pin) && kind != "dockerfile" && kind != "compose" && kind != "kubernetes" && kind != "earthfile"
}

// pinsAndLanguages are the pins that pick a Go, and those that tell a linter which
// language it checks.
func (in Input) pinsAndLanguages() []drift.Pin {
	list := in.pins()
	for _, pin := range in.Snapshot.Pins {
		if pin.Meaning == drift.MeaningLang && pin.Role == drift.RoleLint && pin.Version != "" && !in.testData(pin.Place.File) {
			list = append(list, pin)
		}
	}
	return list
}

// buildsOthers reports whether a pin is of a Dockerfile that builds nothing of
// this repository: it installs a program of somebody else by its version, and
// copies no code.
func (in Input) buildsOthers(pin drift.Pin) bool {
	if !strings.HasPrefix(string(pin.Source), "dockerfile:") {
		return false
	}
	installs := false
	for line := range strings.Lines(string(in.Snapshot.Documents[pin.Place.File].Text)) {
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
