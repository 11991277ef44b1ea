package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// goroot-mismatch reports that GOROOT points at another Go than the one that
// PATH finds, or at no Go at all, and names the layer that says so.
//
// # Why it matters
//
// The go command of one release then drives the compiler of another:
//
//	compile: version "go1.25.3" does not match go tool version "go1.26.8"
//
// Every go finds its own tree since 2017: GOROOT is not needed, and what sets it
// is most often a profile that outlived the Go it was written for.
//
// # Example
//
//	GOROOT=/usr/local/go1.25.3, from the environment of this shell, is go1.25.3,
//	but the go on PATH (/usr/local/go/bin/go) is go1.26.8.
//
// # How to fix it
//
// Drop GOROOT from the layer that sets it.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var gorootMismatch = Rule{
	Code: "goroot-mismatch", Title: "GOROOT points at another Go than PATH",
	Group: GroupToolchain, Severity: drift.SeverityError,
	Check: checkGorootMismatch,
}

func checkGorootMismatch(in Input) []Found {
	v := in.variable("GOROOT")
	broken := ""
	for _, s := range in.spotsOrRoot() {
		if in.owner(s) == "goroot-mismatch" {
			broken = said(s.Selection)
			break
		}
	}
	sel := in.Snapshot.Selection
	message := ""
	switch {
	case broken != "":
		message = fmt.Sprintf("The go command stops here: %q.", broken)
		if chosen(v.Layer) {
			message += fmt.Sprintf(" %s comes from %s.", setting("GOROOT", v.Value), in.source(v.Layer))
		}
	case !chosen(v.Layer) || sel.Go == nil || repaired(sel, v.Layer):
		return nil
	default:
		is, other := in.tree(v, sel.Go)
		if !other {
			return nil
		}
		message = fmt.Sprintf("%s, from %s, is %s, but the go on PATH (%s) is %s. The compiler then refuses to work: version does not match go tool version.",
			setting("GOROOT", v.Value), in.source(v.Layer), is, sel.Go.Executable, known(sel.Go.Version))
	}
	f := drift.Finding{Place: in.layerPlace(v.Layer), Message: message, Subject: "GOROOT", Value: v.Value}
	if chosen(v.Layer) {
		f.Fixes = preferFirst(in.unset("GOROOT", v.Layer, "Every go finds its own tree without it."))
	}
	return []Found{{Finding: f}}
}

// repaired reports whether a switch of toolchains has put GOROOT right: the go
// command sets it for a downloaded toolchain and removes it for one on PATH,
// which then still reads the GOENV file (cmd/go/internal/toolchain/exec.go).
func repaired(sel drift.Selection, l drift.Layer) bool {
	switch sel.How {
	case drift.HowModCache, drift.HowDownload:
		return true
	case drift.HowPath:
		return l.Kind != drift.LayerGOENV
	}
	return false
}

// tree says which Go a GOROOT is, and whether that is another than the go on
// PATH. Two copies of one release go together well.
func (in Input) tree(goroot drift.Variable, onPath *drift.Toolchain) (is string, other bool) {
	value := filepath.Clean(goroot.Value)
	own := onPath.GOROOT
	for _, l := range goroot.Shadowed {
		if l.Kind == drift.LayerDefault {
			own = l.Value // the tree that the go finds by itself
		}
	}
	if value == filepath.Clean(own) {
		return "", false
	}
	if doc := in.Snapshot.Documents[filepath.Join(value, "VERSION")]; len(doc.Text) > 0 {
		v, _, _ := strings.Cut(string(doc.Text), "\n")
		v = strings.TrimSpace(v)
		return v, v != onPath.Version
	}
	for _, t := range in.Snapshot.Environment.Toolchains {
		if filepath.Clean(t.GOROOT) == value && t.Version != "" {
			return t.Version, t.Version != onPath.Version
		}
	}
	return "another tree than " + own, true
}

func known(v string) string {
	if v == "" {
		return "of a version that cannot be read"
	}
	return v
}
