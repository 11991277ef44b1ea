package pins

import (
	"bytes"
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

const (
	// maxDockerfile is the size above which a Dockerfile is not read.
	maxDockerfile = 1 << 20
	// maxContainerPins is the most pins that one file of the container world
	// yields; real ones have a handful.
	maxContainerPins = 500
	// maxValues bounds the values that the variables of one file have together.
	maxValues = 1 << 18
)

// ParseDockerfile reads a Dockerfile or Containerfile: the images of FROM, COPY
// --from and RUN --mount; ARG and ENV that hold a version or an image;
// GOTOOLCHAIN; the archives of go.dev/dl and the programs of golang.org/dl that
// commands fetch.
//
// The syntax is https://docs.docker.com/reference/dockerfile/; the reader is
// BuildKit (frontend/dockerfile/{parser,shell,dockerfile2llb}). A variable has
// the value it has there: an ARG before the first FROM counts in FROM lines,
// and in a stage only after an ARG of the same name.
func ParseDockerfile(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	if len(doc.Text) > maxDockerfile {
		return nil, append(problems, drift.Problem{Place: drift.Place{File: doc.File}, Message: "the file is larger than 1 MB and was not read"})
	}
	if !mentionsGo(doc.Text) {
		return nil, problems
	}
	p := &dockerParser{doc: doc, text: string(doc.Text), dialect: dockerfileDialect}
	p.all, p.escape = lexDockerfile(p.text)
	p.stages = p.findStages()
	p.walk()
	return p.finish(), problems
}

// mentionsGo is the cheap look before a file is taken apart.
func mentionsGo(text []byte) bool {
	return bytes.Contains(text, []byte("go")) || bytes.Contains(text, []byte("GO"))
}

// isDockerfile matches the names of Dockerfiles.
func isDockerfile(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	for _, name := range [...]string{"Dockerfile", "Containerfile"} {
		if len(base) < len(name) {
			continue
		}
		if strings.EqualFold(base[:len(name)], name) {
			if len(base) == len(name) {
				return true
			}
			c := base[len(name)]
			return (c == '.' || c == '-' || c == '_') && !otherExtension(base)
		}
		if at := len(base) - len(name); strings.EqualFold(base[at:], name) {
			return base[at-1] == '.' || base[at-1] == '-' || base[at-1] == '_'
		}
	}
	return false
}

// otherExtension reports whether a file such as Dockerfile.md or
// dockerfile_test.go is something else.
func otherExtension(base string) bool {
	switch base[strings.LastIndexByte(base, '.')+1:] {
	case "dockerignore", "containerignore", "go", "md", "rst", "html", "json", "yaml", "yml", "toml", "ts", "tsx", "js", "mjs", "py", "rs", "rb", "java", "sh",
		"png", "svg", "snap", "orig", "rej", "swp", "lock", "sha256", "sig", "sum":
		return true
	}
	return false
}

// dockerDialect is what differs between Dockerfiles and files like them.
type dockerDialect struct {
	from, copyFrom, mount, arg, env, argToolchain, toolchain, download, install, run drift.Source
}

var dockerfileDialect = dockerDialect{
	from: drift.SourceDockerfileFrom, copyFrom: drift.SourceDockerfileCopyFrom, mount: drift.SourceDockerfileMount,
	arg: drift.SourceDockerfileArg, env: drift.SourceDockerfileEnv, argToolchain: drift.SourceDockerfileArgToolchain,
	toolchain: drift.SourceDockerfileToolchain, download: drift.SourceDockerfileDownload,
	install: drift.SourceDockerfileInstall, run: drift.SourceDockerfileRun,
}

// dockerParser collects the pins of one Dockerfile.
type dockerParser struct {
	doc     drift.Document
	text    string
	dialect dockerDialect
	all     []dockerInstruction
	escape  byte
	stages  []dockerStage
	stage   int // index of the current one; -1 before the first FROM
	global  *dockerScope
	scope   *dockerScope
	decls   []dockerDecl
	values  int // bytes
	pins    []drift.Pin
}

// dockerDecl is an ARG or ENV that may turn out to be a pin.
type dockerDecl struct {
	*declaration
	source drift.Source
}

func (p *dockerParser) walk() {
	p.global = newScope(platformScope())
	p.scope, p.stage = p.global, -1
	for _, in := range p.all {
		if len(p.pins) >= maxContainerPins {
			return
		}
		switch in.name {
		case "FROM":
			p.from(in)
		case "ARG":
			p.arg(in)
		case "ENV":
			p.env(in)
		case "COPY":
			p.copyFrom(in)
			p.commands(in)
		case "RUN":
			p.mounts(in)
			p.commands(in)
		case "ADD":
			p.commands(in)
		}
	}
}

func (p *dockerParser) expander(in dockerInstruction, scope *dockerScope) *expander {
	return &expander{text: in.line.text, offset: in.line.offset, escape: p.escape, lookup: scope.get}
}

// role is what the current stage is for.
func (p *dockerParser) role() drift.Role {
	if p.stage >= 0 && p.stage < len(p.stages) {
		return p.stages[p.stage].role
	}
	return drift.RoleShip
}

func (p *dockerParser) add(pin drift.Pin) { p.pins = append(p.pins, pin) }

// from begins a stage.
func (p *dockerParser) from(in dockerInstruction) {
	p.stage++
	var base *dockerScope
	if p.stage < len(p.stages) {
		if s := p.stages[p.stage].base; s >= 0 {
			base = p.stages[s].scope
		}
	}
	p.scope = newScope(base)
	if p.stage >= len(p.stages) {
		return
	}
	p.stages[p.stage].scope = p.scope
	if p.stages[p.stage].base >= 0 {
		return
	}
	w := fromImage(in)
	t := p.expander(in, p.global).expand(w.start, w.end)
	p.image(t, p.dialect.from)
}

// image adds the pin of an image reference.
func (p *dockerParser) image(t template, source drift.Source) {
	if pin, ok := imagePin(p.doc, source, p.role(), t); ok {
		p.add(pin)
		return
	}
	// FROM ${GO_IMAGE} without a value is a Go that nobody here knows.
	if len(t.text) == 1 && t.text[0] == missingMark && t.from[0].ref != nil {
		if name := t.from[0].ref.missing; imageVariable(name) && namesGo(name) {
			p.add(t.pin(p.doc, source, p.role(), reading{end: 1, meaning: drift.MeaningUnresolved}))
		}
	}
}

// namesGo reports whether go is one of the words of a name.
func namesGo(name string) bool {
	for _, w := range nameWords(name) {
		if w == "go" || w == "golang" {
			return true
		}
	}
	return false
}

// copyFrom reads COPY --from=image.
func (p *dockerParser) copyFrom(in dockerInstruction) {
	for _, f := range in.flags {
		const prefix = "--from="
		if !strings.HasPrefix(in.line.word(f), prefix) {
			continue
		}
		t := p.expander(in, p.scope).expand(f.start+len(prefix), f.end)
		if p.stageNamed(string(t.text), p.stage) < 0 {
			p.image(t, p.dialect.copyFrom)
		}
	}
}

// mounts reads RUN --mount=type=bind,from=image.
func (p *dockerParser) mounts(in dockerInstruction) {
	for _, f := range in.flags {
		const prefix = "--mount="
		if !strings.HasPrefix(in.line.word(f), prefix) {
			continue
		}
		for at := f.start + len(prefix); at < f.end; {
			end := f.end
			if i := strings.IndexByte(in.line.text[at:f.end], ','); i >= 0 {
				end = at + i
			}
			field := dockerWord{at, end}
			at = end + 1
			text := strings.TrimLeft(in.line.word(field), `"'`)
			if value, ok := strings.CutPrefix(text, "from="); ok {
				t := p.expander(in, p.scope).expand(end-len(value), end)
				if p.stageNamed(string(t.text), p.stage) < 0 {
					p.image(t, p.dialect.mount)
				}
			}
		}
	}
}

// arg reads ARG name[=default] ...
func (p *dockerParser) arg(in dockerInstruction) {
	for _, w := range dockerWords(in.line, in.args, p.escape) {
		name, _, has := strings.Cut(in.line.word(w), "=")
		if !has {
			d := p.global.get(name)
			if p.scope == p.global || d == nil {
				d = &declaration{name: name}
			}
			p.scope.vars[name] = d
			continue
		}
		p.declare(in, p.dialect.arg, name, dockerWord{w.start + len(name) + 1, w.end}, p.scope)
	}
}

// env reads ENV name=value ... and ENV name value.
func (p *dockerParser) env(in dockerInstruction) {
	words := dockerWords(in.line, in.args, p.escape)
	if len(words) == 0 {
		return
	}
	if first := in.line.word(words[0]); !strings.Contains(first, "=") {
		if len(words) > 1 {
			p.declare(in, p.dialect.env, first, dockerWord{words[1].start, in.args.end}, p.scope)
		}
		return
	}
	before := &dockerScope{vars: map[string]*declaration{}, parent: p.scope}
	for _, w := range words {
		if name, _, has := strings.Cut(in.line.word(w), "="); has {
			p.declare(in, p.dialect.env, name, dockerWord{w.start + len(name) + 1, w.end}, before)
		}
	}
	for name, d := range before.vars {
		p.scope.vars[name] = d
	}
}

// declare gives a variable a value. In one ENV, no value sees another of it.
func (p *dockerParser) declare(in dockerInstruction, source drift.Source, name string, value dockerWord, into *dockerScope) {
	scope := p.scope
	if p.dialect.env == source && into.vars[name] != nil {
		scope = into.parent
	}
	d := &declaration{name: name, at: in.line.offset(value.start), known: true}
	if p.stage >= 0 {
		d.role = p.role() // that of an ARG before the first FROM is the one of its use
	}
	d.value = p.expander(in, scope).expand(value.start, value.end)
	if p.values += len(d.value.text); p.values > maxValues {
		d.value, d.known = template{}, false
	}
	if len(p.decls) < maxContainerPins {
		p.decls = append(p.decls, dockerDecl{d, source})
	}
	into.vars[name] = d
	p.downloads(in.line.text, value.start, value.end, in.line.offset, scope)
}

// stageNamed is the index of an earlier stage; -1 if there is none.
func (p *dockerParser) stageNamed(name string, before int) int {
	for i := min(before, len(p.stages)) - 1; i >= 0; i-- {
		if p.stages[i].name != "" && strings.EqualFold(p.stages[i].name, name) {
			return i
		}
	}
	if i, err := strconv.Atoi(name); err == nil && i >= 0 && i < before {
		return i
	}
	return -1
}

// finish adds the pins of ARG and ENV, and sorts all of them.
func (p *dockerParser) finish() []drift.Pin {
	// A value is looked at after those that use it, so that it knows its role.
	for _, d := range slices.Backward(p.decls) {
		if d.role == "" {
			d.role = cmp.Or(roleOfName(p.doc.File), drift.RoleShip)
		}
		if pin, ok := p.declPin(d); ok {
			p.add(pin)
		}
	}
	return inOrder(p.pins)
}

// roleOfName is what a Dockerfile of this name is for, if the name says so.
func roleOfName(file string) drift.Role {
	dir := filepath.Base(filepath.Dir(file))
	if dir == ".devcontainer" || filepath.Base(filepath.Dir(filepath.Dir(file))) == ".devcontainer" {
		return drift.RoleDevelop
	}
	if role := roleOfWords(filepath.Base(file)); role != "" {
		return role
	}
	switch dir {
	case ".github", ".circleci", ".gitlab", ".ci", ".buildkite", ".drone", ".woodpecker", ".tekton":
		return drift.RoleBuild
	}
	return ""
}

// roleOfWords reads the role from the words of a name; empty if none tells.
func roleOfWords(name string) drift.Role {
	for _, w := range nameWords(name) {
		switch w {
		case "dev", "devel", "develop", "development", "devcontainer", "gitpod", "debug", "local":
			return drift.RoleDevelop
		case "test", "tests", "testing", "unittest", "e2e", "integration", "fuzz", "fuzzer", "bench", "benchmark":
			return drift.RoleTest
		case "lint", "linter", "lints", "golangci", "vet", "validate":
			return drift.RoleLint
		case "build", "builder", "buildbox", "buildenv", "ci", "cross", "crossbuild":
			return drift.RoleBuild
		}
	}
	return ""
}
