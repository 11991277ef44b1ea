package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchGitLab(rel string) bool {
	if !strings.HasSuffix(rel, ".yml") && !strings.HasSuffix(rel, ".yaml") {
		return false
	}
	_, file, _ := cutLast(rel)
	return strings.HasSuffix(file, ".gitlab-ci.yml") || strings.HasSuffix(file, ".gitlab-ci.yaml") ||
		strings.HasPrefix(rel, ".gitlab/") || strings.HasPrefix(rel, ".gitlab-ci/") ||
		strings.Contains(rel, "/.gitlab/") || strings.Contains(rel, "/.gitlab-ci/")
}

// ParseGitLab reads a .gitlab-ci.yml or a file that one includes
// (https://docs.gitlab.com/ci/yaml/): images and services of jobs and of the
// default, variables, parallel: matrix, scripts, and inputs with their defaults. A
// variable of a job counts before those of the jobs it extends, and these before
// those of the file. What !reference names is where it stands.
func ParseGitLab(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "GOLANG", "go_ver", "go-ver", "goVer", "gover", "/go:", "go-toolset", "go.dev/dl", "/go/go", "go@", "gimme", "go=") {
		return nil, nil
	}
	g := &gitlab{newCIFile(doc, nextPipelineVariable)}
	inputs := newCIScope()
	for _, root := range g.roots {
		g.each(g.get(root, "spec", "inputs"), func(name string, _, input *yaml.Node) {
			g.declare(inputs, "inputs."+name, name, drift.SourceGitLabInput, g.get(input, "default"), unknownVariable)
		})
	}
	for _, root := range g.roots {
		g.pipeline(root, inputs.inner())
	}
	return g.result()
}

// nextPipelineVariable finds the first $NAME, ${NAME} or $[[ inputs.name ]] of a
// text; $$ is a dollar sign.
func nextPipelineVariable(text string) (start, end int, expr string, ok bool) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '$' {
			continue
		}
		rest := text[i+1:]
		switch {
		case rest[0] == '$':
			i++
		case strings.HasPrefix(rest, "[["):
			if j := strings.Index(rest, "]]"); j > 0 {
				name, _, _ := strings.Cut(rest[2:j], "|")
				return i, i + 1 + j + 2, strings.TrimSpace(name), true
			}
		case rest[0] == '{':
			if j := strings.IndexByte(rest, '}'); j > 1 {
				return i, i + 1 + j + 1, rest[1:j], true
			}
		case isNameByte(rest[0]) && !startsWithDigit(rest):
			j := 1
			for j < len(rest) && isNameByte(rest[j]) {
				j++
			}
			return i, i + 1 + j, rest[:j], true
		}
	}
	return 0, 0, "", false
}

// shellLookup resolves variables of a scope; ${NAME:-default} has a default of
// its own.
func (c *ciFile) shellLookup(scope *ciScope) lookup {
	return func(t *template, expr string, start, end int) {
		name, fallback, _ := strings.Cut(expr, ":-")
		if v := scope.find(name); v != nil {
			t.use(name, v.decl, start, end)
			return
		}
		if fallback != "" {
			t.inline(name, literalTemplate(fallback, max(start, end-1-len(fallback))), start, end)
			return
		}
		t.use(name, nil, start, end)
	}
}

type gitlab struct{ *ciFile }

// gitlabKeywords are the keys of a file that are no jobs.
var gitlabKeywords = map[string]bool{
	"spec": true, "variables": true, "include": true, "stages": true, "workflow": true, "default": true,
	"image": true, "services": true, "cache": true, "before_script": true, "after_script": true,
}

func (g *gitlab) pipeline(root *yaml.Node, scope *ciScope) {
	g.variables(g.get(root, "variables"), scope)
	g.items(g.get(root, "include"), func(item *yaml.Node) { g.passed(g.get(item, "inputs"), scope) })
	g.passed(g.get(root, "include", "inputs"), scope)
	g.images(root, scope)
	g.images(g.get(root, "default"), scope)
	g.scripts(root, scope)
	g.scripts(g.get(root, "default"), scope)
	g.each(root, func(name string, _, job *yaml.Node) {
		if !gitlabKeywords[name] && isMapping(job) {
			g.job(root, job, scope)
		}
	})
}

