package engine_test

import (
	"os"
	"path/filepath"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

func TestConcerned(t *testing.T) {
	root := t.TempDir()
	world := func(variables ...string) engine.World {
		w := engine.Here("cli")
		w.Environ = map[string]string{}
		for _, v := range variables {
			w.Environ[v] = "x"
		}
		return w
	}
	concerned := func(w engine.World, names ...string) bool {
		for i, name := range names {
			names[i] = filepath.Join(root, filepath.FromSlash(name))
		}
		return engine.Concerned(engine.Options{Root: root, World: w}, names)
	}
	for name, want := range map[string]bool{
		"main.go": false, "docs/x.png": false, "go.revision": false,
		"go.mod": true, "sub/go.mod": true, "testdata/x/go.mod": true, "sub/Dockerfile": true, ".github/workflows/ci.yml": true,
		"godrift.toml": true, "../go.mod": true, "../main.go": true,
	} {
		if got := concerned(world(), "a.go", name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if concerned(world()) {
		t.Error("no file at all can be wrong")
	}
	for _, v := range []string{"GOENV", "GOWORK", "GOROOT"} {
		if !concerned(world(v), "main.go") {
			t.Errorf("with %s any file can be read", v)
		}
	}
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(root, "godrift.toml"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("[[pin]]\npath = \"go.revision\"\npattern = '^go(1\\.\\S+)$'\nrole = \"build\"\n")
	if !concerned(world(), "go.revision") || concerned(world(), "main.go") {
		t.Error("what the team declares to be a pin counts, and only that")
	}
	write("[[pin]\n")
	if !concerned(world(), "main.go") {
		t.Error("a mistake in the policy concerns everybody")
	}
}

func TestWorse(t *testing.T) {
	const root = "/w"
	report := func(text string, findings ...drift.Finding) *drift.Report {
		return &drift.Report{Findings: findings, Snapshot: &drift.Snapshot{
			Root: root, Documents: map[string]drift.Document{"/w/ci.yml": {File: "/w/ci.yml", Text: []byte(text)}},
		}}
	}
	at := func(start, end int) drift.Place {
		return drift.Place{File: "/w/ci.yml", Span: drift.Span{Start: start, End: end}}
	}
	finding := func(s drift.Severity, own drift.Place, related ...drift.Place) drift.Finding {
		f := drift.Finding{Code: "pin-disagrees", Severity: s, Place: own}
		for _, r := range related {
			f.Related = append(f.Related, drift.Related{Place: r})
		}
		return f
	}
	before := report("a 1.24 b\n", finding(drift.SeverityWarning, at(2, 6)))
	for name, c := range map[string]struct {
		after *drift.Report
		want  []drift.Place
	}{
		"the same":          {before, nil},
		"it has moved":      {report("more\na 1.24 b\n", finding(drift.SeverityWarning, at(7, 11))), nil},
		"another text":      {report("a 1.23 b\n", finding(drift.SeverityWarning, at(2, 6))), []drift.Place{at(2, 6)}},
		"one more above":    {report("c 1.24\na 1.24 b\n", finding(drift.SeverityWarning, at(2, 6)), finding(drift.SeverityWarning, at(9, 13))), []drift.Place{at(2, 6)}},
		"one more below":    {report("a 1.24 b\nc 1.24\n", finding(drift.SeverityWarning, at(2, 6)), finding(drift.SeverityWarning, at(11, 15))), []drift.Place{at(11, 15)}},
		"one more related":  {report("a 1.24 b\nc 1.22\n", finding(drift.SeverityWarning, at(2, 6), at(11, 15))), []drift.Place{at(11, 15)}},
		"now it is serious": {report("a 1.24 b\n", finding(drift.SeverityError, at(2, 6))), []drift.Place{at(2, 6)}},
		"now it is milder":  {report("a 1.24 b\n", finding(drift.SeverityInfo, at(2, 6))), nil},
		"all is well":       {report("a 1.26 b\n"), nil},
	} {
		worse := engine.Worse(before, c.after)
		want := map[drift.Place]bool{}
		for _, p := range c.want {
			want[p] = true
		}
		for _, f := range c.after.Findings {
			for _, p := range append([]drift.Place{f.Place}, relatedPlaces(f)...) {
				if got := worse(f, p); got != want[p] {
					t.Errorf("%s: %v: %v", name, p.Span, got)
				}
			}
		}
	}
}

func relatedPlaces(f drift.Finding) []drift.Place {
	var out []drift.Place
	for _, r := range f.Related {
		out = append(out, r.Place)
	}
	return out
}
