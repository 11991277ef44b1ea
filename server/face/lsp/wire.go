package lsp

import (
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// The methods of godrift's extension to the protocol. Any client may use them.
const (
	// MethodStatus is a notification, server to client, with a Status.
	MethodStatus = "godrift/status"
	// MethodReport is a request with FolderParams. The answer is the document
	// that "godrift check --format json" prints.
	MethodReport = "godrift/report"
	// MethodTools is a request with FolderParams. The answer is the document
	// that "godrift tools --format json" prints. It waits for the tools to be
	// read, which the first report does not.
	MethodTools = "godrift/tools"
	// MethodPage is a request with PageParams. The answer is the document that the
	// question names; the monitor gives the same at /api.
	MethodPage = "godrift/page"
	// MethodCache is a request with CacheParams, of which the folder counts; the answer
	// is a PageCacheDocument. Adding a large cache up can take seconds.
	MethodCache = "godrift/cache"
	// MethodCacheVerify is a request with CacheParams, of which the folder counts. It
	// reads the whole build cache, with a progress that can be cancelled. The answer is the
	// document that "godrift cache verify --format json" prints.
	MethodCacheVerify = "godrift/cacheVerify"
	// MethodCacheTrim, MethodCacheSwitch and MethodCacheGc are requests with CacheParams:
	// without apply they only say what they would do. The answers are the documents that
	// "godrift cache trim", "switch" and "gc" print with --format json.
	MethodCacheTrim   = "godrift/cacheTrim"
	MethodCacheSwitch = "godrift/cacheSwitch"
	MethodCacheGc     = "godrift/cacheGc"
	// MethodCgo is a request with CgoParams. The answer is the document that
	// "godrift cgo --format json" prints. In folders that are not trusted no
	// compiler is started for it.
	MethodCgo = "godrift/cgo"
	// MethodWhy is a request with WhyParams. The answer is the document that
	// "godrift why --readers --format json" prints.
	MethodWhy = "godrift/why"
	// MethodPlan is a request with FixParams; the answer is a PlanResult.
	MethodPlan = "godrift/plan"
	// MethodApply is a request with FixParams; the answer is an ApplyResult.
	// It does not ask for confirmation: show the plan first.
	MethodApply = "godrift/apply"
	// MethodUndo is a request with UndoParams; the answer is an ApplyResult.
	MethodUndo = "godrift/undo"
	// MethodHistory is a request with HistoryParams. The answer is the document
	// that "godrift log --format json" prints.
	MethodHistory = "godrift/history"
	// MethodAudit is a request with HistoryParams, of which the times and the
	// limit count. The answer is the document that "godrift log --audit --format
	// json" prints.
	MethodAudit = "godrift/audit"
	// MethodDiff is a request with DiffParams. The answer is the document that
	// "godrift diff --format json" prints.
	MethodDiff = "godrift/diff"
	// MethodSnapshot is a request with SnapshotParams; the answer is a
	// SnapshotResult.
	MethodSnapshot = "godrift/snapshot"
	// MethodHistoryChanged is a notification, server to client, with
	// FolderParams: there is a new moment or deed in the folder.
	MethodHistoryChanged = "godrift/historyChanged"
	// MethodRefresh is a request with FolderParams: check again, looking at
	// everything anew. The answer comes when that is done and is a Status.
	MethodRefresh = "godrift/refresh"
	// MethodTrust is a notification, client to server, with TrustParams.
	MethodTrust = "godrift/trust"
	// MethodEnvironment is a notification, client to server, with
	// EnvironmentParams.
	MethodEnvironment = "godrift/environment"
	// MethodSetEnvironment is a request, server to client, with
	// SetEnvironmentParams; the answer is a SetEnvironmentResult. It is only
	// sent to clients that say editorEnvironment in their InitializeOptions.
	MethodSetEnvironment = "godrift/setEnvironment"
)

// The commands that the server carries out through workspace/executeCommand.
const (
	// CommandApplyFix takes one argument, FixParams. It shows what the fix
	// would change, asks for confirmation, applies it and offers to undo it.
	CommandApplyFix = "godrift.applyFix"
	// CommandUndo takes one argument, UndoParams, or none.
	CommandUndo = "godrift.undo"
	// CommandAccept takes one argument, FolderParams, or none. It makes the
	// present state the one to compare with.
	CommandAccept = "godrift.accept"
	// CommandRollback takes one argument, RollbackParams, or none. It shows what
	// would bring the environment back to the accepted state, asks, and does it.
	CommandRollback = "godrift.rollback"
	// CommandAllow takes one argument, FolderParams, or none. It shows what the
	// godrift.toml of the folder asks for and has the person allow or deny it. A fix
	// that only the repository asks for is refused before.
	CommandAllow = "godrift.allow"
	// CommandExplain takes one argument, WhyParams, or none. It shows which Go
	// runs in a folder and why. Code lenses carry it.
	CommandExplain = "godrift.explain"
)

// InitializeOptions is what a client may send as initializationOptions. All
// of it is optional.
type InitializeOptions struct {
	// Trusted says that the person trusts the folders that are open, so that
	// programs found in them may be run.
	Trusted bool `json:"trusted"`
	// RulesDir is a folder on the client's machine with one page per rule,
	// <code>.md. Diagnostics link to it.
	RulesDir string `json:"rulesDir"`
	// EditorEnvironment says that the client answers godrift/setEnvironment.
	// Without it no fix is offered that needs an editor.
	EditorEnvironment bool `json:"editorEnvironment"`
	// Environment holds the variables of the editor's environment where they
	// are not those that the server was started with.
	Environment map[string]string `json:"environment"`
	// ClientCommands lists the commands, among those of the server, that the
	// client carries out itself. The server does not register them.
	ClientCommands []string `json:"clientCommands"`
	// Settings are the settings at the start; later ones come with
	// workspace/didChangeConfiguration.
	Settings *Settings `json:"settings"`
	// Push asks for diagnostics to be pushed although the client's capabilities
	// say that it can pull them.
	Push bool `json:"push"`
	// Watch can be set to false where the client reports every change on disk
	// itself, through workspace/didChangeWatchedFiles.
	Watch *bool `json:"watch"`
}

// Settings are the settings under "godrift" in the client's configuration.
type Settings struct {
	// CodeLens shows above the go and toolchain lines which Go runs there.
	CodeLens bool `json:"codeLens"`
	// InlayHints shows behind a pin that names a line or a range of releases
	// which release that is today.
	InlayHints bool `json:"inlayHints"`
	// LoginShell asks your login shell for its environment when you open a trusted
	// folder, and says where it differs from the editor's. The shell is started in
	// the background, without a terminal and for ten seconds at most.
	LoginShell bool `json:"loginShell"`
	// LogLevel is the least level that is logged: error, warn, info or debug.
	LogLevel string `json:"logLevel"`
}

// DefaultSettings are the settings of a client that sends none.
func DefaultSettings() Settings {
	return Settings{CodeLens: true, InlayHints: true, LoginShell: true, LogLevel: "info"}
}

// Status is the state of one workspace folder, for a status bar.
type Status struct {
	// Folder is the URI of the workspace folder.
	Folder string `json:"folder"`
	// Health is "ok", "warning" or "error".
	Health string `json:"health"`
	// Quiescent is false while the server is at work on this folder.
	Quiescent bool `json:"quiescent"`
	// Message is one sentence for people.
	Message string `json:"message"`
	// Selected is the Go that runs in the folder, as "go1.25.3"; empty if the
	// go command stops with an error.
	Selected string `json:"selected"`
	// How is the way to Selected: local, path, modcache, download, error, nogo.
	How string `json:"how"`
	// Error is what the go command prints if it stops.
	Error string `json:"error"`
	// Pinned is the Go that is agreed upon, as "go1.25.3" or "go1.25"; empty if
	// nothing pins one.
	Pinned string `json:"pinned"`
	// PinnedReason says why that pin counts.
	PinnedReason string `json:"pinnedReason"`
	// Drift says that the Go that runs is not the agreed one.
	Drift bool `json:"drift"`
	// Score is the health of the folder, 0 to 100.
	Score int `json:"score"`
	// ScoreNote says how the score stands to what is usual in this folder, as the
	// end of a sentence; empty if nothing is unusual.
	ScoreNote string `json:"scoreNote"`
	// Gains are what mending the heaviest causes gains, the most first: a few of
	// those with a fix.
	Gains []StatusGain `json:"gains"`
	// Counts are the numbers of findings by severity.
	Counts tell.Counts `json:"counts"`
	// Trusted says whether programs of this folder may be run.
	Trusted bool `json:"trusted"`
	// Steps are the reasons for Selected, in order.
	Steps []StatusStep `json:"steps"`
	// Pins are the places that say which Go to use.
	Pins []StatusPin `json:"pins"`
	// Fixes are the fixes on offer for this folder, those first that mend what
	// keeps the agreed Go from running.
	Fixes []StatusFix `json:"fixes"`
}

// StatusGain is what one fix gains.
type StatusGain struct {
	// Points are added to the score.
	Points int `json:"points"`
	// Fix is the ID to be sent in FixParams, and Title what it does.
	Fix   string `json:"fix"`
	Title string `json:"title"`
}

// StatusStep is one reason for the Go that runs.
type StatusStep struct {
	// Text is a sentence.
	Text string `json:"text"`
	// URI and Line (from 1) name the file that decided this step; URI is empty
	// and Line 0 if no file did.
	URI  string `json:"uri"`
	Line int    `json:"line"`
}

// StatusPin is one place that says which Go to use.
type StatusPin struct {
	// Source is the kind of place, such as "go.mod:go".
	Source string `json:"source"`
	// Raw is the text in the file.
	Raw string `json:"raw"`
	// URI and Line (from 1) say where it stands.
	URI  string `json:"uri"`
	Line int    `json:"line"`
	// Path is the file relative to the folder, for showing.
	Path string `json:"path"`
	// Agreed says that this pin is the agreed one.
	Agreed bool `json:"agreed"`
}

// StatusFix is a fix on offer.
type StatusFix struct {
	// ID is to be sent in FixParams.
	ID string `json:"id"`
	// Title says what it does.
	Title string `json:"title"`
	// Kind is "repair" or "accept".
	Kind string `json:"kind"`
	// Note says what a person should know before; empty if nothing.
	Note string `json:"note"`
	// Code is the rule of the finding that it mends.
	Code string `json:"code"`
	// Where is the place of that finding as "path:line", relative to the
	// folder; empty if it is in no file.
	Where string `json:"where"`
	// Preferred marks the fix a person most likely wants for its finding.
	Preferred bool `json:"preferred"`
}

// FolderParams name a workspace folder.
type FolderParams struct {
	// Folder is the URI of a workspace folder, or of anything in it. Empty
	// means the only or first folder.
	Folder string `json:"folder"`
}

// CacheParams are about the build cache that go uses in a folder.
type CacheParams struct {
	// Folder is as in FolderParams.
	Folder string `json:"folder"`
	// Apply does it, and does not only say what would be done.
	Apply bool `json:"apply"`
	// CarryOver takes along in a switch what is good.
	CarryOver bool `json:"carryOver"`
}

// PageParams ask for what the page shows of a workspace folder.
type PageParams struct {
	// Folder is as in FolderParams.
	Folder string `json:"folder"`
	// Question says what about.
	Question tell.PageQuestion `json:"question"`
}

// HistoryParams ask when what is remembered of a folder changed. What is empty
// does not count.
type HistoryParams struct {
	// Folder is as in FolderParams.
	Folder string `json:"folder"`
	// Of is whose environment: "editor", "cli", …
	Of string `json:"of,omitempty"`
	// What names facts as "godrift log" does: variables, files, "go", "env", …
	What []string `json:"what,omitempty"`
	// Cause is one of the causes of a moment.
	Cause drift.CauseKind `json:"cause,omitempty"`
	// Since and Until are times as RFC 3339 writes them.
	Since string `json:"since,omitempty"`
	Until string `json:"until,omitempty"`
	// Before is the id of the last moment of the page before.
	Before int64 `json:"before,omitempty"`
	// Limit is how many entries at most; 0 is 100.
	Limit int `json:"limit,omitempty"`
}

// RollbackParams say what to go back to.
type RollbackParams struct {
	// Folder is as in FolderParams.
	Folder string `json:"folder"`
	// Snapshot names a state as "godrift rollback" does. Variables and pins go back
	// to it; empty, only variables do, to the accepted state.
	Snapshot string `json:"snapshot,omitempty"`
}

// DiffParams ask what differs between two states of a folder.
type DiffParams struct {
	// Folder is as in FolderParams.
	Folder string `json:"folder"`
	// A and B name snapshots as "godrift diff" does: an ID or its beginning,
	// "baseline", "now", "~1", a time. Empty, A is "baseline" and B "now".
	A string `json:"a,omitempty"`
	B string `json:"b,omitempty"`
}

// SnapshotParams ask for one state of a folder.
type SnapshotParams struct {
	// Folder is as in FolderParams.
	Folder string `json:"folder"`
	// Name names it as "godrift diff" does: an ID or its beginning, "baseline",
	// "now", "~1", a time. Empty, it is "now".
	Name string `json:"name,omitempty"`
}

// SnapshotResult is one state of a folder, without secrets.
type SnapshotResult struct {
	// ID is the snapshot's.
	ID string `json:"id"`
	// Text has one fact a line, sorted, as "godrift snapshot" prints it.
	Text string `json:"text"`
	// Values are the same facts by key, for example "env.GOFLAGS".
	Values map[string]string `json:"values"`
}

// CgoParams says about which targets to ask.
type CgoParams struct {
	// Folder is the URI of the workspace folder; empty for the first.
	Folder string `json:"folder,omitempty"`
	// Targets are GOOS/GOARCH. None means what is built now and what Go calls first
	// class, or everything that the Go there builds for with All.
	Targets []string `json:"targets,omitempty"`
	All     bool     `json:"all,omitempty"`
}

// WhyParams ask which Go runs in a folder.
type WhyParams struct {
	// URI is the folder, or a file in it. Empty means the first workspace folder.
	URI string `json:"uri"`
}

// FixParams name a fix.
type FixParams struct {
	// Folder is the URI of the workspace folder that the fix was offered for.
	Folder string `json:"folder"`
	// Fix is the ID of the fix.
	Fix string `json:"fix"`
}

// UndoParams name a change to take back.
type UndoParams struct {
	// Folder is the URI of the workspace folder.
	Folder string `json:"folder"`
	// ID is the journal number in an ApplyResult; 0 means the last one.
	ID int64 `json:"id"`
}

// PlanResult says what a fix would change.
type PlanResult struct {
	// Title and Note are those of the fix.
	Title string `json:"title"`
	Note  string `json:"note"`
	// Diff is a unified diff of all files that it changes.
	Diff string `json:"diff"`
	// Commands says, one line each, what else will happen.
	Commands []string `json:"commands"`
}

// ApplyResult says what was changed.
type ApplyResult struct {
	// Applied is false if the person said no.
	Applied bool `json:"applied"`
	// ID is the journal number, for undoing it; 0 if there is nothing to undo.
	ID int64 `json:"id"`
	// Message is one sentence for people.
	Message string `json:"message"`
	// Files are the URIs of the files that changed.
	Files []string `json:"files"`
	// Shell holds the lines that a person must run in shells already open.
	Shell []string `json:"shell"`
}

// TrustParams say whether the person trusts the folders that are open.
type TrustParams struct {
	// Trusted allows running programs found in the workspace.
	Trusted bool `json:"trusted"`
}

// EnvironmentParams report an environment.
type EnvironmentParams struct {
	// Name is "editor", or "terminal:<id>" for another to be compared with it. The
	// login shell's is asked for by the server itself.
	Name string `json:"name"`
	// Folder limits the report to one workspace folder; empty means all.
	Folder string `json:"folder"`
	// Variables are all variables of that environment; absent if there is no such
	// terminal any more, or if its Process is given.
	Variables map[string]string `json:"variables,omitempty"`
	// Terminals are the variables that the client sets in the terminals that are
	// opened in that folder, whatever the start-up files of their shells say. They
	// come with the environment of the editor.
	Terminals map[string]string `json:"terminals,omitempty"`
	// Process is the number of the shell's process in a terminal of which the
	// client does not know the variables. Where godrift's hook is in that shell's
	// prompt the server learns them from it, and goes on looking until the client
	// says that the terminal is gone.
	Process int `json:"process,omitempty"`
}

// SetEnvironmentParams ask the client to change variables for a workspace
// folder: for the Go tools of the editor, and for terminals opened in it.
type SetEnvironmentParams struct {
	// Folder is the URI of the workspace folder.
	Folder string `json:"folder"`
	// Set holds the new values.
	Set map[string]string `json:"set"`
	// Unset lists the variables that are to have no value.
	Unset []string `json:"unset"`
}

// SetEnvironmentResult tells what the variables were before.
type SetEnvironmentResult struct {
	// Previous holds, for each variable that was changed, the value that the
	// client had set before, or null if it had set none.
	Previous map[string]*string `json:"previous"`
}

// DiagnosticData is the data of every diagnostic.
type DiagnosticData struct {
	// Folder is the URI of the workspace folder.
	Folder string `json:"folder"`
	// Fixes are the IDs of the fixes on offer.
	Fixes []string `json:"fixes"`
}
