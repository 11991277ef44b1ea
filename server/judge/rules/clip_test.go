package rules

import (
	"context"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// What a file holds where a version should stand is quoted in part.
func TestMessagesAreShort(t *testing.T) {
	digits := strings.Repeat("1", 100_000)
	in := buildCase(t, &txtar.Archive{Files: []txtar.File{
		{Name: "go.mod", Data: []byte("module m\n\ngo " + digits + "\n")},
		{Name: ".go-version", Data: []byte(digits)},
		{Name: "machine.json", Data: []byte(`{"select": {"*": {"loadError": "go: errors parsing go.mod:\ngo.mod:3: invalid go version '` + digits + `': must match format 1.23.0"}}}`)},
	}})
	found := Run(context.Background(), in)
	if len(found) == 0 {
		t.Fatal("nothing found")
	}
	for _, f := range found {
		if len(f.Message) > 2000 || len(f.Value) > 300 {
			t.Errorf("%s: message of %d bytes, value of %d", f.Code, len(f.Message), len(f.Value))
		}
		for _, fix := range f.Fixes {
			if len(fix.Title)+len(fix.Note) > 600 {
				t.Errorf("%s: title of %d bytes", f.Code, len(fix.Title))
			}
		}
	}
	if in.Snapshot.Pins[0].Raw != digits {
		t.Error("the snapshot was changed")
	}
}
