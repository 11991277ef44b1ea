package pins

import (
	"bytes"
	"path"
	"strings"

	"godrift.dev/server/drift"
)

// isMise matches the names that mise looks for
// (https://mise.jdx.dev/configuration.html).
func isMise(rel string) bool {
	if !strings.HasSuffix(rel, ".toml") {
		return false
	}
	name := path.Base(rel)
	dir := rel[:len(rel)-len(name)]
	bare := strings.TrimPrefix(name, ".")
	if bare == "mise.toml" || bare == "rtx.toml" || strings.HasPrefix(bare, "mise.") {
		return true
	}
	if strings.HasSuffix(dir, "mise/conf.d/") {
		return dirIs(strings.TrimSuffix(dir, "conf.d/"), "mise/") || dirIs(strings.TrimSuffix(dir, "conf.d/"), ".mise/")
	}
	return (dirIs(dir, "mise/") || dirIs(dir, ".mise/")) && (name == "config.toml" || strings.HasPrefix(name, "config."))
}

// dirIs reports whether the last folder of dir is last; both end in a slash.
func dirIs(dir, last string) bool {
	return strings.HasSuffix(dir, last) && (len(dir) == len(last) || dir[len(dir)-len(last)-1] == '/')
}

// ParseMise reads a mise.toml: the tools go and golang, of tasks too, and
// GOTOOLCHAIN in its environment (https://mise.jdx.dev/dev-tools/,
// https://mise.jdx.dev/environments/). A value may be a template
// (https://mise.jdx.dev/templates.html).
func ParseMise(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("go")) && !bytes.Contains(doc.Text, []byte("GO")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	var pins []drift.Pin
	for _, v := range values {
		if pin, ok := misePin(doc, values, v); ok && len(pins) < maxPins {
			pins = append(pins, pin)
		}
	}
	return pins, problems
}

func misePin(doc drift.Document, all []tomlValue, v tomlValue) (drift.Pin, bool) {
	raw := string(doc.Text[v.span.Start:v.span.End])
	place := drift.Place{File: doc.File, Span: v.span}
	path := v.path
	role := drift.RoleDevelop
	if len(path) > 2 && path[0] == "tasks" {
		path, role = path[2:], drift.RoleBuild
	}
	if len(path) < 2 || raw == "" {
		return drift.Pin{}, false
	}
	var pin drift.Pin
	switch {
	case path[0] == "tools" && goTool(path[1]) && (len(path) == 2 || len(path) == 3 && path[2] == "version"):
		pin = miseVersion(doc, all, v, raw)
		if v.item > 0 {
			pin.Extra = with(pin.Extra, "fallback", "true")
		}
	case path[0] == "tools" && goTool(path[1]) && len(path) == 3 && (path[2] == "prefix" || path[2] == "ref" || path[2] == "path"):
		pin = managedVersion(drift.SourceMise, path[2]+":"+raw)
		pin.Raw = raw
	case path[0] == "env" && path[1] == "GOTOOLCHAIN" && (len(path) == 2 || len(path) == 3 && path[2] == "value"):
		if inner, ok := miseTemplate(raw); ok {
			pin = miseVariable(doc, all, raw, inner)
			pin.Source = drift.SourceMiseGotoolchain
		} else {
			pin = settingPin(drift.SourceMiseGotoolchain, role, raw)
		}
	default:
		return drift.Pin{}, false
	}
	pin.Role, pin.Place = role, place
	return pin, true
}

func miseVersion(doc drift.Document, all []tomlValue, v tomlValue, raw string) drift.Pin {
	if inner, ok := miseTemplate(raw); ok {
		return miseVariable(doc, all, raw, inner)
	}
	pin := managedVersion(drift.SourceMise, raw)
	if !v.isText {
		pin = refuse(pin, "mise wants a version in quotes")
		_, pin.Version = release(raw)
	}
	return pin
}

// miseTemplate takes the braces off a value that is one template.
func miseTemplate(raw string) (string, bool) {
	if !strings.Contains(raw, "{{") {
		return "", false
	}
	inner, ok := strings.CutPrefix(raw, "{{")
	inner, end := strings.CutSuffix(inner, "}}")
	if !ok || !end || strings.Contains(inner, "}}") {
		return raw, true
	}
	return strings.TrimSpace(inner), true
}

// miseVariable resolves vars.name and env.NAME where the same file says them.
func miseVariable(doc drift.Document, all []tomlValue, raw, inner string) drift.Pin {
	pin := drift.Pin{Source: drift.SourceMise, Role: drift.RoleDevelop, Raw: raw, Meaning: drift.MeaningUnresolved, Extra: extra("name", inner)}
	table, name, ok := strings.Cut(inner, ".")
	if !ok || table != "vars" && table != "env" {
		return pin
	}
	for _, v := range all {
		if len(v.path) != 2 || v.path[0] != table || v.path[1] != name || !v.isText || strings.Contains(v.text, "{{") {
			continue
		}
		if m := managedVersion(drift.SourceMise, v.text); m.Version != "" {
			pin.Meaning, pin.Version = drift.MeaningVar, m.Version
			pin.Extra = with(pin.Extra, "fromLine", lineOf(doc, v.span.Start))
		}
		return pin
	}
	return pin
}

// ParseMiseLock reads a mise.lock, which holds the release that mise took
// (https://mise.jdx.dev/dev-tools/mise-lock.html): [[tools.go]] and its version.
func ParseMiseLock(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("go")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	var pins []drift.Pin
	for _, v := range values {
		if len(v.path) == 3 && v.path[0] == "tools" && goTool(v.path[1]) && v.path[2] == "version" && v.text != "" && len(pins) < maxPins {
			pin := managedVersion(drift.SourceMiseLock, string(doc.Text[v.span.Start:v.span.End]))
			pin.Place = drift.Place{File: doc.File, Span: v.span}
			pins = append(pins, pin)
		}
	}
	return pins, problems
}

// ParsePrototools reads a .prototools: the line go = "1.25" of proto
// (https://moonrepo.dev/docs/proto/config).
func ParsePrototools(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("go")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	var pins []drift.Pin
	for _, v := range values {
		if len(v.path) != 1 || v.path[0] != "go" || !v.isText || v.text == "" {
			continue
		}
		raw := string(doc.Text[v.span.Start:v.span.End])
		var pin drift.Pin
		switch {
		case raw == "stable":
			pin = drift.Pin{Meaning: drift.MeaningStable, Raw: raw}
		case strings.ContainsAny(raw[:1], "^~<>="):
			pin = drift.Pin{Meaning: drift.MeaningRange, Raw: raw, Version: raw}
		default:
			pin = managedVersion(drift.SourcePrototools, raw)
		}
		pin.Source, pin.Role = drift.SourcePrototools, drift.RoleDevelop
		pin.Place = drift.Place{File: doc.File, Span: v.span}
		pins = append(pins, pin)
	}
	return pins, problems
}
