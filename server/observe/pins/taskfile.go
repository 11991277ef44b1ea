package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// matchTaskfile matches the names that Task looks for, and what these include:
// Taskfile.build.yml.
func matchTaskfile(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return isYAML(base) && (strings.HasPrefix(base, "Taskfile") || strings.HasPrefix(base, "taskfile"))
}

// ParseTaskfile reads a Taskfile.yml: variables and environments, of tasks too,
// and commands, in which {{.NAME}} is a variable
// (https://taskfile.dev/docs/reference/schema). A variable that a command works
// out (sh:) is no pin.
func ParseTaskfile(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "GOLANG", "goVer", "go_ver", "go.dev/dl", "/go/go", "go@") {
		return nil, nil
	}
	t := &taskfile{newCIFile(doc, nextTaskVariable)}
	for _, root := range t.roots {
		t.block(root, newCIScope())
	}
	return t.result()
}

// nextTaskVariable finds {{.NAME}}, and $NAME or ${NAME} of a dotenv.
func nextTaskVariable(text string) (start, end int, expr string, ok bool) {
	start = strings.Index(text, "{{")
	if start < 0 {
		return 0, 0, "", false
	}
	length := strings.Index(text[start:], "}}")
	if length < 0 {
		return 0, 0, "", false
	}
	expr = strings.Trim(text[start+2:start+length], " -")
	return start, start + length + 2, strings.TrimPrefix(expr, "."), true
}

type taskfile struct{ *ciFile }

func (t *taskfile) lookup(scope *ciScope) lookup {
	return func(into *template, name string, start, end int) {
		if v := scope.find(name); v != nil {
			into.use(name, v.decl, start, end)
			return
		}
		into.use(name, nil, start, end)
	}
}

// block reads a Taskfile, or one of its tasks.
func (t *taskfile) block(n *yaml.Node, scope *ciScope) {
	resolve := t.lookup(scope)
	for _, key := range []string{"env", "vars"} {
		t.each(t.get(n, key), func(name string, _, value *yaml.Node) {
			if isMapping(value) { // {sh: ...}, {ref: ...}
				return
			}
			if name != "GOTOOLCHAIN" {
				t.declare(scope, name, name, drift.SourceTaskfileVariable, value, resolve)
				return
			}
			if v, ok := t.read(value, resolve); ok {
				t.noteSetting(v, scope.role)
				t.setting(v, drift.SourceTaskfileGotoolchain, scope.role)
			}
		})
	}
	t.each(t.get(n, "tasks"), func(_ string, _, task *yaml.Node) {
		if isMapping(task) {
			t.block(task, scope.inner())
			return
		}
		t.run(task, scope)
	})
	t.run(t.get(n, "cmd"), scope)
	cmds := t.get(n, "cmds")
	t.run(cmds, scope)
	t.items(cmds, func(cmd *yaml.Node) {
		t.run(t.get(cmd, "cmd"), scope)
		t.run(t.get(cmd, "defer"), scope)
		t.arguments(t.get(cmd, "vars"), scope)
	})
}

// arguments reads the variables that another task is called with.
func (t *taskfile) arguments(n *yaml.Node, scope *ciScope) {
	t.each(n, func(name string, _, value *yaml.Node) {
		if v, ok := t.read(value, t.lookup(scope)); ok && goVariable(name) && (looksLikeVersion(v) || t.refers(v)) {
			t.note(v, scope.role, plainVersion)
			t.named(t.version(v, drift.SourceTaskfileVariable, scope.role, plainVersion), name)
		}
	})
}

func (t *taskfile) run(n *yaml.Node, scope *ciScope) {
	t.commands(n, drift.SourceTaskfileCommand, drift.SourceTaskfileGotoolchain, scope.role, surroundings{
		marks: []string{"{{"}, next: nextTaskVariable, resolve: t.lookup(scope), variable: environmentOf(scope, ""),
	})
}
