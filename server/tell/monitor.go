package tell

import (
	"fmt"
	"io"
	"time"

	"godrift.dev/server/drift"
)

// SchemaMonitorStatus names the document about the monitor.
const SchemaMonitorStatus = "godrift/monitor-status"

// MonitorStatusDocument is what "godrift monitor status --format json" prints.
type MonitorStatusDocument struct {
	// Schema is "godrift/monitor-status".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Running says that a monitor runs. What follows is what it tells of itself, or what the
	// last one told.
	Running bool `json:"running"`
	// PID is the number of its process, 0 if none ever ran.
	PID int `json:"pid"`
	// Started and Ended are when; Ended is empty while it runs, and where it was killed.
	Started string `json:"started"`
	Ended   string `json:"ended"`
	// Godrift is its version.
	Godrift string `json:"godrift"`
	// URL is where its page is, without the token that the page asks for; empty if it has
	// none.
	URL string `json:"url"`
	// State is the state folder: each has one monitor at most.
	State string `json:"state"`
	// Config is the configuration that it obeys, empty if there is none. Broken is the mistake
	// that has it obey an older one.
	Config string `json:"config"`
	Broken string `json:"broken"`
	// Workspaces are what it watches.
	Workspaces []MonitoredWorkspace `json:"workspaces"`
}

// MonitoredWorkspace is one workspace of a monitor.
type MonitoredWorkspace struct {
	Name string `json:"name"`
	// Root is its folder.
	Root string `json:"root"`
	// Machine says that the folder is an empty one of godrift's own, which stands for the
	// machine.
	Machine bool `json:"machine"`
	// Problem is why it cannot be looked at now; empty if it can.
	Problem string `json:"problem"`
	// Looked is when it was last looked at, Checked when all of it was last read, and Next when
	// that is due again; empty if it is not known.
	Looked  string `json:"looked"`
	Checked string `json:"checked"`
	Next    string `json:"next"`
	// Score and Findings are those of the last look.
	Score    int `json:"score"`
	Findings int `json:"findings"`
}

// NewMonitorStatus makes the document of what a monitor told of itself.
func NewMonitorStatus(n drift.MonitorNote, running bool, state string) MonitorStatusDocument {
	doc := MonitorStatusDocument{
		Schema: SchemaMonitorStatus, Version: DocumentVersion, Running: running,
		PID: n.PID, Started: stamp(n.Started), Ended: stamp(n.Ended), Godrift: n.Version, URL: n.URL, State: state,
		Config: n.Config, Broken: n.Broken, Workspaces: []MonitoredWorkspace{},
	}
	for _, w := range n.Workspaces {
		doc.Workspaces = append(doc.Workspaces, MonitoredWorkspace{
			Name: w.Name, Root: w.Root, Machine: w.Machine, Problem: w.Problem,
			Looked: stamp(w.Looked), Checked: stamp(w.Checked), Next: stamp(w.Next), Score: w.Score, Findings: w.Findings,
		})
	}
	return doc
}

// stamp is a time for a document: empty if it is not known.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// MonitorStatusText tells a person about the monitor.
func MonitorStatusText(w io.Writer, doc MonitorStatusDocument, opts Options, in *time.Location) error {
	t := newText(w, opts)
	when := func(s string) string {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			return "never"
		}
		return at.In(in).Format(time.DateTime)
	}
	switch {
	case doc.PID == 0 && !doc.Running:
		t.printf("No monitor has run with the state folder %s yet.\n", t.toolchain(doc.State))
		return t.err
	case doc.Running && doc.PID == 0:
		t.printf("A monitor is starting.\n")
		return t.err
	case doc.Running:
		t.printf("%s since %s: process %d, godrift %s\n", t.paint(t.good, "The monitor runs"), when(doc.Started), doc.PID, oneLine(doc.Godrift))
	case doc.Ended != "":
		t.printf("%s. It ran from %s to %s.\n", t.paint(t.warning, "No monitor runs"), when(doc.Started), when(doc.Ended))
	default:
		t.printf("%s. One that began at %s was killed.\n", t.paint(t.warning, "No monitor runs"), when(doc.Started))
	}
	if doc.Running && doc.URL != "" {
		t.printf("page      %s\n", oneLine(doc.URL))
	}
	if doc.Config != "" {
		t.printf("obeys     %s\n", t.toolchain(doc.Config))
	}
	if doc.Broken != "" {
		t.printf("%s %s; it goes on with what was there before\n", t.paint(t.failed, "mistake  "), oneLine(doc.Broken))
	}
	if !doc.Running {
		return t.err
	}
	for _, ws := range doc.Workspaces {
		root, state := t.toolchain(ws.Root), fmt.Sprintf("health %d of 100, %s", ws.Score, drift.Plural(ws.Findings, "finding"))
		if ws.Machine {
			root = "this machine, where no repository has a say"
		}
		if ws.Looked == "" {
			state = "not looked at yet"
		}
		if ws.Problem != "" {
			state = t.paint(t.warning, oneLine(ws.Problem))
		}
		t.printf("\n%s  %s\n  %s\n", t.paint(t.strong, oneLine(ws.Name)), root, state)
		checked := ""
		if ws.Checked != "" {
			checked = ", full check " + when(ws.Checked)
		}
		t.printf("  %s\n", t.paint(t.faint, fmt.Sprintf("last look %s%s, next full check %s", when(ws.Looked), checked, when(ws.Next))))
	}
	return t.err
}
