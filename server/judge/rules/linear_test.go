package rules

import (
	"context"
	"fmt"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// lowWork is a go.work that is lower than all of its modules.
func lowWork(t testing.TB, modules int) Input {
	archive := &txtar.Archive{}
	add := func(name, text string) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: []byte(text)})
	}
	work := "go 1.20\n"
	for i := range modules {
		work += fmt.Sprintf("use ./m%d\n", i)
		add(fmt.Sprintf("m%d/go.mod", i), fmt.Sprintf("module example.com/m%d\n\ngo 1.26.0\n", i))
	}
	add("go.work", work)
	add("machine.json", `{"select": {"*": {"loadError": "go: module m0 listed in go.work file requires go >= 1.26.0, but go.work lists go 1.20; to update it:\n\tgo work use"}}}`)
	return buildCase(t, archive)
}

// allocated is how much memory f asks for in all.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Four times the modules cost about four times as much, not sixteen times.
func TestLowWorkIsLinear(t *testing.T) {
	judged := func(modules int) uint64 {
		in := lowWork(t, modules)
		return allocated(func() {
			if len(Run(context.Background(), in)) != 1 {
				t.Error("one go.work is one finding")
			}
		})
	}
	judged(10) // what is compiled and cached once
	few, many := judged(300), judged(1200)
	if many > 8*few {
		t.Errorf("300 modules take %d bytes, 1200 take %d", few, many)
	}
}

func BenchmarkLowWork(b *testing.B) {
	in := lowWork(b, 1000)
	b.ReportAllocs()
	for b.Loop() {
		Run(context.Background(), in)
	}
}
