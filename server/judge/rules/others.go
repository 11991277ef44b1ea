package rules

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// fromProcess reports whether the process environment says a value.
func fromProcess(v drift.Variable) bool { return v.Kind == drift.LayerProcess && v.Value != "" }

// whoIs names the one whose environment it is.
func whoIs(of string) string {
	if id, ok := strings.CutPrefix(of, "terminal"); ok {
		if id, ok = strings.CutPrefix(id, ":"); ok {
			return "the terminal " + id
		}
		return "a terminal"
	}
	return "the " + of
}

// unknown reports whether a value is known in part only: what others leave of
// themselves has no secrets in it.
func unknown(v drift.Variable) bool {
	return strings.Contains(v.Value, drift.Masked) && drift.Mask(v.Name, v.Value) == v.Value
}

// same reports whether two values are alike, as far as they are known.
func same(mine, theirs drift.Variable) bool {
	return mine.Value == theirs.Value || unknown(theirs) && drift.Mask(mine.Name, mine.Value) == theirs.Value
}

// holds says what a variable is for somebody, and from where.
func (in Input) holds(v drift.Variable, who string) string {
	switch {
	case v.Value == "":
		return fmt.Sprintf("no %s for %s", v.Name, who)
	case v.Kind == drift.LayerProcess:
		return fmt.Sprintf("%s from the environment of %s", setting(v.Name, v.Value), who)
	}
	return fmt.Sprintf("%s from %s for %s", setting(v.Name, v.Value), in.source(v.Layer), who)
}

// runs is the Go that a selection leads to; empty if there is none to compare,
// which other rules report.
func runs(s drift.Selection) string {
	if s.Error != "" {
		return ""
	}
	return s.Selected
}

// goOf is the go command that a selection began with.
func goOf(s drift.Selection) string {
	if s.Go == nil {
		return ""
	}
	return s.Go.Executable
}

// onceMore says what brings a changed PATH into an editor.
func onceMore(of string) string {
	if of != "editor" {
		return ""
	}
	return " If the editor's is out of date, quit the editor with all its windows and start it anew; to reload a window is not enough."
}

// level offers to give the editor what the shell has, new terminals what the
// editor has, and a terminal that is open the same. Only an editor can do the
// first two.
func (in Input) level(mine, theirs drift.Variable, of string) []drift.Fix {
	name, who := mine.Name, whoIs(of)
	if in.Snapshot.Environment.Of != "editor" || guards(name, mine.Value) {
		return nil
	}
	none := func(v drift.Variable) bool { return v.Value == "" || v.Kind == drift.LayerDefault }
	what := func(v drift.Variable) string {
		if none(v) {
			return "no " + name
		}
		return setting(name, v.Value)
	}
	var fixes []drift.Fix
	if !unknown(theirs) {
		set := drift.Action{Kind: drift.ActionSetEditor, Variable: name, Value: theirs.Value}
		if none(theirs) {
			set = drift.Action{Kind: drift.ActionUnsetEditor, Variable: name}
		}
		fixes = preferFirst(repair(fmt.Sprintf("Give the editor's Go tools what %s has: %s", who, what(theirs)),
			"For this workspace, in terminals opened in it, too.", set))
	}
	// A start-up file may set the variable in every terminal. Nothing can take it
	// away after that, but for the go command an empty one is as good as none.
	give := drift.Action{Kind: drift.ActionSetEditor, Variable: name, Value: mine.Value}
	here := drift.Action{Kind: drift.ActionSetShell, Variable: name, Value: mine.Value}
	if none(mine) {
		give.Value = ""
		here = drift.Action{Kind: drift.ActionUnsetShell, Variable: name}
	}
	fixes = append(fixes, repair(fmt.Sprintf("Give terminals opened in this workspace what the editor has: %s", what(mine)),
		"Terminals that are open already keep what they have: open a new one.", give)...)
	if fromProcess(theirs) && strings.HasPrefix(of, "terminal") {
		fixes = append(fixes, repair(fmt.Sprintf("Give %s what the editor has: %s", who, what(mine)), "You run a line in that terminal.", here)...)
	}
	return fixes
}
