package rules

import (
	"fmt"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// policy-invalid reports a mistake in godrift.toml: text that is no TOML, an
// unknown key or rule, a value that cannot be.
//
// # Why it matters
//
// What is wrong does not count, so a rule that was to be off is on, or an
// accepted finding comes back. Everything else in the file still counts.
//
// # Example
//
//	[severity]
//	pin-disagree = "off"     no rule is called that; did you mean pin-disagrees?
//
// # How to fix it
//
// The message says what to write. The published schema lets editors complete
// and check the file.
//
// # How to silence it
//
// Correct the file.
var policyInvalid = Rule{
	Code: "policy-invalid", Title: "A mistake in godrift.toml",
	Group: GroupPolicy, Severity: drift.SeverityError,
	Check: checkPolicyInvalid,
}

func checkPolicyInvalid(in Input) []Found {
	var found []Found
	for _, p := range in.Policy.Problems {
		found = append(found, Found{Finding: drift.Finding{Place: p.Place, Message: p.Message}})
	}
	var codes []string
	for _, r := range in.rules {
		codes = append(codes, r.Code)
	}
	for _, n := range in.Policy.Names() {
		if _, ok := in.named(n.Code); ok {
			continue
		}
		f := drift.Finding{Place: n.Place, Message: fmt.Sprintf("There is no rule %q, so this has no effect.", n.Code)}
		if near := policy.Nearest(n.Code, codes); near != "" {
			f.Message = fmt.Sprintf("There is no rule %q, so this has no effect; did you mean %q?", n.Code, near)
			f.Fixes = preferFirst(repair("Write "+near, "", in.edit(n.Place, near)))
		}
		found = append(found, Found{Finding: f})
	}
	return found
}
