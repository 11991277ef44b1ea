package tell

import (
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// Since is the newest change that a finding can come from.
type Since struct {
	// Seen is when the finding was first seen, zero if that is not known.
	Seen time.Time
	Time time.Time
	// What is the fact that changed, and Before and After are its values.
	What, Before, After string
	Cause               string
}

// SinceOf finds it among the newest moments of a history, newest first. It is zero if none
// of them concerns the finding, and where the history has not seen yet what the report
// shows.
func SinceOf(r *drift.Report, f drift.Finding, recent []drift.Moment) Since {
	for _, m := range recent {
		for _, c := range m.Changes {
			if concerns(f, c.Key) {
				if !isSo(r, c) {
					return Since{}
				}
				return Since{Time: m.Time, What: c.Key, Before: drift.MaskText(c.Old), After: drift.MaskText(c.New), Cause: drift.MaskText(m.Cause.String())}
			}
		}
	}
	return Since{}
}

// isSo reports whether what a fact became is what the report shows, as far as that can be
// compared.
func isSo(r *drift.Report, c drift.Change) bool {
	s := r.Snapshot
	switch c.Key {
	case drift.KeySelected:
		return c.New == s.Selection.Selected
	case drift.KeyAgreed:
		version := strings.TrimPrefix(r.Pinned.Version, "go")
		return c.New == version || strings.HasPrefix(c.New, version+" ")
	case drift.KeyGoPath:
		return s.Selection.Go == nil && c.New == "" || s.Selection.Go != nil && c.New == s.Selection.Go.Executable
	}
	name, ok := drift.KeyVariable(c.Key)
	if !ok {
		return true
	}
	for _, v := range s.Environment.Variables {
		if v.Name == name {
			return drift.Mask(name, v.Value) == c.New
		}
	}
	return true
}

// concerns reports whether a fact is what a rule looks at.
func concerns(f drift.Finding, key string) bool {
	if name, ok := drift.KeyVariable(key); ok {
		switch {
		case f.Subject == name && name != "":
			return true
		case f.Code == "goroot-mismatch":
			return name == "GOROOT"
		case strings.HasPrefix(f.Code, "gocache-"):
			return name == "GOCACHE"
		case strings.HasPrefix(f.Code, "cgo-"):
			return name == "CGO_ENABLED" || name == "CC" || name == "CXX" || name == "PKG_CONFIG"
		case strings.HasPrefix(f.Code, "toolchain-"):
			return name == "GOTOOLCHAIN"
		}
		return false
	}
	switch {
	case strings.HasPrefix(f.Code, "toolchain-"), f.Code == "go-missing", f.Code == "goroot-mismatch":
		return key == drift.KeySelected || key == drift.KeyGoError || key == drift.KeyGoPath
	case strings.HasPrefix(f.Code, "modules-"):
		return key == drift.KeyPrint+drift.PrintModules
	case strings.HasPrefix(f.Code, "tool-"):
		return f.Subject != "" && key == drift.KeyTool+f.Subject
	case strings.HasPrefix(f.Code, "pin-"):
		return key == drift.KeyAgreed
	}
	return false
}
