package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// policy-unused reports an entry of godrift.toml's allowlist that has expired, or
// that has nothing to allow any more.
//
// # Why it matters
//
// An entry that is left behind hides the next finding of its kind, which nobody
// has accepted.
//
// # Example
//
//	[[allow]]
//	rule = "pin-disagrees"
//	path = "tools/go.mod"
//	reason = "Until the linter supports 1.26."
//	until = 2026-03-31       this day is over
//
// An entry for a rule that looks at the machine, such as env-leftover, may be for
// somebody else's machine: it is reported only once it has expired.
//
// # How to fix it
//
// Remove the entry, or give it another end.
//
// # How to silence it
//
//	[severity]
//	policy-unused = "off"
var policyUnused = Rule{
	Code: "policy-unused", Title: "An allowlist entry that has nothing to allow",
	Group: GroupPolicy, Severity: drift.SeverityInfo,
	Check: checkPolicyUnused,
}

// checkPolicyUnused comes last in the catalogue, when it is known what was used.
func checkPolicyUnused(in Input) []Found {
	var found []Found
	for _, a := range in.Policy.Allowances() {
		rule, ok := in.named(a.Rule)
		f := drift.Finding{Place: a.Place, Unnecessary: true}
		switch {
		case !ok:
			continue // policy-invalid says it
		case a.Expired(in.Now) && in.used[a]:
			f.Message = fmt.Sprintf("This entry counted until %s; what it allowed is still there and is reported again. Mend it, or give the entry another end.", a.Until)
			f.Unnecessary = false
		case a.Expired(in.Now):
			f.Message = fmt.Sprintf("This entry counted until %s, and there is nothing left that it would allow: remove it.", a.Until)
		case rule.Group == GroupPins && !in.used[a]:
			f.Message = fmt.Sprintf("Nothing here is reported by %s that this entry would allow: remove it.", a.Rule)
		default:
			continue
		}
		found = append(found, Found{Finding: f})
	}
	return found
}
