package cli

import (
	"testing"

	"godrift.dev/server/drift"
)

func TestAFixNeverDoesMoreThanWasShown(t *testing.T) {
	edit := func(file string, texts ...string) drift.Action {
		a := drift.Action{Kind: drift.ActionEdit, File: file}
		for i, s := range texts {
			a.Edits = append(a.Edits, drift.TextEdit{Span: drift.Span{Start: i, End: i}, New: s})
		}
		return a
	}
	fix := func(kind drift.FixKind, actions ...drift.Action) drift.Fix {
		return drift.Fix{ID: actionNames(actions), Kind: kind, Title: "t", Actions: actions}
	}
	shown := fix(drift.FixRepair, edit("a", "1"), edit("b", "1", "2"))
	for name, c := range map[string]struct {
		x    drift.Fix
		want bool
	}{
		"the same":       {shown, true},
		"less":           {fix(drift.FixRepair, edit("b", "2")), true},
		"another file":   {fix(drift.FixRepair, edit("a", "1"), edit("c", "1")), false},
		"another text":   {fix(drift.FixRepair, edit("a", "3")), false},
		"twice":          {fix(drift.FixRepair, edit("a", "1", "1")), false},
		"a variable":     {fix(drift.FixRepair, drift.Action{Kind: drift.ActionSetGOENV, Variable: "GOFLAGS"}), false},
		"another kind":   {fix(drift.FixAccept, edit("a", "1")), false},
		"nothing at all": {fix(drift.FixRepair), false},
	} {
		if got := within(c.x, shown); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}

	f := drift.Finding{Code: "x", Place: drift.Place{File: "/w/f"}, Message: "m", Fixes: []drift.Fix{fix(drift.FixRepair, edit("c", "9"))}}
	report := &drift.Report{Snapshot: &drift.Snapshot{Root: "/w"}, Findings: []drift.Finding{f}}
	was := chosen{id: "gone", finding: f, fix: shown}
	if x, ok := still(report, was); ok {
		t.Errorf("a fix that was never shown: %+v", x)
	}
	was.fix = f.Fixes[0]
	if _, ok := still(report, was); !ok {
		t.Error("a fix that still holds is not found")
	}
	was.finding.Code = "y"
	if _, ok := still(report, was); ok {
		t.Error("a fix of another rule")
	}
}

func TestTheHintRepeatsWhatWasAsked(t *testing.T) {
	for want, c := range map[string]struct {
		flags fixFlags
		paths []string
	}{
		"godrift fix --apply --all":                               {},
		"godrift fix --apply --all --accept":                      {flags: fixFlags{choice: choice{accept: true}}},
		"godrift fix --apply --code x --pin 'a b:3'":              {flags: fixFlags{choice: choice{code: "x", pin: "a b:3"}}},
		`godrift fix --apply --accept --finding 3f2a m 'it'\''s'`: {flags: fixFlags{choice: choice{accept: true, finding: "3f2a"}}, paths: []string{"m", "it's"}},
	} {
		if got := c.flags.again(c.paths); got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}

func actionNames(actions []drift.Action) string {
	name := "fix"
	for _, a := range actions {
		name += "-" + a.File
	}
	return name
}
