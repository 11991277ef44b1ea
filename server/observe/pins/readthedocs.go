package pins

import (
	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchReadTheDocs(rel string) bool {
	return hasBase(rel, ".readthedocs.yaml", ".readthedocs.yml", "readthedocs.yaml", "readthedocs.yml")
}

// ParseReadTheDocs reads a .readthedocs.yaml: build.tools.golang, a minor or
// latest (https://docs.readthedocs.com/platform/stable/config-file/v2.html#build-tools-golang),
// and what its commands fetch and set.
func ParseReadTheDocs(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang", "GOTOOLCHAIN", "go.dev/dl") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		if v, ok := c.read(c.get(root, "build", "tools", "golang"), unknownVariable); ok {
			c.version(v, drift.SourceReadTheDocs, drift.RoleBuild, plainVersion)
		}
		run := func(n *yaml.Node) {
			c.commands(n, drift.SourceReadTheDocsCommand, drift.SourceReadTheDocsGotoolchain, drift.RoleBuild, surroundings{})
		}
		run(c.get(root, "build", "commands"))
		c.each(c.get(root, "build", "jobs"), func(_ string, _, job *yaml.Node) {
			run(job)
			c.each(job, func(_ string, _, step *yaml.Node) { run(step) }) // build: {html: [...]}
		})
	}
	return c.result()
}
