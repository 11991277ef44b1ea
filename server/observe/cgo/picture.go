package cgo

import (
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// Picture is which variable forces which, in the order in which the go command works
// them out (cmd/go/internal/cfg/cfg.go defaultContext): GOROOT, GOOS, GOARCH,
// CGO_ENABLED, CC.
func Picture(env drift.Environment, t drift.CgoTarget) []drift.CgoStep {
	var steps []drift.CgoStep
	host := env.Host
	set := func(v drift.Variable) string {
		switch v.Kind {
		case drift.LayerProcess:
			return "set in the environment"
		case drift.LayerGOENV:
			return fmt.Sprintf("set in %s:%d, by go env -w", v.File, v.Line)
		case drift.LayerGoEnv:
			return fmt.Sprintf("set in %s:%d", v.File, v.Line)
		}
		return ""
	}
	for _, name := range []string{"GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "CC"} {
		v, ok := env.Lookup(name)
		if !ok {
			continue
		}
		text := set(v)
		switch {
		case name == "CGO_ENABLED" && text == "":
			text = strings.TrimSuffix(t.Why, ".")
		case name == "CGO_ENABLED" && v.Value == "1" && t.Verdict == drift.CgoUnsupported:
			text += ", although Go has no cgo for the target"
		case name == "CC" && text == "":
			text = "the compiler that the go command looks for on " + t.GOOS
			if !t.Native {
				text += ", whatever the architecture"
			}
		case name == "GOROOT" && text == "":
			text = "where the go that runs stands"
		case name == "GOOS" && text == "":
			text = "this machine's, since nobody set it"
		case name == "GOARCH" && text == "":
			text = "this machine's, since nobody set it"
		case name == "GOOS" && v.Value != host.GOOS, name == "GOARCH" && v.Value != host.GOARCH:
			text += ": cross-compiling, which switches cgo off unless CGO_ENABLED says otherwise"
		}
		if name == "CC" && t.Compiler.Path == "" {
			text += "; there is no such program"
		} else if name == "CC" && !t.On() {
			text += "; it is not started, because cgo is off"
		}
		steps = append(steps, drift.CgoStep{Variable: v, Text: text})
	}
	return steps
}

// Effects are what CGO_ENABLED changes in a program, from the packages that it is
// linked with.
func Effects(program drift.CgoProgram, needs drift.CgoNeeds, goos string) []drift.CgoEffect {
	effects := []drift.CgoEffect{}
	links := func(path string) bool { return slices.Contains(program.Links, path) }
	if len(program.Links) == 0 {
		return effects
	}
	unix := goos != "windows" && goos != "darwin" && goos != "ios"
	if links("net") && unix {
		effects = append(effects, drift.CgoEffect{
			What: "names of hosts", Because: []string{"net"},
			On:  "Go's own resolver, or the C library's where /etc/resolv.conf or nsswitch.conf ask for more than it knows (GODEBUG=netdns)",
			Off: "Go's own resolver always: no mDNS, no LDAP, no other modules of nsswitch.conf",
		})
	}
	if links("os/user") && unix {
		effects = append(effects, drift.CgoEffect{
			What: "users and groups", Because: []string{"os/user"},
			On:  "the C library's: LDAP and others that nsswitch.conf names",
			Off: "/etc/passwd and /etc/group alone",
		})
	}
	if unix {
		effects = append(effects, drift.CgoEffect{
			What: "linking", Because: program.Links,
			On:  "dynamically, with the C library: the program needs one that is not older than this machine's",
			Off: "statically: the program runs without a C library, as in an image made from scratch",
		})
	}
	for _, p := range needs.Packages {
		if p.Standard || !links(p.Path) {
			continue
		}
		off := map[drift.CgoNeed]string{
			drift.CgoRequired: "the program cannot be built", drift.CgoStub: "is built, and fails when it is used",
			drift.CgoFallback: "files without C code take its place",
		}[p.Need]
		effects = append(effects, drift.CgoEffect{What: p.Path, On: "with its C code", Off: off, Because: []string{p.Path}})
	}
	return effects
}
