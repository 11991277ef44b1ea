package rules

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
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

// BenchmarkPinsAboveModules judges twenty scripts above 400 modules, each with
// five pins of another role: each script is for every module.
func BenchmarkPinsAboveModules(b *testing.B) {
	archive := &txtar.Archive{}
	add := func(name, format string, args ...any) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: fmt.Appendf(nil, format, args...)})
	}
	var pins []drift.Pin
	pin := func(file string, source drift.Source, role drift.Role) {
		add(file, "FROM golang:1.26.1\n")
		place := drift.Place{File: filepath.Join(caseRoot, file), Span: drift.Span{Start: 12, End: 18}}
		pins = append(pins, drift.Pin{Source: source, Role: role, Place: place, Raw: "1.26.1", Version: "1.26.1", Meaning: drift.MeaningExact})
	}
	for i := range 400 {
		add(fmt.Sprintf("m%d/go.mod", i), "module example.com/m%d\n\ngo 1.2%d.%d\n", i, i%6, i%4)
		for j := range 5 {
			pin(fmt.Sprintf("m%d/d%d.dockerfile", i, j), "dockerfile:from", drift.RoleShip)
		}
	}
	for i := range 20 {
		pin(fmt.Sprintf("s%d.sh", i), "shell:variable", drift.RoleBuild)
	}
	in := buildCase(b, archive)
	in.Snapshot.Pins = append(in.Snapshot.Pins, pins...)
	b.ReportAllocs()
	for b.Loop() {
		if len(Run(context.Background(), in)) == 0 {
			b.Fatal("nothing found")
		}
	}
}
