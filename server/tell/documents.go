package tell

import "godrift.dev/server/drift"

// The names of the JSON documents, as they stand in each document's schema
// field. The schema of "godrift/check" is published as check.schema.json, and
// so on.
const (
	SchemaCheck   = "godrift/check"
	SchemaWhy     = "godrift/why"
	SchemaPins    = "godrift/pins"
	SchemaEnv     = "godrift/env"
	SchemaFix     = "godrift/fix"
	SchemaUndo    = "godrift/undo"
	SchemaHookGit = "godrift/hook-git"
	SchemaVersion = "godrift/version"

	SchemaCacheVerify = "godrift/cache-verify"
	SchemaCacheSize   = "godrift/cache-size"
	SchemaCacheTrim   = "godrift/cache-trim"
	SchemaCacheSwitch = "godrift/cache-switch"
	SchemaCacheGc     = "godrift/cache-gc"
	SchemaTools       = "godrift/tools"
	SchemaModules     = "godrift/modules"
	SchemaCgo         = "godrift/cgo"
	SchemaCgoCause    = "godrift/cgo-cause"

	SchemaModulesVerify = "godrift/modules-verify"
)

// DocumentVersion is the version of all the documents. It grows when a field
// changes its meaning, not when one is added.
const DocumentVersion = 1

// Range is where something stands in a file. All numbers are 0 if the file as a
// whole is meant, or if File is empty.
type Range struct {
	// File is absolute; empty if what is spoken of stands in no file, as a
	// variable of the process environment does.
	File string `json:"file"`
	// Line and Column are where it starts, both from 1, columns in bytes. A byte
	// order mark does not count.
	Line   int `json:"line"`
	Column int `json:"column"`
	// EndLine and EndColumn are where it ends; the character at EndColumn does
	// not belong to it any more.
	EndLine   int `json:"endLine"`
	EndColumn int `json:"endColumn"`
}

// CheckDocument is what "godrift check --format json" prints.
type CheckDocument struct {
	// Schema is "godrift/check".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the first workspace folder that was looked at.
	Root string `json:"root"`
	// Findings of all workspaces, each workspace's sorted by file, place and
	// code.
	Findings []Finding `json:"findings"`
	// Score is the health of the workspace, 0 to 100; of several the lowest.
	Score int `json:"score"`
	// Selection is the toolchain that runs in Root.
	Selection Selection `json:"selection"`
	// Pinned is the Go that is agreed upon in Root.
	Pinned Pinned `json:"pinned"`
	// Drift says that the Go that runs is not the agreed one, in at least one of
	// the workspaces.
	Drift bool `json:"drift"`
	// Counts is how many findings there are of each severity.
	Counts Counts `json:"counts"`
	// Workspaces holds one entry for each workspace folder that was looked at.
	Workspaces []WorkspaceSummary `json:"workspaces"`
}

// WorkspaceSummary is one workspace folder's part of a CheckDocument.
type WorkspaceSummary struct {
	Root      string    `json:"root"`
	Score     int       `json:"score"`
	Selection Selection `json:"selection"`
	Pinned    Pinned    `json:"pinned"`
	Drift     bool      `json:"drift"`
	Counts    Counts    `json:"counts"`
	// Health says what the score is made of.
	Health Health `json:"health"`
	// Baseline is how far the environment is from the accepted state; absent if
	// none was accepted.
	Baseline *Away `json:"baseline,omitempty"`
}

// Counts is a number of findings by severity.
type Counts struct {
	Error   int `json:"error"`
	Warning int `json:"warning"`
	Info    int `json:"info"`
	Hint    int `json:"hint"`
}

// Total is the number of all findings.
func (c Counts) Total() int { return c.Error + c.Warning + c.Info + c.Hint }

// Finding is one thing that is wrong.
type Finding struct {
	// ID names this finding as long as what it complains about stays the same;
	// lines added above it do not change it.
	ID string `json:"id"`
	// Code is the rule's, for example "pin-disagrees".
	Code     string         `json:"code"`
	Severity drift.Severity `json:"severity"`
	// Message is one or more plain sentences.
	Message string `json:"message"`
	Range
	// Unnecessary says that the text there has no effect.
	Unnecessary bool `json:"unnecessary,omitempty"`
	// Subject is what an allowlist entry can name: the variable, or the pin's
	// source. Value is its present value.
	Subject string `json:"subject,omitempty"`
	Value   string `json:"value,omitempty"`
	// Related are other places that belong to it.
	Related []Related `json:"related"`
	// Fixes are what can be done about it, the likeliest first.
	Fixes []FindingFix `json:"fixes"`
}

