package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRenderThenParse(t *testing.T) {
	names := []string{"go1.20", "go1.20.1", "go1.21rc1", "go1.21rc2", "go1.21.0", "go1.22rc1"}
	text, err := render(names, "2026-01-02")
	if err != nil {
		t.Fatal(err)
	}
	got, date, err := parse(string(text))
	if err != nil || date != "2026-01-02" {
		t.Fatalf("parse: date %q, error %v", date, err)
	}
	if want := "go1.22rc1 go1.21.0 go1.21rc1 go1.21rc2 go1.20 go1.20.1"; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestCheck(t *testing.T) {
	const list = "../../server/drift/releases/list.go"
	if err := run(list, true, nil); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	edited := filepath.Join(t.TempDir(), "list.go")
	if err := os.WriteFile(edited, []byte(strings.Replace(string(text), "patches: 4", "patches:  4", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(edited, true, nil); err == nil {
		t.Error("an edited list passes")
	}
	if err := run(filepath.Join(t.TempDir(), "none"), true, nil); err == nil {
		t.Error("a missing list passes")
	}
	if _, err := render([]string{"gotip"}, "2026-01-02"); err == nil {
		t.Error("gotip passes for a release")
	}
}
