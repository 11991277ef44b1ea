package rules

import (
	"context"

	"godrift.dev/server/drift"
)

// atPrompt are the rules whose findings a shell is told at its prompt: those about
// the Go that runs, and about the contract, which a look at one folder can judge.
var atPrompt = []Rule{goMissing, toolchainUnavailable, gorootMismatch, toolchainDrift, envConflict, contractBroken}

// movedAtPrompt are those that compare with the accepted state.
var movedAtPrompt = []Rule{envDrift, gocacheMoved}

// AtPrompt is Run for a snapshot that knows one folder only: it asks the rules
// about the Go that runs there.
func AtPrompt(ctx context.Context, in Input) []drift.Finding {
	findings, _ := judge(ctx, in, atPrompt)
	return findings
}

// MovedAtPrompt asks, of the same, what is not as it was accepted.
func MovedAtPrompt(ctx context.Context, in Input) []drift.Finding {
	in.Across = ChangesBuilds
	findings, _ := judge(ctx, in, movedAtPrompt)
	return findings
}
