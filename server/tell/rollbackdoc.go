package tell

import (
	"time"

	"godrift.dev/server/drift"
)

// The names of the documents about the accepted state.
const (
	SchemaRollback = "godrift/rollback"
	SchemaAccept   = "godrift/accept"
)

// RollbackDocument is what "godrift rollback --format json" prints.
type RollbackDocument struct {
	// Schema is "godrift/rollback".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int    `json:"version"`
	Root    string `json:"root"`
	// Snapshot is the ID of the snapshot that is gone back to.
	Snapshot string `json:"snapshot"`
	// Variables are those that are brought back.
	Variables []string `json:"variables"`
	// Pins are those that get the text back that they had.
	Pins []PinBack `json:"pins"`
	// Left are those that differ and stay as they are.
	Left []LeftVariable `json:"left"`
	// Applied says that it was done and that what was to be back is back, not
	// only previewed.
	Applied bool `json:"applied"`
	// Diff is the unified diff of all files it changes.
	Diff string `json:"diff"`
	// Commands are what else happens, one line each.
	Commands []string `json:"commands"`
	// Files are those that were changed, absolute.
	Files []string `json:"files"`
	// Shell are the lines that a running shell must evaluate.
	Shell []string `json:"shell"`
	// Done says what was done and Notes what else to know, one line each.
	Done  []string `json:"done"`
	Notes []string `json:"notes"`
	// Journal is the number that takes this rollback back; 0 if nothing was
	// changed.
	Journal int64 `json:"journal"`
}

// PinBack is a pin that a rollback gives the text back that it had.
type PinBack struct {
	// File is relative to the root if it is in there, with slashes.
	File   string `json:"file"`
	Source string `json:"source"`
	// Number is which one of that source in that file it is, from 1.
	Number int `json:"number"`
	// From is what stands there now and To what stood there; one of them is empty
	// for a toolchain line that goes or comes.
	From string `json:"from"`
	To   string `json:"to"`
}

// LeftVariable is something that a rollback leaves as it is.
type LeftVariable struct {
	// Variable is the name of a variable, a file whose pins are meant, or the key
	// of another fact, such as "host.os".
	Variable string `json:"variable"`
	// Reason says why, as part of a sentence.
	Reason string `json:"reason"`
}

// AcceptDocument is what "godrift accept --format json" prints.
type AcceptDocument struct {
	// Schema is "godrift/accept".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int    `json:"version"`
	Root    string `json:"root"`
	// Snapshot is the ID of what is accepted now.
	Snapshot string `json:"snapshot"`
	// Before is the ID of what was accepted before; empty if nothing was.
	Before string `json:"before"`
	// Reason is what the person said.
	Reason string `json:"reason"`
}

// Away is how far an environment is from the accepted state.
type Away struct {
	// AcceptedAt is when that state was accepted, in RFC 3339.
	AcceptedAt string `json:"acceptedAt"`
	// Changed of the Watched values are not as accepted; Share is the one divided
	// by the other.
	Changed int     `json:"changed"`
	Watched int     `json:"watched"`
	Share   float64 `json:"share"`
	// Distance is how far the changes are together, 0 to 1.
	Distance float64 `json:"distance"`
	// ShareLimit and DistanceLimit are what both have to reach before env-drift
	// speaks.
	ShareLimit    float64 `json:"shareLimit"`
	DistanceLimit float64 `json:"distanceLimit"`
	// Held is how many further changes are held back for the grace period.
	Held int `json:"held"`
}

func newAway(a *drift.Away) *Away {
	if a == nil {
		return nil
	}
	return &Away{
		AcceptedAt: a.AcceptedAt.UTC().Format(time.RFC3339), Changed: a.Changed, Watched: a.Watched, Share: a.Share, Distance: a.Distance,
		ShareLimit: a.ShareLimit, DistanceLimit: a.DistanceLimit, Held: a.Held,
	}
}
