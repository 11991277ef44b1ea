package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchSnapcraft(rel string) bool { return hasBase(rel, "snapcraft.yaml", ".snapcraft.yaml") }

// ParseSnapcraft reads a snapcraft.yaml: the snap go among build-snaps, whose
// tracks are minors (go/1.25/stable), and go-channel of the older go plugin
// (https://documentation.ubuntu.com/snapcraft/stable/reference/plugins/go_plugin/).
func ParseSnapcraft(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "go/", "go-channel", "GOTOOLCHAIN") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		c.items(c.get(root, "build-snaps"), func(item *yaml.Node) { c.snap(item, "go/") })
		c.each(c.get(root, "parts"), func(_ string, _, part *yaml.Node) {
			c.each(part, func(key string, _, value *yaml.Node) {
				switch {
				case key == "go-channel":
					c.snap(value, "")
				case key == "build-environment":
					c.items(value, func(item *yaml.Node) {
						c.each(item, func(name string, _, value *yaml.Node) {
							c.envValue(name, value, drift.SourceSnapcraftEnv, drift.SourceSnapcraftGotoolchain, drift.RoleShip)
						})
					})
				case strings.HasPrefix(key, "override-"):
					c.commands(value, drift.SourceSnapcraftScript, drift.SourceSnapcraftGotoolchain, drift.RoleShip, surroundings{})
				default: // also under a condition: on amd64: [go/1.25]
					c.items(value, func(item *yaml.Node) {
						c.snap(item, "go/")
						c.each(item, func(_ string, _, list *yaml.Node) {
							c.items(list, func(item *yaml.Node) { c.snap(item, "go/") })
						})
					})
				}
			})
		})
	}
	return c.result()
}

// snap reads the channel of the snap go: track/risk/branch.
func (c *ciFile) snap(n *yaml.Node, prefix string) {
	s, ok := c.scalar(n)
	if !ok || !strings.HasPrefix(s.text, prefix) {
		return
	}
	end := cut(s.text, len(prefix), "/")
	v := c.expand(s, len(prefix), end, unknownVariable)
	if r := plainVersion(v.template); len(v.text) > 0 && r.meaning != drift.MeaningUnknown {
		c.version(v, drift.SourceSnapcraft, drift.RoleShip, plainVersion)
	}
}
