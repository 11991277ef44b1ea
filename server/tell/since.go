package tell

import (
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// Since is the newest change that a finding can come from.
type Since struct {
	Time time.Time
	// What is the fact that changed, and Before and After are its values.
	What, Before, After string
	Cause               string
}

// SinceOf finds it among the newest moments of a history, newest first. It is zero if none
// of them concerns the finding.
func SinceOf(f drift.Finding, recent []drift.Moment) Since {
	for _, m := range recent {
		for _, c := range m.Changes {
			if concerns(f, c.Key) {
				return Since{Time: m.Time, What: c.Key, Before: drift.MaskText(c.Old), After: drift.MaskText(c.New), Cause: drift.MaskText(m.Cause.String())}
			}
		}
	}
	return Since{}
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
