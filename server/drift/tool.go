package drift

// ToolState says what could be learnt of a tool's file.
type ToolState string

// The states of a tool.
const (
	ToolRead       ToolState = "read"       // a Go program, and what it is made of is known
	ToolBare       ToolState = "bare"       // a Go program that does not say which module it is
	ToolScript     ToolState = "script"     // a script, such as the shim of a version manager
	ToolForeign    ToolState = "foreign"    // a program that is not written in Go
	ToolUnreadable ToolState = "unreadable" // the file cannot be read, or breaks off
)

// ToolOrigin says where a tool was found.
type ToolOrigin string

// The origins of tools.
const (
	ToolGobin     ToolOrigin = "GOBIN"     // where go install puts programs
	ToolOnPath    ToolOrigin = "PATH"      // the first of its name on PATH
	ToolExtension ToolOrigin = "extension" // the folder of VS Code's Go extension
)

// Tool is one program, written in Go or taken for it by its name, that people
// work on Go code with.
type Tool struct {
	// Name is the file's name without ".exe".
	Name   string     `json:"name"`
	Path   string     `json:"path"`
	Origin ToolOrigin `json:"origin"`
	State  ToolState  `json:"state"`
	// Problem says in a few words why nothing is known about the file.
	Problem string `json:"problem,omitempty"`
	// First says that a shell which is asked for Name starts this file.
	First bool `json:"first,omitempty"`
	// Package is the import path of the program and Module the path of the
	// module it is in; Version is that module's, "(devel)" if it was built from
	// a working copy.
	Package string `json:"package,omitempty"`
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	// GoVersion is the Go that built it, as "go1.26.8" or "go1.26.8-X:nodwarf5".
	GoVersion string `json:"goVersion,omitempty"`
	// XTools is the release of golang.org/x/tools inside it; empty if there is
	// none.
	XTools string `json:"xtools,omitempty"`
}

// ToolPin is a place that says which version of a tool to use, or only that it
// is used.
type ToolPin struct {
	// Source names the kind of place, such as "go.mod:tool".
	Source string `json:"source"`
	// Name is what the tool's program is called.
	Name string `json:"name"`
	// Package is its import path; empty if the place does not say it.
	Package string `json:"package,omitempty"`
	// Version is with a "v", as "v1.64.8"; "v1.64" stands for any patch. Empty
	// if the place names none.
	Version string `json:"version,omitempty"`
	Place   Place  `json:"place"`
}

// ToolStanding is how a tool stands in one workspace.
type ToolStanding struct {
	Tool Tool `json:"tool"`
	// Needs says what the workspace, or the Go that runs in it, asks of the tool;
	// empty if nothing is known to be asked.
	Needs string `json:"needs,omitempty"`
	// Codes are the rules that find something about it.
	Codes []string `json:"codes,omitempty"`
	// Watched says that the rules look at it here.
	Watched bool `json:"watched,omitempty"`
}
