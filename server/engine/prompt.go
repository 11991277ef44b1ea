package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/rules"
	"godrift.dev/server/observe/workspace"
	"godrift.dev/server/remember"
	"godrift.dev/server/shell"
)

// Prompted is what a shell is told at its prompt.
type Prompted struct {
	// Text is one line; empty if all is well.
	Text string
	// Help is what the person can type.
	Help string
	// Present and Absent are the names that this came from. As long as those that
	// are there get no newer and the others stay away, it is the same.
	Present, Absent []string
}

// AtPrompt looks at one folder, quickly: does the Go that runs there differ from
// the agreed one, does the go command stop, does the contract hold, and is the
// environment of this shell what was accepted? It opens no database and lists no
// toolchains. What is worth less than a warning is not told.
func AtPrompt(ctx context.Context, opts Options, s Shell, dir string) (Prompted, error) {
	opts = opts.withDefaults()
	snap, sighted, err := workspace.Peek(ctx, opts.workspace(), dir)
	if err != nil {
		return Prompted{}, err
	}
	p := Prompted{Present: sighted.Present, Absent: sighted.Absent}
	findings := promptMoves(ctx, opts, *snap, &p, dir)
	if len(snap.Modules) > 0 {
		snap.Selection = drift.Selection{} // the module's says it; the root is not asked about
	}
	findings = append(rules.AtPrompt(ctx, input(snap, opts.Now())), findings...)
	findings = slices.DeleteFunc(findings, func(f drift.Finding) bool { return f.Severity.Rank() < drift.SeverityWarning.Rank() })
	slices.SortStableFunc(findings, func(a, b drift.Finding) int { return cmp.Compare(b.Severity.Rank(), a.Severity.Rank()) })
	if len(findings) == 0 {
		return p, ctx.Err()
	}
	p.Text, p.Help = drift.ClipTo(sentence(findings[0].Message), promptMost), promptHelp(s, findings[0])
	if more := len(findings) - 1; more > 0 {
		p.Text += fmt.Sprintf(" (and %d more)", more)
	}
	return p, ctx.Err()
}

// promptMost is how many characters of a message a prompt shows: a variable can hold
// 128 KiB.
const promptMost = 400

// promptMoves are the findings about what is not as it was accepted, and nothing
// where nothing was.
func promptMoves(ctx context.Context, opts Options, snap drift.Snapshot, p *Prompted, dir string) []drift.Finding {
	state := opts.StateDir
	if state == "" {
		state = StateDir(opts.World.Environ)
	}
	file := remember.AcceptedFile(state, snap.Root)
	accepted, err := remember.ReadAccepted(state, snap.Root)
	if errors.Is(err, fs.ErrNotExist) {
		p.Absent = slices.Insert(p.Absent, 0, file)
		return nil
	}
	p.Present = slices.Insert(p.Present, 0, file)
	if err != nil {
		return nil // who checks the workspace writes it anew
	}
	if dir != snap.Root {
		// What was accepted is what runs in the root: another module may ask for another Go.
		snap.Selection = drift.Selection{}
	}
	in := input(&snap, opts.Now())
	in.Memory = &drift.Memory{Baseline: &drift.Baseline{Record: accepted.Record}, Chosen: map[string]*string{}}
	for _, name := range accepted.Chosen {
		if v, ok := snap.Environment.Lookup(name); ok && v.Kind != drift.LayerDefault {
			in.Memory.Chosen[name] = &v.Value
		} else {
			in.Memory.Chosen[name] = nil
		}
	}
	in.Memory.Recent = wroteGOENV(opts.World.Files, &snap, accepted.Record)
	return rules.MovedAtPrompt(ctx, in)
}

// wroteGOENV tells when variables of the file that go env -w writes became what
// they are, as far as the age of that file tells: the history knows better, and
// is not read at a prompt.
func wroteGOENV(files drift.Files, snap *drift.Snapshot, accepted drift.Record) []drift.Moment {
	info, err := files.Stat(snap.Environment.GOENV)
	if err != nil {
		return nil
	}
	m := drift.Moment{Time: info.ModTime(), Of: snap.Environment.Of, Cause: drift.Cause{Kind: drift.CauseGoEnv}}
	for _, v := range snap.Environment.Variables {
		_, layer, _ := accepted.Variable(v.Name)
		if v.Kind == drift.LayerGOENV || v.Kind != drift.LayerProcess && strings.HasPrefix(layer, string(drift.LayerGOENV)) {
			m.Changes = append(m.Changes, drift.Change{Key: drift.EnvKey(v.Name)})
		}
	}
	return []drift.Moment{m}
}

// promptHelp is what a person can type about a finding.
func promptHelp(s Shell, f drift.Finding) string {
	inShell := slices.ContainsFunc(f.Fixes, func(fix drift.Fix) bool {
		return slices.ContainsFunc(fix.Actions, func(a drift.Action) bool {
			return a.Kind == drift.ActionSetShell || a.Kind == drift.ActionUnsetShell
		})
	})
	switch {
	case Compares(f) && inShell:
		return shell.Evaluate(s, "godrift rollback --shell "+string(s))
	case Compares(f):
		return "godrift rollback, godrift accept"
	}
	return "godrift why, godrift fix"
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