// Related is another place that belongs to a finding.
type Related struct {
	Message string `json:"message"`
	Range
}

// FindingFix is one thing that can be done about a finding.
type FindingFix struct {
	// ID is what "godrift fix --finding" and the editor take to carry it out.
	ID        string        `json:"id"`
	Title     string        `json:"title"`
	Kind      drift.FixKind `json:"kind"`
	Preferred bool          `json:"preferred,omitempty"`
	// Note says what to know before, for example that it downloads something.
	Note string `json:"note,omitempty"`
}

// Go is one Go that can run.
type Go struct {
	// Path is the executable.
	Path string `json:"path"`
	// Version is as "go version" prints it, for example "go1.25.3"; empty if it
	// cannot be known without running it.
	Version string `json:"version"`
	GOROOT  string `json:"goroot"`
	// Origin says how it came to this machine: PATH, sdk, modcache, ...
	Origin drift.Origin `json:"origin,omitempty"`
	// Shim says that Path is a script which chooses a Go when it runs.
	Shim bool `json:"shim,omitempty"`
}

// Step is one link of the explanation which Go runs, as a sentence.
type Step struct {
	Text string `json:"text"`
	// File and Line (from 1) name what decided this step, empty and 0 if no file
	// did.
	File string `json:"file"`
	Line int    `json:"line"`
	// Layer is where the variable that decided this step has its value from;
	// empty if no variable did.
	Layer drift.LayerKind `json:"layer"`
}

// Selection is the toolchain the go command runs in a folder, or the error it
// prints, with the steps that led there.
type Selection struct {
	Dir string `json:"dir"`
	// Go is the go that PATH finds, before any switch; null if there is none.
	Go *Go `json:"go"`
	// Selected is the third word of what "go version" prints in Dir, for example
	// "go1.25.3"; empty if it stops with an error.
	Selected string `json:"selected"`
	// GOROOT is that of the selected toolchain; empty if it is not known.
	GOROOT string `json:"goroot"`
	// How is in which way the go command comes to that toolchain; "download"
	// means that it would have to be fetched.
	How drift.How `json:"how"`
	// Error is exactly what the go command prints when it stops; else empty.
	Error string `json:"error"`
	// LoadError is what commands that load modules print when they stop although
	// "go version" does not; else empty.
	LoadError string `json:"loadError"`
	Steps     []Step `json:"steps"`
}

// Pinned is the Go that is agreed upon in a folder.
type Pinned struct {
	// Version is for example "go1.25.3" or "go1.25"; empty if nothing pins a Go.
	Version string `json:"version"`
	// Reason says why that place counts and not another, as a sentence.
	Reason string `json:"reason"`
	// Pin is the place; null if nothing pins a Go.
	Pin *Pin `json:"pin"`
}

// WhyDocument is what "godrift why --format json" prints.
type WhyDocument struct {
	// Schema is "godrift/why".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	Selection
	// Env holds every variable that "go env -json" prints in Dir, less
	// GOGCCFLAGS, by name.
	Env map[string]Variable `json:"env"`
	// EnvError is what "go env" prints when it cannot tell them all.
	EnvError string `json:"envError"`
	// Pinned is the Go that is agreed upon in Dir.
	Pinned Pinned `json:"pinned"`
	// Toolchains are the Gos within reach: those on PATH first, in its order.
	Toolchains []Go `json:"toolchains"`
	// Readers say what each program would take from the files in Dir, in a fixed
	// order; one that is used in several places has several entries. "godrift
	// why" has them with --readers.
	Readers []Reading `json:"readers,omitempty"`
	// Partings are the points at which two programs take different things.
	Partings []Parting `json:"partings,omitempty"`
}

