package rules

import (
	"fmt"
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/knowntools"
	"godrift.dev/server/judge/policy"
)

// Standings says of every tool on the machine what is asked of it in a
// workspace, and which rules find something, whatever the policy says to that.
func Standings(in Input) []drift.ToolStanding {
	if in.Policy == nil {
		in.Policy = policy.Default()
	}
	in = in.indexed()
	codes := map[string][]string{}
	for _, rule := range []Rule{toolBuiltWithOlderGo, toolTooOld, toolVersionDrift} {
		for _, f := range rule.Check(in) {
			path, _, _ := strings.Cut(f.Cause, "\x00")
			if !slices.Contains(codes[path], rule.Code) {
				codes[path] = append(codes[path], rule.Code)
			}
		}
	}
	lang := ""
	for _, s := range in.spots() {
		if l := version.Lang(s.floor()); version.Compare(l, lang) > 0 {
			lang = l
		}
	}
	running := in.runs()
	out := make([]drift.ToolStanding, 0, len(in.Snapshot.Tools))
	for _, t := range in.Snapshot.Tools {
		k, watched := in.known(t)
		out = append(out, drift.ToolStanding{
			Tool: t, Needs: in.needs(t, k, lang, running), Codes: codes[t.Path], Watched: watched && (t.First || t.Origin == drift.ToolGobin),
		})
	}
	return out
}

// needs says in a few words what is asked of a tool.
func (in Input) needs(t drift.Tool, k knowntools.Tool, lang, running string) string {
	var parts []string
	if k.Types && lang != "" {
		parts = append(parts, lang+" or newer")
	}
	if least := knowntools.LeastXTools(running); cannotRead(k, t.XTools, running) {
		parts = append(parts, "x/tools "+least+" or newer")
	}
	if r, ok := supports(k, t.Version); ok && running != "" {
		switch known, any := k.For(running); {
		case r.Supports(running) && r.Most != "":
			parts = append(parts, fmt.Sprintf("support of %s", version.Lang(running)))
		case !r.Supports(running) && any:
			parts = append(parts, fmt.Sprintf("support of %s, as in %s", version.Lang(running), known.Version))
		}
	}
	if v := in.pinnedTool(t); v != "" && t.State == drift.ToolRead {
		parts = append(parts, v)
	}
	return strings.Join(parts, ", ")
}
