package engine_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

// What the module graph is made of is watched, in folders elsewhere and in a vendor
// folder that was not there, too; and no report waits for it.
func TestModulesOnDisk(t *testing.T) {
	opts := workspace(t, map[string]string{
		"go.mod":        "module example.com/m\n\ngo 1.25.0\n\nrequire example.com/lib v1.0.0\n\nreplace example.com/lib => ../lib\n",
		"../lib/go.mod": "module example.com/lib\n\ngo 1.25.0\n",
	})
	opts.Watch = true
	e, reports := run(t, opts)
	await := func(what string, ok func(*drift.Report) bool) {
		t.Helper()
		limit := time.After(patience)
		for {
			select {
			case r := <-reports:
				if ok(r) {
					return
				}
			case <-limit:
				t.Fatalf("no report with %s; the last one has %v and %+v", what, codes(e.Report()), e.Report().Snapshot.Graph)
			}
		}
	}
	has := func(path string) func(*drift.Report) bool {
		return func(r *drift.Report) bool {
			_, ok := r.Snapshot.Graph.Lookup(path)
			return ok && !r.Snapshot.GraphPending
		}
	}
	await("a report that does not wait for the graph", func(r *drift.Report) bool { return r.Snapshot.GraphPending })
	await("the graph", has("example.com/lib"))

	put(t, filepath.Join(opts.Root, "..", "lib", "go.mod"), "module example.com/lib\n\ngo 1.25.0\n\nrequire example.com/x v1.0.0\n")
	await("what the folder elsewhere asks for", has("example.com/x"))

	put(t, filepath.Join(opts.Root, "vendor", "modules.txt"), "# example.com/other v1.0.0\n## explicit\n")
	await("a vendor folder out of step", func(r *drift.Report) bool {
		return slices.ContainsFunc(r.Findings, func(f drift.Finding) bool {
			return f.Code == "modules-drift" && strings.Contains(f.Message, "inconsistent vendoring")
		})
	})
	if slices.Contains(codes(e.Report()), "toolchain-unavailable") {
		t.Errorf("one cause is reported twice: %v", codes(e.Report()))
	}
	put(t, filepath.Join(opts.Root, "vendor", "modules.txt"), "# example.com/lib v1.0.0 => ../lib\n## explicit; go 1.25.0\n# example.com/lib => ../lib\n")
	await("a vendor folder in step", func(r *drift.Report) bool {
		return r.Snapshot.Graph.Scope == drift.ModulesVendored && !slices.Contains(codes(r), "modules-drift")
	})
}
