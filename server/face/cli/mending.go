package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// mending carries fixes out, or plans them.
type mending struct {
	*Command
	mender  *engine.Mender
	memory  *engine.Memory
	flags   fixFlags
	shell   engine.Shell
	ask     bool
	refused error
	left    []chosen // out, because they reach further than was asked
	// unsaid are the others that were left out, with the reason; declined counts
	// the fixes that a person said no to.
	unsaid   []string
	declined int
}

// most bounds how many fixes one call carries out in one workspace.
const most = 1000

// target deals with one workspace. What is carried out is what was chosen at the
// first look. After every fix the workspace is looked at again: the next one may
// stand in the same file, or be needed no more; but what is new then was never
// shown to anybody, and waits for the next call.
func (m *mending) target(ctx context.Context, t target) ([]tell.PlannedFix, error) {
	opts := m.engineOptions(t.root, false)
	// What drifted and what is allowed are told from the memory; where something is
	// changed, the history knows what was before and what is after it.
	opts.Memory, opts.Record = m.memory, m.flags.apply
	report, err := m.evaluate(ctx, t, opts, everywhere)
	if err != nil {
		return nil, err
	}
	if m.flags.apply {
		changed, err := m.recover(ctx, m.mender, opts.World, report)
		if err != nil {
			return nil, err
		}
		if changed {
			if report, err = m.evaluate(ctx, t, opts, everywhere); err != nil {
				return nil, err
			}
		}
	}
	planned := m.settled(m.steady(report, m.inside(opts, m.modest(m.candidates(report, m.flags.choice)))))
	planned = planned[:min(len(planned), most)]
	var out []tell.PlannedFix
	if !m.flags.apply {
		for _, x := range planned {
			out = append(out, m.plan(ctx, opts.World, report, x))
		}
		return out, nil
	}
	changed := false
	for _, x := range planned {
		if changed {
			var ok bool
			was := x
			if x, ok = still(report, was); !ok {
				m.leave(was, "what was done before it mends the same, or asks for something else")
				continue
			}
		}
		if m.ask {
			yes, err := m.confirm(ctx, opts.World, report, x)
			if err != nil {
				return out, err
			}
			if !yes {
				m.declined++
				continue
			}
		}
		done := m.apply(ctx, opts.World, report, x)
		out = append(out, done)
		if err := ctx.Err(); err != nil {
			return out, fmt.Errorf("stopped; what was done stays, godrift undo takes it back: %w", err)
		}
		if done.Status == tell.FixRefused || done.Status == tell.FixEditor {
			continue
		}
		changed = true
		if report, err = m.evaluate(ctx, t, opts, everywhere); err != nil {
			return out, err
		}
	}
	if changed {
		m.remember(ctx, opts, m.memory)
	}
	return out, nil
}

// modest leaves out what sets another toolchain for all workspaces of the user, what
// a repository asks for and nobody has allowed, and what installs a whole Go, where
// nobody asked for that very fix.
func (m *mending) modest(all []chosen) []chosen {
	f := m.flags
	if f.finding != "" || m.ask || !f.all && (f.code != "" || f.pin != "") {
		return all
	}
	return slices.DeleteFunc(all, func(x chosen) bool {
		if x.fix.Asked {
			m.leave(x, "only the repository asks for it, in godrift.toml; godrift allow shows it")
			return true
		}
		if slices.ContainsFunc(x.fix.Actions, func(a drift.Action) bool { return a.Kind == drift.ActionInstallSDK }) {
			m.leave(x, "it downloads a whole Go; godrift fix --apply --finding "+x.id+" does it")
			return true
		}
		reaches := slices.ContainsFunc(x.fix.Actions, func(a drift.Action) bool {
			// What a contract asks for was looked at and allowed, or it is refused.
			return a.Kind == drift.ActionSetGOENV && a.Variable == "GOTOOLCHAIN" && x.finding.Code != "contract-broken"
		})
		if reaches {
			m.left = append(m.left, x)
		}
		return reaches
	})
}

