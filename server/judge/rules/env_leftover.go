package rules

import (
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// env-leftover reports variables that quietly change every build, set in the
// process environment or by go env -w: most often for one experiment, long ago.
//
// # Why it matters
//
// The same commit then resolves other modules or compiles to another program for
// you than for others, and nothing in the repository says so.
//
// # Example
//
//	GOFLAGS=-mod=mod, from ~/.config/go/env:2: every build may rewrite go.mod.
//
// Looked at are GOFLAGS with -mod, -modfile or -overlay; GOSUMDB=off; GOINSECURE;
// a GOPROXY that is not the default; GO111MODULE=off; GOWORK=off where there is a
// go.work; GOEXPERIMENT; GODEBUG; and CGO_CFLAGS.
//
// # How to fix it
//
// Unset the variable in its layer. Checksums are never weakened by a fix.
//
// # How to silence it
//
// A company's proxy, for example, is meant to be there:
//
//	[[allow]]
//	rule = "env-leftover"
//	variable = "GOPROXY"
//	value = "https://proxy.example.com"
//	reason = "All of our modules come through it."
var envLeftover = Rule{
	Code: "env-leftover", Title: "A variable that quietly changes every build",
	Group: GroupEnvironment, Severity: drift.SeverityInfo,
	Check: checkEnvLeftover,
}

// leftovers are the variables that are looked at: effect says what a value does,
// or nothing if it does no harm.
var leftovers = []struct {
	name   string
	effect func(in Input, value string) string
}{
	{"GOFLAGS", func(_ Input, value string) string {
		for _, flag := range strings.Fields(strings.NewReplacer(`'`, " ", `"`, " ").Replace(value)) {
			if effect := flagEffect(flag); effect != "" {
				return effect
			}
		}
		return ""
	}},
	{"GOSUMDB", func(_ Input, value string) string {
		if value != "off" {
			return ""
		}
		return "new modules are trusted without a check, and the go command refuses to run downloaded toolchains"
	}},
	{"GOINSECURE", always("modules that match it are fetched without a secure connection")},
	{"GOPROXY", func(in Input, value string) string {
		if value == "off" {
			return "nothing can be downloaded, neither modules nor toolchains"
		}
		for _, weaker := range in.variable("GOPROXY").Shadowed {
			if weaker.Value == value && (weaker.Kind == drift.LayerGoEnv || weaker.Kind == drift.LayerDefault) {
				return "" // that is what Go ships with
			}
		}
		return "modules come from another place than Go's default"
	}},
	{"GO111MODULE", func(in Input, value string) string {
		if value != "off" || in.hasGoMod() {
			return "" // beside a go.mod it is a conflict
		}
		return "go.mod and go.work files are not looked at"
	}},
	{"GOWORK", func(in Input, value string) string {
		if value != "off" {
			return ""
		}
		for _, s := range in.spots() {
			if len(s.Uses) > 0 {
				return in.rel(s.File) + " is not looked at"
			}
		}
		return ""
	}},
	{"GOEXPERIMENT", always("the compiler and the runtime work with experiments that others do not have")},
	{"GODEBUG", always("programs, the go command among them, behave differently from what go.mod asks for")},
	{"CGO_CFLAGS", func(_ Input, value string) string {
		flags := strings.Fields(value)
		slices.Sort(flags)
		if slices.Equal(flags, []string{"-O2", "-g"}) {
			return ""
		}
		return "C code is compiled differently from how others compile it"
	}},
}

func always(effect string) func(Input, string) string {
	return func(Input, string) string { return effect }
}

func checkEnvLeftover(in Input) []Found {
	var found []Found
	others := append(checkEnvConflict(in), checkEnvDrift(in)...)
	for _, l := range leftovers {
		v := in.variable(l.name)
		if !chosen(v.Layer) || in.inContract(v) || slices.ContainsFunc(others, func(f Found) bool { return f.Subject == l.name }) {
			continue
		}
		effect := l.effect(in, v.Value)
		if effect == "" {
			continue
		}
		note := ""
		if len(v.Shadowed) > 0 && chosen(v.Shadowed[0]) && v.Shadowed[0].Value != v.Value {
			note = fmt.Sprintf("Then %s counts, from %s.", setting(l.name, v.Shadowed[0].Value), in.source(v.Shadowed[0]))
		}
		found = append(found, Found{Finding: drift.Finding{
			Place: in.layerPlace(v.Layer), Subject: l.name, Value: v.Value,
			Message: fmt.Sprintf("%s, from %s: %s.", setting(l.name, v.Value), in.source(v.Layer), effect),
			Fixes:   preferFirst(append(in.keepFlags(v), in.unset(l.name, v.Layer, note)...)),
		}})
	}
	return found
}

func (in Input) hasGoMod() bool {
	return slices.ContainsFunc(in.spots(), func(s spot) bool { return len(s.Uses) == 0 && s.Path != "" })
}
