package tell

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// The names of the documents that only the page asks for. What a command prints
// has the command's own document there, too.
const (
	SchemaPageNow      = "godrift/page-now"
	SchemaPageTimeline = "godrift/page-timeline"
	SchemaPageCache    = "godrift/page-cache"
)

// PageAsk is what the page asks about.
type PageAsk string

// What the page can ask, with the document that is the answer.
const (
	PageAskNow      PageAsk = "now"      // godrift/page-now
	PageAskTimeline PageAsk = "timeline" // godrift/page-timeline
	PageAskMoments  PageAsk = "moments"  // godrift/log
	PageAskMoment   PageAsk = "moment"   // godrift/log with the one moment
	PageAskCompare  PageAsk = "compare"  // godrift/diff
	PageAskWhy      PageAsk = "why"      // godrift/why with readers
	PageAskPins     PageAsk = "pins"     // godrift/pins
	PageAskCgo      PageAsk = "cgo"      // godrift/cgo
	PageAskCache    PageAsk = "cache"    // godrift/page-cache
	PageAskTools    PageAsk = "tools"    // godrift/tools
	PageAskAudit    PageAsk = "audit"    // godrift/audit
)

// PageAsks lists everything that can be asked.
var PageAsks = []PageAsk{
	PageAskNow, PageAskTimeline, PageAskMoments, PageAskMoment, PageAskCompare, PageAskWhy, PageAskPins, PageAskCgo, PageAskCache,
	PageAskTools, PageAskAudit,
}

// PageQuestion is what the page asks about one workspace. What is empty does not
// count.
type PageQuestion struct {
	// Ask says what about; the other fields narrow it down.
	Ask PageAsk `json:"ask"`
	// Of is whose environment: "editor", "cli", … Empty, the timeline draws that of
	// who looks, and moments are those of everybody.
	Of string `json:"of,omitempty"`
	// Since and Until bound the time.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// Width is how many pixels a picture has: nothing narrower is told apart.
	Width int `json:"width,omitempty"`
	// Zone is how many minutes the reader's clock is ahead of UTC, so that days begin
	// where the reader's do.
	Zone int `json:"zone,omitempty"`
	// Cause and Text choose moments: by their cause, and by a text in what changed.
	Cause drift.CauseKind `json:"cause,omitempty"`
	Text  string          `json:"text,omitempty"`
	// Before is the id of the last moment of the page before, and Limit how many there
	// may be on this one.
	Before int64 `json:"before,omitempty"`
	Limit  int   `json:"limit,omitempty"`
	// ID is the one moment that is asked for.
	ID int64 `json:"id,omitempty"`
	// A and B name the snapshots that are compared, as "godrift diff" takes them.
	A string `json:"a,omitempty"`
	B string `json:"b,omitempty"`
	// All asks about every target of cgo, not only the usual ones.
	All bool `json:"all,omitempty"`
}

// The limits of a question.
const (
	maxPageText  = 200
	maxPageLimit = 1000
	maxPageWidth = 4000
)

// ParsePageQuestion reads a question as it stands in the query of an address. Times are
// milliseconds since 1970 or as RFC 3339 writes them.
func ParsePageQuestion(ask string, query url.Values) (PageQuestion, error) {
	q := PageQuestion{
		Ask: PageAsk(ask), Of: query.Get("of"), Cause: drift.CauseKind(query.Get("cause")), Text: query.Get("text"),
		A: query.Get("a"), B: query.Get("b"), All: query.Get("all") == "true",
	}
	for _, t := range []struct {
		name string
		to   *time.Time
	}{{"since", &q.Since}, {"until", &q.Until}} {
		text := query.Get(t.name)
		if text == "" {
			continue
		}
		if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
			*t.to = time.UnixMilli(ms).UTC()
			continue
		}
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return q, fmt.Errorf("%s=%q is no time: write milliseconds since 1970, or 2006-01-02T15:04:05Z", t.name, drift.Clip(text))
		}
		*t.to = at
	}
	for _, n := range []struct {
		name string
		to   *int
	}{{"width", &q.Width}, {"zone", &q.Zone}, {"limit", &q.Limit}} {
		if text := query.Get(n.name); text != "" {
			number, err := strconv.Atoi(text)
			if err != nil {
				return q, fmt.Errorf("%s=%q is no number", n.name, drift.Clip(text))
			}
			*n.to = number
		}
	}
	for _, n := range []struct {
		name string
		to   *int64
	}{{"before", &q.Before}, {"id", &q.ID}} {
		if text := query.Get(n.name); text != "" {
			number, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return q, fmt.Errorf("%s=%q is no number", n.name, drift.Clip(text))
			}
			*n.to = number
		}
	}
	return q, nil
}

