package main

import (
	"encoding/json"
	"strings"
	"testing"

	"godrift.dev/server/face/lsp"
	"godrift.dev/server/tell"
)

func TestMarkdown(t *testing.T) {
	got := markdown("One line.\n\n# Example\n\n\tgo 1.25\n\n\ttoolchain go1.25.3\n\nAfter.")
	want := "One line.\n\n## Example\n\n```\ngo 1.25\n\ntoolchain go1.25.3\n```\n\nAfter."
	if strings.ReplaceAll(got, "\n\n```", "\n```") != strings.ReplaceAll(want, "\n\n```", "\n```") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWithConfigurationKeepsTheRest(t *testing.T) {
	old := `{"name":"x","z":[1,2],"contributes":{"commands":[{"a":"<b>"}],"configuration":{"old":true},"views":{}},"a":null}`
	got, err := withConfiguration(old, map[string]bool{"new": true})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(old, `"old"`, `"new"`, 1)
	var compact strings.Builder
	for _, r := range got {
		if r != '\n' && r != ' ' {
			compact.WriteRune(r)
		}
	}
	if compact.String() != want {
		t.Errorf("got\n%s\nwant\n%s", compact.String(), want)
	}
	again, err := withConfiguration(got, map[string]bool{"new": true})
	if err != nil || again != got {
		t.Errorf("a manifest that is up to date was changed: %v\n%s", err, again)
	}
	if _, err := withConfiguration(`{"name":"x"}`, nil); err == nil {
		t.Error("a manifest without contributes was accepted")
	}
}

// Fields that are pointers are written as null; the schema has to say so.
func TestSchemaAllowsNull(t *testing.T) {
	src, err := readSource("../..", "server/drift", "server/tell")
	if err != nil {
		t.Fatal(err)
	}
	text, err := generateSchema(src, "why", "why", true, tell.WhyDocument{})
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct {
				AnyOf []map[string]string `json:"anyOf"`
			} `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(text), &schema); err != nil {
		t.Fatal(err)
	}
	if got := schema.Defs["WhyDocument"].Properties["go"].AnyOf; len(got) != 2 || got[1]["type"] != "null" {
		t.Errorf("go is %v, want one that may be null", got)
	}
}

func TestTypeScript(t *testing.T) {
	src, err := readSource("../..", "server/drift", "server/tell", "server/face/lsp")
	if err != nil {
		t.Fatal(err)
	}
	text, err := generateTypeScript(src, "", lsp.SetEnvironmentResult{}, tell.WhyDocument{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"previous: Record<string, string | null>;",
		"  go: Go | null;",
		"export type How = 'local' | 'path' | 'modcache' | 'download' | 'error' | 'nogo';",
		"  shim?: boolean;",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the generated types lack %q", want)
		}
	}
}
