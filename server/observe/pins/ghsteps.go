package pins

import (
	"path"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// buildArgs reads the build-args input of docker/build-push-action: NAME=value
// lines that set the arguments of a Dockerfile.
func (w *workflow) buildArgs(with, value *yaml.Node, scope *ciScope) {
	s, ok := w.scalar(value)
	if !ok {
		return
	}
	resolve := w.lookup(scope)
	dockerfile := w.dockerfile(with)
	at := 0
	for _, line := range strings.SplitAfter(s.text, "\n") {
		name, rest, found := strings.Cut(line, "=")
		start := at + len(name) + 1
		at += len(line)
		name = strings.TrimSpace(name)
		rest = strings.TrimRight(rest, " \t\r\n")
		if !found || rest == "" {
			continue
		}
		v := w.expand(s, start, start+len(rest), resolve)
		switch {
		case name == "GOTOOLCHAIN":
			w.setting(v, drift.SourceGitHubGotoolchain, scope.role)
		case goVariable(name):
			w.note(v, scope.role, plainVersion)
			pin := w.version(v, drift.SourceGitHubBuildArg, drift.RoleShip, plainVersion)
			w.named(pin, name)
			w.mark(pin, "arg", name)
			w.mark(pin, "dockerfile", dockerfile)
		default:
			w.image(v, drift.SourceGitHubBuildArg, drift.RoleShip)
		}
	}
}

// dockerfile is the file that a use of docker/build-push-action builds, relative
// to the folder of the workflow; empty if it is not known.
func (w *workflow) dockerfile(with *yaml.Node) string {
	file, context := w.value(w.get(with, "file")), w.value(w.get(with, "context"))
	if file == "" {
		file = path.Join(context, "Dockerfile")
	}
	if strings.Contains(context+file, "${{") || strings.Contains(context, "://") || path.IsAbs(file) {
		return ""
	}
	return path.Join("../..", file)
}

// folder is the folder of the repository that the steps of a job work in, where
// it says so: by default, or for each of its commands that run Go.
func (w *workflow) folder(job *yaml.Node, outer string) string {
	dir := outer
	if n := w.get(job, "defaults", "run", "working-directory"); n != nil {
		dir = w.value(n)
	}
	var each []string
	w.items(w.get(job, "steps"), func(step *yaml.Node) {
		run := w.get(step, "run")
		if run == nil || !strings.Contains(w.value(run), "go ") {
			return
		}
		in := dir
		if n := w.get(step, "working-directory"); n != nil {
			in = w.value(n)
		}
		each = append(each, in)
	})
	for _, in := range each {
		if in != each[0] {
			return ""
		}
		dir = in
	}
	if dir == "" || strings.Contains(dir, "${{") || path.IsAbs(dir) {
		return ""
	}
	if dir = path.Clean(dir); dir == "." {
		return ""
	}
	return dir
}
