package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// isFly matches fly.toml and names with more to them: fly.staging.toml.
func isFly(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return strings.HasPrefix(base, "fly.") && strings.HasSuffix(base, ".toml")
}

// ParseFly reads a fly.toml: the arguments that its Dockerfile is built with, of
// which fly launch writes GO_VERSION (https://fly.io/docs/reference/configuration/#the-build-section;
// github.com/superfly/flyctl, scanner/go.go), and an image that it starts from.
func ParseFly(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("GO")) && !bytes.Contains(doc.Text, []byte("go")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	dockerfile := ""
	for _, v := range values {
		if strings.Join(v.path, ".") == "build.dockerfile" {
			dockerfile = otherDockerfile("", v.text)
		}
	}
	var pins []drift.Pin
	for _, v := range values {
		raw := string(doc.Text[v.span.Start:v.span.End])
		args := len(v.path) == 3 && v.path[0] == "build" && (v.path[1] == "args" || v.path[1] == "build-args")
		if !args || raw == "" || len(pins) == maxPins {
			continue
		}
		var pin drift.Pin
		switch t := literalTemplate(raw, v.span.Start); {
		case v.key() == "GOTOOLCHAIN":
			pin = settingPin(drift.SourceFlyGotoolchain, drift.RoleShip, raw)
			pin.Place = drift.Place{File: doc.File, Span: v.span}
		case goVariable(v.key()):
			r := readVersion(t)
			if r.meaning == drift.MeaningUnknown {
				continue
			}
			pin = t.pin(doc, drift.SourceFlyBuildArg, drift.RoleShip, r)
		default:
			var ok bool
			if pin, ok = imagePin(doc, drift.SourceFlyBuildArg, drift.RoleShip, t); !ok {
				continue
			}
		}
		pin.Extra = with(pin.Extra, "name", v.key())
		if dockerfile != "" {
			pin.Extra = with(pin.Extra, "dockerfile", dockerfile)
		}
		pins = append(pins, pin)
	}
	return pins, problems
}
