package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// ParseNetlify reads a netlify.toml: GO_VERSION and GOTOOLCHAIN in the
// environments of builds
// (https://docs.netlify.com/build/configure-builds/manage-dependencies/#go).
func ParseNetlify(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	return tomlEnvironment(doc, drift.SourceNetlify, drift.SourceNetlifyGotoolchain, func(p []string) bool {
		return len(p) >= 3 && p[len(p)-2] == "environment"
	})
}

// ParseCloudflare reads a wrangler.toml: GO_VERSION among the variables of a
// build of Pages (https://developers.cloudflare.com/pages/configuration/build-image/).
func ParseCloudflare(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	return tomlEnvironment(doc, drift.SourceCloudflare, drift.SourceCloudflareGotoolchain, func(p []string) bool {
		return len(p) >= 2 && p[len(p)-2] == "vars"
	})
}

// tomlEnvironment reads GO_VERSION and GOTOOLCHAIN of the tables that hold an
// environment.
func tomlEnvironment(doc drift.Document, version, gotoolchain drift.Source, in func(path []string) bool) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("GO_VERSION")) && !bytes.Contains(doc.Text, []byte("GOTOOLCHAIN")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	var pins []drift.Pin
	for _, v := range values {
		raw := string(doc.Text[v.span.Start:v.span.End])
		if raw == "" || !in(v.path) || len(pins) == maxPins {
			continue
		}
		var pin drift.Pin
		switch v.key() {
		case "GO_VERSION":
			pin = hostVersion(version, raw, v.isText)
		case "GOTOOLCHAIN":
			pin = settingPin(gotoolchain, drift.RoleBuild, raw)
		default:
			continue
		}
		pin.Place = drift.Place{File: doc.File, Span: v.span}
		pins = append(pins, pin)
	}
	return pins, problems
}

// hostVersion reads the version that a host of builds is told: a release, a
// minor, or a range.
func hostVersion(source drift.Source, raw string, isText bool) drift.Pin {
	pin := drift.Pin{Source: source, Role: drift.RoleBuild, Raw: raw}
	meaning, v := release(raw)
	switch {
	case v != "" && !isText && strings.HasSuffix(raw, "0") && strings.Count(raw, ".") == 1:
		pin.Meaning, pin.Version = drift.MeaningTrapFloat, strings.TrimRight(raw, "0")
		pin.Extra = extra("written", raw)
	case v != "":
		pin.Meaning, pin.Version = meaning, v
	case raw == "latest":
		pin.Meaning = drift.MeaningLatest
	case raw == "stable":
		pin.Meaning = drift.MeaningStable
	case strings.ContainsAny(raw[:1], "^~<>=") && strings.ContainsAny(raw, "0123456789"):
		pin.Meaning, pin.Version = drift.MeaningRange, raw
	default:
		pin.Meaning, pin.Extra = drift.MeaningUnknown, extra("why", "no Go version can be read from this")
	}
	return pin
}
