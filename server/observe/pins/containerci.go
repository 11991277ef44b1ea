package pins

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// containerCI is a CI system whose steps run in images: a key named image
// anywhere, blocks of environment variables, and a matrix of such variables.
type containerCI struct {
	image, env, gotoolchain, matrix, script drift.Source
	// envKeys are the names of blocks of variables, scriptKeys of commands.
	envKeys, scriptKeys []string
}

var (
	drone = containerCI{
		drift.SourceDroneImage, drift.SourceDroneEnv, drift.SourceDroneGotoolchain, drift.SourceDroneMatrix, drift.SourceDroneCommand,
		[]string{"environment"},
		[]string{"commands"},
	}
	buildkite = containerCI{
		drift.SourceBuildkiteImage, drift.SourceBuildkiteEnv, drift.SourceBuildkiteGotoolchain, "", drift.SourceBuildkiteCommand,
		[]string{"env", "environment"},
		[]string{"command", "commands"},
	}
	cirrus = containerCI{
		drift.SourceCirrusImage, drift.SourceCirrusEnv, drift.SourceCirrusGotoolchain, drift.SourceCirrusMatrix, drift.SourceCirrusScript,
		[]string{"env", "environment"},
		[]string{"script"},
	}
	bitbucket = containerCI{
		image: drift.SourceBitbucketImage, script: drift.SourceBitbucketScript, gotoolchain: drift.SourceBitbucketGotoolchain,
		scriptKeys: []string{"script", "after-script"},
	}
	semaphore = containerCI{
		drift.SourceSemaphoreImage, drift.SourceSemaphoreEnv, drift.SourceSemaphoreGotoolchain, drift.SourceSemaphoreMatrix, drift.SourceSemaphoreCommand,
		[]string{"env_vars"},
		[]string{"commands"},
	}
)

func isYAML(rel string) bool {
	return strings.HasSuffix(rel, ".yml") || strings.HasSuffix(rel, ".yaml")
}

func matchDrone(rel string) bool {
	if !isYAML(rel) {
		return false
	}
	dir, file, _ := cutLast(rel)
	for _, name := range []string{".drone", ".woodpecker"} {
		if strings.HasPrefix(file, name+".") || hasLast(dir, name) {
			return true
		}
	}
	return false
}

func matchBuildkite(rel string) bool {
	return isYAML(rel) && (strings.HasPrefix(rel, ".buildkite/") || strings.Contains(rel, "/.buildkite/"))
}

func matchCirrus(rel string) bool { return hasBase(rel, ".cirrus.yml", ".cirrus.yaml") }

func matchSemaphore(rel string) bool {
	return isYAML(rel) && (strings.HasPrefix(rel, ".semaphore/") || strings.Contains(rel, "/.semaphore/"))
}

func matchBitbucket(rel string) bool { return hasBase(rel, "bitbucket-pipelines.yml") }

// ParseDrone reads a .drone.yml (https://docs.drone.io/pipeline/docker/syntax/)
// or a pipeline of Woodpecker (https://woodpecker-ci.org/docs/usage/workflow-syntax).
func ParseDrone(doc drift.Document) ([]drift.Pin, []drift.Problem) { return drone.parse(doc) }

// ParseBuildkite reads a pipeline of Buildkite: the images of its docker
// plugins (https://buildkite.com/docs/pipelines/configure/step-types/command-step).
func ParseBuildkite(doc drift.Document) ([]drift.Pin, []drift.Problem) { return buildkite.parse(doc) }

// ParseCirrus reads a .cirrus.yml (https://cirrus-ci.org/guide/writing-tasks/).
func ParseCirrus(doc drift.Document) ([]drift.Pin, []drift.Problem) { return cirrus.parse(doc) }

// ParseBitbucket reads a bitbucket-pipelines.yml
// (https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/).
func ParseBitbucket(doc drift.Document) ([]drift.Pin, []drift.Problem) { return bitbucket.parse(doc) }

// ParseSemaphore reads a pipeline of Semaphore: the images of its containers,
// variables, and sem-version go 1.25 among its commands
// (https://docs.semaphore.io/reference/pipeline-yaml, https://docs.semaphore.io/reference/toolbox#sem-version).
func ParseSemaphore(doc drift.Document) ([]drift.Pin, []drift.Problem) { return semaphore.parse(doc) }

