package rules

import (
	"context"

	"godrift.dev/server/drift"
)

// atPrompt are the rules whose findings a shell is told at its prompt: those about
// the Go that runs, which a look at one folder can judge.
var atPrompt = []Rule{goMissing, toolchainUnavailable, gorootMismatch, toolchainDrift, envConflict}

// AtPrompt is Run for a snapshot that knows one folder only: it asks the rules
// about the Go that runs there.
func AtPrompt(ctx context.Context, in Input) []drift.Finding {
	findings, _ := judge(ctx, in, atPrompt)
	return findings
}
