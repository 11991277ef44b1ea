package pins

import (
	"path/filepath"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// Module is what a go.mod says of its module.
type Module struct {
	// Path is the module path; empty if the file does not say one.
	Path string
	// Go and Toolchain are the values of the go and toolchain lines as the go
	// command's parser reads them; empty if there is no such line or it is not
	// valid.
	Go, Toolchain string
}

// ModuleOf reads a go.mod.
func ModuleOf(doc drift.Document) Module {
	var m Module
	f := splitModFile(string(doc.Text))
	p := modParser{doc: doc, file: f}
	for _, s := range f.statements {
		switch {
		case (s.block == "module" || s.block == "" && s.verb.text == "module" && !s.opens) && len(s.args) > 0 && m.Path == "":
			m.Path = strings.Clone(unquote(s.args[0].text))
		case s.block == "" && s.verb.text == "go" && len(s.args) == 1 && m.Go == "":
			m.Go = p.goLine(s.args[0]).Version
		case s.block == "" && s.verb.text == "toolchain" && len(s.args) == 1 && m.Toolchain == "":
			if pin := p.toolchainLine(s.args[0]); pin.Meaning != drift.MeaningInvalid {
				m.Toolchain = pin.Raw
			}
		}
	}
	return m
}

// Uses reads the use lines of a go.work.
func Uses(doc drift.Document) []drift.Use {
	var uses []drift.Use
	for _, s := range splitModFile(string(doc.Text)).statements {
		if len(s.args) == 0 || s.block != "use" && (s.verb.text != "use" || s.opens) {
			continue
		}
		arg := s.args[0]
		dir := filepath.FromSlash(unquote(arg.text))
		if dir == "" {
			continue
		}
		start, end := arg.start, arg.end
		if quoted(arg.text) {
			start, end = start+1, end-1
		}
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(doc.File), dir)
		}
		uses = append(uses, drift.Use{
			Dir:   filepath.Clean(dir),
			Place: drift.Place{File: doc.File, Span: drift.Span{Start: start, End: end}},
		})
	}
	return uses
}

func quoted(s string) bool {
	return len(s) >= 2 && (s[0] == '"' || s[0] == '`') && s[len(s)-1] == s[0]
}

// unquote takes the quotes off a word, half-typed ones too.
func unquote(s string) string {
	if u, err := strconv.Unquote(s); err == nil {
		return u
	}
	return strings.Trim(s, "\"`")
}
