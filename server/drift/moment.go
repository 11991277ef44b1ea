package drift

import "time"

// CauseKind says why something changed, as far as it can be told.
type CauseKind string

// The causes.
const (
	CauseFirst       CauseKind = "first-sight"   // nothing was known before
	CauseFile        CauseKind = "file"          // a file was saved
	CauseEnvironment CauseKind = "environment"   // somebody reported another environment
	CauseBranch      CauseKind = "branch-switch" // the checkout is on another branch or commit
	CauseGoGet       CauseKind = "go-get"        // go.mod and go.sum changed together: go get, go mod tidy, a bot
	CauseGoEnv       CauseKind = "go-env-w"      // the file that go env -w writes changed
	CauseGodrift     CauseKind = "godrift"       // a fix, an undo or a rollback of godrift
	CauseVariable    CauseKind = "variable"      // a variable of the shell was set, changed or unset
	CauseMachine     CauseKind = "machine"       // a Go or a tool came, went or changed
	CauseOther       CauseKind = "other"         // it was found so
)

// Cause is why something changed.
type Cause struct {
	Kind CauseKind `json:"kind"`
	// Text says more for people, for example "main → feature"; it may be empty. Of
	// several causes it tells those after the first, too.
	Text string `json:"text,omitempty"`
}

// String is the cause in words.
func (c Cause) String() string {
	words := map[CauseKind]string{
		CauseFirst: "first sight", CauseFile: "saved", CauseEnvironment: "another environment",
		CauseBranch: "branch switch", CauseGoGet: "go get", CauseGoEnv: "go env -w, or an edit of its file", CauseVariable: "a variable of this shell",
		CauseGodrift: "godrift", CauseMachine: "the machine changed", CauseOther: "found so",
	}[c.Kind]
	if c.Text != "" {
		words += ": " + c.Text
	}
	return words
}

// ActorKind says who did or saw something.
type ActorKind string

// The kinds of actor.
const (
	ActorUser    ActorKind = "user"
	ActorEditor  ActorKind = "editor"
	ActorCommand ActorKind = "command"
	ActorMonitor ActorKind = "monitor"
)

// Actor is who did or saw something: a person, an editor, a command, a monitor.
type Actor struct {
	Kind ActorKind `json:"kind"`
	// Name is the editor's or the command's, for example "Visual Studio Code
	// 1.126.0" or "godrift check".
	Name string `json:"name,omitempty"`
}

// Moment is one entry of the history: when what is remembered of a workspace
// became another, in somebody's environment.
type Moment struct {
	// ID counts the moments of one database.
	ID   int64     `json:"id"`
	Time time.Time `json:"time"`
	Root string    `json:"root"`
	Of   string    `json:"of"`
	// Before and After are the IDs of records. Before is empty at first sight.
	Before string `json:"before,omitempty"`
	After  string `json:"after"`
	Cause  Cause  `json:"cause"`
	By     Actor  `json:"by"`
	// Changes are those from Before to After; none at first sight.
	Changes []Change `json:"changes"`
}

// Baseline is the record that a workspace is compared with. A workspace has
// one, whoever's environment is looked at.
type Baseline struct {
	Record     Record    `json:"record"`
	AcceptedAt time.Time `json:"acceptedAt"`
	By         Actor     `json:"by"`
	// Reason is what the person said; empty at first sight.
	Reason string `json:"reason,omitempty"`
}

// Memory is what is remembered of a workspace, as far as rules may look at it.
type Memory struct {
	// Baseline is nil before first sight, and where nothing may be remembered.
	Baseline *Baseline
	// Recent are the newest moments, newest first, in any environment.
	Recent []Moment
	// Chosen are the values that godrift gave to variables here because a person
	// asked for it, nil where it unset one. They are not masked, and never stored.
	Chosen map[string]*string
	// Consent is how the person decided about what the repository asks for; nil if
	// that was never decided.
	Consent *Consent
}

// Verdict is what a person decided about what a repository asks for.
type Verdict string

// The verdicts.
const (
	VerdictAllow Verdict = "allow"
	VerdictDeny  Verdict = "deny"
)

// Consent is a verdict about one text of a workspace's godrift.toml: when that
// changes, nothing is decided any more.
type Consent struct {
	Verdict Verdict   `json:"verdict"`
	Hash    string    `json:"hash"` // of the whole file: drift.Document's
	Time    time.Time `json:"time"`
	By      Actor     `json:"by"`
}

// Since returns the newest moment at which a fact changed in an environment.
func (m *Memory) Since(of, key string) (Moment, bool) {
	if m == nil {
		return Moment{}, false
	}
	for _, moment := range m.Recent {
		if moment.Of != of {
			continue
		}
		for _, c := range moment.Changes {
			if c.Key == key {
				return moment, true
			}
		}
	}
	return Moment{}, false
}

// DeedKind says what was done to the world or to what is remembered.
type DeedKind string

// The kinds of deed.
const (
	DeedFix      DeedKind = "fix"
	DeedUndo     DeedKind = "undo"
	DeedRedo     DeedKind = "redo"
	DeedRollback DeedKind = "rollback"
	DeedAccept   DeedKind = "accept"
	DeedImport   DeedKind = "import"
	DeedTrust    DeedKind = "trust" // allow and deny of what a repository asks for
)

// DeedResult says how a deed ended.
type DeedResult string

// The results.
const (
	DeedDone    DeedResult = "done"
	DeedRefused DeedResult = "refused" // godrift would not: Note says why
	DeedFailed  DeedResult = "failed"  // it could not be done: nothing of it is in effect
)

// Deed is one line of the audit: who did what, when, with which result.
type Deed struct {
	ID   int64     `json:"id"`
	Time time.Time `json:"time"`
	// Duration is how long it took.
	Duration time.Duration `json:"duration"`
	Root     string        `json:"root"`
	Kind     DeedKind      `json:"kind"`
	// Title says what was done, in plain words without secrets.
	Title string `json:"title"`
	By    Actor  `json:"by"`
	// Before and After are IDs of records, as far as they are known. Of an allow or a
	// deny they are the decisions, each with the beginning of the hash that it is for.
	Before string     `json:"before,omitempty"`
	After  string     `json:"after,omitempty"`
	Result DeedResult `json:"result"`
	Note   string     `json:"note,omitempty"`
	// Journal is the entry of the journal of fixes, 0 if there is none.
	Journal int64 `json:"journal,omitempty"`
	// Undoable says that the journal has that entry as done: it was not undone since, and
	// is not forgotten. It is known of deeds that were read.
	Undoable bool `json:"-"`
}
