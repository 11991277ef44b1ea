package pins

import (
	"strings"

	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

// ParseBake reads a docker-bake.hcl or docker-bake.json: variables with their
// defaults, the arguments and contexts of targets, and their matrices.
//
// The format is https://docs.docker.com/build/bake/reference/; the reader is
// github.com/docker/buildx/bake.
func ParseBake(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	if len(doc.Text) > maxDockerfile || !mentionsGo(doc.Text) {
		return nil, problems
	}
	b := &bake{doc: doc, text: string(doc.Text), vars: map[string]*declaration{}}
	var root []hclAttr
	if strings.HasSuffix(doc.File, ".json") {
		f := readJSONC(doc)
		problems = f.problems
		root = jsonBlocks(f)
	} else {
		r := &hclReader{text: b.text}
		for r.at < len(r.text) {
			root = append(root, r.body()...)
		}
	}
	b.variables(root)
	for _, a := range root {
		if a.name == "target" && a.block {
			b.target(a)
		}
	}
	return b.finish(), problems
}

// jsonBlocks gives a JSON file the shape of an HCL one: {"target": {"app": {}}}
// is target "app" {}.
func jsonBlocks(f *jsonFile) []hclAttr {
	var convert func(v *hujson.Value) hclValue
	convert = func(v *hujson.Value) hclValue {
		out := hclValue{start: v.StartOffset, end: v.EndOffset, kind: byte(v.Value.Kind())}
		switch out.kind {
		case '"':
			out.start, out.end = out.start+1, out.end-1
		case '{':
			f.each(v, func(key string, _, v *hujson.Value) {
				out.attrs = append(out.attrs, hclAttr{name: key, value: convert(v)})
			})
		case '[':
			f.items(v, func(v *hujson.Value) { out.items = append(out.items, convert(v)) })
		case 'n', 't', 'f', '0':
			out.kind = 'w'
		}
		return out
	}
	var root []hclAttr
	for _, kind := range []string{"variable", "target"} {
		f.each(f.get(&f.root, kind), func(label string, _, v *hujson.Value) {
			root = append(root, hclAttr{name: kind, label: label, block: true, value: convert(v)})
		})
	}
	return root
}

type bake struct {
	doc   drift.Document
	text  string
	vars  map[string]*declaration
	decls []*declaration
	pins  []drift.Pin
}

func (b *bake) variables(root []hclAttr) {
	for _, a := range root {
		if a.name != "variable" || !a.block || len(b.decls) >= maxContainerPins {
			continue
		}
		d := &declaration{name: a.label, role: drift.RoleShip}
		for _, v := range a.value.attrs {
			if v.name == "default" {
				d.at = v.value.start
				d.value, d.known = b.value(v.value, nil)
			}
		}
		b.vars[a.label] = d
		b.decls = append(b.decls, d)
	}
}

// value evaluates a string, a number or the name of a variable.
func (b *bake) value(v hclValue, local map[string]*declaration) (template, bool) {
	var t template
	find := func(name string) *declaration {
		if d := local[name]; d != nil {
			return d
		}
		return b.vars[name]
	}
	word := ""
	if v.kind == 'w' {
		word = b.text[v.start:v.end]
	}
	switch {
	case v.kind == 'w' && startsWithDigit(word):
		for _, c := range []byte(numberText(word)) { // 1.20 is the number 1.2
			t.add(c, origin{v.start, v.end, nil})
		}
		return t, true
	case v.kind == 'w':
		if d := find(word); d != nil && d.known {
			t.use(word, d, v.start, v.end)
			return t, true
		}
		return t, false
	case v.kind != '"':
		return t, false
	}
	for at := v.start; at < v.end; {
		if !strings.HasPrefix(b.text[at:v.end], "${") {
			t.literal(b.text[at:at+1], at)
			at++
			continue
		}
		end, ok := nestedDollar(b.text[:v.end], at)
		if !ok {
			end = v.end
		}
		name := strings.TrimSpace(strings.TrimSuffix(b.text[at+2:end], "}"))
		t.use(name, find(name), at, end)
		at = end
	}
	return t, true
}

// target reads the arguments and contexts of a target.
func (b *bake) target(a hclAttr) {
	role := roleOfWords(a.label)
	if role == "" {
		role = drift.RoleShip
	}
	attrs := map[string]hclValue{}
	for _, v := range a.value.attrs {
		attrs[v.name] = v.value
	}
	local := b.matrix(attrs["matrix"])
	context, _ := b.value(attrs["context"], nil)
	file, _ := b.value(attrs["dockerfile"], nil)
	dockerfile := otherDockerfile(string(context.text), string(file.text))
	if _, inline := attrs["dockerfile-inline"]; inline {
		dockerfile = "inline"
	}
	for _, arg := range attrs["args"].attrs {
		t, ok := b.value(arg.value, local)
		if !ok || len(t.text) == 0 || t.text[0] == missingMark && len(t.text) == 1 {
			continue // without a value, the Dockerfile's own default counts
		}
		if pin, ok := argumentPin(b.doc, arg.name, t, containerSources{drift.SourceBakeBuildArg, drift.SourceBakeToolchain}, role); ok {
			if dockerfile != "" {
				pin.Extra = with(pin.Extra, "dockerfile", dockerfile)
			}
			b.add(pin)
		}
	}
	for _, c := range attrs["contexts"].attrs {
		const scheme = "docker-image://"
		if t, ok := b.value(c.value, local); ok && strings.HasPrefix(string(t.text), scheme) {
			if pin, ok := imagePin(b.doc, drift.SourceBakeContext, role, t.slice(len(scheme), len(t.text))); ok {
				b.add(pin)
			}
		}
	}
}

// matrix reads the axes of a target whose values are versions. A name that has
// several has none here.
func (b *bake) matrix(v hclValue) map[string]*declaration {
	local := map[string]*declaration{}
	for _, axis := range v.attrs {
		local[axis.name] = &declaration{name: axis.name}
		for _, item := range axis.value.items {
			t, ok := b.value(item, nil)
			if !ok || len(t.text) == 0 || !goVariable(axis.name) && axis.name != "go" && axis.name != "golang" {
				continue
			}
			if r := readVersion(t); r.meaning != drift.MeaningUnknown {
				b.add(t.pin(b.doc, drift.SourceBakeMatrix, drift.RoleTest, r))
			}
		}
	}
	return local
}

func (b *bake) add(pin drift.Pin) {
	if pin.Meaning != drift.MeaningVar && pin.Raw != pin.Version && numberText(pin.Raw) == pin.Version {
		pin.Meaning, pin.Extra = drift.MeaningTrapFloat, with(pin.Extra, "written", pin.Raw)
	}
	if len(b.pins) < maxContainerPins {
		b.pins = append(b.pins, pin)
	}
}

// finish adds the pins of variables; a value is looked at after those that use
// it.
func (b *bake) finish() []drift.Pin {
	for i := len(b.decls) - 1; i >= 0; i-- {
		d := b.decls[i]
		if d.name == "GOTOOLCHAIN" {
			if pin, ok := toolchainPin(b.doc, drift.SourceBakeToolchain, d.role, d.value); ok {
				b.add(pin)
			}
			continue
		}
		if pin, ok := declaredPin(b.doc, d, drift.SourceBakeVariable); ok {
			b.add(pin)
		}
	}
	return inOrder(b.pins)
}

// argumentPin is the pin of a build argument that is set to a version or an
// image of Go. One that only hands a variable on is a pin that follows it.
func argumentPin(doc drift.Document, name string, t template, sources containerSources, role drift.Role) (drift.Pin, bool) {
	if name == "GOTOOLCHAIN" {
		return toolchainPin(doc, sources.toolchain, role, t)
	}
	var pin drift.Pin
	r, ok := readImage(t)
	switch {
	case ok && (r.extra["why"] != "no tag" || imageVariable(name)):
	case !goVariable(name) || strings.ContainsAny(string(t.text), "/: \t"):
		return pin, false
	default:
		if r = readVersion(t); r.meaning == drift.MeaningUnknown {
			return pin, false
		}
	}
	pin = t.pin(doc, sources.value, role, r)
	switch pin.Extra["name"] {
	case "":
		pin.Extra = with(pin.Extra, "name", name)
	case name:
	default:
		pin.Extra = with(pin.Extra, "arg", name)
	}
	return pin, true
}

// isBake matches the names of bake files.
func isBake(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return (strings.HasSuffix(base, ".hcl") || strings.HasSuffix(base, ".json")) && strings.Contains(base, "bake.") ||
		strings.HasSuffix(base, ".hcl") && strings.HasPrefix(base, "docker-bake")
}