// Bounded is the question with its numbers and texts within what is answered.
func (q PageQuestion) Bounded() PageQuestion {
	if q.Width <= 0 {
		q.Width = 800
	}
	q.Width = max(100, min(q.Width, maxPageWidth))
	if q.Limit <= 0 {
		q.Limit = 100
	}
	q.Limit = min(q.Limit, maxPageLimit)
	q.Zone = max(-24*60, min(q.Zone, 24*60))
	if len(q.Text) > maxPageText {
		q.Text = strings.ToValidUTF8(q.Text[:maxPageText], "")
	}
	return q
}

// PageNowDocument is what the page says about the present.
type PageNowDocument struct {
	// Schema is "godrift/page-now".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Name is what the workspace is called and Root its folder.
	Name string `json:"name"`
	Root string `json:"root"`
	// Of says whose environment it is, and Seen when it was looked at.
	Of   string    `json:"of"`
	Seen time.Time `json:"seen"`
	// Trusted says that programs of this workspace may be run.
	Trusted bool `json:"trusted"`
	// Busy says that a part of the report is still being read: the tools, the module
	// graph or what the compiler says.
	Busy bool `json:"busy"`
	// Failure is why the report is out of date; empty in ordinary times.
	Failure string `json:"failure"`
	// Since is when the Go that runs was another one last; absent if that is not
	// remembered. AtLeast says that it is only known to have been so from then on.
	Since   *time.Time `json:"since,omitempty"`
	AtLeast bool       `json:"atLeast"`
	// Check is what "godrift check --format json" prints.
	Check CheckDocument `json:"check"`
	// Variables are those that decide most about a build.
	Variables []PageVariable `json:"variables"`
	// Toolchains are the Gos within reach.
	Toolchains []Go `json:"toolchains"`
	// Recent are the newest moments of all environments, newest first.
	Recent []Moment `json:"recent"`
	// Undo is the title of the last fix that can be taken back; empty if there is none.
	Undo string `json:"undo"`
}

// PageVariable is a variable with its name.
type PageVariable struct {
	Name string `json:"name"`
	Variable
}

// pageVariables are those that are shown.
var pageVariables = []string{"GOTOOLCHAIN", "GOROOT", "CGO_ENABLED", "CC", "GOFLAGS", "GOOS", "GOARCH", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOENV"}

// NewPageNow makes the document about the present. What is remembered is added to it.
func NewPageNow(name string, report *drift.Report) PageNowDocument {
	s := report.Snapshot
	doc := PageNowDocument{
		Schema: SchemaPageNow, Version: DocumentVersion, Name: name, Root: s.Root, Of: s.Environment.Of, Seen: s.Time, Trusted: s.Trusted,
		Busy: s.ToolsPending || s.GraphPending || s.CgoPending, Check: NewCheck(report), Variables: []PageVariable{},
		Toolchains: newGos(s.Environment.Toolchains), Recent: []Moment{},
	}
	for _, name := range pageVariables {
		if v, ok := s.Environment.Lookup(name); ok {
			doc.Variables = append(doc.Variables, PageVariable{name, newVariable(v)})
		}
	}
	return doc
}
