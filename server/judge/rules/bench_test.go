package rules

import (
	"context"
	"fmt"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// BenchmarkRun judges a workspace of 300 modules, each with a go line, a
// toolchain line and a version file, of which many are wrong.
func BenchmarkRun(b *testing.B) {
	archive := &txtar.Archive{}
	add := func(name, format string, args ...any) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: fmt.Appendf(nil, format, args...)})
	}
	add("go.mod", "module example.com/w\n\ngo 1.25.0\n")
	for i := range 300 {
		add(fmt.Sprintf("m%d/go.mod", i), "module example.com/m%d\n\ngo 1.2%d.%d\n\ntoolchain go1.26.%d\n", i, i%6, i%4, i%9)
		add(fmt.Sprintf("m%d/.go-version", i), "1.2%d.%d\n", i%7, i%5)
	}
	in := buildCase(b, archive)
	b.ReportAllocs()
	for b.Loop() {
		if len(Run(context.Background(), in)) == 0 {
			b.Fatal("nothing found")
		}
	}
}
