package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// Why a variable is not brought back.
const (
	secretWhy  = "the former value held a secret, which godrift does not keep; set it by hand"
	givenWhy   = "nobody set it: it comes with the Go or is computed from the machine"
	loosensWhy = "downloads would be checked less; godrift rollback %s does it"
)

// rollBack offers to make one variable what it was: in the GOENV file if it came
// from there, and in the process environment that hides it. why says why it
// cannot be done. Unless a person asked for this very variable by its name,
// nothing is put back by which downloads are checked less.
func (in Input) rollBack(m move, asked bool) (fixes []drift.Fix, why string) {
	if m.name == theGo {
		return in.backToGo(m)
	}
	set := m.was.kind == drift.LayerProcess || m.was.kind == drift.LayerGOENV
	switch {
	case set && m.secret:
		return nil, secretWhy
	case !asked && loosens(m.name, m.was.value):
		return nil, fmt.Sprintf(loosensWhy, m.name)
	case m.was.given() && m.is.given():
		return nil, givenWhy
	}
	actions, where := in.backActions(m)
	if len(actions) == 0 {
		return nil, "there is no layer in which it could be changed"
	}
	title := fmt.Sprintf("Roll back %s to %s %s", m.name, drift.Mask(m.name, drift.Clip(m.was.value)), where)
	if !set || m.was.value == "" {
		title = fmt.Sprintf("Roll back %s: unset it %s", m.name, where)
	}
	return repair(title, "", actions...), ""
}

// backToGo offers to run the Go of then: as whoever asks can have it first.
func (in Input) backToGo(m move) (fixes []drift.Fix, why string) {
	fixes = in.switchTo(in.Snapshot.Selection, m.was.value)
	if len(fixes) == 0 {
		return nil, m.was.value + " is not within reach"
	}
	slices.SortStableFunc(fixes, func(a, b drift.Fix) int {
		if a.NeedsEditor() == b.NeedsEditor() {
			return 0
		}
		if a.NeedsEditor() == (in.Snapshot.Environment.Of == "editor") {
			return -1
		}
		return 1
	})
	return fixes, ""
}

// backActions works out what to change so that a variable is what it was, and
// says where that is.
func (in Input) backActions(m move) (actions []drift.Action, where string) {
	goenv := fileLayer(m.now) // what the GOENV file says now
	switch m.was.kind {
	case drift.LayerGOENV:
		if goenv == nil || goenv.Value != m.was.value {
			if in.Snapshot.Environment.GOENV == "" {
				return nil, ""
			}
			actions = append(actions, drift.Action{Kind: drift.ActionSetGOENV, Variable: m.name, Value: m.was.value})
			where = "in " + in.rel(in.Snapshot.Environment.GOENV)
		}
	case drift.LayerProcess:
		if in.Snapshot.Environment.Of == "editor" {
			return append(actions, drift.Action{Kind: drift.ActionSetEditor, Variable: m.name, Value: m.was.value}), "for this workspace in the editor"
		}
		return append(actions, drift.Action{Kind: drift.ActionSetShell, Variable: m.name, Value: m.was.value}), "in the running shell"
	default:
		if goenv != nil {
			actions = append(actions, drift.Action{Kind: drift.ActionUnsetGOENV, Variable: m.name})
			where = "in " + in.rel(goenv.File)
		}
	}
	if m.is.kind != drift.LayerProcess {
		return actions, where
	}
	if where != "" {
		where += " and "
	}
	if in.Snapshot.Environment.Of == "editor" {
		return append(actions, drift.Action{Kind: drift.ActionUnsetEditor, Variable: m.name}), where + "for this workspace in the editor"
	}
	return append(actions, drift.Action{Kind: drift.ActionUnsetShell, Variable: m.name}), where + "in the running shell"
}

// fileLayer is what the GOENV file says of a variable, whether it counts or not.
func fileLayer(v drift.Variable) *drift.Layer {
	if v.Kind == drift.LayerGOENV {
		return &v.Layer
	}
	for i, l := range v.Shadowed {
		if l.Kind == drift.LayerGOENV {
			return &v.Shadowed[i]
		}
	}
	return nil
}
