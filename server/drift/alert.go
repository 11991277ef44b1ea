package drift

import (
	"errors"
	"time"
)

// What the place that alerts are kept in says, to tell it from what went wrong.
var (
	ErrToldBefore = errors.New("another process has told it")
	ErrOutboxFull = errors.New("as many messages wait for the channel as may wait")
	ErrNoLetter   = errors.New("the message is not in these hands any more")
)

// AlertState says whether what an alert is about is so, or is not any more.
type AlertState string

// The states of an alert.
const (
	AlertFiring   AlertState = "firing"
	AlertResolved AlertState = "resolved"
)

// Standing is a finding as alerts look at it: it stands from the report that shows
// it first until the first that does not show it any more.
type Standing struct {
	// Fingerprint names the finding in its workspace, ID this time that it stands.
	Fingerprint string
	ID          string
	Workspace   string // its name
	Root        string
	Rule        string
	Level       Severity
	// Firing says that the last report had it, and Changed since when that is so or
	// not so. Since is when it was first seen this time.
	Firing  bool
	Changed time.Time
	Since   time.Time
	// Event is the alert's document, as of the last report that had it.
	Event []byte
}

// Told is what one channel was told of one finding.
type Told struct {
	Fingerprint string
	Channel     string
	// State is what was told last, and ID and Level those that it was told with.
	State AlertState
	ID    string
	Level Severity
	At    time.Time
	// News are the times at which it was told as new, newest last, as far as they
	// matter.
	News []time.Time
	// Summary says that it was told only as one of many.
	Summary bool
	// Turn grows with every telling: two processes cannot tell the same twice.
	Turn int64
}

// LetterState says how far a message has come.
type LetterState string

// The states of a letter.
const (
	LetterPending  LetterState = "pending"
	LetterInflight LetterState = "inflight" // a process is sending it
	LetterSent     LetterState = "sent"
	LetterDead     LetterState = "dead" // it is not tried any more: Error says why
)

// Letter is one message on its way to one channel.
type Letter struct {
	ID int64
	// Key is the same whenever it is sent: who gets it twice can tell.
	Key     string
	Channel string
	State   LetterState
	Created time.Time
	// Next is when it is to be tried, Leased until when the process that is sending it
	// has it for itself, Ended when it was sent or given up.
	Next, Leased, Ended time.Time
	// Owner is who has the lease; a letter may be posted with one.
	Owner string
	// Attempts counts how often it was tried, and First is when that began.
	Attempts int
	First    time.Time
	// Unsure says that an earlier attempt may have arrived.
	Unsure bool
	// Error is why the last attempt failed, without secrets.
	Error string
	// Fingerprints are the findings it is about: what is told of one finding arrives
	// in order.
	Fingerprints []string
	// Body is what it says, as JSON.
	Body []byte
}

// Telling is what is decided at once about one channel: what it counts as told, and
// the letters that do it.
type Telling struct {
	Channel string
	// Tolds have the turn that they take the place of.
	Tolds   []Told
	Letters []Letter
	// Seen are workspaces that the channel has heard of with this.
	Seen []string
	// Room is how many letters may wait for the channel.
	Room int
}

// Silence is what a person does not want to be told for a time.
type Silence struct {
	ID int64
	// Rules and Workspaces are patterns; none fit all.
	Rules, Workspaces []string
	Created, Until    time.Time
	Reason            string
}

// Ledger is all that is remembered of alerts but the letters.
type Ledger struct {
	Standing []Standing
	Told     []Told
	Silences []Silence
	// Seen are the workspaces that each channel has heard of.
	Seen map[string][]string
}
