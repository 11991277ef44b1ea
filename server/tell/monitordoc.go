package tell

import (
	"godrift.dev/server/drift"
)

// The names of the documents of the monitor that are about no single workspace.
const (
	SchemaWorkspaces = "godrift/workspaces"
	SchemaChanges    = "godrift/changes"
)

// WorkspacesDocument is what the monitor answers at /api/workspaces.
type WorkspacesDocument struct {
	// Schema is "godrift/workspaces".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Run names the process that answers, and Seq counts its changes: both are
	// what /api/changes begins with.
	Run string `json:"run"`
	Seq uint64 `json:"seq"`
	// Workspaces are those that are watched, in the order they are shown.
	Workspaces []WatchedWorkspace `json:"workspaces"`
}

// WatchedWorkspace is one workspace that the monitor watches.
type WatchedWorkspace struct {
	// Name is what it is called and Root its folder.
	Name string `json:"name"`
	Root string `json:"root"`
	// Ready says that it has been looked at; the rest is empty before.
	Ready bool `json:"ready"`
	// Failure is why what is shown is out of date; empty in ordinary times.
	Failure string `json:"failure"`
	Score   int    `json:"score"`
	// Selected is the Go that runs there, and Drift says that it is not the one that
	// is agreed upon.
	Selected string `json:"selected"`
	Drift    bool   `json:"drift"`
	// Counts is how many findings there are of each severity.
	Counts Counts `json:"counts"`
}

// NewWatchedWorkspace is the row of one workspace. report is nil before the
// first, and failure in ordinary times.
func NewWatchedWorkspace(name, root string, report *drift.Report, failure error) WatchedWorkspace {
	ws := WatchedWorkspace{Name: name, Root: root}
	if failure != nil {
		ws.Failure = drift.MaskText(failure.Error())
	}
	if report != nil {
		ws.Ready, ws.Score, ws.Selected, ws.Drift, ws.Counts = true, report.Score, report.Snapshot.Selection.Selected, report.Drift, CountsOf(report.Findings)
	}
	return ws
}

// ChangesDocument is what the monitor answers at /api/changes.
type ChangesDocument struct {
	// Schema is "godrift/changes".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Run names the process that answers: the numbers of another one count for
	// nothing. Seq is the number to ask with the next time.
	Run string `json:"run"`
	Seq uint64 `json:"seq"`
	// Changes are what changed since, each thing once, oldest first.
	Changes []MonitorChange `json:"changes"`
}

// MonitorChange says that something is not as it was. Every message of /api/ws and
// every event of /api/events is one.
type MonitorChange struct {
	// Kind is "changed" for a workspace and "alerts" for what fires.
	Kind string `json:"kind"`
	// Root is the workspace's folder.
	Root string `json:"root,omitempty"`
	// Seq is the number of the change.
	Seq uint64 `json:"seq"`
}
