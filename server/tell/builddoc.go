package tell

import (
	"cmp"
	"runtime"
	"runtime/debug"

	"godrift.dev/server/drift/releases"
)

// SchemaBuild is the name of the document about the running program.
const SchemaBuild = "godrift/build"

// BuildDocument is what the monitor answers at /health/build: what the running
// program was made of.
type BuildDocument struct {
	// Schema is "godrift/build".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Godrift is the version of the program, for example "v0.1.0"; "devel" if it
	// was built from a working tree.
	Godrift string `json:"godrift"`
	// Commit, Time and Modified are of the source it was built from, as far as
	// the build knew.
	Commit   string `json:"commit"`
	Time     string `json:"time"`
	Modified bool   `json:"modified"`
	// Go is the Go it was built with.
	Go     string `json:"go"`
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	// Settings are what the go command noted of how it was built, such as
	// CGO_ENABLED, by their names; those that hold paths of the machine that built
	// it are left out.
	Settings map[string]string `json:"settings"`
	// Dependencies are the modules that are a part of it, in the build's order.
	Dependencies []BuildModule `json:"dependencies"`
}

// BuildModule is one module that a program was built from.
type BuildModule struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	// Sum is its checksum as go.sum has it.
	Sum string `json:"sum"`
}

// shownSettings are the settings of a build that name no folder of the machine
// that built it. (runtime/debug.BuildSetting lists them.)
var shownSettings = map[string]bool{
	"-buildmode": true, "-compiler": true, "-race": true, "-msan": true, "-asan": true, "-tags": true, "-trimpath": true, "-cover": true,
	"CGO_ENABLED": true, "DefaultGODEBUG": true, "GOFIPS140": true, "GOEXPERIMENT": true,
	"GO386": true, "GOAMD64": true, "GOARM": true, "GOARM64": true, "GOMIPS": true, "GOMIPS64": true, "GOPPC64": true, "GORISCV64": true, "GOWASM": true,
	"vcs": true,
}

// NewVersion is what "godrift version" says of a program with this build information, which
// is nil if it has none. version replaces the one that the build noted, if it is not empty.
func NewVersion(version string, info *debug.BuildInfo) VersionDocument {
	doc := VersionDocument{
		Schema: SchemaVersion, Version: DocumentVersion, Godrift: version,
		Go: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, Releases: releases.Date(),
	}
	if info != nil {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				doc.Commit = s.Value
			case "vcs.time":
				doc.Time = s.Value
			case "vcs.modified":
				doc.Modified = s.Value == "true"
			}
		}
		if doc.Godrift == "" && info.Main.Version != "(devel)" {
			doc.Godrift = info.Main.Version
		}
	}
	doc.Godrift = cmp.Or(doc.Godrift, "devel")
	return doc
}

// NewBuild is NewVersion with all that the program was made of.
func NewBuild(version string, info *debug.BuildInfo) BuildDocument {
	v := NewVersion(version, info)
	doc := BuildDocument{
		Schema: SchemaBuild, Version: DocumentVersion, Godrift: v.Godrift, Commit: v.Commit, Time: v.Time, Modified: v.Modified,
		Go: v.Go, GOOS: v.GOOS, GOARCH: v.GOARCH, Settings: map[string]string{}, Dependencies: []BuildModule{},
	}
	if info == nil {
		return doc
	}
	doc.Go = cmp.Or(info.GoVersion, doc.Go)
	for _, s := range info.Settings {
		if shownSettings[s.Key] {
			doc.Settings[s.Key] = s.Value
		}
	}
	for _, m := range info.Deps {
		if m.Replace != nil && m.Replace.Version != "" {
			m = m.Replace // without a version it is a folder of the machine that built it
		}
		doc.Dependencies = append(doc.Dependencies, BuildModule{Path: m.Path, Version: m.Version, Sum: m.Sum})
	}
	return doc
}
