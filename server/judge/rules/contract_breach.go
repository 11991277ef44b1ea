package rules

import (
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// breach is a variable that is not as the contract wants it, or, without a name,
// the range of Go releases.
type breach struct {
	variable drift.Variable
	known    bool // go env prints the variable
	terms    []policy.Term
}

// breaches are the terms of the contract that variables break, by variable, and
// the range, which outOfRange looks at.
func (in Input) breaches() []breach {
	var out []breach
	for _, term := range in.Policy.Contract(in.Snapshot.Environment.Host.GOOS) {
		v, known := in.Snapshot.Environment.Lookup(term.Variable)
		v.Name = term.Variable
		switch {
		case term.Variable == "":
		case term.Forbidden && !violates(v, term.Value),
			!term.Forbidden && satisfies(v, term.Value),
			!known && isLevel(v.Name): // it is the level of another architecture
			continue
		}
		if i := slices.IndexFunc(out, func(b breach) bool { return b.variable.Name == v.Name }); i >= 0 {
			out[i].terms = append(out[i].terms, term)
			continue
		}
		out = append(out, breach{v, known, []policy.Term{term}})
	}
	return out
}

// inContract reports whether a contract says what a variable has to be: then
// contract-broken is all that is said of it.
func (in Input) inContract(v drift.Variable) bool {
	for _, term := range in.Policy.Contract(in.Snapshot.Environment.Host.GOOS) {
		if term.Variable == v.Name && (!term.Forbidden || violates(v, term.Value)) {
			return true
		}
	}
	return false
}

// keeps reports whether a variable is what a contract requires. Then a rollback that
// nobody asked to change it would break the contract.
func (in Input) keeps(v drift.Variable) bool {
	return in.inContract(v) && !slices.ContainsFunc(in.breaches(), func(b breach) bool { return b.variable.Name == v.Name })
}

const keepsWhy = "it is what the contract in godrift.toml requires; godrift rollback %s brings it back all the same"

// violates reports whether a variable is what a contract forbids: set at all, or
// to one value, whoever set it.
func violates(v drift.Variable, value string) bool {
	if value == "" {
		return chosen(v.Layer)
	}
	return holds(v, value)
}

func (in Input) breachText(b breach) string {
	text := b.variable.Name + " is not set"
	if b.variable.Value != "" {
		text = fmt.Sprintf("%s, from %s", setting(b.variable.Name, b.variable.Value), in.source(b.variable.Layer))
	}
	for i, term := range b.terms {
		text += []string{": ", " and "}[min(i, 1)] + in.at(term.Place)
		what := drift.Mask(term.Variable, term.Value)
		switch {
		case !term.Forbidden:
			text += " requires " + what
		case term.Value == "" || term.Value == b.variable.Value:
			text += " forbids it"
		default:
			text += " forbids " + what
		}
	}
	return text + "."
}

// keepContract offers what brings all terms about a variable about at once, by
// the layer that decides now. Nothing is offered by which downloads would be
// checked less, or by others.
func (in Input) keepContract(b breach) []drift.Fix {
	v := b.variable
	if !b.known || guards(v.Name, v.Value) {
		return nil
	}
	value, rest := in.contractValue(b), in.contractRest(b)
	switch {
	case value != "":
		return in.assign("Apply the contract", v.Name, value, value, "")
	case in.requires(b) || !chosen(v.Layer):
		return nil // the words cannot be told apart, or it comes with the Go
	}
	note := ""
	var next drift.Layer
	if len(v.Shadowed) > 0 {
		next = v.Shadowed[0]
	}
	if loosens(v.Name, next.Value) {
		return nil
	}
	if chosen(next) && next.Value != v.Value {
		note = fmt.Sprintf("Then %s counts, from %s.", setting(v.Name, next.Value), in.source(next))
	}
	var fixes []drift.Fix
	if rest != "" && v.Name == "GOFLAGS" && v.Kind == drift.LayerGOENV {
		fixes = repair("Keep only GOFLAGS="+rest+" in "+in.rel(v.File), "", drift.Action{Kind: drift.ActionSetGOENV, Variable: v.Name, Value: rest})
	}
	return append(fixes, in.unset(v.Name, v.Layer, note)...)
}

// requires reports whether a term says what the variable must be.
func (in Input) requires(b breach) bool {
	return slices.ContainsFunc(b.terms, func(t policy.Term) bool { return !t.Forbidden })
}

// contractRest is what is left of a GOFLAGS without the flags that are forbidden.
func (in Input) contractRest(b breach) string {
	rest := b.variable.Value
	for _, term := range b.terms {
		switch {
		case !term.Forbidden:
		case b.variable.Name == "GOFLAGS" && term.Value != "" && !strings.ContainsAny(b.variable.Value, `'"`):
			rest = without(rest, term.Value)
		default:
			rest = ""
		}
	}
	return rest
}

// contractValue is the value with which all terms about a variable hold; empty if
// it must not be set, or nobody can tell.
func (in Input) contractValue(b breach) string {
	value := ""
	for _, term := range b.terms {
		if !term.Forbidden {
			value = term.Value
		}
	}
	if value != "" && b.variable.Name == "GOFLAGS" {
		return withFlags(in.contractRest(b), value)
	}
	return value
}

// without is a GOFLAGS without a flag.
func without(flags, flag string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(flags), func(have string) bool { return sameFlag(have, flag) }), " ")
}
