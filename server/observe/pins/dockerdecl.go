package pins

import (
	"bytes"
	"slices"

	"godrift.dev/server/drift"
)

// declPin is the pin of an ARG or ENV, if its value says which Go to use: by
// its name, because a version is read from it, or because it is an image of Go.
func (p *dockerParser) declPin(d dockerDecl) (drift.Pin, bool) {
	if d.name == "GOTOOLCHAIN" {
		source := p.dialect.toolchain
		if d.source == p.dialect.arg {
			source = p.dialect.argToolchain
		}
		return toolchainPin(p.doc, source, d.role, d.value)
	}
	return declaredPin(p.doc, d.declaration, d.source)
}

// toolchainPin is the pin of a GOTOOLCHAIN that is set to a value.
func toolchainPin(doc drift.Document, source drift.Source, role drift.Role, value template) (drift.Pin, bool) {
	if len(value.text) == 0 || passesOn(value) != nil {
		return drift.Pin{}, false
	}
	text := string(value.text)
	pin := value.pin(doc, source, role, reading{end: len(value.text), meaning: drift.MeaningSetting, version: text})
	if pin.Meaning != drift.MeaningSetting {
		return pin, true
	}
	if set := settingPin(source, role, text); set.Meaning == drift.MeaningInvalid {
		pin = refuse(pin, set.Extra["why"])
	}
	return pin, true
}

// declaredPin is the pin of a variable that a file declares.
func declaredPin(doc drift.Document, d *declaration, source drift.Source) (drift.Pin, bool) {
	value := d.value
	if !d.known || len(value.text) == 0 {
		return drift.Pin{}, false
	}
	if through := passesOn(value); through != nil {
		if through.decl != nil && (d.feeds || goVariable(d.name)) {
			through.decl.feed(d.role)
		}
		return drift.Pin{}, false
	}
	if r, ok := readImage(value); ok {
		if r.extra["why"] == "no tag" && !d.feeds && !imageVariable(d.name) {
			return drift.Pin{}, false // ARG NAME=golang is just a word
		}
		pin := value.pin(doc, source, d.role, r)
		pin.Extra = named(pin, d.name)
		return pin, true
	}
	if !d.feeds && !goVariable(d.name) || d.part && !goVariable(d.name) || bytes.ContainsAny(value.text, "/: \t") {
		return drift.Pin{}, false
	}
	digest := ""
	end := len(value.text)
	if i := bytes.IndexByte(value.text, '@'); i >= 0 {
		end, digest = i, "true"
	}
	if end == 0 {
		return drift.Pin{}, false
	}
	r := readVersion(value.slice(0, end))
	if r.meaning == drift.MeaningUnknown && !d.feeds {
		return drift.Pin{}, false
	}
	if digest != "" {
		r.extra = with(r.extra, "digest", digest)
	}
	pin := value.pin(doc, source, d.role, r)
	pin.Extra = named(pin, d.name)
	return pin, true
}

// named adds the name of the variable that holds a pin, unless the pin names
// another one that it follows.
func named(pin drift.Pin, name string) map[string]string {
	if pin.Extra["name"] != "" {
		return pin.Extra
	}
	return with(pin.Extra, "name", name)
}

// passesOn is the reference that a value consists of, if it says nothing of its
// own: ${GO_VERSION}, and not ${GO_VERSION:-1.25}.
func passesOn(value template) *reference {
	if len(value.text) == 0 {
		return nil
	}
	first := value.from[0]
	for _, o := range value.from {
		if o.ref == nil || o.start != first.start || o.ref.decl == nil && o.ref.missing == "" {
			return nil
		}
	}
	return first.ref
}

// inOrder sorts pins by place and keeps one for each.
func inOrder(pins []drift.Pin) []drift.Pin {
	slices.SortStableFunc(pins, func(a, b drift.Pin) int { return a.Place.Span.Start - b.Place.Span.Start })
	return slices.CompactFunc(pins, func(a, b drift.Pin) bool { return a.Place.Span.Start == b.Place.Span.Start })
}