// Reading is what one program would take from the files of a repository.
type Reading struct {
	// Reader is the program, with its version where that matters.
	Reader string `json:"reader"`
	// Version is what it takes, as text for people: "1.25.3", "newest 1.25";
	// empty if it takes nothing.
	Version string `json:"version"`
	// Pin is the place that decides; null if none does.
	Pin *ReadPin `json:"pin"`
	// Reason says why, as a sentence.
	Reason string `json:"reason"`
	// Sees are the pins that it reads. Ignores are those that it passes by
	// although a person could think that it reads them.
	Sees    []ReadPin    `json:"sees"`
	Ignores []IgnoredPin `json:"ignores"`
}

// ReadPin names a pin; "godrift pins" tells more about it.
type ReadPin struct {
	// File is absolute.
	File string `json:"file"`
	// Line counts from 1.
	Line int `json:"line"`
	// Raw is the text in the file and Source the kind of place.
	Raw    string       `json:"raw"`
	Source drift.Source `json:"source"`
}

// IgnoredPin is a pin that a program passes by.
type IgnoredPin struct {
	ReadPin
	// Why follows the place in a sentence: "is read by v6 and later only".
	Why string `json:"why"`
}

// Parting is a point at which two programs take different things from the same
// files.
type Parting struct {
	// A and B are the programs.
	A string `json:"a"`
	B string `json:"b"`
	// Message is one or more plain sentences.
	Message string `json:"message"`
}

// Variable is one variable of the go command.
type Variable struct {
	// Value is the one the go command uses. A credential in it is masked.
	Value string `json:"value"`
	// Layer, File and Line (from 1) are where the value comes from. File is
	// empty and Line 0 for the process environment and for defaults.
	Layer drift.LayerKind `json:"layer"`
	File  string          `json:"file"`
	Line  int             `json:"line"`
	// Shadowed are the values of weaker layers that this one hides, strongest
	// first.
	Shadowed []Layer `json:"shadowed"`
}

// Layer is the value that a variable has in one layer.
type Layer struct {
	Layer drift.LayerKind `json:"layer"`
	Value string          `json:"value"`
	File  string          `json:"file"`
	Line  int             `json:"line"`
}

// PinsDocument is what "godrift pins --format json" prints.
type PinsDocument struct {
	// Schema is "godrift/pins".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the folder that was looked through.
	Root string `json:"root"`
	// Pins are all places that say which Go to use, sorted by file and place.
	Pins []Pin `json:"pins"`
	// Problems are what stopped a file, or a part of it, from being read.
	Problems []Problem `json:"problems"`
}

// Pin is one place that says which Go to use.
type Pin struct {
	// File is absolute.
	File string `json:"file"`
	// Line counts from 1.
	Line int `json:"line"`
	// Start and End are the columns of the version text in bytes, from 0; the
	// byte at End does not belong to it. A byte order mark does not count.
	Start int `json:"start"`
	End   int `json:"end"`
	// Raw is the text in the file.
	Raw string `json:"raw"`
	// Source names the kind of place, such as "go.mod:go".
	Source drift.Source `json:"source"`
	// Role is what the pin decides.
	Role drift.Role `json:"role"`
	// Meaning is how the program that reads the pin understands it.
	Meaning drift.Meaning `json:"meaning"`
	// Version is what that program takes from it, without "go" or "v"; empty if
	// there is none.
	Version string `json:"version"`
	// Extra holds facts that only some formats have.
	Extra map[string]string `json:"extra,omitempty"`
}

// Problem is something that stopped a file from being read.
type Problem struct {
	File string `json:"file"`
	// Line counts from 1; 0 if the file as a whole is meant.
	Line    int    `json:"line"`
	Message string `json:"message"`
}

// EnvDocument is what "godrift env --format json" prints.
type EnvDocument struct {
	// Schema is "godrift/env".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int    `json:"version"`
	Dir     string `json:"dir"`
	// Of says whose environment it is: "cli", "ci", "editor", "login shell",
	// "terminal:bash 4711", ...
	Of string `json:"of"`
	// Seen is since when an editor is remembered so, or when a terminal was so, as
	// RFC 3339 writes it; absent for what is so now.
	Seen   string `json:"seen,omitempty"`
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	// GOENV is the file that "go env -w" writes; empty if there is none.
	GOENV string `json:"goenv"`
	// Env holds every variable that "go env -json" prints in Dir, less
	// GOGCCFLAGS, by name.
	Env map[string]Variable `json:"env"`
	// Error is what "go env" prints when it cannot tell them all.
	Error string `json:"error"`
	// Toolchains are the Gos within reach: those on PATH first, in its order.
	Toolchains []Go `json:"toolchains"`
}

