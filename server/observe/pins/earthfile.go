package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// ParseEarthfile reads an Earthfile: what a Dockerfile has, in targets instead
// of stages, and the arguments that BUILD hands to other targets.
//
// The syntax is https://docs.earthly.dev/docs/earthfile; an ARG of the base
// recipe counts in targets only if it is --global.
func ParseEarthfile(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	if len(doc.Text) > maxDockerfile || !mentionsGo(doc.Text) {
		return nil, problems
	}
	p := &dockerParser{doc: doc, text: string(doc.Text), dialect: earthfileDialect}
	p.all, p.escape = lexDockerfile(p.text)
	p.stages = []dockerStage{{role: drift.RoleBuild}}
	p.global = newScope(nil)
	p.scope = newScope(p.global)
	for _, in := range p.all {
		if len(p.pins) >= maxContainerPins {
			break
		}
		p.earthly(in)
	}
	return p.finish(), problems
}

var earthfileDialect = dockerDialect{
	from: drift.SourceEarthlyFrom, copyFrom: drift.SourceEarthlyCopyFrom, mount: drift.SourceEarthlyMount,
	arg: drift.SourceEarthlyArg, env: drift.SourceEarthlyEnv, argToolchain: drift.SourceEarthlyArgToolchain,
	toolchain: drift.SourceEarthlyToolchain, download: drift.SourceEarthlyDownload,
	install: drift.SourceEarthlyInstall, run: drift.SourceEarthlyRun,
}

func (p *dockerParser) earthly(in dockerInstruction) {
	if strings.HasSuffix(in.name, ":") && in.args.start == in.args.end {
		role := roleOfWords(strings.ToLower(strings.TrimSuffix(in.name, ":")))
		if role == "" {
			role = drift.RoleBuild
		}
		p.stages = append(p.stages, dockerStage{role: role})
		p.stage = len(p.stages) - 1
		p.scope = newScope(p.global)
		return
	}
	switch in.name {
	case "FROM":
		w := fromImage(in)
		if text := in.line.word(w); text == "DOCKERFILE" || strings.Contains(text, "+") {
			return
		}
		p.image(p.expander(in, p.scope).expand(w.start, w.end), p.dialect.from)
	case "ARG", "LET", "SET":
		p.earthlyArg(in)
	case "ENV":
		scope := p.scope
		if p.stage == 0 {
			p.scope = p.global // the image of the base recipe is that of all targets
		}
		p.env(in)
		p.scope = scope
	case "RUN":
		p.mounts(in)
		p.commands(in)
	case "BUILD", "COPY", "DO", "WITH":
		p.handed(in)
	}
}

// earthlyArg reads ARG [--global] name = value.
func (p *dockerParser) earthlyArg(in dockerInstruction) {
	name, _, has := strings.Cut(in.line.word(in.args), "=")
	if !has {
		return // it comes from the outside
	}
	value := dockerWord{in.args.start + len(name) + 1, in.args.end}
	for value.start < value.end && isDockerSpace(in.line.text[value.start]) {
		value.start++
	}
	if words := dockerWords(in.line, value, p.escape); len(words) > 0 {
		value = words[0]
	}
	into := p.scope
	for _, f := range in.flags {
		if in.line.word(f) == "--global" {
			into = p.global
		}
	}
	delete(p.scope.vars, strings.TrimSpace(name))
	p.declare(in, p.dialect.arg, strings.TrimSpace(name), value, into)
}

// handed reads BUILD +target --GO_VERSION=1.25.
func (p *dockerParser) handed(in dockerInstruction) {
	words := append(append([]dockerWord{}, in.flags...), dockerWords(in.line, in.args, p.escape)...)
	for _, w := range words {
		rest, ok := strings.CutPrefix(strings.TrimPrefix(in.line.word(w), "("), "--")
		name, value, has := strings.Cut(rest, "=")
		if !ok || !has {
			continue
		}
		value = strings.TrimSuffix(value, ")")
		end := w.end
		if strings.HasSuffix(in.line.word(w), ")") {
			end--
		}
		t := p.expander(in, p.scope).expand(min(end, w.end-len(rest)+len(name)+1), end)
		if len(t.text) == 0 || value == "" {
			continue
		}
		if pin, ok := argumentPin(p.doc, name, t, containerSources{drift.SourceEarthlyHanded, p.dialect.toolchain}, p.role()); ok {
			p.add(pin)
		}
	}
}
