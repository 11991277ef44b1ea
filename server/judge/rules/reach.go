package rules

import (
	"fmt"
	"go/version"
	"strings"

	"godrift.dev/server/drift"
)

// offline reports whether nothing can be downloaded here.
func (in Input) offline() bool { return in.variable("GOPROXY").Value == "off" }

// nearby offers what runs a Go of at least the given release here without a
// download: the go on PATH, kept from it by GOTOOLCHAIN, or else a downloaded
// one, of the minor that is nearest.
func (in Input) nearby(sel drift.Selection, least string) []drift.Fix {
	if !switchable(sel) {
		return nil
	}
	if own := release(sel.Go.Version); own != "" && own == sel.Go.Version && version.Compare(own, least) >= 0 {
		v := in.variable("GOTOOLCHAIN")
		next := ""
		if len(v.Shadowed) > 0 {
			next = v.Shadowed[0].Value
		}
		switches := next != "local" && in.index.line != "" && version.Compare(in.index.line, own) > 0
		if chosen(v.Layer) && !strings.HasPrefix(next, "go1") && !switches {
			return in.unset("GOTOOLCHAIN", v.Layer, fmt.Sprintf("Then %s runs, the go on PATH.", own))
		}
		return in.switchTo(sel, own)
	}
	best := ""
	for _, t := range in.Snapshot.Environment.Toolchains {
		r := release(t.Version)
		if t.Origin != drift.OriginModCache || r != t.Version || r == "" || version.Compare(r, least) < 0 {
			continue
		}
		lang := version.Compare(version.Lang(r), version.Lang(best))
		if best == "" || lang < 0 || lang == 0 && version.Compare(r, best) > 0 {
			best = r
		}
	}
	if best == "" {
		return nil
	}
	return in.switchTo(sel, best)
}

// firstOnPath says, as a sentence that follows others, which Go on this machine
// would do if it stood first on PATH; nothing if there is none or it does.
func (in Input) firstOnPath(sel drift.Selection, least string) string {
	t, ok := in.installed()
	if !ok || version.Compare(release(t.Version), least) < 0 || sel.Go != nil && sel.Go.Executable == t.Executable {
		return ""
	}
	and := ""
	if namesGo(in.variable("GOTOOLCHAIN").Value) || in.index.line != "" && version.Compare(in.index.line, release(t.Version)) > 0 {
		and = ", with GOTOOLCHAIN=local"
	}
	return fmt.Sprintf(" %s at %s would do if it stood first on PATH%s.", t.Version, t.Executable, and)
}

// namesGo reports whether a GOTOOLCHAIN names the one Go to run, whatever
// stands first on PATH.
func namesGo(gotoolchain string) bool {
	return strings.HasPrefix(gotoolchain, "go1") && !strings.Contains(gotoolchain, "+")
}
