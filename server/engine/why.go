package engine

import (
	"context"
	"errors"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/readers"
	"godrift.dev/server/judge/rules"
	"godrift.dev/server/observe/workspace"
)

// Why is the answer to "which Go runs in this folder, and why".
type Why struct {
	Selection   drift.Selection
	Environment drift.Environment
	Pinned      drift.Pinned

	dir  string
	snap *drift.Snapshot
}

// Readers tells what each program would take in the folder, and where two of
// them part.
func (w Why) Readers() ([]drift.Reading, []drift.Parting) {
	return readers.Read(w.snap, w.dir), readers.Part(w.snap, w.dir)
}

// Taking names the programs that take exactly this pin, and those that raise it.
func Taking(s *drift.Snapshot, pin drift.Pin) (taken, raised []string) { return readers.Taking(s, pin) }

// Explain answers for a folder, which need not be in a workspace folder.
func Explain(ctx context.Context, opts Options, dir string) (Why, error) {
	ws, err := workspace.Open(ctx, opts.workspace())
	if err != nil {
		return Why{}, err
	}
	return explain(ws, opts.World, dir), nil
}

// Why answers for a folder of this engine's workspace, unsaved text included.
func (e *Engine) Why(dir string) (Why, error) {
	e.mu.Lock()
	ws := e.ws
	e.mu.Unlock()
	if ws == nil {
		return Why{}, errors.New("the first look at this workspace is not finished yet")
	}
	return explain(ws, ws.World(), dir), nil
}

func explain(ws *workspace.Workspace, world World, dir string) Why {
	snap := ws.Snapshot()
	probed := workspace.Probe(world, dir)
	return Why{
		Selection: probed.Select(dir), Environment: probed.Environment(dir), Pinned: rules.Pinned(snap, policyOf(snap), dir),
		dir: dir, snap: snap,
	}
}
