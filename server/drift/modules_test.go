package drift

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func listOf(scope ModuleScope, modules ...ResolvedModule) ModuleList {
	g := ModuleGraph{Scope: scope, Modules: modules}
	g.Seal()
	return g.List()
}

func TestDiffModules(t *testing.T) {
	a := listOf(ModulesGraph,
		ResolvedModule{Path: "a", Version: "v1.9.0", By: "m"}, ResolvedModule{Path: "b", Version: "v1.0.0", By: "a@v1.9.0"},
		ResolvedModule{Path: "c", Version: "v1.0.0"}, ResolvedModule{Path: "d", Version: "v1.0.0"})
	b := listOf(ModulesGraph,
		ResolvedModule{Path: "a", Version: "v1.10.0", By: "m"}, ResolvedModule{Path: "c", Version: "v1.0.0", Replace: "../c"},
		ResolvedModule{Path: "d", Version: "v1.0.0", By: "e@v1.0.0"}, ResolvedModule{Path: "e", Version: "v1.0.0", By: "m"})
	want := []ModuleChange{
		{Path: "a", Kind: ChangeChanged, Old: "v1.9.0", New: "v1.10.0", Trend: TrendNewer, By: "m"},
		{Path: "b", Kind: ChangeRemoved, Old: "v1.0.0", By: "a@v1.9.0"},
		{Path: "c", Kind: ChangeChanged, Old: "v1.0.0", New: "v1.0.0 => ../c"},
		{Path: "e", Kind: ChangeAdded, New: "v1.0.0", By: "m"},
	}
	if diff := cmp.Diff(want, DiffModules(a, b)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	b.Scope = ModulesVendored // it holds less of the same
	want = []ModuleChange{want[0], want[2]}
	if diff := cmp.Diff(want, DiffModules(a, b)); diff != "" {
		t.Errorf("of two scopes, -want +got:\n%s", diff)
	}
	if a.Print == b.Print || len(DiffModules(a, a)) != 0 {
		t.Error("two lists have one fingerprint, or one list differs from itself")
	}
}

func TestModulesFact(t *testing.T) {
	for scope := range moduleWords {
		g := ModuleGraph{Scope: scope, Modules: []ResolvedModule{{Path: "a", Version: "v1.0.0"}}}
		g.Seal()
		if print, got, ok := ParseModulesFact(g.Fact()); !ok || print != g.Print || got != scope {
			t.Errorf("%q is read as %q, %q, %v", g.Fact(), print, got, ok)
		}
	}
	for _, fact := range []string{"", "x 1 modules", "0123456789abcdef0123456789abcdef 1 mules"} {
		if _, _, ok := ParseModulesFact(fact); ok {
			t.Errorf("%q is read", fact)
		}
	}
}

// What is decoded can be encoded again, and is the same then.
func FuzzDecodeModules(f *testing.F) {
	f.Add([]byte("a\tv1.0.0\t../x y\tm\tdirect\n"))
	f.Add([]byte("a\tv1.0.0\t\"t\\tx\"\t\t\nb\tv2.0.0\t\ta@v1.0.0\t\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := DecodeModules(text)
		if err != nil {
			return
		}
		once := ModuleList{Modules: list}.Encode()
		again, err := DecodeModules(once)
		if err != nil {
			t.Fatalf("%v of %q", err, once)
		}
		if twice := (ModuleList{Modules: again}).Encode(); !bytes.Equal(once, twice) {
			t.Errorf("%q, and again %q", once, twice)
		}
	})
}