// FixStatus says what became of a fix.
type FixStatus string

// The states of a fix.
const (
	FixPlanned FixStatus = "planned" // previewed only
	FixApplied FixStatus = "applied" // done and journaled
	FixManual  FixStatus = "manual"  // a part of it must be done by hand: see commands
	FixEditor  FixStatus = "editor"  // only an editor can do it
	FixRefused FixStatus = "refused" // not done: see error
)

// FixDocument is what "godrift fix --format json" prints.
type FixDocument struct {
	// Schema is "godrift/fix".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int    `json:"version"`
	Root    string `json:"root"`
	// Applied says that fixes were to be carried out, not only previewed.
	Applied bool `json:"applied"`
	// Fixes are those that were chosen, in the order they are carried out.
	Fixes []PlannedFix `json:"fixes"`
}

// PlannedFix is one fix with what it changes.
type PlannedFix struct {
	FindingFix
	// Finding is the ID and Code the rule of the finding it belongs to; Message
	// is that finding's.
	Finding string    `json:"finding"`
	Code    string    `json:"code"`
	Message string    `json:"message"`
	Status  FixStatus `json:"status"`
	// Diff is the unified diff of all files it changes.
	Diff string `json:"diff"`
	// Commands are what else happens, one line each.
	Commands []string `json:"commands"`
	// Shell are the lines that a running shell must evaluate, because no program
	// can change its environment; they come once the fix is applied.
	Shell []string `json:"shell"`
	// Done says what was done and Notes what else to know, one line each.
	Done  []string `json:"done"`
	Notes []string `json:"notes"`
	// Journal is the number that "godrift undo" takes; 0 if it was not applied.
	Journal int64 `json:"journal"`
	// Error says why it was refused.
	Error string `json:"error"`
}

// UndoDocument is what "godrift undo --format json" prints.
type UndoDocument struct {
	// Schema is "godrift/undo".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int    `json:"version"`
	Root    string `json:"root"`
	// Applied says that the fix was taken back, not only previewed.
	Applied bool `json:"applied"`
	// Diff is the unified diff of all files it changes.
	Diff string `json:"diff"`
	// Commands are what else happens, one line each.
	Commands []string `json:"commands"`
	// Files are those that were put back, absolute.
	Files []string `json:"files"`
	// Shell are the lines that a running shell must evaluate.
	Shell []string `json:"shell"`
	// Done says what was done and Notes what else to know, one line each.
	Done  []string `json:"done"`
	Notes []string `json:"notes"`
	// Journal is the number that takes this undo back again; 0 if nothing was
	// changed.
	Journal int64 `json:"journal"`
}

// HookStep is what is done about a git hook.
type HookStep string

// The steps.
const (
	HookNothing HookStep = "nothing" // all is as wanted
	HookInstall HookStep = "install" // there is no other hook
	HookChain   HookStep = "chain"   // the present hook is kept, and runs first
	HookUpdate  HookStep = "update"  // godrift's own hook gets another text
	HookRemove  HookStep = "remove"  // there was no hook before
	HookRestore HookStep = "restore" // the hook from before gets its name back
)

// HookGitDocument is what "godrift hook git --format json" prints.
type HookGitDocument struct {
	// Schema is "godrift/hook-git".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int      `json:"version"`
	Step    HookStep `json:"step"`
	// Applied says that the step was done, not only previewed.
	Applied bool `json:"applied"`
	// Hook is the file that git runs, absolute.
	Hook string `json:"hook"`
	// Kept is the hook from before, which runs first or is put back; empty if
	// there is none.
	Kept string `json:"kept"`
	// Text is the new hook; empty if none is written.
	Text string `json:"text"`
	// Notes say what else to know, one line each.
	Notes []string `json:"notes"`
}

// VersionDocument is what "godrift version --format json" prints.
type VersionDocument struct {
	// Schema is "godrift/version".
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
	// Releases is the day the built-in list of Go releases was made.
	Releases string `json:"releases"`
}
