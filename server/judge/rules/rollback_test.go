package rules

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

// layered is an environment of two layers that people set.
type layered struct{ process, goenv map[string]string }

func (l layered) input(t testing.TB, of string) Input {
	m, err := json.Marshal(machine{Of: of, Process: l.process})
	if err != nil {
		t.Fatal(err)
	}
	var goenv strings.Builder
	for _, name := range slices.Sorted(maps.Keys(l.goenv)) {
		fmt.Fprintf(&goenv, "%s=%s\n", name, l.goenv[name])
	}
	return buildCase(t, &txtar.Archive{Files: []txtar.File{
		{Name: "go.mod", Data: []byte("module example.com/w\n\ngo 1.25.0\n")},
		{Name: "goenv", Data: []byte(goenv.String())},
		{Name: "machine.json", Data: m},
	}})
}

// do carries actions out.
func (l layered) do(actions []drift.Action) layered {
	l = layered{maps.Clone(l.process), maps.Clone(l.goenv)}
	for _, a := range actions {
		switch a.Kind {
		case drift.ActionSetGOENV:
			l.goenv[a.Variable] = a.Value
		case drift.ActionUnsetGOENV:
			delete(l.goenv, a.Variable)
		case drift.ActionSetEditor, drift.ActionSetShell:
			l.process[a.Variable] = a.Value
		case drift.ActionUnsetEditor, drift.ActionUnsetShell:
			delete(l.process, a.Variable)
		}
	}
	return l
}

// TestRollbackRestores holds that after everything was rolled back every
// variable is what it was, whatever layers it has been moved between.
func TestRollbackRestores(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		of := rapid.SampledFrom([]string{"cli", "editor"}).Draw(rt, "of")
		vars := map[string][]string{
			"GOFLAGS": {"-trimpath", "-mod=mod", "-v"}, "CGO_ENABLED": {"0", "1"}, "GOEXPERIMENT": {"synctest", "nodwarf5"},
			"GOARCH": {"arm64", "riscv64"}, "GOCACHE": {"/a", "/b"}, "CC": {"gcc", "clang"},
		}
		draw := func(label string) layered {
			l := layered{map[string]string{}, map[string]string{}}
			for _, name := range slices.Sorted(maps.Keys(vars)) {
				if rapid.Bool().Draw(rt, label+name) {
					l.process[name] = rapid.SampledFrom(vars[name]).Draw(rt, label+"process "+name)
				}
				if rapid.Bool().Draw(rt, label+"f"+name) {
					l.goenv[name] = rapid.SampledFrom(vars[name]).Draw(rt, label+"goenv "+name)
				}
			}
			return l
		}
		was, is := draw("was "), draw("is ")
		accepted := was.input(t, of).Present
		back := Rollback(is.input(t, of), accepted, Wanted{Drifted: true})
		after := is.do(back.Fix.Actions).input(t, of)
		for name := range vars {
			want, _, _ := accepted.Variable(name)
			if got := after.variable(name).Value; got != want {
				rt.Fatalf("%s is %q, accepted was %q; actions %v, notes %v", name, got, want, back.Fix.Actions, back.Left)
			}
		}
		if again := Rollback(after, accepted, Wanted{Drifted: true}); len(again.Fix.Actions) > 0 {
			rt.Fatalf("rolled back twice: %v %v", again.Variables, again.Fix.Actions)
		}
	})
}

// TestRollbackByName holds what only a person who names it gets back.
func TestRollbackByName(t *testing.T) {
	was := layered{nil, map[string]string{"GOSUMDB": "off", "GOPROXY": "https://me:hunter2@proxy.example.com"}}
	accepted := was.input(t, "cli").Present
	now := layered{nil, map[string]string{"GOPROXY": "direct"}}
	back := Rollback(now.input(t, "cli"), accepted, Wanted{Drifted: true})
	if len(back.Fix.Actions) != 0 || len(back.Variables) != 0 || len(back.Left) != 2 {
		t.Errorf("unasked: %v, notes %v", back.Fix.Actions, back.Left)
	}
	back = Rollback(now.input(t, "cli"), accepted, Wanted{Variables: []string{"GOSUMDB", "GOPROXY", "GOFLAGS"}})
	if fmt.Sprint(back.Variables) != "[GOSUMDB]" || len(back.Fix.Actions) != 1 || back.Fix.Actions[0].Value != "off" {
		t.Errorf("asked: %v %v", back.Variables, back.Fix.Actions)
	}
	if text := fmt.Sprint(back.Left); !strings.Contains(text, "held a secret") || !strings.Contains(text, "GOFLAGS it is what it was") || strings.Contains(text, "hunter2") {
		t.Errorf("notes: %v", back.Left)
	}
}

