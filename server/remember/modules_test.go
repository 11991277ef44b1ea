package remember

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

func graphOf(modules ...drift.ResolvedModule) drift.ModuleGraph {
	g := drift.ModuleGraph{Scope: drift.ModulesGraph, Modules: modules}
	g.Seal()
	return g
}

// withGraph puts a graph into a record.
func withGraph(r drift.Record, g drift.ModuleGraph) drift.Record {
	r.Values[drift.KeyPrint+drift.PrintModules] = g.Fact()
	r.Modules = g.Modules
	return r
}

// The list of modules is stored once for all records that have it, comes back with
// them, holds no secret, and goes with the last of them.
func TestModules(t *testing.T) {
	s := open(t, t.TempDir())
	s.keep = 2
	first := graphOf(
		drift.ResolvedModule{Path: "example.com/a", Version: "v1.0.0", By: "m", Direct: true},
		drift.ResolvedModule{Path: "example.com/b", Version: "v1.0.0", Replace: "../a b\tc", By: "example.com/a@v1.0.0"})
	secret := graphOf(drift.ResolvedModule{Path: "example.com/a", Version: "v1.0.0", Replace: "../https://me:hunter2@x.example"})
	count := func() (n int) {
		t.Helper()
		if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
			return db.QueryRowContext(ctx, "SELECT count(*) FROM modules").Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	var ids []string
	for i := range 3 {
		ids = append(ids, remembered(t, s, withGraph(stateOf(i, map[string]string{"score": fmt.Sprint(i)}), first)).After)
	}
	if n := count(); n != 1 {
		t.Errorf("%d lists of one graph", n)
	}
	r, err := s.Record(ctx, ids[1])
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first.Modules, r.Modules); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	b, err := s.Baseline(ctx, r.Root)
	if err != nil {
		t.Fatal(err)
	}
	if list, ok := b.Record.ModuleList(); !ok || list.Scope != drift.ModulesGraph || len(list.Modules) != 2 {
		t.Errorf("the baseline has %+v, %v", list, ok)
	}

	last := remembered(t, s, withGraph(stateOf(3, map[string]string{"score": "3"}), secret))
	if r, err = s.Record(ctx, last.After); err != nil || len(r.Modules) != 1 || r.Modules[0].Replace != drift.MaskText(secret.Modules[0].Replace) || r.Modules[0].Replace == secret.Modules[0].Replace {
		t.Errorf("what is secret comes back as %+v, %v", r.Modules, err)
	}
	// Without a list there is none.
	bare := remembered(t, s, stateOf(4, map[string]string{"score": "4"}))
	if r, err = s.Record(ctx, bare.After); err != nil || r.Modules != nil {
		t.Errorf("without a list: %+v, %v", r.Modules, err)
	}
	if n := count(); n != 2 {
		t.Errorf("%d lists of two graphs", n)
	}
	remembered(t, s, stateOf(5, map[string]string{"score": "5"}))
	remembered(t, s, stateOf(6, map[string]string{"score": "6"}))
	if err := s.Prune(ctx, time.Now()); err != nil {
		t.Fatal(err)
	}
	if n := count(); n != 1 { // that of the baseline
		t.Errorf("%d lists are left", n)
	}
}
