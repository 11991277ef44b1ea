package readers

import (
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// readGolangci is golangci-lint: run.go of its configuration, then the toolchain
// line of go.mod, then its go line, then the Go that runs (pkg/config/config.go
// of github.com/golangci/golangci-lint, detectGoVersionFromGoMod). It takes a
// toolchain line that is lower than the go line, for go mod tidy is expected to
// have removed it, and it reads no go.work.
func readGolangci(f *folder, name string) []Reading {
	goLine, toolchain := f.lines(f.nearest("go.mod"))
	lines := []drift.Pin{}
	for _, p := range []drift.Pin{toolchain, goLine} {
		if p.Version != "" {
			lines = append(lines, p)
		}
	}
	r := Reading{Reader: name}
	if run, ok := f.golangciRun(); ok {
		r.Pin, r.Version, r.Sees = run, takes(run), []drift.Pin{run}
		r.Reason = f.at(run) + " says so, and run.go beats every other place."
		for _, p := range lines {
			r.Ignores = append(r.Ignores, drift.IgnoredPin{Pin: p, Why: "is beaten by run.go"})
		}
	} else if len(lines) > 0 {
		r.Pin, r.Version, r.Sees = lines[0], lines[0].Version, lines
		r.Reason = "There is no run.go: " + f.at(lines[0]) + " is next."
	} else {
		r.Version = strings.TrimPrefix(f.selection().Selected, "go")
		r.Reason = "There is neither run.go nor a line in go.mod: it asks the Go that runs."
	}
	if work := f.work(); work != "" {
		for _, p := range f.byFile[work] {
			r.Ignores = append(r.Ignores, drift.IgnoredPin{Pin: p, Why: "stands in a go.work, which it does not read"})
		}
	}
	return []Reading{r}
}

// golangciRun is run.go of the nearest configuration.
func (f *folder) golangciRun() (drift.Pin, bool) {
	for _, dir := range f.up() {
		for _, ext := range []string{".yml", ".yaml", ".toml", ".json"} {
			if p, ok := f.pin(filepath.Join(dir, ".golangci"+ext), drift.SourceGolangciRun); ok && p.Version != "" {
				return p, true
			}
		}
	}
	return drift.Pin{}, false
}

// partGolangci tells where the linter assumes another language than the compiler.
func partGolangci(f *folder) []Parting {
	goLine, toolchain := f.lines(f.nearest("go.mod"))
	if run, ok := f.golangciRun(); ok {
		if goLine.Version == "" || version.Lang("go"+run.Version) == version.Lang("go"+goLine.Version) {
			return nil
		}
		return []Parting{{A: "go command", B: "golangci-lint", Message: fmt.Sprintf(
			"The compiler takes the language from %s (%s), golangci-lint from %s (%s).", f.at(goLine), goLine.Version, f.at(run), run.Version)}}
	}
	if belowGoLine(toolchain, goLine) {
		return []Parting{{A: "go command", B: "golangci-lint", Message: fmt.Sprintf(
			"%s is lower than the go line, so the go command passes it by; golangci-lint and setup-go v6+ take %s from it.", f.at(toolchain), toolchain.Version)}}
	}
	return nil
}
