package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

var update = flag.Bool("update", false, "write what is found into the shapes")

// steady are the rules about pins that do not depend on what was released since.
var steady = []string{"pin-below-floor", "pin-disagrees", "pin-invalid", "pin-floating", "pin-digest-mismatch"}

// TestShapes holds what is found in the shapes of real repositories, reduced to
// what makes them: testdata/shapes/*.txtar hold the files and, in "want", the
// findings about pins. In "more" stand codes of rules that depend on releases.
func TestShapes(t *testing.T) {
	files, err := filepath.Glob("testdata/shapes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no shapes found: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			codes, tree, at := slices.Clone(steady), map[string]string{}, -1
			for i, f := range archive.Files {
				switch f.Name {
				case "want":
					at = i
				case "more":
					codes = append(codes, strings.Fields(string(f.Data))...)
				default:
					tree[f.Name] = string(f.Data)
				}
			}
			opts := workspace(t, tree)
			opts.Now = func() time.Time { return alignDay }
			report, err := engine.Evaluate(t.Context(), opts)
			if err != nil {
				t.Fatal(err)
			}
			got := shape(report, codes)
			if *update {
				if at < 0 {
					archive.Files, at = append(archive.Files, txtar.File{Name: "want"}), len(archive.Files)
				}
				archive.Files[at].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if at < 0 {
				t.Fatal("the shape has no section want; run go test -update and read what it writes")
			}
			if diff := cmp.Diff(string(archive.Files[at].Data), got); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
			if silent := strings.HasPrefix(filepath.Base(file), "silent"); silent != (got == "") {
				t.Errorf("something is found: %v; the name of the shape says %v", !silent, silent)
			}
		})
	}
}

// shape writes findings of some codes, each with the places it stands for and
// its fixes.
func shape(report *drift.Report, codes []string) string {
	var b strings.Builder
	at := func(f drift.Finding) string {
		rel, _ := filepath.Rel(report.Snapshot.Root, f.Place.File)
		text := report.Snapshot.Documents[f.Place.File].Text
		return fmt.Sprintf("%s:%d %q", filepath.ToSlash(rel), drift.PositionOf(text, f.Place.Span.Start).Line, text[f.Place.Span.Start:f.Place.Span.End])
	}
	for _, f := range report.Findings {
		if !slices.Contains(codes, f.Code) {
			continue
		}
		fmt.Fprintf(&b, "%s %s %s\n", f.Severity, f.Code, at(f))
		for _, s := range f.Same {
			fmt.Fprintf(&b, "  and %s\n", at(s))
		}
		for _, fix := range f.Fixes {
			if fix.Kind == drift.FixRepair {
				fmt.Fprintf(&b, "  * %s\n", fix.Title)
			}
		}
	}
	return b.String()
}
