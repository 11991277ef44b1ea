package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchCircleCI(rel string) bool {
	dir, file, ok := cutLast(rel)
	return ok && hasLast(dir, ".circleci") && (strings.HasSuffix(file, ".yml") || strings.HasSuffix(file, ".yaml"))
}

// cutLast splits a path at its last slash.
func cutLast(rel string) (dir, file string, ok bool) {
	i := strings.LastIndexByte(rel, '/')
	if i < 0 {
		return "", rel, false
	}
	return rel[:i], rel[i+1:], true
}

// ParseCircleCI reads a .circleci/config.yml
// (https://circleci.com/docs/configuration-reference/): images of jobs and
// executors, parameters and their defaults, pipeline parameters, matrices,
// commands, and the orb circleci/go (https://circleci.com/developer/orbs/orb/circleci/go),
// whose command go/install takes a version and whose executor go/default takes
// a tag of cimg/go.
func ParseCircleCI(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "go:", "go@", "go/", "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "go_ver", "go-ver", "gover", "goVer", "go.dev/dl", "/go/go", "gimme", "go=") {
		return nil, nil
	}
	c := &circle{ciFile: newCIFile(doc, nextCircle), orbs: map[string]bool{"go": true}}
	for _, root := range c.roots {
		scope := newCIScope()
		c.parameters(c.get(root, "parameters"), "pipeline.parameters.", scope)
		c.config(root, scope, 0)
	}
	return c.result()
}

// nextCircle finds the first << name >> of a text.
func nextCircle(text string) (start, end int, expr string, ok bool) {
	start = strings.Index(text, "<<")
	if start < 0 {
		return 0, 0, "", false
	}
	length := strings.Index(text[start:], ">>")
	if length < 0 {
		return 0, 0, "", false
	}
	return start, start + length + 2, strings.TrimSpace(text[start+2 : start+length]), true
}

// circle reads one configuration.
type circle struct {
	*ciFile
	// orbs are the names that stand for the orb circleci/go.
	orbs map[string]bool
	// passed holds the parameters that workflows give to jobs, and steps to
	// commands.
	passed map[string]*ciScope
}

// config reads a configuration, or an orb within one.
func (c *circle) config(root *yaml.Node, scope *ciScope, depth int) {
	if depth > 3 {
		return
	}
	c.each(c.get(root, "orbs"), func(name string, _, orb *yaml.Node) {
		if isMapping(orb) {
			c.config(orb, newCIScope(), depth+1)
		} else if strings.HasPrefix(c.value(orb), "circleci/go@") {
			c.orbs[name] = true
		}
	})
	c.passed = map[string]*ciScope{}
	c.each(c.get(root, "workflows"), func(_ string, _, workflow *yaml.Node) {
		c.items(c.get(workflow, "jobs"), func(job *yaml.Node) {
			c.each(job, func(name string, _, with *yaml.Node) { c.run(name, with, scope) })
		})
	})
	commands := c.get(root, "commands")
	for _, kind := range []string{"commands", "jobs"} {
		c.each(c.get(root, kind), func(_ string, _, n *yaml.Node) { c.calls(c.get(n, "steps"), commands, scope, 0) })
	}
	for _, kind := range []string{"executors", "commands", "jobs"} {
		c.each(c.get(root, kind), func(name string, _, n *yaml.Node) {
			inner := scope.inner()
			if passed := c.passed[kind+"/"+name]; passed != nil {
				inner.names = passed.names
			}
			c.parameters(c.get(n, "parameters"), "parameters.", inner)
			c.job(n, inner)
		})
	}
}

// parameters reads the defaults of parameters.
func (c *circle) parameters(n *yaml.Node, prefix string, scope *ciScope) {
	c.each(n, func(name string, _, parameter *yaml.Node) {
		if value := c.get(parameter, "default"); value != nil {
			if isMapping(value) { // a parameter of type executor
				c.executor(value, scope)
				return
			}
			c.declare(scope, prefix+name, name, drift.SourceCircleParameter, value, c.lookup(scope))
		}
	})
}

func (c *circle) lookup(scope *ciScope) lookup {
	return func(t *template, expr string, start, end int) {
		if v := scope.find(expr); v != nil {
			t.use(expr, v.decl, start, end)
			return
		}
		t.use(expr, nil, start, end)
	}
}

// job reads a job, a command or an executor.
func (c *circle) job(n *yaml.Node, scope *ciScope) {
	resolve := c.lookup(scope)
	c.items(c.get(n, "docker"), func(container *yaml.Node) {
		c.imageAt(container, "image", drift.SourceCircleImage, scope.role, resolve)
		c.environment(c.get(container, "environment"), scope)
	})
	c.environment(c.get(n, "environment"), scope)
	c.executor(c.get(n, "executor"), scope)
	c.steps(c.get(n, "steps"), scope, 0)
}

// executor reads the use of an executor with parameters: of the orb's
// go/default, whose tag is one of cimg/go, or of one of the file's own.
func (c *circle) executor(n *yaml.Node, scope *ciScope) {
	name := c.value(c.get(n, "name"))
	resolve := c.lookup(scope)
	orb, _, isOrb := strings.Cut(name, "/")
	c.each(n, func(key string, _, value *yaml.Node) {
		if key == "name" {
			return
		}
		v, ok := c.read(value, resolve)
		switch {
		case !ok:
		case isOrb && c.orbs[orb] && key == "tag":
			c.note(v, scope.role, cimgTag)
			c.version(v, drift.SourceCircleExecutor, scope.role, cimgTag)
		case goName(key) && (looksLikeVersion(v) || c.refers(v)):
			c.note(v, scope.role, readVersion)
			c.version(v, drift.SourceCircleExecutor, scope.role, readVersion)
		}
	})
}

