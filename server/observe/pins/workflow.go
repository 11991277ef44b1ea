package pins

import (
	"bytes"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// matchWorkflow reports whether a file is a GitHub workflow, or an action:
// https://docs.github.com/actions/reference/workflows-and-actions. Gitea and
// Forgejo read the same syntax from folders of their own.
func matchWorkflow(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	if base == "action.yml" || base == "action.yaml" {
		return true
	}
	if !strings.HasSuffix(base, ".yml") && !strings.HasSuffix(base, ".yaml") {
		return false
	}
	dir, ok := strings.CutSuffix(rel[:len(rel)-len(base)], "/workflows/")
	return ok && (hasLast(dir, ".github") || hasLast(dir, ".gitea") || hasLast(dir, ".forgejo"))
}

// hasLast reports whether the last element of a path is name.
func hasLast(dir, name string) bool {
	rest, ok := strings.CutSuffix(dir, name)
	return ok && (rest == "" || rest[len(rest)-1] == '/')
}

// containsAny reports whether a text holds one of some words: what costs
// nothing is asked before a file is parsed.
func containsAny(text []byte, words ...string) bool {
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) {
			return true
		}
	}
	return false
}

// ParseWorkflow reads a GitHub workflow or a composite action: the versions that
// actions/setup-go and its like are given (github.com/actions/setup-go,
// action.yml), images of containers, services and steps, GOTOOLCHAIN in any env
// block, what commands download, install, run and set, and the matrices, env blocks
// and inputs that any of these refer to.
// Values of other places (vars, secrets, outputs of jobs) are unresolved.
func ParseWorkflow(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "go-version", "go:", "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "GOLANG", "go_ver", "goVer", "gover", "setup-go", "go-toolset", "xgo", "/go@", "go@", "go.dev/dl", "/go/go", "gimme", "go=") {
		return nil, nil
	}
	w := &workflow{newCIFile(doc, nextExpression)}
	for _, root := range w.roots {
		w.document(root)
	}
	return w.result()
}

// workflow reads one workflow or action.
type workflow struct {
	*ciFile
}

func (w *workflow) document(root *yaml.Node) {
	scope := newCIScope()
	for _, event := range []string{"workflow_call", "workflow_dispatch"} {
		w.inputs(w.get(root, "on", event, "inputs"), scope)
	}
	w.inputs(w.get(root, "inputs"), scope)
	w.env(w.get(root, "env"), scope)
	runs := w.get(root, "runs")
	w.steps(w.get(runs, "steps"), scope)
	w.uses(w.get(runs, "image"), nil, scope)
	w.env(w.get(runs, "env"), scope.inner())
	w.each(w.get(root, "jobs"), func(_ string, _, job *yaml.Node) {
		inner := scope.inner()
		inner.dir = w.folder(job, w.value(w.get(root, "defaults", "run", "working-directory")))
		before := len(w.pins)
		w.job(job, inner)
		for _, pin := range w.pins[before:] {
			w.mark(pin, "dir", inner.dir)
		}
	})
}

func (w *workflow) job(job *yaml.Node, scope *ciScope) {
	w.matrix(w.get(job, "strategy", "matrix"), scope)
	w.env(w.get(job, "env"), scope)
	resolve := w.lookup(scope)
	container := w.get(job, "container")
	w.imageAt(container, "image", drift.SourceGitHubContainer, scope.role, resolve)
	w.env(w.get(container, "env"), scope.inner())
	w.each(w.get(job, "services"), func(_ string, _, service *yaml.Node) {
		w.imageAt(service, "image", drift.SourceGitHubService, scope.role, resolve)
		w.env(w.get(service, "env"), scope.inner())
	})
	w.uses(w.get(job, "uses"), w.get(job, "with"), scope)
	w.steps(w.get(job, "steps"), scope)
}

func (w *workflow) steps(steps *yaml.Node, scope *ciScope) {
	w.items(steps, func(step *yaml.Node) {
		inner := scope.inner()
		w.env(w.get(step, "env"), inner)
		w.uses(w.get(step, "uses"), w.get(step, "with"), inner)
		w.commands(w.get(step, "run"), drift.SourceGitHubRun, drift.SourceGitHubGotoolchain, inner.role, surroundings{
			marks: []string{"${{"}, next: nextExpression, resolve: w.lookup(inner), variable: environmentOf(inner, "env."),
		})
	})
}

