package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// ciVariable is a name that has values: an axis of a matrix, a variable of an
// env block, an input, a parameter. Each of its values is a place of its own.
type ciVariable struct {
	name   string // as people wrote it, without context
	source drift.Source
	// matrix says that its values are tried one after the other.
	matrix bool
	values []ciValue
	// decl stands for all values in the templates that refer to them; its value
	// is the first one.
	decl *declaration
	// read is how those who refer to the variable take its values; setting says
	// that they take them as GOTOOLCHAIN.
	read    func(template) reading
	setting bool
	// dir is that of its scope.
	dir string
	// open says that more values come from elsewhere.
	open bool
}

// many says that the variable has values that differ, or that are not known.
func (v *ciVariable) many() bool {
	if v.open {
		return true
	}
	for _, value := range v.values {
		if string(value.text) != string(v.values[0].text) {
			return true
		}
	}
	return false
}

// ciScope is what the references of a place can see.
type ciScope struct {
	outer *ciScope
	names map[string]*ciVariable
	role  drift.Role
	// dir is the folder that the place works in, if it is not the root.
	dir string
}

func newCIScope() *ciScope { return &ciScope{names: map[string]*ciVariable{}, role: drift.RoleBuild} }

func (s *ciScope) inner() *ciScope {
	return &ciScope{outer: s, names: map[string]*ciVariable{}, role: s.role, dir: s.dir}
}

func (s *ciScope) find(name string) *ciVariable {
	for ; s != nil; s = s.outer {
		if v := s.names[name]; v != nil {
			return v
		}
	}
	return nil
}

// declare gives a variable of a scope one more value.
func (c *ciFile) declare(scope *ciScope, key, name string, source drift.Source, node *yaml.Node, resolve lookup) {
	value, ok := c.read(node, resolve)
	if !ok {
		return
	}
	c.addValue(scope, key, name, source, value)
}

func (c *ciFile) addValue(scope *ciScope, key, name string, source drift.Source, value ciValue) {
	v := scope.names[key]
	if v == nil {
		v = &ciVariable{name: name, dir: scope.dir, source: source, matrix: strings.HasSuffix(string(source), ":matrix"), decl: &declaration{name: key, known: true, role: scope.role, value: value.template, at: value.place.Start}}
		scope.names[key] = v
		c.vars = append(c.vars, v)
		if c.several == nil {
			c.several = map[*declaration]*ciVariable{}
		}
		c.several[v.decl] = v
	}
	if len(v.values) < maxCIPins {
		v.values = append(v.values, value)
	}
}

// behind lists the variables that a value refers to, and those behind them, a few
// steps far.
func (c *ciFile) behind(v ciValue) []*ciVariable {
	var found []*ciVariable
	seen := map[*declaration]bool{}
	var walk func(t template, depth int)
	walk = func(t template, depth int) {
		if depth > maxNesting {
			return
		}
		for _, o := range t.from {
			if o.ref == nil || o.ref.decl == nil || seen[o.ref.decl] {
				continue
			}
			seen[o.ref.decl] = true
			if variable := c.several[o.ref.decl]; variable != nil {
				found = append(found, variable)
				for _, value := range variable.values {
					walk(value.template, depth+1)
				}
			}
		}
	}
	walk(v.template, 0)
	return found
}

// refers says whether a value is a reference to a variable.
func (c *ciFile) refers(v ciValue) bool { return len(c.behind(v)) > 0 }

// note tells the variables behind a value who reads it, and hoc.
func (c *ciFile) note(v ciValue, role drift.Role, read func(template) reading) {
	for _, variable := range c.behind(v) {
		variable.decl.feed(role)
		if variable.read == nil || string(v.text) == string(variable.values[0].text) {
			variable.read = read
		}
	}
}

// noteSetting is note for a value of GOTOOLCHAIN.
func (c *ciFile) noteSetting(v ciValue, role drift.Role) {
	for _, variable := range c.behind(v) {
		variable.decl.feed(role)
		variable.setting = string(variable.values[0].text) == string(v.text)
	}
}

// settle takes back what a pin says of the first value of a variable that has
// several.
func (c *ciFile) settle(pin *drift.Pin, t template) {
	if pin.Meaning != drift.MeaningVar {
		return
	}
	for _, o := range t.from {
		if o.ref != nil && o.ref.decl != nil && c.several[o.ref.decl] != nil && c.several[o.ref.decl].many() {
			pin.Version = ""
			delete(pin.Extra, "fromLine")
			if c.several[o.ref.decl].matrix {
				pin.Role = drift.RoleTest
			}
			return
		}
	}
}

// declared adds the pins of the variables' values: of those that a version is
// read from, and of those whose name says so.
func (c *ciFile) declared() {
	for _, v := range c.vars {
		before := len(c.pins)
		role := v.decl.role
		if v.matrix && v.many() {
			role = drift.RoleTest
		}
		for _, value := range v.values {
			c.valueOf(v, value, role)
		}
		for i := range c.pins[before:] {
			pin := &c.pins[before+i]
			if !v.matrix && pin.Extra["name"] == "" {
				pin.Extra = with(pin.Extra, "name", v.name)
			}
			if v.dir != "" {
				pin.Extra = with(pin.Extra, "dir", v.dir)
			}
		}
	}
}

func (c *ciFile) valueOf(v *ciVariable, value ciValue, role drift.Role) {
	leaf := v.name[strings.LastIndexByte(v.name, '.')+1:]
	named := goVariable(v.name) || goName(leaf)
	switch {
	case !v.decl.feeds && !named && !imageVariable(leaf) && !v.matrix:
	case isWholeImage(value.template):
		c.image(value, v.source, role)
	case v.setting:
		c.setting(value, v.source, role)
	case v.read != nil:
		c.version(value, v.source, role, v.read)
	case v.decl.feeds:
		// Only images refer to it: its value is the tag of one, or a part of it.
		if r := readVersion(value.template); r.meaning != drift.MeaningUnknown {
			c.version(value, v.source, role, readVersion)
		}
	case named && (looksLikeVersion(value) || c.refers(value)):
		c.version(value, v.source, role, plainVersion)
	}
}

// isWholeImage says whether a value is an image of Go with a tag. One without
// may be given its tag where it is used.
func isWholeImage(t template) bool {
	r, ok := readImage(t)
	return ok && r.extra["why"] != "no tag"
}
