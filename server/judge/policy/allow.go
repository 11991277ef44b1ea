package policy

import (
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"godrift.dev/server/drift"
)

// Allows reports whether the entry speaks of the finding, no matter whether it
// has expired.
func (a *Allowance) Allows(p *Policy, f drift.Finding) bool {
	if a.Rule != f.Code {
		return false
	}
	if a.Path != "" {
		rel, ok := p.relative(f.Place.File)
		if !ok || !match(a.Path, rel) {
			return false
		}
	}
	if a.Variable != "" && a.Variable != f.Subject {
		return false
	}
	if a.Value != "" && a.Value != f.Value {
		return false
	}
	return a.pattern == nil || a.pattern.MatchString(f.Value)
}

// Expired reports whether the entry's last day is over.
func (a *Allowance) Expired(now time.Time) bool {
	return !a.until.IsZero() && !now.Before(a.until)
}

// match matches a glob that was checked when it was read. The glob is bounded
// in length and has no alternatives, so that it cannot be made slow.
func match(glob, rel string) bool { return doublestar.MatchUnvalidated(glob, rel) }
