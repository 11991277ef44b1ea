package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

// env-conflict reports settings that cannot work, alone or together.
//
// # Why it matters
//
// Some stop every go command, even the go env that would put them right. Others
// are passed by with a warning that scrolls away.
//
// # Example
//
//	GOTOOLCHAIN=go1.99.0, from ~/.config/go/env:1, stops every go command, even
//	go env: "go: download go1.99.0 for linux/amd64: toolchain not available".
//
// Looked at are a GOTOOLCHAIN, GOFLAGS or any other variable that stops the go
// command; GOPATH equal to or inside GOROOT; a relative GOPATH, GOCACHE or GOBIN;
// GO111MODULE=off beside a go.mod; and a GOOS/GOARCH pair that Go does not know.
//
// # How to fix it
//
// Unset the variable in its layer. The GOENV file is edited directly, so that it
// works although the go command does not.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var envConflict = Rule{
	Code: "env-conflict", Title: "Settings that cannot work",
	Group: GroupEnvironment, Severity: drift.SeverityError,
	Check: checkEnvConflict,
}

func checkEnvConflict(in Input) []Found {
	var found []Found
	reported := map[string]bool{}
	report := func(v drift.Variable, format string, args ...any) {
		if reported[v.Name] {
			return
		}
		reported[v.Name] = true
		what := v.Name // go env says nothing of a value that it cannot take
		if v.Value != "" {
			what = setting(v.Name, v.Value)
		}
		found = append(found, Found{Finding: drift.Finding{
			Place: in.layerPlace(v.Layer), Subject: v.Name, Value: v.Value,
			Message: fmt.Sprintf("%s, from %s, ", what, in.source(v.Layer)) + fmt.Sprintf(format, args...),
			Fixes:   preferFirst(in.unset(v.Name, v.Layer, "")),
		}})
	}
	if v := in.variable("GO111MODULE"); chosen(v.Layer) && v.Value == "off" && in.hasGoMod() {
		report(v, "makes the go command pass by every go.mod here: builds look for packages in GOPATH.")
	}
	goos, goarch := in.variable("GOOS"), in.variable("GOARCH")
	if pair := (ports.Port{GOOS: goos.Value, GOARCH: goarch.Value}); goos.Value != "" && goarch.Value != "" && !ports.Ever(pair) {
		switch {
		case chosen(goarch.Layer) && (!chosen(goos.Layer) || ports.HasSystem(goos.Value)):
			report(goarch, "makes the pair %s, which Go does not know: go build stops with unsupported GOOS/GOARCH pair.", pair)
		case chosen(goos.Layer):
			report(goos, "makes the pair %s, which Go does not know: go build stops with unsupported GOOS/GOARCH pair.", pair)
		}
	}
	for _, s := range in.spotsOrRoot() {
		if in.owner(s) != "env-conflict" {
			continue
		}
		v, _ := in.culprit(s.Selection.Error + s.Selection.LoadError)
		if s.Selection.Error == "" {
			report(v, "stops go build: %q.", said(s.Selection))
		} else {
			instead := ""
			if v.Name == "GOTOOLCHAIN" && in.offline() {
				instead = in.firstOnPath(s.Selection, firstRelease(s.floor()))
			}
			report(v, "stops every go command, even go env: %q.%s", said(s.Selection), instead)
		}
	}
	if text := in.Snapshot.Environment.Error; text != "" && in.Snapshot.Selection.Error == "" {
		if v, ok := in.culprit(text); ok {
			report(v, "stops go env and go build: %q.", said(drift.Selection{Error: text}))
		}
	}
	in.folders(report)
	return found
}

// folders looks at the variables that name folders.
func (in Input) folders(report func(v drift.Variable, format string, args ...any)) {
	goroot := in.variable("GOROOT").Value
	if v := in.variable("GOPATH"); chosen(v.Layer) {
		for _, dir := range filepath.SplitList(v.Value) {
			switch {
			case dir == "":
			case strings.HasPrefix(dir, "~"):
				report(v, "starts with ~, which only a shell understands: the go command stops. Write the folder's full name.")
			case !filepath.IsAbs(dir):
				report(v, "is relative, so the go command stops. Write the folder's full name.")
			case goroot != "" && drift.Within(filepath.Clean(goroot), filepath.Clean(dir)):
				report(v, "lies in GOROOT (%s): whoever replaces that tree by a newer Go removes the module cache and installed programs with it.", goroot)
			}
		}
	}
	if v := in.variable("GOCACHE"); chosen(v.Layer) && v.Value == "off" {
		report(v, "switches the build cache off (go env says off of a relative folder, too). Go has not been able to do without it since Go 1.12: every build stops.")
	} else if chosen(v.Layer) && !filepath.IsAbs(v.Value) {
		report(v, "is relative, so every build stops. Write the folder's full name.")
	}
	if v := in.variable("GOBIN"); chosen(v.Layer) && !filepath.IsAbs(v.Value) {
		report(v, "is relative, so go install stops. Write the folder's full name.")
	}
}

// stoppers are the variables that can stop the go command by their value alone.
var stoppers = []string{
	"GOTOOLCHAIN", "GOFLAGS", "GOPATH", "GOWORK", "GOEXPERIMENT", "GOFIPS140", "GOMODCACHE", "GOCACHE", "GOTMPDIR",
	"GO386", "GOAMD64", "GOARM64", "GOARM", "GOMIPS64", "GOMIPS", "GOPPC64", "GORISCV64", "GOWASM", "GO111MODULE", "GOOS", "GOARCH",
}

// culprit is the variable that an error of the go command is about.
func (in Input) culprit(text string) (drift.Variable, bool) {
	for _, name := range stoppers {
		v := in.variable(name)
		if v.Kind != drift.LayerProcess && v.Kind != drift.LayerGOENV {
			continue
		}
		least, _, _ := strings.Cut(v.Value, "+")
		if mentions(text, name) || mentions(text, "$"+name) || name == "GOTOOLCHAIN" && strings.HasPrefix(least, "go1") && mentions(text, least) {
			return v, true
		}
	}
	return drift.Variable{}, false
}