// still finds a fix that was chosen before other fixes were carried out in the
// report from after them. It must not do more than it did then.
func still(report *drift.Report, want chosen) (chosen, bool) {
	ids := tell.IDs(report.Snapshot.Root, report.Findings, tell.TextsOf(report.Snapshot))
	look := func(fits func(i int, f drift.Finding) bool) (chosen, bool) {
		for i, f := range report.Findings {
			if f.Code != want.finding.Code || !fits(i, f) {
				continue
			}
			for _, x := range f.Fixes {
				if x.ID == want.fix.ID || within(x, want.fix) {
					return chosen{id: ids[i], finding: f, fix: x}, true
				}
			}
		}
		return chosen{}, false
	}
	if x, ok := look(func(i int, _ drift.Finding) bool { return ids[i] == want.id }); ok {
		return x, true
	}
	// Of equal findings the later ones change their number with the first.
	return look(func(_ int, f drift.Finding) bool {
		w := want.finding
		return f.Place.File == w.Place.File && f.Subject == w.Subject && f.Value == w.Value && f.Message == w.Message
	})
}

// within reports whether a fix does nothing that the other one does not do. Where
// in a file does not count, for earlier fixes move that; and what is written into
// the policy depends on whether there is one by now.
func within(x, other drift.Fix) bool {
	if x.Kind != other.Kind {
		return false
	}
	if x.Kind == drift.FixAccept {
		return x.Title == other.Title
	}
	left := map[string]int{}
	for _, k := range effects(other) {
		left[k]++
	}
	for _, k := range effects(x) {
		if left[k] == 0 {
			return false
		}
		left[k]--
	}
	return len(x.Actions) > 0
}

// effects are what a fix does, one by one.
func effects(x drift.Fix) []string {
	var out []string
	for _, a := range x.Actions {
		what := strings.Join([]string{string(a.Kind), a.File, a.Variable, a.Value, a.Toolchain, a.Package, a.Version}, "\x00")
		if len(a.Edits) == 0 {
			out = append(out, what)
		}
		for _, e := range a.Edits {
			out = append(out, what+"\x00"+e.New)
		}
	}
	return out
}

// closing says on standard error what was left out and what comes next.
func (m *mending) closing(doc tell.FixDocument, paths []string) {
	for _, x := range m.left {
		fmt.Fprintf(m.Stderr, "Left out, because it counts in all your workspaces: %s [%s]. godrift fix --apply --finding %s does it.\n",
			drift.MaskText(x.fix.Title), x.finding.Code, x.id)
	}
	for _, line := range m.unsaid {
		fmt.Fprintln(m.Stderr, line)
	}
	possible := 0
	for _, f := range doc.Fixes {
		if f.Status == tell.FixPlanned {
			possible++
		}
	}
	switch {
	case len(doc.Fixes) == 0 && m.declined > 0:
		fmt.Fprintln(m.Stderr, "Nothing was changed.")
	case len(doc.Fixes) == 0 && len(m.left)+len(m.unsaid) > 0:
		fmt.Fprintln(m.Stderr, "Nothing else to fix.")
	case len(doc.Fixes) == 0:
		fmt.Fprintln(m.Stderr, "Nothing to fix.")
	case doc.Applied:
	case possible == 0:
		fmt.Fprintln(m.Stderr, "Nothing was changed.")
	case possible == 1:
		fmt.Fprintf(m.Stderr, "Nothing was changed. %s carries this out.\n", m.flags.again(paths))
	default:
		accept := ""
		if m.flags.accept {
			accept = "--accept "
		}
		fmt.Fprintf(m.Stderr, "Nothing was changed. %s carries all of these out, %s--finding ID one.\n", m.flags.again(paths), accept)
	}
}

// again is the command that carries out what was shown.
func (f fixFlags) again(paths []string) string {
	words := []string{"godrift", "fix", "--apply"}
	if f.all || f.code == "" && f.finding == "" && f.pin == "" && len(paths) == 0 {
		words = append(words, "--all")
	}
	if f.accept {
		words = append(words, "--accept")
	}
	for _, flag := range []struct{ name, value string }{{"--code", f.code}, {"--finding", f.finding}, {"--pin", f.pin}} {
		if flag.value != "" {
			words = append(words, flag.name, drift.ShellWord(flag.value))
		}
	}
	for _, p := range paths {
		words = append(words, drift.ShellWord(p))
	}
	return strings.Join(words, " ")
}
