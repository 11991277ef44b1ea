package engine_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// TestRefer checks which file a pin of setup-go is made to follow: of the module
// that its job builds, the first that says the same; and what is said if none does.
func TestRefer(t *testing.T) {
	step := func(action, version, dir string) string {
		if dir != "" {
			dir = "    defaults:\n      run:\n        working-directory: " + dir + "\n"
		}
		return "jobs:\n  b:\n" + dir + "    steps:\n      - uses: actions/setup-go@" + action + "\n        with:\n          go-version: " + version + "\n"
	}
	const mod = "module m\n\ngo 1.25.0\n\ntoolchain go1.25.3\n"
	for _, c := range []struct {
		name, flow, follows, title, note string
		files                            map[string]string
	}{
		{name: "v6 takes the toolchain line", flow: step("v6", "'1.25.3'", ""), files: map[string]string{"go.mod": mod}, follows: "'go.mod'", title: "which says the same"},
		{name: "v5 takes the go line", flow: step("v5", "'1.25.3'", ""), files: map[string]string{"go.mod": mod}, follows: "'go.mod'", title: "which says 1.25.0", note: "setup-go takes from then on in place of 1.25.3"},
		{
			name: "by the comment behind a commit", flow: step(strings.Repeat("0a", 20)+" # v5.1.0", "1.25.0", ""), files: map[string]string{"go.mod": mod},
			follows: "go.mod", title: "which says the same",
		},
		{
			name: "a version file says the same", flow: step("v6", "1.25.4", ""), files: map[string]string{"go.mod": mod, ".go-version": "1.25.4\n"},
			follows: ".go-version", title: "which says the same",
		},
		{
			name: "the module that the job works in", flow: step("v6", "1.26.0", "sub"), files: map[string]string{"go.mod": mod, "sub/go.mod": "module s\n\ngo 1.26.0\n"},
			follows: "sub/go.mod", title: "which says the same",
		},
		{name: "a minor is no release", flow: step("v6", "'1.26'", ""), files: map[string]string{"go.mod": "module m\n\ngo 1.26.0\n"}, follows: "'go.mod'", title: "which says 1.26.0", note: "in place of 1.26"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.files[".github/workflows/w.yml"] = c.flow
			opts := workspace(t, c.files)
			report, err := engine.Evaluate(t.Context(), opts)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(report.Snapshot.Pins, func(pin drift.Pin) bool { return pin.Source == drift.SourceGitHubSetupGo })
			req := engine.AlignRequest{Target: "file", Only: []drift.Place{report.Snapshot.Pins[i].Place}}
			fix, notes, err := engine.Align(report, req, alignDay)
			if err != nil || len(fix.Actions) != 1 {
				t.Fatalf("fix %+v, notes %v, %v", fix, notes, err)
			}
			if !strings.HasSuffix(fix.Title, c.title) {
				t.Errorf("title %q, want one that ends in %q", fix.Title, c.title)
			}
			if said := slices.ContainsFunc(notes, func(n engine.AlignNote) bool { return c.note != "" && strings.Contains(n.Text, c.note) }); said != (c.note != "") {
				t.Errorf("notes %v, want %q", notes, c.note)
			}
			alignThere(t, opts, req)
			if got, want := read(t, opts, ".github/workflows/w.yml"), "go-version-file: "+c.follows+"\n"; !strings.HasSuffix(got, want) {
				t.Errorf("written: %q, want %q at its end", got, want)
			}
			undoThere(t, opts)
			if got := read(t, opts, filepath.FromSlash(".github/workflows/w.yml")); got != c.flow {
				t.Errorf("undone: %q, want %q", got, c.flow)
			}
		})
	}
}

// TestReferElsewhere checks that no file is named where the checkout is put into
// a folder of its own.
func TestReferElsewhere(t *testing.T) {
	opts := workspace(t, map[string]string{
		"go.mod": "module m\n\ngo 1.25.0\n",
		".github/workflows/w.yml": "jobs:\n  b:\n    steps:\n      - uses: actions/checkout@v6\n        with:\n          fetch-depth: 0\n          path: go/src/m\n" +
			"      - uses: actions/setup-go@v6\n        with:\n          go-version: 1.25.0\n",
	})
	notes := alignThere(t, opts, engine.AlignRequest{Target: "file"})
	if len(notes) != 1 || !strings.Contains(notes[0].Text, "a folder of its own") {
		t.Errorf("notes %v", notes)
	}
}