// cimgTag reads a tag of cimg/go.
func cimgTag(t template) reading {
	r, _ := readTag(t, goTaggedImage)
	return r
}

// goName reports whether a name, by itself or for a version, means Go.
func goName(name string) bool {
	return name == "go" || name == "golang" || name == "GO" || name == "GOLANG" || goVariable(name)
}

func (c *circle) steps(n *yaml.Node, scope *ciScope, depth int) {
	if depth > 4 {
		return
	}
	resolve := c.lookup(scope)
	c.items(n, func(step *yaml.Node) {
		c.each(step, func(name string, _, with *yaml.Node) {
			orb, command, isOrb := strings.Cut(name, "/")
			switch {
			case name == "when" || name == "unless":
				c.steps(c.get(with, "steps"), scope, depth+1)
			case name == "run":
				inner := scope.inner()
				c.environment(c.get(with, "environment"), inner)
				run := with
				if isMapping(with) {
					run = c.get(with, "command")
				}
				c.commands(run, drift.SourceCircleRun, drift.SourceCircleGotoolchain, scope.role, surroundings{
					marks: []string{"<<"}, next: nextCircle, resolve: c.lookup(inner), variable: environmentOf(inner, "$"),
				})
			case isOrb && c.orbs[orb] && command == "install":
				if v, ok := c.read(c.get(with, "version"), resolve); ok {
					c.note(v, scope.role, plainVersion)
					c.version(v, drift.SourceCircleOrb, scope.role, plainVersion)
				}
			default:
				c.each(with, func(key string, _, value *yaml.Node) { c.argument(key, value, scope) })
			}
		})
	})
}

// argument reads a parameter that is passed to a command or a job.
func (c *circle) argument(key string, value *yaml.Node, scope *ciScope) {
	v, ok := c.read(value, c.lookup(scope))
	if !ok || c.image(v, drift.SourceCircleParameter, scope.role) {
		return
	}
	if goName(key) && (looksLikeVersion(v) || c.refers(v)) {
		c.note(v, scope.role, plainVersion)
		c.named(c.version(v, drift.SourceCircleParameter, scope.role, plainVersion), key)
	}
}

// calls reads what steps pass to the commands of the file.
func (c *circle) calls(steps, commands *yaml.Node, scope *ciScope, depth int) {
	if depth > 4 {
		return
	}
	c.items(steps, func(step *yaml.Node) {
		c.each(step, func(name string, _, with *yaml.Node) {
			switch {
			case name == "when" || name == "unless":
				c.calls(c.get(with, "steps"), commands, scope, depth+1)
			case isMapping(with) && c.get(commands, name) != nil:
				inner := c.passedTo("commands/"+name, scope)
				c.each(with, func(key string, _, value *yaml.Node) {
					if v, ok := c.read(value, unknownVariable); ok && strings.IndexByte(string(v.text), missingMark) < 0 {
						c.addValue(inner, "parameters."+key, key, drift.SourceCircleParameter, v)
					}
				})
			}
		})
	})
}

// passedTo is the scope of what a job or a command is given.
func (c *circle) passedTo(name string, scope *ciScope) *ciScope {
	inner := c.passed[name]
	if inner == nil {
		inner = scope.inner()
		c.passed[name] = inner
	}
	return inner
}

// run reads a job of a workflow: the parameters that it is given.
func (c *circle) run(name string, with *yaml.Node, scope *ciScope) {
	inner := c.passedTo("jobs/"+name, scope)
	c.each(with, func(key string, _, value *yaml.Node) {
		switch {
		case key == "matrix":
			c.each(c.get(value, "parameters"), func(key string, _, values *yaml.Node) {
				c.items(values, func(item *yaml.Node) {
					c.declare(inner, "parameters."+key, key, drift.SourceCircleMatrix, item, c.lookup(scope))
				})
				if v := inner.names["parameters."+key]; v != nil {
					inner.names["matrix."+key] = v
				}
			})
		case key == "executor":
			c.executor(value, inner)
		case key == "pre-steps" || key == "post-steps":
			c.steps(value, scope, 0)
		case goName(key):
			if v, ok := c.read(value, c.lookup(inner)); ok && c.refers(v) {
				c.argument(key, value, inner)
			} else {
				c.declare(inner, "parameters."+key, key, drift.SourceCircleParameter, value, c.lookup(inner))
			}
		case !isMapping(value) && !isSequence(value):
			c.declare(inner, "parameters."+key, key, drift.SourceCircleParameter, value, c.lookup(inner))
		}
	})
}

func (c *circle) environment(n *yaml.Node, scope *ciScope) {
	resolve := c.lookup(scope)
	read := func(n *yaml.Node) {
		c.each(n, func(key string, _, value *yaml.Node) {
			v, ok := c.read(value, resolve)
			switch {
			case !ok:
			case key == "GOTOOLCHAIN":
				c.noteSetting(v, scope.role)
				c.setting(v, drift.SourceCircleGotoolchain, scope.role)
			case goVariable(key) && (looksLikeVersion(v) || c.refers(v)):
				c.note(v, scope.role, plainVersion)
				c.named(c.version(v, drift.SourceCircleEnv, scope.role, plainVersion), key)
				// What commands see is a pin already.
				scope.names["$"+key] = &ciVariable{name: key, decl: &declaration{name: key, known: true, value: v.template, at: v.place.Start}}
			}
		})
	}
	read(n)
	c.items(n, read)
}