func (ci containerCI) parse(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "/go:", "go-toolset", "go.dev/dl", "/go/go", "go@", "gimme", "sem-version") {
		return nil, nil
	}
	w := &containerWalk{newCIFile(doc, nextPipelineVariable), ci}
	for _, root := range w.roots {
		w.walk(root, newCIScope(), 0)
	}
	return w.result()
}

type containerWalk struct {
	*ciFile
	ci containerCI
}

// walk reads a node and what is below it. Variables of a block are seen by what
// stands beside the block and below.
func (w *containerWalk) walk(n *yaml.Node, scope *ciScope, depth int) {
	if depth > 40 {
		return
	}
	if isSequence(n) {
		w.items(n, func(item *yaml.Node) { w.walk(item, scope.inner(), depth+1) })
		return
	}
	switch {
	case w.ci.script == drift.SourceSemaphoreCommand:
		w.items(w.get(n, "matrix"), func(axis *yaml.Node) {
			name := w.value(w.get(axis, "env_var"))
			w.items(w.get(axis, "values"), func(item *yaml.Node) {
				w.declare(scope, name, name, w.ci.matrix, item, w.shellLookup(scope))
			})
		})
	case w.ci.matrix != "":
		w.matrix(w.get(n, "matrix"), scope)
	}
	for _, key := range w.ci.envKeys {
		w.environment(w.get(n, key), scope)
	}
	w.each(n, func(key string, _, value *yaml.Node) {
		switch {
		case key == "image":
			w.imageAt(value, "name", w.ci.image, scope.role, w.shellLookup(scope))
		case slices.Contains(w.ci.scriptKeys, key) || w.ci.script == drift.SourceCirrusScript && strings.HasSuffix(key, "_script"):
			w.commands(value, w.ci.script, w.ci.gotoolchain, scope.role, surroundings{variable: environmentOf(scope, "")})
		}
		if key != "matrix" || isSequence(value) {
			w.walk(value, scope.inner(), depth+1)
		}
	})
}

// matrix reads variables with several values each, and combinations of them
// under include.
func (w *containerWalk) matrix(n *yaml.Node, scope *ciScope) {
	declare := func(name string, value *yaml.Node) {
		w.declare(scope, name, name, w.ci.matrix, value, w.shellLookup(scope))
	}
	w.each(n, func(name string, _, values *yaml.Node) {
		w.items(values, func(item *yaml.Node) {
			if !isMapping(item) {
				declare(name, item)
				return
			}
			w.each(item, func(name string, _, value *yaml.Node) { declare(name, value) })
		})
	})
}

// environment reads a block of variables: a mapping, or a list of NAME=value.
func (w *containerWalk) environment(n *yaml.Node, scope *ciScope) {
	w.each(n, func(name string, _, value *yaml.Node) {
		switch v, ok := w.read(value, w.shellLookup(scope)); {
		case name == "matrix" && w.ci.matrix != "": // of Cirrus
			w.items(value, func(cell *yaml.Node) {
				w.each(cell, func(name string, _, value *yaml.Node) {
					w.declare(scope, name, name, w.ci.matrix, value, w.shellLookup(scope))
				})
			})
		case ok && name == "GOTOOLCHAIN":
			w.noteSetting(v, scope.role)
			w.setting(v, w.ci.gotoolchain, scope.role)
		case isMapping(value) && w.ci.matrix != "": // several values of one variable
			w.items(w.get(value, "matrix"), func(item *yaml.Node) {
				w.declare(scope, name, name, w.ci.matrix, item, w.shellLookup(scope))
			})
		case isMapping(value):
		default:
			w.declare(scope, name, name, w.ci.env, value, w.shellLookup(scope))
		}
	})
	w.items(n, func(item *yaml.Node) {
		if name := w.value(w.get(item, "name")); name == "GOTOOLCHAIN" { // of Semaphore
			w.envValue(name, w.get(item, "value"), w.ci.env, w.ci.gotoolchain, scope.role)
		} else if name != "" {
			w.declare(scope, name, name, w.ci.env, w.get(item, "value"), w.shellLookup(scope))
		}
		if s, ok := w.scalar(item); ok {
			w.assignment(s, 0, len(s.text), w.ci.env, w.ci.gotoolchain, scope.role)
		}
	})
}
