package pins

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// missingMark stands in a [template]'s text for a variable without a value.
const missingMark = '\x00'

// maxTemplate bounds what the variables of one word may grow to.
const maxTemplate = 512

// template is a word with its variables replaced, which remembers where in the
// document each byte of it comes from.
type template struct {
	text []byte
	from []origin
}

// origin is where one byte of a template comes from.
type origin struct {
	start, end int        // in the document: of the character, or of the whole reference
	ref        *reference // nil for literal text
}

// reference is one use of a variable.
type reference struct {
	name string
	// missing is the name of the variable that has no value; it differs from
	// name if the value of name refers to it.
	missing string
	// decl is where the value was taken from; nil for an inline default.
	decl *declaration
}

// declaration is one place that gives a variable a value.
type declaration struct {
	name  string
	value template
	at    int  // offset in the document
	known bool // it has a value
	// feeds says that a version is read from it, part that it is only a part of
	// one: the 25 of 1.${MINOR}.
	feeds, part bool
	role        drift.Role
}

// literal adds text that stands in the document at start.
func (t *template) literal(text string, start int) {
	if cap(t.from) == 0 { // most words come byte by byte and are short
		n := max(len(text), 12)
		t.text, t.from = make([]byte, 0, n), make([]origin, 0, n)
	}
	for i := range len(text) {
		if len(t.text) >= maxTemplate {
			return
		}
		t.text = append(t.text, text[i])
		t.from = append(t.from, origin{start: start + i, end: start + i + 1})
	}
}

// use adds the value of a variable, referred to by the text [start, end).
func (t *template) use(name string, decl *declaration, start, end int) {
	if decl == nil || !decl.known {
		t.add(missingMark, origin{start, end, &reference{name: name, missing: name}})
		return
	}
	plain := &reference{name: name, decl: decl}
	for i, c := range decl.value.text {
		ref := plain
		if inner := decl.value.from[i].ref; c == missingMark && inner != nil {
			ref = &reference{name: name, decl: decl, missing: inner.missing}
		}
		t.add(c, origin{start, end, ref})
	}
}

// inline adds the default that a reference itself holds.
func (t *template) inline(name string, value template, start, end int) {
	ref := &reference{name: name}
	for i, c := range value.text {
		r := ref
		if inner := value.from[i].ref; inner != nil {
			r = &reference{name: name, decl: inner.decl, missing: inner.missing}
			if c != missingMark && inner.decl != nil {
				r.name = inner.name
			}
		}
		t.add(c, origin{start, end, r})
	}
}

func (t *template) add(c byte, o origin) {
	if len(t.text) >= maxTemplate {
		return
	}
	t.text = append(t.text, c)
	t.from = append(t.from, o)
}

// slice is the part [start, end) of a template.
func (t template) slice(start, end int) template {
	return template{t.text[start:end], t.from[start:end]}
}

// span is where the bytes [start, end) stand in the document.
func (t template) span(start, end int) drift.Span {
	s := drift.Span{Start: t.from[start].start, End: t.from[start].end}
	for _, o := range t.from[start:end] {
		s.Start, s.End = min(s.Start, o.start), max(s.End, o.end)
	}
	return s
}

// shown is the text with the names of what is missing.
func (t template) shown() string {
	if !slices.Contains(t.text, missingMark) {
		return string(t.text)
	}
	var b strings.Builder
	for i, c := range t.text {
		if ref := t.from[i].ref; c == missingMark && ref != nil {
			b.WriteString("${" + ref.missing + "}")
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// literalTemplate is a template without variables.
func literalTemplate(text string, start int) template {
	var t template
	t.literal(text, start)
	return t
}

// reading is what a reader takes from a version text.
type reading struct {
	start, end int // of the version in the template
	meaning    drift.Meaning
	version    string
	extra      map[string]string
}

// pin makes a pin of what was read from a template. A version that comes from a
// variable, wholly or in part, is a var, or unresolved if the variable has no
// value; the span is then that of the reference.
func (t template) pin(doc drift.Document, source drift.Source, role drift.Role, r reading) drift.Pin {
	span := t.span(r.start, r.end)
	pin := drift.Pin{
		Source: source, Role: role, Place: drift.Place{File: doc.File, Span: span},
		Raw: string(doc.Text[span.Start:span.End]), Meaning: r.meaning, Version: r.version, Extra: r.extra,
	}
	ref, mixed := t.follows(r.start, r.end)
	if ref == nil {
		return pin
	}
	for _, o := range t.from[r.start:r.end] {
		if o.ref == nil || o.ref.decl == nil {
			continue
		}
		if o.ref.decl.feed(role); mixed {
			o.ref.decl.part = true
		}
	}
	name, line := ref.name, ""
	pin.Meaning = drift.MeaningVar
	if ref.missing != "" {
		pin.Meaning, pin.Version, name = drift.MeaningUnresolved, "", ref.missing
	} else if decl := ref.source(); decl != nil {
		line = lineOf(doc, decl.at)
	}
	kept := extra("name", name, "fromLine", line)
	for _, key := range []string{"variant", "digest"} {
		if v := r.extra[key]; v != "" {
			kept = with(kept, key, v)
		}
	}
	pin.Extra = kept
	return pin
}

// follows is the variable that the bytes [start, end) come from, one without a
// value before others; nil if they are literal. It is mixed with literal text
// or other variables if it is not all there is.
func (t template) follows(start, end int) (ref *reference, mixed bool) {
	for i, o := range t.from[start:end] {
		if i > 0 && o.start != t.from[start].start {
			mixed = true
		}
		if o.ref != nil && (ref == nil || ref.missing == "" && o.ref.missing != "") {
			ref = o.ref
		}
	}
	return ref, mixed
}

// source is the declaration that a reference's value really stands in, past
// those that only pass it on.
func (r *reference) source() *declaration {
	decl := r.decl
	for range maxNesting {
		if decl == nil {
			break
		}
		through := passesOn(decl.value)
		if through == nil || through.decl == nil {
			break
		}
		decl = through.decl
	}
	return decl
}

// feed notes that a version is read from a declaration. Those that its value
// refers to are fed when the declaration's own pin is made.
func (d *declaration) feed(role drift.Role) {
	d.feeds, d.role = true, stronger(d.role, role)
}

// stronger is the role that matters more, of a place that has two.
func stronger(a, b drift.Role) drift.Role {
	order := []drift.Role{drift.RoleShip, drift.RoleBuild, drift.RoleTest, drift.RoleLint, drift.RoleDevelop}
	for _, role := range order {
		if a == role || b == role {
			return role
		}
	}
	return b
}
