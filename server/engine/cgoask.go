package engine

import (
	"context"
	"errors"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

// CgoAnswer is what a person who asks about cgo wants to know.
type CgoAnswer struct {
	CgoMatrix
	// Building is what Needs are for: what is built now, or the one target that was
	// asked for.
	Building ports.Port
	Needs    drift.CgoNeeds
}

// AskCgo finds out how the targets stand and which packages need cgo, side by side.
func AskCgo(ctx context.Context, opts Options, req CgoRequest, list bool) (CgoAnswer, error) {
	answer := CgoAnswer{Building: Building(opts, req.Dir)}
	if len(req.Targets) == 1 {
		answer.Building = req.Targets[0]
	}
	listed := make(chan struct{})
	go func() {
		defer close(listed)
		answer.Needs, _ = CgoNeeds(ctx, opts, req.Dir, answer.Building, list) // an error says that ctx ended, as the next one does
	}()
	matrix, err := Cgo(ctx, opts, req)
	<-listed
	answer.CgoMatrix = matrix
	return answer, err
}

// Effects are what CGO_ENABLED changes in a program.
func (a CgoAnswer) Effects(program drift.CgoProgram) []drift.CgoEffect {
	return CgoEffects(program, a.Needs, a.Building.GOOS)
}

// Cgo finds out about cgo in a folder of this engine's workspace. Nothing is started
// where the workspace is not trusted. Of all, every target is looked at.
func (e *Engine) Cgo(ctx context.Context, req CgoRequest, all bool) (CgoAnswer, error) {
	e.mu.Lock()
	ws := e.ws
	e.mu.Unlock()
	if ws == nil {
		return CgoAnswer{}, errors.New("the first look at this workspace is not finished yet")
	}
	opts := e.opts
	opts.World, opts.Trusted = ws.World(), ws.Snapshot().Trusted
	req.Try = opts.Trusted
	if req.Dir == "" {
		req.Dir = opts.Root
	}
	if all {
		req.Targets = Ports(opts, req.Dir)
	}
	return AskCgo(ctx, opts, req, opts.Trusted)
}
