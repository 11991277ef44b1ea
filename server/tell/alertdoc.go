package tell

import (
	"time"

	"godrift.dev/server/drift"
)

// The names of the documents about alerts.
const (
	SchemaAlert     = "godrift/alert"
	SchemaAlerts    = "godrift/alerts"
	SchemaAlertTest = "godrift/alert-test"
)

// AlertKind says what an alert is about.
type AlertKind string

// The kinds of alert.
const (
	AlertFinding AlertKind = "finding" // a finding of a rule
	AlertSummary AlertKind = "summary" // all that a workspace has when it is looked at for the first time
	AlertTest    AlertKind = "test"    // somebody tries whether alerts arrive
	AlertNotice  AlertKind = "notice"  // something about the alerts themselves
)

// Alert is what webhooks, commands and the log get: one thing that is told.
type Alert struct {
	// Schema is "godrift/alert".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// ID is the same when it is told, told again and resolved: who opens a ticket for
	// it finds the ticket by it. What is mended and comes back has another.
	ID   string    `json:"id"`
	Kind AlertKind `json:"kind"`
	// State is "firing" or "resolved".
	State drift.AlertState `json:"state"`
	// Repeated says that it was told before, and still stands.
	Repeated bool           `json:"repeated,omitempty"`
	Level    drift.Severity `json:"level"`
	// Rule is the code of the rule, for example "toolchain-drift"; empty if it is about
	// no finding.
	Rule string `json:"rule"`
	// Workspace is the name of the workspace, and Root its folder.
	Workspace string `json:"workspace"`
	Root      string `json:"root"`
	// Host is the machine.
	Host string `json:"host,omitempty"`
	// Title is one line, Message one or more plain sentences.
	Title   string `json:"title"`
	Message string `json:"message"`
	// File and Line are where it stands; empty and 0 if it stands in no file.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Time is when it became so, as far as it was seen: when it was first found, or
	// when it was found to be gone. Since is when it was first found.
	Time  time.Time `json:"time"`
	Since time.Time `json:"since"`
	// Before and After are the values of what changed, if it is known, and Cause says
	// why it did.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Cause  string `json:"cause,omitempty"`
	// Fingerprint names the finding in its workspace: it is the same whenever that
	// comes back.
	Fingerprint string `json:"fingerprint"`
	// Fix is what would mend it, and Command does that.
	Fix     string `json:"fix,omitempty"`
	Command string `json:"command,omitempty"`
	// Report is a diagnostic report in Markdown, for what cannot be understood without
	// one: a blocked go, a target that cannot be built, a damaged cache.
	Report string `json:"report,omitempty"`
	// Link is the page of the monitor.
	Link    string `json:"link,omitempty"`
	TraceID string `json:"traceId,omitempty"`
	// Counts are the findings of a summary.
	Counts *Counts `json:"counts,omitempty"`
}

// AlertsDocument is what "godrift monitor alerts --format json" prints.
type AlertsDocument struct {
	// Schema is "godrift/alerts".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version  int            `json:"version"`
	Channels []AlertChannel `json:"channels"`
	// Firing are the findings that stand, the worst first.
	Firing []AlertStanding `json:"firing"`
	// Silences are those that hold now.
	Silences []AlertSilence `json:"silences"`
	// Queued are the messages that wait, and Dead those that were given up, the newest
	// first; not more than 200 of each.
	Queued []AlertLetter `json:"queued"`
	Dead   []AlertLetter `json:"dead"`
}

// AlertChannel is one way to tell, and how it goes.
type AlertChannel struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Queued int    `json:"queued"`
	// Sent counts the messages of the last week.
	Sent int `json:"sent"`
	Dead int `json:"dead"`
}

// AlertStanding is one finding that stands.
type AlertStanding struct {
	ID        string         `json:"id"`
	Level     drift.Severity `json:"level"`
	Rule      string         `json:"rule"`
	Workspace string         `json:"workspace"`
	Root      string         `json:"root"`
	Message   string         `json:"message"`
	Since     time.Time      `json:"since"`
	// Told are the channels that know, and Silenced says that nobody is told now.
	Told     []string `json:"told"`
	Silenced bool     `json:"silenced,omitempty"`
}

// AlertSilence is what is not told for a time.
type AlertSilence struct {
	// ID is what takes it back; 0 if it stands in the configuration.
	ID         int64    `json:"id"`
	Rules      []string `json:"rules"`
	Workspaces []string `json:"workspaces"`
	// Until is absent if it holds for as long as it stands in the configuration.
	Until  *time.Time `json:"until,omitempty"`
	Reason string     `json:"reason,omitempty"`
}

// AlertLetter is one message on its way.
type AlertLetter struct {
	// ID is what sends a dead one again.
	ID      int64     `json:"id"`
	Channel string    `json:"channel"`
	Title   string    `json:"title"`
	State   string    `json:"state"`
	Created time.Time `json:"created"`
	// Next is when it is tried, absent if it is dead.
	Next     *time.Time `json:"next,omitempty"`
	Attempts int        `json:"attempts"`
	// Error is why the last attempt failed.
	Error string `json:"error,omitempty"`
}

// AlertTestDocument is what "godrift monitor test-alert --format json" prints.
type AlertTestDocument struct {
	// Schema is "godrift/alert-test".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// ID is that of the alert that was sent.
	ID       string            `json:"id"`
	Channels []AlertTestResult `json:"channels"`
}

// AlertTestResult is how a test went on one channel.
type AlertTestResult struct {
	Channel string `json:"channel"`
	Kind    string `json:"kind"`
	// Sent says that it was taken, Answer what was answered or why it failed.
	Sent         bool   `json:"sent"`
	Answer       string `json:"answer"`
	Milliseconds int64  `json:"milliseconds"`
}

// Plus counts one more of a severity.
func (c Counts) Plus(s drift.Severity) Counts {
	return c.plus(CountsOf([]drift.Finding{{Severity: s}}))
}
