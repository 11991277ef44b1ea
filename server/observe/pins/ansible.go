package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// matchAnsible matches the files that variables of Ansible stand in, by the
// folders of its layout.
func matchAnsible(rel string) bool {
	if !isYAML(rel) {
		return false
	}
	for _, mark := range [...]string{"ansible", "playbook", "roles/", "group_vars/", "host_vars/"} {
		if i := strings.Index(rel, mark); i == 0 || i > 0 && (rel[i-1] == '/' || rel[i-1] == '-' || rel[i-1] == '.') {
			return true
		}
	}
	return false
}

// ParseAnsible reads playbooks and files of variables of Ansible: variables that
// hold a Go version, such as go_version of a role that installs Go, and
// GOTOOLCHAIN in environments, and what [ParseKubernetes] reads
// (https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_variables.html).
// A YAML number is one: 1.20 reaches the role as 1.2.
func ParseAnsible(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "GOTOOLCHAIN", "GO_VER", "go_ver", "golang", "gover", "goVer") {
		return ParseKubernetes(doc)
	}
	c := newCIFile(doc, nextTaskVariable)
	for _, root := range c.roots {
		c.ansible(root, 0)
	}
	images, _ := ParseKubernetes(doc)
	for _, pin := range images {
		c.add(pin)
	}
	pins, _ := c.result() // templates of all kinds stand beside playbooks
	return pins, nil
}

func (c *ciFile) ansible(n *yaml.Node, depth int) {
	if depth > 20 || !c.step() {
		return
	}
	c.items(n, func(item *yaml.Node) { c.ansible(item, depth+1) })
	c.each(n, func(key string, _, value *yaml.Node) {
		if isMapping(value) || isSequence(value) {
			c.ansible(value, depth+1)
			return
		}
		v, ok := c.read(value, unknownVariable)
		switch {
		case !ok:
		case key == "GOTOOLCHAIN":
			c.setting(v, drift.SourceAnsibleGotoolchain, drift.RoleBuild)
		case goVariable(key) && looksLikeVersion(v):
			c.named(c.version(v, drift.SourceAnsible, drift.RoleBuild, plainVersion), key)
		}
	})
}
