package engine

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// Remembered is the environment that somebody had in a workspace when it was
// remembered last, without secrets, and since when it has been so; the time is
// zero if nothing is remembered of them. It knows of no lines, no values that
// others hide and no toolchains.
func (m *Memory) Remembered(ctx context.Context, root, of string) (drift.Environment, time.Time, error) {
	store, err := m.mender.open()
	if err != nil {
		return drift.Environment{}, time.Time{}, err
	}
	moments, err := store.Moments(ctx, remember.Filter{Root: root, Of: of, Limit: 1})
	if err != nil || len(moments) == 0 {
		return drift.Environment{}, time.Time{}, err
	}
	r, err := store.Record(ctx, moments[0].After)
	if err != nil {
		return drift.Environment{}, time.Time{}, err
	}
	env := drift.Environment{Of: of, GOENV: r.Values[drift.EnvKey("GOENV")], Host: drift.Host{
		GOOS: r.Values[drift.EnvKey("GOHOSTOS")], GOARCH: r.Values[drift.EnvKey("GOHOSTARCH")],
	}}
	for _, key := range slices.Sorted(maps.Keys(r.Values)) {
		name, ok := drift.KeyVariable(key)
		if !ok || key != drift.EnvKey(name) {
			continue
		}
		value, layer, _ := r.Variable(name)
		kind, file, _ := strings.Cut(layer, " ")
		env.Variables = append(env.Variables, drift.Variable{Name: name, Layer: drift.Layer{Kind: drift.LayerKind(kind), Value: value, File: file}})
	}
	return env, moments[0].Time, nil
}
