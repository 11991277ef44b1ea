package engine_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/judge/policy"
	"godrift.dev/server/judge/rules"
	observe "godrift.dev/server/observe/workspace"
)

// TestAtPrompt holds that the quick look at one folder comes to the same Go and
// the same agreed Go as a look at everything.
func TestAtPrompt(t *testing.T) {
	const mod = "module example.com/m\n\ngo 1.24.0\n"
	for name, c := range map[string]struct {
		files map[string]string
		dir   string
		says  string
	}{
		"nothing agreed":      {map[string]string{"go.mod": mod}, ".", ""},
		"a pin":               {map[string]string{"go.mod": mod, ".go-version": "1.25.3\n"}, ".", "pins go1.25.3"},
		"a pin above":         {map[string]string{"a/b/go.mod": mod, ".tool-versions": "golang 1.24.1\n", "a/.go-version": "1.24.2\n"}, "a/b", "a/.go-version:1 pins go1.24.2"},
		"a pin beside":        {map[string]string{"a/go.mod": mod, "b/.go-version": "1.24.2\n"}, "a", ""},
		"tucked away":         {map[string]string{"go.mod": mod, ".config/mise/config.toml": "[tools]\ngo = \"1.24.2\"\n"}, ".", ""}, // nobody reads it for the folder above
		"a toolchain line":    {map[string]string{"go.mod": mod + "toolchain go1.24.2\n"}, ".", ""},                                  // the least that will do
		"no module":           {map[string]string{"godrift.toml": "", ".go-version": "1.25.3\n"}, ".", "pins go1.25.3"},
		"a go.work":           {map[string]string{"go.work": "go 1.24.0\n\ntoolchain go1.24.3\n\nuse ./a\n", "a/go.mod": mod + "toolchain go1.24.2\n"}, "a", ""},
		"the policy":          {map[string]string{"go.mod": mod, "godrift.toml": "[go]\nversion = \"1.24.4\"\n", ".go-version": "1.24.2\n"}, ".", "pins go1.24.4"},
		"a file of their own": {map[string]string{"go.mod": mod, "godrift.toml": "[[pin]]\npath = \"rev\"\npattern = '^go(.*)$'\nrole = \"develop\"\n", "rev": "go1.24.5\n"}, ".", "pins go1.24.5"},
		"switched off":        {map[string]string{"go.mod": mod, ".go-version": "1.25.3\n", "godrift.toml": "[severity]\ntoolchain-drift = \"off\"\n"}, ".", ""},
		"too old a Go":        {map[string]string{"go.mod": "module m\n\ngo 1.99.0\n"}, ".", "requires go >= 1.99.0"},
		"docs, CI and images": {map[string]string{"go.mod": mod, "Dockerfile": "FROM golang:1.20.3\n", "README.md": "Go 1.20.3\n", ".gitlab-ci.yml": "image: golang:1.20\n"}, ".", ""},
	} {
		t.Run(name, func(t *testing.T) {
			opts := workspace(t, c.files)
			dir := filepath.Join(opts.Root, filepath.FromSlash(c.dir))
			why, err := engine.Explain(t.Context(), opts, dir)
			do(t, err)
			snap, _, err := observe.Peek(t.Context(), observe.Options{
				Root: opts.Root, World: opts.World, Trusted: true,
				Declared: func(doc drift.Document) []drift.DeclaredPin {
					p, _ := policy.Parse(doc)
					return p.Pins()
				},
			}, dir)
			do(t, err)
			pol := policy.Default()
			if doc, ok := snap.Documents[policy.File(opts.Root)]; ok {
				pol, _ = policy.Parse(doc)
			}
			if diff := cmp.Diff(why.Selection, snap.Selection); diff != "" {
				t.Errorf("the selection (-all +one folder):\n%s", diff)
			}
			if diff := cmp.Diff(why.Pinned, rules.Pinned(snap, pol, dir)); diff != "" {
				t.Errorf("the agreed Go (-all +one folder):\n%s", diff)
			}
			p, err := engine.AtPrompt(t.Context(), opts, engine.ShellOf(nil), dir)
			do(t, err)
			if c.says == "" && p.Text != "" || !strings.Contains(p.Text, c.says) || strings.Contains(p.Text, "\n") {
				t.Errorf("said %q, want %q", p.Text, c.says)
			}
			if len(p.Present) == 0 || len(p.Absent) == 0 {
				t.Errorf("made of %d names that are there and %d that are not", len(p.Present), len(p.Absent))
			}
		})
	}
}
