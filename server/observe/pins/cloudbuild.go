package pins

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// ParseCloudBuild reads a build of Google Cloud Build: the images of its steps,
// their environments, build arguments of docker build, and substitutions.
//
// The format is https://cloud.google.com/build/docs/build-config-file-schema,
// with substitutions such as $_GO_VERSION from its last part.
func ParseCloudBuild(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !mentionsGo(doc.Text) {
		return nil, nil
	}
	c := newCIFile(doc, nextShellVariable)
	for _, root := range c.roots {
		c.cloudBuild(root)
	}
	return c.result()
}

func (c *ciFile) cloudBuild(root *yaml.Node) {
	values := map[string]*declaration{}
	var names []string
	read := map[string]ciValue{}
	c.each(c.get(root, "substitutions"), func(name string, _, v *yaml.Node) {
		value, ok := c.read(v, unknownVariable)
		if !ok {
			return
		}
		if values[name] == nil {
			names = append(names, name)
		}
		values[name] = &declaration{name: name, value: value.template, at: value.place.Start, known: true, role: drift.RoleBuild}
		read[name] = value
	})
	resolve := interpolation(func(name string) *declaration { return values[name] })
	env := containerSources{drift.SourceCloudBuildEnv, drift.SourceCloudBuildToolchain}
	c.pairs(c.get(root, "options", "env"), resolve, func(name string, v ciValue) { c.variable(name, v, env, drift.RoleBuild) })
	c.items(c.get(root, "steps"), func(step *yaml.Node) {
		c.imageAt(c.get(step, "name"), "", drift.SourceCloudBuildImage, drift.RoleBuild, resolve)
		c.pairs(c.get(step, "env"), resolve, func(name string, v ciValue) { c.variable(name, v, env, drift.RoleBuild) })
		c.buildArguments(c.get(step, "args"), resolve)
		within := surroundings{variable: func(t *template, name string, start, end int) { t.use(name, values[name], start, end) }}
		c.commands(c.get(step, "script"), drift.SourceCloudBuildScript, drift.SourceCloudBuildToolchain, drift.RoleBuild, within)
		if entry := c.value(c.get(step, "entrypoint")); strings.HasSuffix(entry, "sh") {
			c.commands(c.get(step, "args"), drift.SourceCloudBuildScript, drift.SourceCloudBuildToolchain, drift.RoleBuild, within)
		}
	})
	substitution := containerSources{drift.SourceCloudBuildSubstitution, drift.SourceCloudBuildToolchain}
	for _, name := range names {
		v, d := read[name], values[name]
		r, isImage := readImage(v.template)
		switch {
		case goVariable(name), isImage && r.extra["why"] != "no tag":
			c.variable(name, v, substitution, d.role)
		case d.feeds && !d.part:
			pin := c.version(v, substitution.value, d.role, readVersion)
			c.named(pin, name)
		}
	}
}

// buildArguments reads the --build-arg of a docker build that is written as a
// list of words.
func (c *ciFile) buildArguments(args *yaml.Node, resolve lookup) {
	sources := containerSources{drift.SourceCloudBuildBuildArg, drift.SourceCloudBuildToolchain}
	file, context, before := "", "", ""
	c.items(args, func(item *yaml.Node) {
		text := c.value(item)
		if name, ok := strings.CutPrefix(text, "--file="); ok {
			file = name
		} else if before == "-f" || before == "--file" {
			file = text
		}
		context, before = text, text
	})
	if strings.HasPrefix(context, "-") || strings.ContainsAny(context, ":= \n") {
		context = ""
	}
	dockerfile := file
	if file == "" {
		dockerfile = otherDockerfile(context, "")
	} else if dockerfile == "Dockerfile" {
		dockerfile = ""
	}
	before = ""
	c.items(args, func(item *yaml.Node) {
		s, ok := c.scalar(item)
		if !ok {
			return
		}
		start := 0
		if rest, ok := strings.CutPrefix(s.text, "--build-arg="); ok {
			start = len(s.text) - len(rest)
		} else if before != "--build-arg" {
			before = s.text
			return
		}
		before = s.text
		if name, v, ok := c.assigned(s, start, resolve); ok {
			c.variable(name, v, sources, drift.RoleShip, "dockerfile", dockerfile)
		}
	})
}

// isCloudBuild matches cloudbuild.yaml and names with more to them.
func isCloudBuild(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	if !strings.HasSuffix(base, ".yaml") && !strings.HasSuffix(base, ".yml") {
		return false
	}
	return strings.Contains(base, "cloudbuild") || strings.HasPrefix(rel, ".cloudbuild/") || strings.Contains(rel, "/.cloudbuild/")
}

// mentionsGoImage is the cheap look at YAML of any kind, most of which has no
// Go in it.
func mentionsGoImage(text []byte) bool {
	if bytes.Contains(text, []byte("GOTOOLCHAIN")) {
		return true
	}
	if !bytes.Contains(text, []byte("image")) && !bytes.Contains(text, []byte("Image")) {
		return false
	}
	for _, word := range [...]string{"golang", "/go:", "go-toolset", "-go1.", "goreleaser-cross", "/goxx", "/xgo"} {
		if bytes.Contains(text, []byte(word)) {
			return true
		}
	}
	return false
}
