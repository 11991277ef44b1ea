package rules

import (
	"strings"

	"godrift.dev/server/drift"
)

// cgoVariable is the variable that decided most about cgo, and is to be changed or
// looked at: the strongest choice of a person, else CGO_ENABLED itself.
func (in Input) cgoVariable(names ...string) drift.Variable {
	for _, name := range names {
		if v := in.variable(name); chosen(v.Layer) {
			return v
		}
	}
	return in.variable("CGO_ENABLED")
}

// cgoTarget is GOOS/GOARCH.
func (in Input) cgoTarget() string {
	return in.variable("GOOS").Value + "/" + in.variable("GOARCH").Value
}

// withoutCgo offers to switch cgo off, where it is not off by default once
// nobody says otherwise.
func (in Input) withoutCgo(note string) []drift.Fix {
	enabled := in.variable("CGO_ENABLED")
	if chosen(enabled.Layer) && len(enabled.Shadowed) > 0 && enabled.Shadowed[len(enabled.Shadowed)-1].Value == "0" {
		return in.unset("CGO_ENABLED", enabled.Layer, note)
	}
	return in.assign("Build without C code", "CGO_ENABLED", "0", "0", note)
}

// compileWith offers a compiler that was tried and does. One for another machine is
// none for all workspaces.
func (in Input) compileWith(cc string, native bool) []drift.Fix {
	what, note := "Compile with "+cc, "It was tried: the program that it made is for "+in.cgoTarget()+"."
	if native {
		return in.assign(what, "CC", cc, cc, note)
	}
	return append(
		repair(what+" in this workspace: CC="+cc+" for the editor's Go tools and new terminals", note, drift.Action{Kind: drift.ActionSetEditor, Variable: "CC", Value: cc}),
		repair(what+" in the running shell: CC="+cc, note, drift.Action{Kind: drift.ActionSetShell, Variable: "CC", Value: cc})...)
}

// remediesText is what can be done besides, as sentences.
func remediesText(remedies []drift.CgoRemedy) string {
	var b strings.Builder
	for _, r := range remedies {
		if r.Command == "CGO_ENABLED=0" || strings.HasPrefix(r.Command, "CC=") { // the fixes do that
			continue
		}
		b.WriteString(" " + strings.ToUpper(r.Text[:1]) + r.Text[1:])
		if r.Command != "" {
			b.WriteString(": " + r.Command)
		}
		if r.CC != "" {
			b.WriteString(", then CC=" + r.CC)
		}
		b.WriteString(".")
	}
	return b.String()
}
