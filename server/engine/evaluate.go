package engine

import (
	"context"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/health"
	"godrift.dev/server/judge/rules"
	"godrift.dev/server/observe/modgraph"
	"godrift.dev/server/observe/workspace"
)

// Evaluate looks at a workspace once.
func Evaluate(ctx context.Context, opts Options) (*drift.Report, error) {
	opts = opts.withDefaults()
	if opts.Memory == nil || !opts.Trusted {
		return evaluate(ctx, opts, func() *drift.Memory { return nil }, nil)
	}
	// The database is opened while the workspace is looked at.
	recalled := make(chan *drift.Memory, 1)
	go func() {
		memory, err := opts.Memory.Recall(ctx, filepath.Clean(opts.Root))
		if err != nil {
			opts.Log.Warn("what godrift remembers cannot be read; it is not compared with", "error", err)
		}
		recalled <- memory
	}()
	report, err := evaluate(ctx, opts, func() *drift.Memory { return <-recalled }, opts.Memory)
	if err == nil && opts.Record {
		report = opts.record(ctx, report)
	}
	return report, err
}

// record remembers what a report shows. If that is something new, its cause is
// known from then on, and the rules look again.
func (o Options) record(ctx context.Context, report *drift.Report) *drift.Report {
	_, fresh, err := o.Memory.Remember(ctx, o.World, report, nil)
	var recalled *drift.Memory
	if err == nil && fresh {
		recalled, err = o.Memory.Recall(ctx, report.Snapshot.Root)
	}
	if err != nil {
		o.Log.Warn("the state of the workspace cannot be remembered", "error", err)
		if o.Forgot != nil {
			o.Forgot(err)
		}
	}
	if recalled == nil {
		return report
	}
	again, err := judge(ctx, o.World.Files, report.Snapshot, o.Now(), recalled, o.Memory)
	if err != nil {
		return report
	}
	return again
}

// evaluate looks once; what is remembered is asked for when it is needed.
func evaluate(ctx context.Context, opts Options, recall func() *drift.Memory, memory *Memory) (*drift.Report, error) {
	ws, err := workspace.Open(ctx, opts.workspace())
	if err != nil {
		return nil, err
	}
	if !opts.NoTools {
		for _, ev := range later(ws.Snapshot()) {
			if ws, err = ws.Next(ctx, ev); err != nil {
				return nil, err
			}
		}
	}
	if !opts.NoTools {
		state, err := cgoState(ctx, opts, ws)
		if err != nil {
			return nil, err
		}
		if ws, err = ws.Next(ctx, drift.Event{Kind: drift.EventCgo, Cause: "evaluation", Cgo: state}); err != nil {
			return nil, err
		}
	}
	return judge(ctx, opts.World.Files, ws.Snapshot(), opts.Now(), recall(), memory)
}

// judge turns a snapshot into a report, with what is remembered of the workspace
// (recalled, which may be nil). Files are only asked for what a rule wants to know
// of the module cache.
func judge(ctx context.Context, files drift.Files, snap *drift.Snapshot, now time.Time, recalled *drift.Memory, memory *Memory) (*drift.Report, error) {
	in := input(snap, now)
	if recalled != nil {
		in.Memory, in.Present = recalled, memory.brief(snap)
		in.Requirements = requirements(files, in)
	}
	findings, pinned := rules.Judge(ctx, in)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if snap.Environment.Of == drift.OfMonitor {
		handless(findings)
	}
	report := &drift.Report{Snapshot: snap, Findings: findings, Pinned: pinned, Away: rules.Away(in)}
	report.Score, report.Burdens = health.Score(findings)
	if recalled != nil {
		report.Usual = health.Compare(report.Score, snap.Environment.Of, recalled, now)
	}
	for _, f := range findings {
		if f.Code == "toolchain-drift" || f.Code == "toolchain-unavailable" {
			report.Drift = true
		}
	}
	return report, nil
}

// requirements are what the go.mod files require of which a rule asks for it.
func requirements(files drift.Files, in rules.Input) map[string][]drift.Requirement {
	raised := rules.Raised(in)
	if len(raised) == 0 {
		return nil
	}
	cache, _ := in.Snapshot.Environment.Lookup("GOMODCACHE")
	out := map[string][]drift.Requirement{}
	for _, file := range raised {
		out[file] = modgraph.Requirements(files, cache.Value, in.Snapshot.Documents[file].Text)
	}
	return out
}
