package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// ParseGoreleaser reads a .goreleaser.yaml or a .ko.yaml where they say which
// Go to use: the go program of a build, GOTOOLCHAIN in an environment, and the
// arguments of docker builds. The base images of ko are what a program runs in,
// not what builds it, and are no pins.
//
// The formats are https://goreleaser.com/customization/ and
// https://ko.build/configuration/.
func ParseGoreleaser(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !mentionsGo(doc.Text) {
		return nil, nil
	}
	c := newCIFile(doc, nextTemplate)
	env := containerSources{drift.SourceGoreleaserEnv, drift.SourceGoreleaserToolchain}
	block := func(n *yaml.Node) {
		c.pairs(n, unknownVariable, func(name string, v ciValue) { c.variable(name, v, env, drift.RoleShip) })
	}
	for _, root := range c.roots {
		block(c.get(root, "env"))
		block(c.get(root, "defaultEnv"))
		c.items(c.get(root, "builds"), func(build *yaml.Node) {
			block(c.get(build, "env"))
			for _, key := range []string{"gobinary", "tool"} {
				c.goProgram(c.get(build, key))
			}
		})
		c.items(c.get(root, "kos"), func(ko *yaml.Node) { block(c.get(ko, "env")) })
		for _, key := range []string{"dockers", "dockers_v2"} {
			c.items(c.get(root, key), c.dockerBuild)
		}
	}
	return c.result()
}

// nextTemplate finds {{ ... }} of Go templates.
func nextTemplate(text string) (start, end int, expr string, ok bool) {
	i := strings.Index(text, "{{")
	if i < 0 {
		return 0, 0, "", false
	}
	j := strings.Index(text[i:], "}}")
	if j < 0 {
		return 0, 0, "", false
	}
	return i, i + j + 2, strings.TrimPrefix(strings.TrimSpace(text[i+2:i+j]), ".Env."), true
}

// goProgram reads gobinary: go1.25.3, a program of golang.org/dl.
func (c *ciFile) goProgram(n *yaml.Node) {
	v, ok := c.read(n, unknownVariable)
	if !ok {
		return
	}
	name := string(v.text)
	at := strings.LastIndexByte(name, '/') + 1
	if !strings.HasPrefix(name[at:], "go1") {
		return
	}
	c.add(v.slice(at, len(name)).pin(c.doc, drift.SourceGoreleaserProgram, drift.RoleShip, plainVersion(v.slice(at, len(name)))))
}

// dockerBuild reads build_args, and --build-arg in build_flag_templates.
func (c *ciFile) dockerBuild(n *yaml.Node) {
	sources := containerSources{drift.SourceGoreleaserBuildArg, drift.SourceGoreleaserToolchain}
	dockerfile := otherDockerfile("", c.value(c.get(n, "dockerfile")))
	c.pairs(c.get(n, "build_args"), unknownVariable, func(name string, v ciValue) {
		c.variable(name, v, sources, drift.RoleShip, "dockerfile", dockerfile)
	})
	c.items(c.get(n, "build_flag_templates"), func(item *yaml.Node) {
		s, ok := c.scalar(item)
		if !ok {
			return
		}
		rest, ok := strings.CutPrefix(s.text, "--build-arg")
		if !ok || rest == "" {
			return
		}
		if name, v, ok := c.assigned(s, len(s.text)-len(rest)+1, unknownVariable); ok {
			c.variable(name, v, sources, drift.RoleShip, "dockerfile", dockerfile)
		}
	})
}

// isGoreleaser matches the files of goreleaser and ko.
func isGoreleaser(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	if !strings.HasSuffix(base, ".yaml") && !strings.HasSuffix(base, ".yml") {
		return false
	}
	base = strings.TrimPrefix(base, ".")
	if rest, ok := strings.CutPrefix(base, "goreleaser"); ok {
		return rest[0] == '.' || rest[0] == '-' || rest[0] == '_'
	}
	return base == "ko.yaml" || base == "ko.yml"
}
