package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// noVariable is the variable finder of a format without variables.
func noVariable(string) (start, end int, expr string, ok bool) { return 0, 0, "", false }

// hasBase reports whether a path ends in one of some file names.
func hasBase(rel string, names ...string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	for _, name := range names {
		if base == name {
			return true
		}
	}
	return false
}

func matchTravis(rel string) bool { return hasBase(rel, ".travis.yml", ".travis.yaml") }

// ParseTravis reads a .travis.yml: go: with one version or several, those of
// jobs that matrix: or jobs: include, and env
// (https://docs.travis-ci.com/user/languages/go/; the reader of the words is
// github.com/travis-ci/gimme, for which tip and master are the development
// branch). What exclude and allow_failures name repeats values of the list.
func ParseTravis(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "go:", "GOTOOLCHAIN", "GO_VER", "GOVER", "GOLANG", "golang", "go.dev/dl", "/go/go", "gimme") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		role := drift.RoleBuild
		list := c.get(root, "go")
		jobs := []*yaml.Node{c.get(root, "matrix", "include"), c.get(root, "jobs", "include")}
		count := 0
		c.items(list, func(*yaml.Node) { count++ })
		for _, include := range jobs {
			c.items(include, func(job *yaml.Node) {
				if c.get(job, "go") != nil {
					count++
				}
			})
		}
		if count > 1 {
			role = drift.RoleTest
		}
		c.travisGo(list, role)
		c.travisEnv(c.get(root, "env"), role)
		c.travisScripts(root, role)
		for _, include := range jobs {
			c.items(include, func(job *yaml.Node) {
				c.travisGo(c.get(job, "go"), role)
				c.travisEnv(c.get(job, "env"), role)
				c.travisScripts(job, role)
			})
		}
	}
	return c.result()
}

func (c *ciFile) travisGo(n *yaml.Node, role drift.Role) {
	if isSequence(n) {
		c.items(n, func(item *yaml.Node) {
			if !isSequence(item) {
				c.travisGo(item, role)
			}
		})
		return
	}
	if v, ok := c.read(n, unknownVariable); ok {
		c.version(v, drift.SourceTravisGo, role, travisVersion)
	}
}

func travisVersion(t template) reading {
	r := plainVersion(t)
	switch string(t.text) {
	case "tip", "master":
		r.meaning, r.extra = drift.MeaningUnknown, extra("why", "development branch")
	case "default":
		r.meaning, r.extra = drift.MeaningUnknown, extra("why", "what Travis takes by default")
	}
	return r
}

// travisEnv reads env, which has several shapes: a string of NAME=value words,
// a list of such strings, a mapping, and those under global, jobs and matrix.
func (c *ciFile) travisEnv(n *yaml.Node, role drift.Role) {
	switch {
	case isSequence(n):
		c.items(n, func(item *yaml.Node) {
			if !isSequence(item) {
				c.travisEnv(item, role)
			}
		})
	case isMapping(n):
		c.each(n, func(key string, _, value *yaml.Node) {
			switch {
			case (key == "global" || key == "jobs" || key == "matrix") && (isSequence(value) || !isMapping(n)):
				c.items(value, func(item *yaml.Node) {
					if !isSequence(item) {
						c.travisEnv(item, role)
					}
				})
			case (key == "global" || key == "jobs" || key == "matrix") && isMapping(value):
				c.each(value, func(key string, _, value *yaml.Node) {
					c.envValue(key, value, drift.SourceTravisEnv, drift.SourceTravisGotoolchain, role)
				})
			default:
				c.envValue(key, value, drift.SourceTravisEnv, drift.SourceTravisGotoolchain, role)
			}
		})
	default:
		s, ok := c.scalar(n)
		if !ok {
			return
		}
		for at := 0; at < len(s.text); {
			end := cut(s.text, at, " \t\r\n")
			c.assignment(s, at, end, drift.SourceTravisEnv, drift.SourceTravisGotoolchain, role)
			at = end + 1
		}
	}
}

// travisScripts reads the commands of a job, by its phases.
func (c *ciFile) travisScripts(n *yaml.Node, role drift.Role) {
	for _, phase := range []string{"before_install", "install", "before_script", "script", "after_script", "before_deploy"} {
		c.commands(c.get(n, phase), drift.SourceTravisScript, drift.SourceTravisGotoolchain, role, surroundings{})
	}
}

// envValue reads a variable of an environment that nothing else refers to: one
// whose name says that it holds a Go version, or GOTOOLCHAIN.
func (c *ciFile) envValue(key string, value *yaml.Node, source, setting drift.Source, role drift.Role) {
	if key != "GOTOOLCHAIN" && !goVariable(key) {
		return
	}
	v, ok := c.read(value, unknownVariable)
	switch {
	case !ok:
	case key == "GOTOOLCHAIN":
		c.setting(v, setting, role)
	case looksLikeVersion(v):
		c.named(c.version(v, source, role, plainVersion), key)
	}
}

// assignment reads NAME=value in text[start:end] of a scalar; the value may
// stand in quotes.
func (c *ciFile) assignment(s yamlScalar, start, end int, source, setting drift.Source, role drift.Role) {
	name, value, ok := strings.Cut(s.text[start:end], "=")
	name = strings.TrimSpace(name)
	if !ok || name != "GOTOOLCHAIN" && !goVariable(name) {
		return
	}
	at := end - len(value)
	if len(value) >= 2 && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0] {
		at, end = at+1, end-1
	}
	at, end = trimmedYAML(s.text, at, end)
	if at == end {
		return
	}
	v := c.expand(s, at, end, unknownVariable)
	switch {
	case name == "GOTOOLCHAIN":
		c.setting(v, setting, role)
	case looksLikeVersion(v):
		c.named(c.version(v, source, role, plainVersion), name)
	}
}
