package drift

import "time"

// Severity says how bad a finding is.
type Severity string

// The severities, worst first. SeverityOff is used in policies only.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
	SeverityInfo    Severity = "info"
	SeverityHint    Severity = "hint"
	SeverityOff     Severity = "off"
)

// Rank orders severities: error is 4, off and unknown words are 0.
func (s Severity) Rank() int {
	switch s {
	case SeverityError:
		return 4
	case SeverityWarning:
		return 3
	case SeverityInfo:
		return 2
	case SeverityHint:
		return 1
	case SeverityOff:
	}
	return 0
}

// Related is another place that belongs to a finding.
type Related struct {
	Place   Place  `json:"place"`
	Message string `json:"message"`
}

// Finding is one thing that is wrong.
type Finding struct {
	// Code is the rule's, for example "pin-disagrees".
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	// Message is one or more plain sentences: what, where, and what follows.
	Message string `json:"message"`
	// Place is where an editor draws the squiggle. For a finding about the
	// environment it is the line of the layer's file, or the module line of the
	// module nearest to the root.
	Place   Place     `json:"place"`
	Related []Related `json:"related,omitempty"`
	// Surface is where it is felt.
	Surface Surface `json:"surface,omitempty"`
	// Origin is the place before the finding was moved to one of its related
	// places, where only a part of the workspace is asked about; else it is empty.
	// What names a finding uses it: the name is the same in every part.
	Origin Place `json:"-"`
	// Unnecessary says that the text at Place has no effect.
	Unnecessary bool `json:"unnecessary,omitempty"`
	// Subject is what an allowlist entry can name: the variable or the pin's
	// source. Value is its present value.
	Subject string `json:"subject,omitempty"`
	Value   string `json:"value,omitempty"`
	Fixes   []Fix  `json:"fixes,omitempty"`
	// Same are the findings at other places that this one stands for, since they
	// have one cause: each is a whole finding, with the fix for its place alone.
	// Who shows one file at a time shows them; who counts does not.
	Same []Finding `json:"-"`
}

// Spread lists findings with all that they stand for: one for each place.
func Spread(findings []Finding) []Finding {
	all := make([]Finding, 0, len(findings))
	for _, f := range findings {
		all = append(append(all, f), f.Same...)
	}
	return all
}

// ActionKind says what an Action does.
type ActionKind string

// The kinds of action.
const (
	// ActionEdit replaces text in File, which must still have Hash. With Create
	// the file must not exist yet and Edits holds one insertion at 0.
	ActionEdit ActionKind = "edit"
	// ActionSetGOENV and ActionUnsetGOENV change the user's GOENV file as
	// go env -w and go env -u do, also when no go command works.
	ActionSetGOENV   ActionKind = "set-goenv"
	ActionUnsetGOENV ActionKind = "unset-goenv"
	// ActionSetEditor and ActionUnsetEditor change a variable for this
	// workspace only, in the editor's Go tools and in terminals opened in it.
	// Only an editor can carry them out.
	ActionSetEditor   ActionKind = "set-editor"
	ActionUnsetEditor ActionKind = "unset-editor"
	// ActionSetShell and ActionUnsetShell change a variable of a running shell,
	// which only the person in front of it can do: godrift prints the line.
	ActionSetShell   ActionKind = "set-shell"
	ActionUnsetShell ActionKind = "unset-shell"
	// ActionPrependShell puts a folder, Value, first into the variable of a running
	// shell that lists folders. With a Toolchain and no Value it is the bin folder of
	// its SDK.
	ActionPrependShell ActionKind = "prepend-shell"
	// ActionInstallSDK puts Toolchain under ~/sdk, where golang.org/dl would: what
	// the go command downloads into the module cache is copied from there.
	ActionInstallSDK ActionKind = "install-sdk"
	// ActionInstallToolchain downloads Toolchain into the module cache.
	ActionInstallToolchain ActionKind = "install-toolchain"
	// ActionTrimCache removes from the build cache File what was not used for longest,
	// until it has Limit bytes, and nothing that was used in the last Keep. The go command
	// makes anew what it needs of it, so that nothing is kept for an undo.
	ActionTrimCache ActionKind = "trim-cache"
	// ActionMove gives the file or folder File the name To, which must not be
	// taken, on the same disk. It is how something is removed that must be able to
	// come back.
	ActionMove ActionKind = "move"
	// ActionRebuildTool builds the program Package at Version with exactly
	// Toolchain and puts it in the place of File, which was built by the Go in
	// Value.
	ActionRebuildTool ActionKind = "rebuild-tool"
)

// TextEdit replaces the text at Span.
type TextEdit struct {
	Span Span   `json:"span"`
	New  string `json:"new"`
}

