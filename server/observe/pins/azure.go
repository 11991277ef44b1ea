package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchAzure(rel string) bool {
	if !isYAML(rel) {
		return false
	}
	for _, mark := range [...]string{
		"azure-pipeline", "azure_pipeline", "azurepipeline", ".azure/", ".azuredevops/", "ci/azure", "azdo/",
		".vsts", "eng/pipelines/", "eng/common/pipelines/",
	} {
		if strings.Contains(rel, mark) {
			return true
		}
	}
	return strings.HasPrefix(rel, ".pipelines/") || strings.Contains(rel, "/.pipelines/") || strings.HasPrefix(rel, ".ado/")
}

// ParseAzure reads an Azure pipeline or a template of one
// (https://learn.microsoft.com/azure/devops/pipelines/yaml-schema/): the version
// of the task GoTool (https://learn.microsoft.com/azure/devops/pipelines/tasks/reference/go-tool-v0),
// containers, and the variables, parameters and matrices these refer to. Azure
// takes every scalar as text, so that 1.20 is what it says.
func ParseAzure(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "GoTool@", "golang", "GOTOOLCHAIN", "UseGo@", "GO_VER", "GOVER", "goVer", "GoVer", "go.ver", "/go:", "go.dev/dl", "/go/go", "go@", "gimme") {
		return nil, nil
	}
	a := &azure{newCIFile(doc, nextAzure)}
	a.stringly = true
	for _, root := range a.roots {
		a.block(root, newCIScope(), 0)
	}
	return a.result()
}

// nextAzure finds the first $(name), $[ … ] or ${{ … }} of a text.
func nextAzure(text string) (start, end int, expr string, ok bool) {
	for i := 0; i+1 < len(text); i++ {
		if text[i] != '$' {
			continue
		}
		for _, marks := range []struct{ open, shut string }{{"${{", "}}"}, {"$(", ")"}, {"$[", "]"}} {
			rest, found := strings.CutPrefix(text[i:], marks.open)
			if !found {
				continue
			}
			length := strings.Index(rest, marks.shut)
			if marks.shut == "]" {
				length = strings.LastIndex(rest, "]")
			}
			if length >= 0 {
				return i, i + len(marks.open) + length + len(marks.shut), strings.TrimSpace(rest[:length]), true
			}
			break
		}
	}
	return 0, 0, "", false
}

type azure struct{ *ciFile }

// lookup resolves a reference: $(name), parameters.name, variables.name or
// variables['name'].
func (a *azure) lookup(scope *ciScope) lookup {
	return func(t *template, expr string, start, end int) {
		key := expr
		if path, ok := ghPath(expr); ok {
			key = path
		}
		if _, isParameter := strings.CutPrefix(key, "parameters."); !isParameter {
			key = "variables." + strings.TrimPrefix(key, "variables.")
		}
		if v := scope.find(strings.ToLower(key)); v != nil {
			t.use(expr, v.decl, start, end)
			return
		}
		t.use(expr, nil, start, end)
	}
}

// block reads a pipeline, a stage, a job or a template.
func (a *azure) block(n *yaml.Node, scope *ciScope, depth int) {
	if depth > 20 {
		return
	}
	if isSequence(n) {
		a.items(n, func(item *yaml.Node) { a.block(item, scope.inner(), depth+1) })
		return
	}
	if a.get(n, "template") != nil {
		a.arguments(a.get(n, "parameters"), scope)
	} else {
		a.parameters(a.get(n, "parameters"), scope)
	}
	a.variables(a.get(n, "variables"), scope)
	a.each(a.get(n, "strategy", "matrix"), func(_ string, _, leg *yaml.Node) {
		a.each(leg, func(name string, _, value *yaml.Node) {
			a.declare(scope, "variables."+strings.ToLower(name), name, drift.SourceAzureMatrix, value, a.lookup(scope))
		})
	})
	resolve := a.lookup(scope)
	a.imageAt(a.get(n, "container"), "image", drift.SourceAzureContainer, scope.role, resolve)
	a.items(a.get(n, "resources", "containers"), func(container *yaml.Node) {
		a.imageAt(container, "image", drift.SourceAzureContainer, scope.role, resolve)
	})
	a.task(n, scope)
	a.environment(a.get(n, "env"), scope)
	for _, key := range []string{"script", "bash", "pwsh", "powershell"} {
		a.scripts(a.get(n, key), scope)
	}
	a.scripts(a.get(n, "inputs", "script"), scope) // of Bash@3, CmdLine@2 and PowerShell@2
	a.each(n, func(key string, _, value *yaml.Node) {
		switch {
		case key == "stages" || key == "jobs" || key == "steps" || key == "deployment" || key == "preSteps" || key == "postSteps":
			a.block(value, scope, depth+1)
		case key == "extends" || strings.HasPrefix(key, "${{"):
			a.block(value, scope, depth+1)
		case key == "strategy": // of a deployment: runOnce, rolling, canary
			a.each(value, func(_ string, _, kind *yaml.Node) {
				a.each(kind, func(_ string, _, hook *yaml.Node) { a.block(hook, scope, depth+1) })
			})
		}
	})
}

