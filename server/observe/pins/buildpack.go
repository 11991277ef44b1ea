package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// ParseProject reads a project.toml of Cloud Native Buildpacks: the variables
// BP_GO_VERSION (https://paketo.io/docs/howto/go/), GOOGLE_GO_VERSION,
// GOOGLE_RUNTIME_VERSION
// (https://cloud.google.com/docs/buildpacks/service-specific-configs) and
// GOTOOLCHAIN of a build, each a table with a name and a value
// (https://buildpacks.io/docs/reference/config/project-descriptor/).
func ParseProject(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("GO")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	names := map[int]string{}
	for _, v := range values {
		if v.key() == "name" && v.isText {
			names[v.table] = v.text
		}
	}
	var pins []drift.Pin
	for _, v := range values {
		raw := string(doc.Text[v.span.Start:v.span.End])
		name := names[v.table]
		if v.key() != "value" || raw == "" || len(v.path) < 2 || len(pins) == maxPins {
			continue
		}
		var pin drift.Pin
		switch name {
		case "GOTOOLCHAIN":
			pin = settingPin(drift.SourceBuildpackGotoolchain, drift.RoleShip, raw)
		case "BP_GO_VERSION", "GOOGLE_GO_VERSION", "GOOGLE_RUNTIME_VERSION":
			pin = hostVersion(drift.SourceBuildpack, raw, v.isText)
			if _, n := release(raw); name == "GOOGLE_RUNTIME_VERSION" && !strings.HasPrefix(n, "1.") {
				continue // of another language
			}
			pin.Role, pin.Extra = drift.RoleShip, with(pin.Extra, "name", name)
		default:
			continue
		}
		pin.Place = drift.Place{File: doc.File, Span: v.span}
		pins = append(pins, pin)
	}
	return pins, problems
}
