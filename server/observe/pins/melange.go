package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// isApko reports whether a YAML file describes an image of apko or a package of
// melange: both list packages under contents.
func isApko(text []byte) bool {
	return containsAny(text, "contents:") && containsAny(text, "packages:") && containsAny(text, "go-1.", "go~", "go=")
}

// parseApko reads the Gos among the packages of an apko image or of a melange
// build, and the package that the pipeline go/build is told
// (https://github.com/chainguard-dev/apko/blob/main/docs/apko_file.md,
// https://github.com/chainguard-dev/melange/blob/main/docs/BUILD-FILE.md).
// Wolfi has a package for each minor, go-1.25; ~ and = name a version of it.
func parseApko(doc drift.Document) []drift.Pin {
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		for _, path := range [][]string{{"environment", "contents", "packages"}, {"contents", "packages"}} {
			c.items(c.get(root, path...), func(item *yaml.Node) { c.apkPackage(item) })
		}
		c.pipeline(c.get(root, "pipeline"), 0)
		c.items(c.get(root, "subpackages"), func(item *yaml.Node) { c.pipeline(c.get(item, "pipeline"), 0) })
	}
	pins, _ := c.result()
	return pins
}

func (c *ciFile) pipeline(n *yaml.Node, depth int) {
	if depth > 10 {
		return
	}
	c.items(n, func(step *yaml.Node) {
		c.apkPackage(c.get(step, "with", "go-package"))
		c.pipeline(c.get(step, "pipeline"), depth+1)
	})
}

// apkPackage reads go-1.25, go~1.25 and go=1.25.3-r0.
func (c *ciFile) apkPackage(n *yaml.Node) {
	s, ok := c.scalar(n)
	if !ok {
		return
	}
	for _, prefix := range []string{"go-", "go~=", "go~", "go="} {
		rest, ok := strings.CutPrefix(s.text, prefix)
		if !ok || !startsWithDigit(rest) {
			continue
		}
		end := cut(s.text, len(prefix), "-=~<>@ ")
		v := c.expand(s, len(prefix), end, unknownVariable)
		if r := plainVersion(v.template); r.meaning == drift.MeaningLine || r.meaning == drift.MeaningExact {
			c.version(v, drift.SourceApkPackage, drift.RoleShip, plainVersion)
		}
		return
	}
}