// scripts reads commands. A variable is $(name) or, in the environment, $NAME.
func (a *azure) scripts(n *yaml.Node, scope *ciScope) {
	resolve := a.lookup(scope)
	a.commands(n, drift.SourceAzureScript, drift.SourceAzureGotoolchain, scope.role, surroundings{
		marks: []string{"${{", "$(", "$["}, resolve: resolve,
		next: func(text string) (start, end int, expr string, ok bool) {
			if start, end, expr, ok = nextAzure(text); ok && strings.HasPrefix(text[start:], "$(") && strings.ContainsAny(expr, " \t\n/|\"'$") {
				return 0, 0, "", false // a command of the shell
			}
			return start, end, expr, ok
		},
		variable: func(t *template, name string, start, end int) {
			key := "variables." + strings.ToLower(name)
			v := scope.find(key)
			if v == nil {
				v = scope.find(strings.ReplaceAll(key, "_", "."))
			}
			if v == nil {
				t.use(name, nil, start, end)
				return
			}
			t.use(name, v.decl, start, end)
		},
	})
}

// task reads the use of a task that sets Go up.
func (a *azure) task(n *yaml.Node, scope *ciScope) {
	task, _, _ := strings.Cut(a.value(a.get(n, "task")), "@")
	if !strings.EqualFold(task, "GoTool") && !strings.EqualFold(task, "UseGo") {
		return
	}
	a.each(a.get(n, "inputs"), func(key string, _, value *yaml.Node) {
		v, ok := a.read(value, a.lookup(scope))
		switch {
		case !ok:
		case strings.EqualFold(key, "version"):
			a.note(v, scope.role, plainVersion)
			a.version(v, drift.SourceAzureTask, scope.role, plainVersion)
		}
	})
}

// parameters reads declared parameters: a list of them with defaults, or, in an
// older form, a mapping of names to defaults.
func (a *azure) parameters(n *yaml.Node, scope *ciScope) {
	declare := func(name string, value *yaml.Node) {
		if isMapping(value) || isSequence(value) {
			return
		}
		a.declare(scope, "parameters."+strings.ToLower(name), name, drift.SourceAzureParameter, value, a.lookup(scope))
	}
	a.items(n, func(parameter *yaml.Node) {
		declare(a.value(a.get(parameter, "name")), a.get(parameter, "default"))
	})
	a.each(n, func(name string, _, value *yaml.Node) { declare(name, value) })
}

// arguments reads the parameters that a template is given, also those that are
// lists of steps.
func (a *azure) arguments(n *yaml.Node, scope *ciScope) {
	a.each(n, func(name string, _, value *yaml.Node) {
		if isSequence(value) {
			a.block(value, scope, 10)
			return
		}
		v, ok := a.read(value, a.lookup(scope))
		if !ok || a.image(v, drift.SourceAzureParameter, scope.role) {
			return
		}
		if goName(name) && (looksLikeVersion(v) || a.refers(v)) {
			a.note(v, scope.role, plainVersion)
			a.named(a.version(v, drift.SourceAzureParameter, scope.role, plainVersion), name)
		}
	})
}

// variables reads variables: a mapping, or a list of name and value.
func (a *azure) variables(n *yaml.Node, scope *ciScope) {
	declare := func(name string, value *yaml.Node) {
		if name != "GOTOOLCHAIN" {
			a.declare(scope, "variables."+strings.ToLower(name), name, drift.SourceAzureVariable, value, a.lookup(scope))
			return
		}
		if v, ok := a.read(value, a.lookup(scope)); ok {
			a.noteSetting(v, scope.role)
			a.setting(v, drift.SourceAzureGotoolchain, scope.role)
		}
	}
	goroot := func(name string, value *yaml.Node) {
		if name == "GOROOT" {
			a.goroot(value, drift.SourceAzureVariable, scope.role)
		}
	}
	a.items(n, func(variable *yaml.Node) { goroot(a.value(a.get(variable, "name")), a.get(variable, "value")) })
	a.each(n, func(name string, _, value *yaml.Node) { goroot(name, value) })
	a.items(n, func(variable *yaml.Node) {
		declare(a.value(a.get(variable, "name")), a.get(variable, "value"))
	})
	a.each(n, func(name string, _, value *yaml.Node) { declare(name, value) })
}

func (a *azure) environment(n *yaml.Node, scope *ciScope) {
	if v, ok := a.read(a.get(n, "GOTOOLCHAIN"), a.lookup(scope)); ok {
		a.noteSetting(v, scope.role)
		a.setting(v, drift.SourceAzureGotoolchain, scope.role)
	}
}
