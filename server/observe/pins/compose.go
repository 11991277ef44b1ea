package pins

import (
	"bytes"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// ParseCompose reads a compose file: the images of services, the arguments they
// build with, GOTOOLCHAIN and GO_VERSION in their environments.
//
// The format is https://github.com/compose-spec/compose-spec; the reader is
// docker compose (github.com/compose-spec/compose-go), which takes a YAML 1.20
// for the number 1.2. Variables come from the .env file beside it.
func ParseCompose(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !mentionsGo(doc.Text) {
		return nil, nil
	}
	c := newCIFile(doc, nextShellVariable)
	resolve := interpolation(noVariables)
	for _, root := range c.roots {
		c.each(c.get(root, "services"), func(name string, _, service *yaml.Node) {
			c.service(name, service, resolve)
		})
	}
	return c.result()
}

func (c *ciFile) service(name string, service *yaml.Node, resolve lookup) {
	byName := roleOfName(c.doc.File)
	if role := roleOfWords(name); byName == "" {
		byName = role
	}
	orElse := func(role drift.Role) drift.Role {
		if byName != "" {
			return byName
		}
		return role
	}
	c.imageAt(c.get(service, "image"), "", drift.SourceComposeImage, orElse(drift.RoleBuild), resolve)
	env := containerSources{drift.SourceComposeEnv, drift.SourceComposeToolchain}
	c.pairs(c.get(service, "environment"), resolve, func(name string, v ciValue) {
		c.variable(name, v, env, orElse(drift.RoleBuild))
	})
	build := c.get(service, "build")
	args := containerSources{drift.SourceComposeBuildArg, drift.SourceComposeToolchain}
	dockerfile := otherDockerfile(c.value(c.get(build, "context")), c.value(c.get(build, "dockerfile")))
	if inline := c.get(build, "dockerfile_inline"); inline != nil {
		dockerfile = "inline"
		c.inlineDockerfile(inline)
	}
	c.pairs(c.get(build, "args"), resolve, func(name string, v ciValue) {
		c.variable(name, v, args, orElse(drift.RoleShip), "dockerfile", dockerfile)
	})
	c.pairs(c.get(build, "additional_contexts"), resolve, func(_ string, v ciValue) {
		c.contextImage(v, drift.SourceComposeImage, orElse(drift.RoleShip))
	})
}

// inlineDockerfile reads a Dockerfile that stands in a block of the file. All
// around it is blanked out, so that its places are those of the file.
func (c *ciFile) inlineDockerfile(n *yaml.Node) {
	s, ok := c.scalar(n)
	if !ok || follow(n).Style&yaml.LiteralStyle == 0 || c.scripted > 4*len(c.text)+1<<16 {
		return
	}
	c.scripted += len(c.text)
	text := bytes.Repeat([]byte(" "), s.span.End)
	copy(text[s.span.Start:], c.text[s.span.Start:s.span.End])
	for i := range text[:s.span.Start] {
		if c.text[i] == '\n' {
			text[i] = '\n'
		}
	}
	pins, _ := ParseDockerfile(drift.Document{File: c.doc.File, Text: text})
	for _, pin := range pins {
		c.add(pin)
	}
}

// contextImage adds the pin of a build context that is an image:
// docker-image://golang:1.25.
func (c *ciFile) contextImage(v ciValue, source drift.Source, role drift.Role) {
	const scheme = "docker-image://"
	if strings.HasPrefix(string(v.text), scheme) {
		v.template = v.slice(len(scheme), len(v.text))
		c.image(v, source, role)
	}
}

// otherDockerfile names the Dockerfile of a build relative to the file that
// asks for it; empty for the one beside it.
func otherDockerfile(context, dockerfile string) string {
	if dockerfile == "" {
		dockerfile = "Dockerfile"
	}
	if strings.Contains(context, "://") || strings.HasPrefix(context, "git@") {
		return context
	}
	if path.IsAbs(dockerfile) {
		return dockerfile
	}
	if name := path.Join(context, dockerfile); name != "Dockerfile" {
		return name
	}
	return ""
}

// isCompose matches the names of compose files.
func isCompose(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	if !strings.HasSuffix(base, ".yml") && !strings.HasSuffix(base, ".yaml") {
		return false
	}
	i := strings.Index(base, "compose")
	if i < 0 {
		return false
	}
	before, after := base[:i], base[i+len("compose"):]
	return (before == "" || strings.HasSuffix(before, "-") || strings.HasSuffix(before, ".") || strings.HasSuffix(before, "_")) &&
		(after[0] == '.' || after[0] == '-' || after[0] == '_')
}
