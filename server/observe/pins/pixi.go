package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// ParsePixi reads a pixi.toml: the package go of conda-forge among its
// dependencies, whose versions are match specifications as in [ParseConda]
// (https://pixi.sh/latest/reference/pixi_manifest/#the-dependencies-tables).
func ParsePixi(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("go")) {
		return nil, encodingProblems(doc)
	}
	values, problems := readTOML(doc)
	var pins []drift.Pin
	for _, v := range values {
		path := v.path
		if n := len(path); n > 2 && path[n-1] == "version" {
			path = path[:n-1]
		}
		n := len(path)
		if n < 2 || !condaPackages[path[n-1]] || !strings.HasSuffix(path[n-2], "dependencies") || v.text == "*" || len(pins) == maxPins {
			continue
		}
		raw := string(doc.Text[v.span.Start:v.span.End])
		at := 0
		for at < len(raw) && raw[at] == '=' {
			at++
		}
		if at == len(raw) {
			continue
		}
		t := literalTemplate(raw[at:], v.span.Start+at)
		r := condaVersion(t)
		if at == 0 && r.meaning == drift.MeaningLine && !strings.HasSuffix(raw, "*") || at == 2 && r.meaning == drift.MeaningLine {
			r.meaning = drift.MeaningExact // ==1.25, which pixi takes a bare version for
		}
		pins = append(pins, t.pin(doc, drift.SourcePixi, drift.RoleDevelop, r))
	}
	return pins, problems
}
