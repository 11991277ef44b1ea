package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchAppVeyor(rel string) bool {
	return hasBase(rel, "appveyor.yml", ".appveyor.yml", "appveyor.yaml", ".appveyor.yaml")
}

// ParseAppVeyor reads an appveyor.yml (https://www.appveyor.com/docs/appveyor-yml/):
// the stack of Linux images ("stack: go 1.22"), and environment variables, where
// GOROOT names the Go of a Windows image (c:\go122). Scalars are text.
func ParseAppVeyor(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "stack:", "GOTOOLCHAIN", "GO_VER", "GOVER", "GOLANG", "GOROOT", "goVer", "go_ver", "golang", "go.dev/dl", "/go/go") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	c.stringly = true
	for _, root := range c.roots {
		c.appVeyor(root)
		c.items(c.get(root, "for"), c.appVeyor)
	}
	return c.result()
}

func (c *ciFile) appVeyor(n *yaml.Node) {
	if s, ok := c.scalar(c.get(n, "stack")); ok {
		c.stack(s)
	}
	env := c.get(n, "environment")
	c.appVeyorEnv(env, drift.RoleBuild)
	c.appVeyorEnv(c.get(env, "global"), drift.RoleBuild)
	c.items(c.get(env, "matrix"), func(item *yaml.Node) { c.appVeyorEnv(item, drift.RoleTest) })
	c.items(env, func(item *yaml.Node) { c.appVeyorEnv(item, drift.RoleTest) })
	for _, phase := range []string{"init", "install", "before_build", "build_script", "before_test", "test_script"} {
		c.items(c.get(n, phase), func(item *yaml.Node) {
			run := func(n *yaml.Node) {
				c.commands(n, drift.SourceAppVeyorScript, drift.SourceAppVeyorGotoolchain, drift.RoleBuild, surroundings{})
			}
			c.each(item, func(_ string, _, value *yaml.Node) { run(value) }) // ps: or cmd: or sh:
			run(item)
		})
	}
}

func (c *ciFile) appVeyorEnv(n *yaml.Node, role drift.Role) {
	c.each(n, func(key string, _, value *yaml.Node) {
		if !strings.EqualFold(key, "GOROOT") {
			c.envValue(key, value, drift.SourceAppVeyorEnv, drift.SourceAppVeyorGotoolchain, role)
			return
		}
		c.goroot(value, drift.SourceAppVeyorEnv, role)
	})
}

// goroot reads a GOROOT whose last folder names a version, as on the machines of
// hosted CI: c:\go118-x86, /usr/local/go1.11, /opt/hostedtoolcache/go/1.25.3/x64.
func (c *ciFile) goroot(value *yaml.Node, source drift.Source, role drift.Role) {
	s, ok := c.scalar(value)
	if !ok {
		return
	}
	text := strings.ToLower(s.text)
	for _, arch := range []string{"/x64", "/arm64", "\\x64"} {
		text = strings.TrimSuffix(text, arch)
	}
	at := strings.LastIndexAny(text, `\/`) + 1
	name, _, _ := strings.Cut(text[at:], "-")
	digits, ok := strings.CutPrefix(name, "go1")
	r := reading{meaning: drift.MeaningLine, version: "1." + digits}
	if !ok || digits == "" || strings.Trim(digits, "0123456789") != "" {
		if r.meaning, r.version = release(name); r.version == "" || !strings.Contains(r.version, ".") {
			return
		}
	}
	v := c.expand(s, at, at+len(name), unknownVariable)
	c.named(c.version(v, source, role, func(t template) reading {
		r.end = len(t.text)
		return r
	}), "GOROOT")
}

// stack reads "go 1.22, node 18".
func (c *ciFile) stack(s yamlScalar) {
	at := 0
	for _, part := range strings.Split(s.text, ",") {
		start, end := trimmedYAML(s.text, at, at+len(part))
		at += len(part) + 1
		rest, ok := strings.CutPrefix(s.text[start:end], "go ")
		if !ok {
			continue
		}
		if start, end = trimmedYAML(s.text, end-len(rest), end); start < end {
			c.version(c.expand(s, start, end, unknownVariable), drift.SourceAppVeyorStack, drift.RoleBuild, plainVersion)
		}
	}
}
