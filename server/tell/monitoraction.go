package tell

import "godrift.dev/server/drift"

// SchemaMonitorAction is the name of the document about a button of the monitor's
// page.
const SchemaMonitorAction = "godrift/monitor-action"

// MonitorActionKind says what a button does.
type MonitorActionKind string

// The kinds of action.
const (
	MonitorFix      MonitorActionKind = "fix"      // carry a fix of a finding out
	MonitorUndo     MonitorActionKind = "undo"     // take a fix back
	MonitorAccept   MonitorActionKind = "accept"   // make the present state the one to compare with
	MonitorRollback MonitorActionKind = "rollback" // bring variables and pins back to what they were
)

// MonitorActionRequest is the body of POST /api/plan, /api/apply, /api/undo,
// /api/accept and /api/rollback.
type MonitorActionRequest struct {
	// Root is the folder of the workspace.
	Root string `json:"root"`
	// Action is what to do. The last three addresses say it themselves.
	Action MonitorActionKind `json:"action,omitempty"`
	// Fix is the ID of the fix to carry out.
	Fix string `json:"fix,omitempty"`
	// Journal is the number of the fix to undo; 0 for the last one.
	Journal int64 `json:"journal,omitempty"`
	// Snapshot is what to go back to, as "godrift rollback" takes it; empty for the
	// accepted state.
	Snapshot string `json:"snapshot,omitempty"`
	// Variables and Files are what to bring back; files, or folders, as seen from the
	// root. Pins is those of all files, and All variables and pins. Without any of
	// them it is the variables that have drifted.
	Variables []string `json:"variables,omitempty"`
	Files     []string `json:"files,omitempty"`
	Pins      bool     `json:"pins,omitempty"`
	All       bool     `json:"all,omitempty"`
	// Reason is why the present state is accepted.
	Reason string `json:"reason,omitempty"`
	// Hash is that of the preview that was shown. Only what it showed is done, and
	// without it nothing is.
	Hash string `json:"hash,omitempty"`
}

// MonitorActionDocument is the answer: what would be done, or what was.
type MonitorActionDocument struct {
	// Schema is "godrift/monitor-action".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int               `json:"version"`
	Root    string            `json:"root"`
	Action  MonitorActionKind `json:"action"`
	// Title says what it does, and Note what to know before.
	Title string `json:"title"`
	Note  string `json:"note"`
	// Applied says that it was done, not only previewed.
	Applied bool `json:"applied"`
	// Hash is what carrying it out takes; empty if there is nothing to carry out
	// here: Refused says why then.
	Hash    string `json:"hash"`
	Refused string `json:"refused"`
	// Diff is the unified diff of all files it changes.
	Diff string `json:"diff"`
	// Commands are what else happens, one line each.
	Commands []string `json:"commands"`
	// Changes is what differs from the accepted state, where the present one is to be
	// accepted.
	Changes []Change `json:"changes"`
	// Left is what differs and stays as it is.
	Left []LeftVariable `json:"left"`
	// Snapshot is the ID of what is accepted or gone back to, and Before of what was
	// accepted before; empty where there is none.
	Snapshot string `json:"snapshot"`
	Before   string `json:"before"`
	// Files are those that were changed, absolute.
	Files []string `json:"files"`
	// Shell are the lines that a running shell must evaluate, because no program can
	// change its environment.
	Shell []string `json:"shell"`
	// Done says what was done and Notes what else to know, one line each.
	Done  []string `json:"done"`
	Notes []string `json:"notes"`
	// Journal is the number that takes it back; 0 if nothing can be.
	Journal int64 `json:"journal"`
}

// WithChanges adds what differs from the accepted state.
func (d MonitorActionDocument) WithChanges(changes []drift.Change) MonitorActionDocument {
	d.Changes = newChanges(changes)
	return d
}

// NewMonitorAction is the document about an action of which nothing is known yet.
func NewMonitorAction(root string, action MonitorActionKind) MonitorActionDocument {
	return MonitorActionDocument{
		Schema: SchemaMonitorAction, Version: DocumentVersion, Root: root, Action: action,
		Commands: []string{}, Changes: []Change{}, Left: []LeftVariable{}, Files: []string{}, Shell: []string{}, Done: []string{}, Notes: []string{},
	}
}
