package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/rules"
	"godrift.dev/server/observe/workspace"
	"godrift.dev/server/shell"
)

// Prompted is what a shell is told at its prompt.
type Prompted struct {
	// Text is one line; empty if all is well.
	Text string
	// Present and Absent are the names that this came from. As long as those that
	// are there get no newer and the others stay away, it is the same.
	Present, Absent []string
}

// AtPrompt looks at one folder, quickly: does the Go that runs there differ from
// the agreed one, or does the go command stop? It opens no database and lists no
// toolchains. What is worth less than a warning is not told.
func AtPrompt(ctx context.Context, opts Options, dir string) (Prompted, error) {
	opts = opts.withDefaults()
	snap, sighted, err := workspace.Peek(ctx, opts.workspace(), dir)
	if err != nil {
		return Prompted{}, err
	}
	p := Prompted{Present: sighted.Present, Absent: sighted.Absent}
	if len(snap.Modules) > 0 {
		snap.Selection = drift.Selection{} // the module's says it; the root is not asked about
	}
	findings := rules.AtPrompt(ctx, input(snap, opts.Now()))
	findings = slices.DeleteFunc(findings, func(f drift.Finding) bool { return f.Severity.Rank() < drift.SeverityWarning.Rank() })
	slices.SortStableFunc(findings, func(a, b drift.Finding) int { return cmp.Compare(b.Severity.Rank(), a.Severity.Rank()) })
	if len(findings) == 0 {
		return p, ctx.Err()
	}
	p.Text = sentence(findings[0].Message)
	if more := len(findings) - 1; more > 0 {
		p.Text += fmt.Sprintf(" (and %d more)", more)
	}
	return p, ctx.Err()
}

// sentence is the first sentence of a message, without its full stop.
func sentence(message string) string {
	message, _, _ = strings.Cut(message, "\n")
	message, _, _ = strings.Cut(message, ". ")
	return strings.TrimSuffix(message, ".")
}

// PromptHook is the script that puts godrift into the prompt of a shell.
func PromptHook(s Shell, program, stamps string) (string, error) {
	return shell.Hook(s, program, stamps)
}

// PromptAnswer is what the prompt's hook evaluates after a look.
func PromptAnswer(s Shell, p Prompted, said string) (string, error) {
	return shell.Answer(s, p.Present, p.Absent, said)
}
