package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
	"godrift.dev/server/observe/cgo"
	"godrift.dev/server/observe/workspace"
)

// cgoTrial finds out about cgo behind a running engine. The first report waits
// neither for a compiler nor for a go command: what they say comes as an event.
type cgoTrial struct {
	engine *Engine
	key    string
	cancel context.CancelFunc
	done   chan struct{}
}

// look begins to find out about a state, unless that is known or under way.
func (t *cgoTrial) look(ctx context.Context, ws *workspace.Workspace) {
	snap := ws.Snapshot()
	key := cgoKey(snap)
	if t.key == key && (!snap.CgoPending || t.running()) {
		return
	}
	if !snap.CgoPending && ws.Unsaved() {
		return // the go command sees what is saved, and that may be the same
	}
	before := t.done
	if t.cancel != nil {
		t.cancel()
	}
	trial, cancel := context.WithCancel(ctx)
	t.key, t.cancel, t.done = key, cancel, make(chan struct{})
	opts := t.engine.opts
	opts.World, opts.Trusted = ws.World(), snap.Trusted
	go func(done chan struct{}) {
		defer close(done)
		if before != nil {
			<-before // not in the loop, where an edit would wait for a compiler to end
		}
		state, err := cgoState(trial, opts, ws)
		if trial.Err() != nil {
			return
		}
		if err != nil {
			opts.Log.Warn("what is known of cgo is out of date", "root", opts.Root, "error", err)
		}
		t.engine.Send(drift.Event{Kind: drift.EventCgo, Cause: "the compiler was tried", Cgo: state})
	}(t.done)
}

func (t *cgoTrial) running() bool {
	select {
	case <-t.done:
		return false
	default:
		return true
	}
}

// stop ends what is under way and waits for that.
func (t *cgoTrial) stop() {
	if t.cancel != nil {
		t.cancel()
		<-t.done
	}
}

// cgoKey is the same for states in which the same is known of cgo, as long as
// the disk stays as it is.
func cgoKey(snap *drift.Snapshot) string {
	h := sha256.New()
	add := func(words ...string) {
		for _, w := range words {
			_, _ = fmt.Fprintf(h, "%d:%s", len(w), w) // a hash cannot fail
		}
	}
	add(fmt.Sprint(snap.Trusted), snap.Selection.Selected, snap.Selection.GOROOT)
	for _, v := range snap.Environment.Variables {
		if strings.HasPrefix(v.Name, "CGO_") || slices.Contains([]string{"CC", "GOOS", "GOARCH", "GOFLAGS", "GOMIPS", "GOMIPS64"}, v.Name) {
			add(v.Name, v.Value, string(v.Kind))
		}
	}
	for _, m := range snap.Modules {
		add(m.File, snap.Documents[m.File].Hash)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// maxAsked bounds the modules of a workspace of which the packages are listed.
const maxAsked = 10

// cgoState finds out what the rules want to know of cgo. A compiler is started in
// trusted folders alone, where cgo is on and somebody has chosen something about it:
// what the go command does by itself works as a rule, and godrift cgo tells.
func cgoState(ctx context.Context, opts Options, ws *workspace.Workspace) (*drift.CgoState, error) {
	snap := ws.Snapshot()
	env := snap.Environment
	p := portOf(env)
	if p.GOOS == "" || p.GOARCH == "" {
		return nil, nil //nolint:nilnil // without a go nothing is known, and nothing is wrong
	}
	enabled, _ := env.Lookup("CGO_ENABLED")
	l := cgoLookAt(opts, CgoRequest{
		Dir: snap.Root, Targets: []ports.Port{p}, Remembered: true,
		Try: snap.Trusted && enabled.Value == "1" && cgoChosen(env),
	}, snap.Selection, env)
	state := &drift.CgoState{}
	var err error
	if state.Target, err = l.look(ctx, p); err != nil {
		return nil, err
	}
	if enabled.Kind != drift.LayerDefault || enabled.Value != "0" || !state.Target.Native || !ports.Cgo(l.minor, p) {
		return state, nil
	}
	// cgo is off because there is no compiler: does anybody miss it?
	for _, m := range snap.Modules {
		if filepath.Base(m.File) != "go.mod" || len(state.Needs) == maxAsked {
			continue
		}
		one := cgoLookAt(opts, CgoRequest{Dir: m.Dir, Targets: l.targets}, m.Selection, env)
		needs := one.own(p)
		if len(needs.Packages) == 0 && strings.Contains(string(snap.Documents[m.File].Text), "require") {
			if asked, err := one.needs(ctx, p, snap.Trusted); err == nil {
				needs = asked
			}
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		state.Needs = append(state.Needs, needs)
	}
	return state, nil
}

// CgoPicture is which variable forces which in the root of a snapshot. What a compiler
// does is told only where it was tried.
func CgoPicture(snap *drift.Snapshot) []drift.CgoStep {
	if snap.Cgo == nil {
		return nil
	}
	return cgo.Picture(snap.Environment, snap.Cgo.Target)
}

// cgoChosen reports whether somebody set a variable that decides about cgo.
func cgoChosen(env drift.Environment) bool {
	for _, name := range []string{"CGO_ENABLED", "CC", "GOOS", "GOARCH", "CGO_CFLAGS", "CGO_LDFLAGS", "CGO_CPPFLAGS"} {
		if v, ok := env.Lookup(name); ok && (v.Kind == drift.LayerProcess || v.Kind == drift.LayerGOENV) {
			return true
		}
	}
	return false
}
