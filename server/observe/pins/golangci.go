package pins

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

func matchGolangci(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	rest, ok := strings.CutPrefix(base, ".golangci")
	if !ok {
		return false
	}
	return strings.HasSuffix(rest, ".yml") || strings.HasSuffix(rest, ".yaml") || strings.HasSuffix(rest, ".toml") || strings.HasSuffix(rest, ".json")
}

// golangciPaths are the keys of a configuration that hold the version of the
// language, which linters otherwise take from go.mod: those of version 1
// (https://golangci.github.io/legacy-v1-doc/usage/configuration/) and of
// version 2 (https://golangci-lint.run/docs/configuration/file/).
var golangciPaths = []struct {
	path   []string
	source drift.Source
}{
	{[]string{"run", "go"}, drift.SourceGolangciRun},
	{[]string{"linters-settings", "gofumpt", "lang-version"}, drift.SourceGolangciGofumpt},
	{[]string{"linters-settings", "staticcheck", "go"}, drift.SourceGolangciStaticcheck},
	{[]string{"linters-settings", "gosimple", "go"}, drift.SourceGolangciGosimple},
	{[]string{"linters-settings", "stylecheck", "go"}, drift.SourceGolangciStylecheck},
	{[]string{"linters-settings", "unused", "go"}, drift.SourceGolangciUnused},
	{[]string{"linters", "settings", "gofumpt", "lang-version"}, drift.SourceGolangciGofumpt},
	{[]string{"linters", "settings", "staticcheck", "go"}, drift.SourceGolangciStaticcheck},
	{[]string{"formatters", "settings", "gofumpt", "lang-version"}, drift.SourceGolangciGofumpt},
}

// ParseGolangci reads a configuration of golangci-lint, in YAML, TOML or JSON:
// the version of the language that its linters assume. It selects no toolchain.
// A YAML number is made text again by its reader (spf13/viper), so that 1.20
// becomes 1.2.
func ParseGolangci(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "go:", "go\"", "go ", "go=", "lang-version") {
		return nil, nil
	}
	if strings.HasSuffix(doc.File, ".toml") {
		return golangciTOML(doc)
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		for _, p := range golangciPaths {
			if v, ok := c.read(c.get(root, p.path...), unknownVariable); ok {
				c.version(v, p.source, drift.RoleLint, langVersion)
			}
		}
	}
	return c.result()
}

func golangciTOML(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	values, problems := readTOML(doc)
	c := &ciFile{yamlFile: &yamlFile{file: doc.File, text: doc.Text, problems: problems}, doc: doc, next: noVariable}
	for _, value := range values {
		for _, p := range golangciPaths {
			if !slices.Equal(value.path, p.path) || value.item >= 0 || value.text == "" {
				continue
			}
			v := ciValue{place: value.span, template: literalTemplate(value.text, value.span.Start)}
			if got := numberText(value.text); !value.isText {
				v.number = true
				if got != value.text {
					v.written, v.template = value.text, literalTemplate(got, value.span.Start)
				}
			}
			c.version(v, p.source, drift.RoleLint, langVersion)
		}
	}
	return c.result()
}

// langVersion reads a version of the language.
func langVersion(t template) reading {
	r := plainVersion(t)
	if r.version != "" && r.meaning != drift.MeaningRange {
		r.meaning = drift.MeaningLang
	}
	return r
}
