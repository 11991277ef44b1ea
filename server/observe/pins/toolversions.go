package pins

import (
	"bytes"
	"go/version"
	"strings"

	"godrift.dev/server/drift"
)

// ParseToolVersions reads a .tool-versions: a line holds the name of a tool and
// its versions, the first of which counts and the others stand in for it; #
// starts a comment (https://asdf-vm.com/manage/configuration.html). asdf and
// setup-go know Go as golang; mise (https://mise.jdx.dev/lang/go.html) as go
// and golang.
func ParseToolVersions(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	if !bytes.Contains(doc.Text, []byte("go")) {
		return nil, problems
	}
	var pins []drift.Pin
	for start := 0; start < len(doc.Text) && len(pins) < maxPins; {
		end := len(doc.Text)
		if i := bytes.IndexByte(doc.Text[start:], '\n'); i >= 0 {
			end = start + i
		}
		pins = append(pins, toolVersionsLine(doc, start, end)...)
		start = end + 1
	}
	return pins, problems
}

// maxPins is the most pins that one file yields.
const maxPins = 1000

func toolVersionsLine(doc drift.Document, start, end int) []drift.Pin {
	line := doc.Text[start:end]
	if i := bytes.IndexByte(line, '#'); i >= 0 {
		line = line[:i]
	}
	tool := ""
	var pins []drift.Pin
	for i := 0; i < len(line); {
		if isBlank(line[i]) {
			i++
			continue
		}
		j := i
		for j < len(line) && !isBlank(line[j]) {
			j++
		}
		word := string(line[i:j])
		switch {
		case tool == "":
			if !goTool(word) {
				return nil
			}
			tool = word
		default:
			pin := toolVersion(word)
			pin.Place = drift.Place{File: doc.File, Span: drift.Span{Start: start + i, End: start + j}}
			if len(pins) > 0 {
				pin.Extra = with(pin.Extra, "fallback", "true")
			}
			if tool != "golang" {
				pin.Extra = with(pin.Extra, "compat", "mise reads "+tool+"; asdf and setup-go know golang only")
			}
			pins = append(pins, pin)
		}
		i = j
	}
	return pins
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f' }

// goTool reports whether a version manager calls Go so.
func goTool(name string) bool {
	switch name {
	case "go", "golang", "core:go", "asdf:golang", "vfox:golang", "asdf:asdf-community/asdf-golang", "asdf:kennyp/asdf-golang":
		return true
	}
	return false
}

func toolVersion(raw string) drift.Pin {
	pin := managedVersion(drift.SourceToolVersions, raw)
	if pin.Meaning == drift.MeaningLine && pin.Version == raw && version.Compare("go"+raw, "go1.21") >= 0 {
		pin.Extra = with(pin.Extra, "compat", "asdf asks for a release go"+raw+", which there is not; mise takes the newest patch")
	}
	return pin
}

// managedVersion reads what asdf and mise take for a version: a release, or the
// start of one; latest, system, latest:1.25, prefix:1.25, sub-0.1:latest,
// ref:master, path:/usr/local/go (https://mise.jdx.dev/configuration.html).
func managedVersion(source drift.Source, raw string) drift.Pin {
	pin := drift.Pin{Source: source, Role: drift.RoleDevelop, Raw: raw, Meaning: drift.MeaningUnknown}
	unknown := func(why string) drift.Pin {
		pin.Extra = extra("why", why)
		return pin
	}
	scope, rest, scoped := strings.Cut(raw, ":")
	switch {
	case raw == "system":
		pin.Meaning = drift.MeaningSystem
	case raw == "latest":
		pin.Meaning = drift.MeaningLatest
	case scope == "ref" && scoped:
		return unknown("built from a git reference")
	case scope == "path" && scoped:
		return unknown("a Go in a folder of its own")
	case strings.HasPrefix(scope, "sub-") && scoped:
		if raw == "sub-0.1:latest" {
			pin.Meaning = drift.MeaningOldStable
			return pin
		}
		return unknown("a number of versions before another one")
	case scoped && (scope == "latest" || scope == "prefix"):
		meaning, v := release(rest)
		if v == "" || rest != v {
			return unknown("no Go version can be read from this")
		}
		pin.Meaning, pin.Version = meaning, v
	case scoped:
		return unknown("no Go version can be read from this")
	default:
		meaning, v := release(raw)
		switch {
		case v == "":
			return unknown("no Go version can be read from this")
		case v != raw && strings.HasSuffix(raw, v):
			pin = refuse(pin, "a version manager takes no prefix: write "+v)
			pin.Version = v
		case v != raw:
			return unknown("no Go version can be read from this: write " + v)
		default:
			pin.Meaning, pin.Version = meaning, v
		}
	}
	return pin
}
