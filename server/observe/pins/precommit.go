package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

func matchPreCommit(rel string) bool {
	return hasBase(rel, ".pre-commit-config.yaml", ".pre-commit-config.yml", ".pre-commit-hooks.yaml", "prek.yaml")
}

// ParsePreCommit reads a .pre-commit-config.yaml or .pre-commit-hooks.yaml:
// default_language_version.golang, and language_version of hooks in Go. Such a
// hook is built with that Go, in a folder of pre-commit's own, whatever is on
// PATH (https://pre-commit.com/#golang, pre_commit/languages/golang.py). The
// value has to be a string: 1.25 without quotes is refused.
func ParsePreCommit(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang") {
		return nil, nil
	}
	c := newCIFile(doc, noVariable)
	for _, root := range c.roots {
		c.preCommitVersion(c.get(root, "default_language_version", "golang"))
		c.items(root, c.preCommitHook)
		c.items(c.get(root, "repos"), func(repo *yaml.Node) {
			golang := strings.Contains(c.value(c.get(repo, "repo")), "golang")
			c.items(c.get(repo, "hooks"), func(hook *yaml.Node) {
				if golang && c.get(hook, "language") == nil && c.get(hook, "language_version") != nil {
					c.preCommitVersion(c.get(hook, "language_version"))
					return
				}
				c.preCommitHook(hook)
			})
		})
	}
	return c.result()
}

func (c *ciFile) preCommitHook(hook *yaml.Node) {
	if c.value(c.get(hook, "language")) == "golang" {
		c.preCommitVersion(c.get(hook, "language_version"))
	}
}

func (c *ciFile) preCommitVersion(n *yaml.Node) {
	v, ok := c.read(n, unknownVariable)
	if !ok {
		return
	}
	if v.number {
		text := string(c.text[v.place.Start:v.place.End])
		c.add(drift.Pin{
			Source: drift.SourcePreCommit, Role: drift.RoleDevelop, Place: drift.Place{File: c.doc.File, Span: v.place},
			Raw: text, Meaning: drift.MeaningInvalid, Version: text,
			Extra: extra("why", "pre-commit takes a string here, and this is a number: write it in quotes", "unquoted", "true"),
		})
		return
	}
	c.version(v, drift.SourcePreCommit, drift.RoleDevelop, func(t template) reading {
		r := plainVersion(t)
		if string(t.text) == "default" {
			r.meaning, r.extra = drift.MeaningSystem, nil // the Go on PATH, if there is one
		}
		return r
	})
}
