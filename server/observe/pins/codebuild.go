package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// matchCodeBuild matches buildspec.yml and names with more to them.
func matchCodeBuild(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return strings.Contains(base, "buildspec") && isYAML(base)
}

// ParseCodeBuild reads a buildspec of AWS CodeBuild: the runtime version golang
// of a phase, environment variables, and commands
// (https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html).
func ParseCodeBuild(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "go.dev/dl", "gimme", "goenv") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	env := containerSources{drift.SourceCodeBuildEnv, drift.SourceCodeBuildGotoolchain}
	for _, root := range c.roots {
		scope := newCIScope()
		c.each(c.get(root, "env", "variables"), func(name string, _, value *yaml.Node) {
			if v, ok := c.read(value, unknownVariable); ok {
				c.variable(name, v, env, drift.RoleBuild)
				scope.names[name] = &ciVariable{name: name, decl: &declaration{name: name, known: true, value: v.template, at: v.place.Start}}
			}
		})
		c.each(c.get(root, "phases"), func(_ string, _, phase *yaml.Node) {
			if v, ok := c.read(c.get(phase, "runtime-versions", "golang"), unknownVariable); ok {
				c.version(v, drift.SourceCodeBuildRuntime, drift.RoleBuild, plainVersion)
			}
			for _, key := range []string{"commands", "finally"} {
				c.commands(c.get(phase, key), drift.SourceCodeBuildCommand, drift.SourceCodeBuildGotoolchain, drift.RoleBuild,
					surroundings{variable: environmentOf(scope, "")})
			}
		})
	}
	return c.result()
}