// uses reads one use of an action or of a reusable workflow.
func (w *workflow) uses(uses, with *yaml.Node, scope *ciScope) {
	resolve := w.lookup(scope)
	if s, ok := w.scalar(uses); ok && strings.HasPrefix(s.text, "docker://") {
		s = yamlScalar{text: s.text[9:], span: s.within(9, len(s.text)), verbatim: s.verbatim, source: s.source}
		t := template{}
		s.literalInto(&t, 0, len(s.text))
		w.image(ciValue{template: t}, drift.SourceGitHubDocker, scope.role)
	}
	action, _, _ := strings.Cut(w.value(uses), "@")
	setup := path.Base(action) == "setup-go" && !strings.HasPrefix(action, ".")
	w.each(with, func(key string, _, value *yaml.Node) {
		switch name := strings.ToLower(key); {
		case name == "go-version-file" || name == "go-version-file-path" || name == "go_version_file":
			w.versionFile(value, scope)
		case setup && name == "go-version":
			w.setupGo(value, scope)
		case goInput(name):
			v, ok := w.read(value, resolve)
			if ok && (goVariable(strings.TrimSuffix(name, "-input")) || looksLikeVersion(v) || w.refers(v)) {
				w.note(v, scope.role, plainVersion)
				pin := w.version(v, drift.SourceGitHubWith, scope.role, plainVersion)
				if strings.HasPrefix(action, "./") {
					w.mark(pin, "uses", action[2:])
					w.mark(pin, "input", key)
				}
			}
		case name == "build-args":
			w.buildArgs(with, value, scope)
		default:
			if v, ok := w.read(value, resolve); ok && strings.Contains(name, "image") {
				w.image(v, drift.SourceGitHubWith, scope.role)
			}
		}
	})
}

// goInput reports whether an input of this name can take a Go version.
func goInput(name string) bool {
	return goName(strings.TrimSuffix(name, "-input"))
}

// setupGo reads the go-version input of setup-go.
func (w *workflow) setupGo(value *yaml.Node, scope *ciScope) {
	if isSequence(value) {
		w.items(value, func(item *yaml.Node) { w.setupGo(item, scope) })
		return
	}
	if v, ok := w.read(value, w.lookup(scope)); ok {
		w.note(v, scope.role, setupGoVersion)
		w.version(v, drift.SourceGitHubSetupGo, scope.role, setupGoVersion)
	}
}

// versionFile reads a go-version-file input: the version stands in that file.
func (w *workflow) versionFile(value *yaml.Node, scope *ciScope) {
	v, ok := w.read(value, w.lookup(scope))
	if !ok {
		return
	}
	behind := w.behind(v)
	fed := make([]bool, len(behind))
	for i, variable := range behind {
		fed[i] = variable.decl.feeds
	}
	before := len(w.pins)
	w.version(v, drift.SourceGitHubVersionFile, scope.role, otherFile)
	for i, variable := range behind {
		if string(variable.values[0].text) == string(v.text) {
			w.note(v, scope.role, otherFile)
		} else {
			variable.decl.feeds = fed[i] // it holds a folder
		}
	}
	for i := range w.pins[before:] {
		// A path of which a part is not known still ends in the name of a file.
		if pin := &w.pins[before+i]; pin.Meaning == drift.MeaningVar || !strings.HasSuffix(pin.Raw, "}}") {
			pin.Meaning, pin.Version = drift.MeaningRef, ""
		}
	}
}

// otherFile reads the name of a file that holds the version.
func otherFile(t template) reading {
	return reading{end: len(t.text), meaning: drift.MeaningRef}
}

// env reads the variables of an env block into a scope.
func (w *workflow) env(env *yaml.Node, scope *ciScope) {
	resolve := w.lookup(scope)
	w.each(env, func(key string, _, value *yaml.Node) {
		if key == "GOTOOLCHAIN" {
			if v, ok := w.read(value, resolve); ok {
				w.noteSetting(v, scope.role)
				w.setting(v, drift.SourceGitHubGotoolchain, scope.role)
			}
			return
		}
		w.declare(scope, "env."+key, key, drift.SourceGitHubEnv, value, resolve)
	})
}

// inputs reads the inputs of a workflow or an action; the defaults are values.
func (w *workflow) inputs(inputs *yaml.Node, scope *ciScope) {
	w.each(inputs, func(key string, _, input *yaml.Node) {
		if value := w.get(input, "default"); value != nil {
			w.declare(scope, "inputs."+strings.ToLower(key), key, drift.SourceGitHubInput, value, w.lookup(scope))
		}
	})
}
