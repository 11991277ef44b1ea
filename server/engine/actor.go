package engine

import (
	"context"
	"errors"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// actorKey is under which a context knows who acts.
type actorKey struct{}

// By has what is done with this context noted as somebody's else than the
// process's: that of the person at a page that it serves, for example.
func By(ctx context.Context, who drift.Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, who)
}

// actor is who acts with a context.
func (m *Memory) actor(ctx context.Context) drift.Actor {
	if who, ok := ctx.Value(actorKey{}).(drift.Actor); ok {
		return who
	}
	return m.by
}

// LastFix is the number and the title of the fix of a workspace that an undo
// without a number takes back: who shows first what is undone has to undo that
// one. It returns ErrNothing if there is none.
func (m *Mender) LastFix(ctx context.Context, root string) (id int64, title string, err error) {
	store, err := m.open()
	if err != nil {
		return 0, "", err
	}
	e, err := store.LastDone(ctx, root)
	if errors.Is(err, remember.ErrNoEntry) {
		return 0, "", ErrNothing
	}
	return e.ID, drift.MaskText(e.Title), err
}
