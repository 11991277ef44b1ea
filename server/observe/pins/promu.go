package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// matchPromu matches the files of promu, and those of other names beside it
// that --config names: .promu-cgo.yml.
func matchPromu(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return strings.HasPrefix(base, ".promu") && isYAML(base)
}

// ParsePromu reads a .promu.yml: go.version is the tag of the image
// prometheus/golang-builder that promu crossbuild builds releases in, see
// github.com/prometheus/promu, cmd/crossbuild.go. It takes the scalar as text,
// so that 1.20 is what it says.
func ParsePromu(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "go:") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	c.stringly = true
	for _, root := range c.roots {
		if v, ok := c.read(c.get(root, "go", "version"), unknownVariable); ok {
			c.version(v, drift.SourcePromu, drift.RoleShip, plainVersion)
		}
	}
	return c.result()
}
