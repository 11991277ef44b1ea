package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// dockerStage is one stage of a Dockerfile.
type dockerStage struct {
	name  string
	base  int // the stage it is built upon; -1 if an image
	needs []int
	role  drift.Role
	scope *dockerScope
}

// maxStages is how many stages of a Dockerfile are told apart.
const maxStages = 1000

// fromImage is the word of a FROM that names the image.
func fromImage(in dockerInstruction) dockerWord {
	end := in.args.start
	for end < in.args.end && !isDockerBlank(in.line.text[end]) {
		end++
	}
	return dockerWord{in.args.start, end}
}

// findStages goes through a file once to learn what the final stage is built
// from: that is what ships, the rest is for something else.
func (p *dockerParser) findStages() []dockerStage {
	p.global = newScope(platformScope())
	p.scope = p.global
	p.stages = nil
	for _, in := range p.all {
		switch {
		case in.name == "ARG" && len(p.stages) == 0:
			p.arg(in)
		case in.name == "FROM" && len(p.stages) < maxStages:
			p.addStage(in)
		case in.name == "COPY" || in.name == "RUN":
			p.needs(in)
		}
	}
	p.decls, p.pins = nil, nil
	p.assignRoles()
	return p.stages
}

func (p *dockerParser) addStage(in dockerInstruction) {
	w := fromImage(in)
	image := string(p.expander(in, p.global).expand(w.start, w.end).text)
	s := dockerStage{base: -1}
	// A number is an image here, and not a stage.
	for i := len(p.stages) - 1; i >= 0; i-- {
		if p.stages[i].name != "" && strings.EqualFold(p.stages[i].name, image) {
			s.base = i
			s.needs = append(s.needs, i)
			break
		}
	}
	words := strings.Fields(in.line.text[w.end:in.args.end])
	if len(words) >= 2 && strings.EqualFold(words[0], "AS") {
		s.name = words[1]
	}
	p.stages = append(p.stages, s)
}

// needs notes the stages that an instruction copies from.
func (p *dockerParser) needs(in dockerInstruction) {
	current := len(p.stages) - 1
	if current < 0 {
		return
	}
	for _, f := range in.flags {
		flag := in.line.word(f)
		name, ok := strings.CutPrefix(flag, "--from=")
		if !ok && strings.HasPrefix(flag, "--mount=") {
			_, name, ok = strings.Cut(flag, "from=")
			name, _, _ = strings.Cut(name, ",")
		}
		if !ok {
			continue
		}
		if i := p.stageNamed(strings.Trim(name, `"'`), current); i >= 0 {
			s := &p.stages[current]
			s.needs = append(s.needs, i)
		}
	}
}

func (p *dockerParser) assignRoles() {
	byFile := roleOfName(p.doc.File)
	last := len(p.stages) - 1
	shipped := make([]bool, len(p.stages))
	for i := last; i >= 0; i-- {
		// Stages need only earlier ones, so one pass backward finds them all.
		if i == last {
			shipped[i] = true
		}
		if shipped[i] {
			for _, n := range p.stages[i].needs {
				shipped[n] = true
			}
		}
	}
	for i := range p.stages {
		s := &p.stages[i]
		switch byName := roleOfWords(s.name); {
		case byFile != "":
			s.role = byFile
		case shipped[i]:
			s.role = drift.RoleShip
		case byName != "":
			s.role = byName
		default:
			s.role = drift.RoleBuild
		}
	}
}