// passed reads the inputs that an included file is given.
func (g *gitlab) passed(inputs *yaml.Node, scope *ciScope) {
	g.each(inputs, func(key string, _, value *yaml.Node) {
		v, ok := g.read(value, g.shellLookup(scope))
		if ok && !g.image(v, drift.SourceGitLabInput, scope.role) && goName(key) && (looksLikeVersion(v) || g.refers(v)) {
			g.note(v, scope.role, plainVersion)
			g.named(g.version(v, drift.SourceGitLabInput, scope.role, plainVersion), key)
		}
	})
}

func (g *gitlab) job(root, job *yaml.Node, scope *ciScope) {
	// From the outermost that it extends to its own.
	chain := []*yaml.Node{job}
	for depth := 0; depth < 10; depth++ {
		extends := g.get(chain[0], "extends")
		if isSequence(extends) {
			n := follow(extends)
			if len(n.Content) == 0 {
				break
			}
			extends = n.Content[len(n.Content)-1]
		}
		base := g.get(root, g.value(extends))
		if g.value(extends) == "" || !isMapping(base) {
			break
		}
		chain = append([]*yaml.Node{base}, chain...)
	}
	for _, n := range chain {
		scope = scope.inner()
		g.variables(g.get(n, "variables"), scope)
		matrix := g.get(n, "parallel", "matrix")
		g.items(matrix, func(cell *yaml.Node) {
			g.each(cell, func(name string, _, values *yaml.Node) {
				if !isSequence(values) {
					g.declare(scope, name, name, drift.SourceGitLabMatrix, values, g.shellLookup(scope))
				}
				g.items(values, func(item *yaml.Node) {
					g.declare(scope, name, name, drift.SourceGitLabMatrix, item, g.shellLookup(scope))
				})
			})
		})
	}
	g.images(job, scope)
	g.scripts(job, scope)
	// The image of a base is what the job runs in, with the job's variables.
	for _, n := range chain[:len(chain)-1] {
		if g.get(job, "image") == nil {
			g.images(n, scope)
		}
	}
}

// scripts reads the commands of a job: each list is one script.
func (g *gitlab) scripts(n *yaml.Node, scope *ciScope) {
	for _, key := range []string{"before_script", "script", "after_script"} {
		g.commands(g.get(n, key), drift.SourceGitLabScript, drift.SourceGitLabGotoolchain, scope.role, surroundings{
			marks: []string{"$[["}, next: nextPipelineVariable, resolve: g.shellLookup(scope), variable: environmentOf(scope, ""),
		})
	}
}

// images reads the image and the services of a job.
func (g *gitlab) images(n *yaml.Node, scope *ciScope) {
	resolve := g.shellLookup(scope)
	g.imageAt(g.get(n, "image"), "name", drift.SourceGitLabImage, scope.role, resolve)
	g.items(g.get(n, "services"), func(service *yaml.Node) {
		g.imageAt(service, "name", drift.SourceGitLabService, scope.role, resolve)
	})
}

// variables reads a variables block; a value may be a mapping with a
// description.
func (g *gitlab) variables(n *yaml.Node, scope *ciScope) {
	resolve := g.shellLookup(scope)
	g.each(n, func(name string, _, value *yaml.Node) {
		if isMapping(value) {
			value = g.get(value, "value")
		}
		if name != "GOTOOLCHAIN" {
			g.declare(scope, name, name, drift.SourceGitLabVariable, value, resolve)
			return
		}
		if v, ok := g.read(value, resolve); ok {
			g.noteSetting(v, scope.role)
			g.setting(v, drift.SourceGitLabGotoolchain, scope.role)
		}
	})
}
