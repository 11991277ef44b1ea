package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// matchConda matches the environments of conda: environment.yml and names with
// more to them.
func matchConda(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return isYAML(base) && (strings.HasPrefix(base, "environment") || strings.Contains(base, "conda") && !strings.HasPrefix(base, ".conda"))
}

// condaPackages are the packages of conda-forge that hold a Go.
var condaPackages = map[string]bool{"go": true, "go-cgo": true, "go-nocgo": true}

// ParseConda reads the environment of conda: the package go among its
// dependencies
// (https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html).
// A version is a match specification, of which go=1.25 means the newest patch
// and go==1.25.3 that release
// (https://docs.conda.io/projects/conda/en/stable/user-guide/concepts/pkg-specs.html#package-match-specifications).
func ParseConda(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "dependencies:") {
		return ParseKubernetes(doc) // the environment of something else
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		c.items(c.get(root, "dependencies"), func(item *yaml.Node) {
			if s, ok := c.scalar(item); ok {
				c.condaPackage(s)
			}
		})
		if v, ok := c.read(c.get(root, "variables", "GOTOOLCHAIN"), unknownVariable); ok {
			c.setting(v, drift.SourceCondaGotoolchain, drift.RoleDevelop)
		}
	}
	return c.result()
}

// condaPackage reads [channel::]go[=version[=build]].
func (c *ciFile) condaPackage(s yamlScalar) {
	at := 0
	if i := strings.LastIndex(s.text, "::"); i >= 0 {
		at = i + 2
	}
	end := cut(s.text, at, "=<>!~ [")
	if !condaPackages[s.text[at:end]] {
		return
	}
	at = end
	for at < len(s.text) && s.text[at] == ' ' {
		at++
	}
	equals := 0
	for at < len(s.text) && s.text[at] == '=' {
		at, equals = at+1, equals+1
	}
	for at < len(s.text) && s.text[at] == ' ' {
		at++
	}
	end = cut(s.text, at, "= #[")
	if strings.ContainsAny(s.text[at:], "<>!~,|") {
		_, end = trimmedYAML(s.text, at, len(s.text))
	}
	if at >= end {
		return
	}
	v := c.expand(s, at, end, unknownVariable)
	c.version(v, drift.SourceConda, drift.RoleDevelop, func(t template) reading {
		r := condaVersion(t)
		if equals == 2 && r.meaning == drift.MeaningLine && !strings.HasSuffix(string(t.text), "*") {
			r.meaning = drift.MeaningExact
		}
		return r
	})
}

// condaVersion reads a version of a match specification.
func condaVersion(t template) reading {
	text := string(t.text)
	if strings.ContainsAny(text, ",<>!~|") {
		return reading{end: len(text), meaning: drift.MeaningRange, version: text}
	}
	if bare := strings.TrimSuffix(text, "*"); bare != text && strings.Count(strings.TrimSuffix(bare, "."), ".") == 1 {
		bare = strings.TrimSuffix(bare, ".")
		if m, v := release(bare); m == drift.MeaningLine {
			return reading{end: len(text), meaning: m, version: v} // 1.25.* and 1.25*
		}
	}
	return plainVersion(t)
}
