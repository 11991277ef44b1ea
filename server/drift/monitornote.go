package drift

import "time"

// MonitorNote is what a running monitor tells others of itself, in the state folder.
type MonitorNote struct {
	PID     int       `json:"pid"`
	Started time.Time `json:"started"`
	// Ended is zero while it runs, and where it was killed.
	Ended   time.Time `json:"ended,omitzero"`
	Version string    `json:"godrift"`
	// URL is where its page is, without the token; empty if it has none.
	URL string `json:"url,omitempty"`
	// Config is the user's configuration that it obeys, and Broken why it still obeys an older
	// one; empty if there is none.
	Config string `json:"config,omitempty"`
	Broken string `json:"broken,omitempty"`
	// Workspaces are in the order in which they were named.
	Workspaces []MonitoredWorkspace `json:"workspaces"`
}

// MonitoredWorkspace is one workspace of a monitor.
type MonitoredWorkspace struct {
	Name string `json:"name"`
	Root string `json:"root"`
	// Machine says that it is no folder of anybody's: it stands for the machine.
	Machine bool `json:"machine,omitempty"`
	// Looked is when it was last looked at, and Problem why it cannot be now.
	Looked  time.Time `json:"looked,omitzero"`
	Problem string    `json:"problem,omitempty"`
	// Checked is when all of it was last read, and Next when that is due again.
	Checked time.Time `json:"checked,omitzero"`
	Next    time.Time `json:"next,omitzero"`
	// Score and Findings are those of the last look.
	Score    int `json:"score"`
	Findings int `json:"findings"`
}
