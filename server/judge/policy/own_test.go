package policy

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// A policy cannot keep its own mistakes from being told.
func TestOwnMistakesAreAlwaysTold(t *testing.T) {
	for _, text := range []string{
		"[severity]\npolicy-invalid = \"off\"\n",
		"[severity]\npolicy-invalid = \"hint\"\n",
		"[[path]]\nglob = \"**\"\nseverity.policy-invalid = \"warning\"\n",
		"[[allow]]\nrule = \"policy-invalid\"\nreason = \"no\"\n",
	} {
		p, problems := Parse(drift.Document{File: "/w/godrift.toml", Text: []byte(text)})
		if len(problems) != 1 || !strings.HasPrefix(problems[0].Message, "policy-invalid cannot be ") {
			t.Errorf("%q: problems %v", text, problems)
		}
		if len(p.Allowances()) != 0 {
			t.Errorf("%q allows something", text)
		}
		if got := p.Severity("policy-invalid", "/w/godrift.toml", drift.SeverityError); got != drift.SeverityError {
			t.Errorf("%q makes it %s", text, got)
		}
	}
	// Said of every rule it is no mistake, and does not count for this one.
	p, problems := Parse(drift.Document{File: "/w/godrift.toml", Text: []byte("[[path]]\nglob = \"**\"\nseverity.\"*\" = \"off\"\n")})
	if got := p.Severity("policy-invalid", "/w/godrift.toml", drift.SeverityError); got != drift.SeverityError || len(problems) != 0 {
		t.Errorf("the star makes it %s, with problems %v", got, problems)
	}
}