// TestDistance holds the documented figures.
func TestDistance(t *testing.T) {
	if len(watchedValues) != 20 {
		t.Errorf("%d values are watched; the page says twenty, of which one is 5 %%", len(watchedValues))
	}
	for _, c := range []struct {
		name, from, to string
		want           float64
	}{
		{theGo, "go1.25.3", "go1.25.9", 0.1},
		{theGo, "go1.25.3", "go1.26.0", 0.5},
		{theGo, "go1.25.3", "go2.0.0", 1},
		{theGo, "go1.25.3", "devel", 0.5},
		{"GOROOT", "/a", "/b", 1},
		{"CGO_ENABLED", "0", "1", 1},
		{"GOTOOLCHAIN", "auto", "local", 0.5},
		{"GOTOOLCHAIN", "go1.25.3", "go1.25.4+auto", 0.1},
		{"GOTOOLCHAIN", "go1.25.3", "go1.25.3+auto", 0.5},
		{"GOFLAGS", "-trimpath", "-trimpath -v -p=4", 0.06},
		{"GOFLAGS", "-trimpath", "--trimpath=true", 0.06},
		{"GOFLAGS", "", "-mod=mod", 0.6},
		{"GOPROXY", "a", "b", 0.4},
	} {
		w, number := watches(c.name)
		m := move{number: number, distance: w.distanceOf(c.from, c.to)}
		share, distance := apart([]move{m, m})
		if share != 0.05 || distance != c.want {
			t.Errorf("%s from %q to %q: share %v, distance %v, want 0.05 and %v", c.name, c.from, c.to, share, distance, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		var moves []move
		last := 0.0
		for range rapid.IntRange(1, 30).Draw(t, "n") {
			moves = append(moves, move{number: rapid.IntRange(0, 19).Draw(t, "number"), distance: rapid.Float64Range(0, 1).Draw(t, "distance")})
			share, distance := apart(moves)
			if share > 1 || distance > 1 || distance < last {
				t.Fatalf("share %v, distance %v after %v", share, distance, last)
			}
			last = distance
		}
	})
}

// TestVerdictCountsForOneText holds that a decision counts for the text of
// godrift.toml that it was made about and for no other.
func TestVerdictCountsForOneText(t *testing.T) {
	contract := func(text string) Input {
		m, err := json.Marshal(machine{Of: "cli", Process: map[string]string{"CGO_ENABLED": "1"}})
		if err != nil {
			t.Fatal(err)
		}
		return buildCase(t, &txtar.Archive{Files: []txtar.File{
			{Name: "go.mod", Data: []byte("module example.com/w\n\ngo 1.25.0\n")},
			{Name: "godrift.toml", Data: []byte("[contract]\nrequire.CGO_ENABLED = \"0\"\n" + text)},
			{Name: "machine.json", Data: m},
		}})
	}
	in := contract("")
	hash := in.Snapshot.Documents[in.Policy.File].Hash
	for _, c := range []struct {
		verdict drift.Verdict
		hash    string
		text    string
		fixes   int
		asked   bool
	}{
		{"", "", "", 2, true},
		{drift.VerdictAllow, hash, "", 2, false},
		{drift.VerdictAllow, hash, "# more\n", 2, true},
		{drift.VerdictAllow, "", "", 2, true},
		{drift.VerdictDeny, hash, "", 0, false},
		{drift.VerdictDeny, hash, "# more\n", 2, true},
	} {
		in := contract(c.text)
		in.Memory = &drift.Memory{}
		if c.verdict != "" {
			in.Memory.Consent = &drift.Consent{Verdict: c.verdict, Hash: c.hash}
		}
		found := checkContractBroken(in.ready())
		if len(found) != 1 || len(found[0].Fixes) != c.fixes {
			t.Fatalf("%+v: found %+v", c, found)
		}
		for _, fix := range found[0].Fixes {
			if fix.Asked != c.asked || strings.Contains(fix.Note, "godrift allow comes first") != c.asked {
				t.Errorf("%+v: fix %+v", c, fix)
			}
		}
		actions, notes := in.ready().inShell()
		if allowed := c.verdict == drift.VerdictAllow && !c.asked; len(actions) == 1 != allowed || c.asked != (len(notes) == 1) {
			t.Errorf("%+v: for a shell %v, notes %v", c, actions, notes)
		}
	}
}

// TestRollbackKeepsTheContract holds that a variable which the contract requires as it
// is goes back only if a person names it.
func TestRollbackKeepsTheContract(t *testing.T) {
	m, err := json.Marshal(machine{Of: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	in := buildCase(t, &txtar.Archive{Files: []txtar.File{
		{Name: "go.mod", Data: []byte("module example.com/w\n\ngo 1.25.0\n")},
		{Name: "godrift.toml", Data: []byte("[contract]\nrequire.CGO_ENABLED = \"0\"\n")},
		{Name: "goenv", Data: []byte("CGO_ENABLED=0\nGOFLAGS=-v\n")},
		{Name: "machine.json", Data: m},
	}})
	accepted := layered{nil, map[string]string{"CGO_ENABLED": "1", "GOFLAGS": "-trimpath"}}.input(t, "cli").Present
	back := Rollback(in, accepted, Wanted{Drifted: true})
	if fmt.Sprint(back.Variables) != "[GOFLAGS]" || !strings.Contains(fmt.Sprint(back.Left), "CGO_ENABLED it is what the contract") {
		t.Errorf("unasked: %v, notes %v", back.Variables, back.Left)
	}
	if back := Rollback(in, accepted, Wanted{Variables: []string{"CGO_ENABLED"}}); fmt.Sprint(back.Variables) != "[CGO_ENABLED]" {
		t.Errorf("asked: %v, notes %v", back.Variables, back.Left)
	}
	actions, notes := RollbackInShell(in, accepted, nil)
	if len(actions) != 1 || actions[0].Variable != "GOFLAGS" || !strings.Contains(fmt.Sprint(notes), "CGO_ENABLED it is what the contract") {
		t.Errorf("in a shell: %v, notes %v", actions, notes)
	}
	if actions, _ := RollbackInShell(in, accepted, []string{"CGO_ENABLED"}); len(actions) != 1 || actions[0].Value != "1" {
		t.Errorf("asked in a shell: %v", actions)
	}
}