// Action is one step of a Fix. Which fields count depends on Kind.
type Action struct {
	Kind   ActionKind `json:"kind"`
	File   string     `json:"file,omitempty"`
	To     string     `json:"to,omitempty"`
	Hash   string     `json:"hash,omitempty"`
	Create bool       `json:"create,omitempty"`
	// Edits do not overlap and are sorted by Span.
	Edits     []TextEdit    `json:"edits,omitempty"`
	Variable  string        `json:"variable,omitempty"`
	Value     string        `json:"value,omitempty"`
	Toolchain string        `json:"toolchain,omitempty"`
	Package   string        `json:"package,omitempty"`
	Version   string        `json:"version,omitempty"`
	Limit     int64         `json:"limit,omitempty"`
	Keep      time.Duration `json:"keep,omitempty"`
}

// Downloads reports whether a fix may fetch something, which is done with
// programs and settings of the machine.
func (f Fix) Downloads() bool {
	for _, a := range f.Actions {
		if a.Kind == ActionInstallToolchain || a.Kind == ActionInstallSDK || a.Kind == ActionRebuildTool {
			return true
		}
	}
	return false
}

// FixKind groups fixes for menus.
type FixKind string

// The kinds of fix.
const (
	FixRepair FixKind = "repair" // makes the finding go away by mending what it reports
	FixAccept FixKind = "accept" // writes into godrift.toml that this is meant to be so
)

// Fix is an ordered list of actions that belong together: all of them are
// done, or none.
type Fix struct {
	// ID is the same for the same fix of the same finding in the same state.
	ID    string  `json:"id"`
	Title string  `json:"title"`
	Kind  FixKind `json:"kind"`
	// Preferred marks the one fix a person most likely wants.
	Preferred bool `json:"preferred,omitempty"`
	// Asked says that a repository asks for it and that nobody has allowed that on
	// this machine: it is shown, and not carried out.
	Asked bool `json:"asked,omitempty"`
	// Note says what a person should know before applying, for example that it
	// downloads something; empty if there is nothing to say.
	Note    string   `json:"note,omitempty"`
	Actions []Action `json:"actions"`
}

// NeedsEditor reports whether only an editor can carry the fix out.
func (f Fix) NeedsEditor() bool {
	for _, a := range f.Actions {
		if a.Kind == ActionSetEditor || a.Kind == ActionUnsetEditor {
			return true
		}
	}
	return false
}

// NeedsShell reports whether a part of the fix must be done by the person in a
// running shell.
func (f Fix) NeedsShell() bool {
	for _, a := range f.Actions {
		if a.Kind == ActionSetShell || a.Kind == ActionUnsetShell || a.Kind == ActionPrependShell {
			return true
		}
	}
	return false
}

// EditsOnly reports whether the fix changes nothing but files of text, so that
// an editor can do it as one workspace edit.
func (f Fix) EditsOnly() bool {
	for _, a := range f.Actions {
		if a.Kind != ActionEdit {
			return false
		}
	}
	return len(f.Actions) > 0
}

// Pinned is the answer to "which Go is agreed upon here": the first pin in the
// documented order that names one.
type Pinned struct {
	// Version has the "go" prefix, for example "go1.25.3" or "go1.25"; empty if
	// nothing pins a Go here.
	Version string `json:"version"`
	Pin     Pin    `json:"pin,omitzero"`
	// Reason says why this pin counts, as a sentence.
	Reason string `json:"reason,omitempty"`
}

// Report is what one evaluation yields.
type Report struct {
	Snapshot *Snapshot `json:"snapshot"`
	// Findings are sorted: by file, then place, then code.
	Findings []Finding `json:"findings"`
	// Pinned is the agreed Go of Root.
	Pinned Pinned `json:"pinned"`
	// Score is the health of the workspace, 0 to 100, Burdens are the causes that
	// lower it, the worst first, and Usual is what it has been; nil where nothing is
	// remembered.
	Score   int      `json:"score"`
	Burdens []Burden `json:"burdens,omitempty"`
	Usual   *Usual   `json:"usual,omitempty"`
	// Drift says that the Go that runs in Root is not the agreed one.
	Drift bool `json:"drift"`
	// Away is how far the environment is from the accepted state; nil if none was
	// accepted.
	Away *Away `json:"away,omitempty"`
}

// Away is how far an environment is from the accepted state.
type Away struct {
	AcceptedAt time.Time `json:"acceptedAt"`
	// Changed of the Watched values are not as accepted: Share is the one divided
	// by the other.
	Changed int     `json:"changed"`
	Watched int     `json:"watched"`
	Share   float64 `json:"share"`
	// Distance is how far the changes are together, 0 to 1.
	Distance float64 `json:"distance"`
	// ShareLimit and DistanceLimit are what both have to reach before anything is
	// said.
	ShareLimit    float64 `json:"shareLimit"`
	DistanceLimit float64 `json:"distanceLimit"`
	// Held are the changes that are held back, and Due is when the first of them
	// counts, if it is still there then.
	Held int       `json:"held"`
	Due  time.Time `json:"due,omitzero"`
}

// Counts returns the number of findings by severity.
func (r *Report) Counts() map[Severity]int {
	n := map[Severity]int{SeverityError: 0, SeverityWarning: 0, SeverityInfo: 0, SeverityHint: 0}
	for _, f := range r.Findings {
		n[f.Severity]++
	}
	return n
}
