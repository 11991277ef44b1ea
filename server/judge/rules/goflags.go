package rules

import (
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// flagEffect says what a flag of GOFLAGS does to every build, or nothing if it
// is none of those that are looked at.
func flagEffect(flag string) string {
	switch name, arg, _ := strings.Cut("-"+strings.TrimLeft(flag, "-"), "="); {
	case name == "-mod" && arg == "mod":
		return "every build may rewrite go.mod and go.sum"
	case name == "-mod" && arg != "":
		return fmt.Sprintf("every build resolves modules with -mod=%s, whatever the repository is set up for", arg)
	case name == "-modfile":
		return "builds use another file than go.mod"
	case name == "-overlay":
		return "builds see other files than those on disk"
	}
	return ""
}

// keepFlags offers to take only the flags that are reported out of a GOFLAGS in
// the GOENV file, and to keep the others.
func (in Input) keepFlags(v drift.Variable) []drift.Fix {
	if v.Name != "GOFLAGS" || v.Kind != drift.LayerGOENV || strings.ContainsAny(v.Value, `'"`) {
		return nil
	}
	keep := slices.DeleteFunc(strings.Fields(v.Value), func(flag string) bool { return flagEffect(flag) != "" })
	if len(keep) == 0 {
		return nil
	}
	rest := strings.Join(keep, " ")
	return repair("Keep only GOFLAGS="+rest+" in "+in.rel(v.File), "", drift.Action{Kind: drift.ActionSetGOENV, Variable: "GOFLAGS", Value: rest})
}
