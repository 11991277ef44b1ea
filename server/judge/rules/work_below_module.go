package rules

import (
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// work-below-module reports a go.work whose go line is lower than that of a
// module it uses.
//
// # Why it matters
//
// Every command that loads modules stops in the workspace:
//
//	go: module api listed in go.work file requires go >= 1.25.0, but go.work
//	lists go 1.24.0
//
// It happens when a module's go line is raised, by hand or by go get, without the
// workspace being asked.
//
// # Example
//
// go.work says "go 1.24.0" and uses ./api, whose go.mod says "go 1.25.0".
//
// # How to fix it
//
// Raise the go line of go.work to the highest of its modules, which is what
// go work use does.
//
// # How to silence it
//
// There is no good reason to keep it so; [severity] can switch the rule off.
var workBelowModule = Rule{
	Code: "work-below-module", Title: "A go.work that is lower than a module it uses",
	Group: GroupPins, Severity: drift.SeverityError,
	Check: checkWorkBelowModule,
}

func checkWorkBelowModule(in Input) []Found {
	var found []Found
	for _, work := range in.spots() {
		above := in.index.above[work.File]
		if len(above) == 0 {
			continue
		}
		highest := above[0]
		f := drift.Finding{Place: work.place(), Subject: string(work.pin.Source), Value: work.pin.Raw}
		for _, s := range above {
			if version.Compare(s.floor(), highest.floor()) > 0 {
				highest = s
			}
			if len(f.Related) < maxRelated {
				f.Related = append(f.Related, drift.Related{Place: s.place(), Message: "needs at least " + s.pin.Version})
			}
		}
		raised := highest.pin.Version
		has := "lists go " + work.pin.Version
		fix := in.edit(work.pin.Place, raised)
		if work.pin.Source == "" {
			has = "has no go line, which counts as go 1.18"
			f.Subject = string(drift.SourceGoWorkGo)
			fix = in.edit(drift.Place{File: work.File}, "go "+raised+"\n\n")
		}
		f.Message = fmt.Sprintf("%s %s, but it uses %s, which needs at least %s: commands that load modules stop in this workspace.",
			in.rel(work.File), has, in.rel(highest.File), raised)
		if text := said(work.Selection); strings.Contains(text, "listed in go.work") {
			text, _, _ = strings.Cut(text, "; to update it:")
			f.Message += fmt.Sprintf(" The go command says: %q.", text)
		}
		f.Fixes = preferFirst(repair("Raise go.work to go "+raised, "", fix))
		found = append(found, Found{Finding: f})
	}
	return found
}

// usedAbove are the modules of a go.work that need more than it says; the index
// holds them, since every module asks. Those
// before 1.21 are never too high for it (cmd/go/internal/modload/init.go).
func (in Input) usedAbove(work spot) []spot {
	if len(work.Uses) == 0 {
		return nil
	}
	var above []spot
	for _, use := range work.Uses {
		m, ok := in.index.modules[filepath.Join(use.Dir, "go.mod")]
		s := spot{m, in.goLine(m.File)}
		if ok && s.pin.Version != "" && version.Compare(s.floor(), "go1.21") >= 0 && version.Compare(s.floor(), work.floor()) > 0 {
			above = append(above, s)
		}
	}
	return above
}
