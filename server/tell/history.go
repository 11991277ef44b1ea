package tell

import (
	"io"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// The names of the documents about the past. A snapshot's own is in
// drift/record.
const (
	SchemaLog   = "godrift/log"
	SchemaAudit = "godrift/audit"
	SchemaDiff  = "godrift/diff"
)

// LogDocument is what "godrift log --format json" prints.
type LogDocument struct {
	// Schema is "godrift/log".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the workspace folder.
	Root string `json:"root"`
	// Moments are when what is remembered of the folder changed, newest first.
	Moments []Moment `json:"moments"`
	// More says that there are older ones: ask with the last moment's id as
	// "before".
	More bool `json:"more"`
}

// Moment is when what is remembered of a workspace became another.
type Moment struct {
	// ID counts the moments on this machine.
	ID int64 `json:"id"`
	// Time is when, in UTC.
	Time time.Time `json:"time"`
	// Of says in whose environment: "editor", "cli", "ci", …
	Of string `json:"of"`
	// Before and After are IDs of snapshots; Before is empty at first sight.
	Before string `json:"before"`
	After  string `json:"after"`
	// Cause is why it changed, as far as that can be told.
	Cause drift.Cause `json:"cause"`
	// By is who noticed.
	By drift.Actor `json:"by"`
	// Changes are those from Before to After; none at first sight.
	Changes []Change `json:"changes"`
}

// Change is one difference between two snapshots.
type Change struct {
	// Key names the fact, for example "env.GOFLAGS".
	Key string `json:"key"`
	// Kind is "added", "removed" or "changed".
	Kind drift.ChangeKind `json:"kind"`
	// Old and New are the values. Old is empty if it was added, New if it was
	// removed. Secrets are masked.
	Old string `json:"old"`
	New string `json:"new"`
	// OldLayer and NewLayer say where a variable's value came and comes from.
	OldLayer string `json:"oldLayer"`
	NewLayer string `json:"newLayer"`
	// Trend is "newer", "older" or "same" if both values are versions, else
	// empty.
	Trend drift.Trend `json:"trend"`
	// Secret says that a masked part of the value changed.
	Secret bool `json:"secret"`
}

// NewLog makes the document of moments; at most limit of them are told.
func NewLog(root string, moments []drift.Moment, limit int) LogDocument {
	doc := LogDocument{Schema: SchemaLog, Version: DocumentVersion, Root: root, Moments: []Moment{}, More: len(moments) > limit}
	for _, m := range moments[:min(limit, len(moments))] {
		doc.Moments = append(doc.Moments, Moment{
			ID: m.ID, Time: m.Time, Of: m.Of, Before: m.Before, After: m.After, Cause: m.Cause, By: m.By, Changes: newChanges(m.Changes),
		})
	}
	return doc
}

// NothingFitsText says that the history of a workspace has nothing of what was asked for.
// A folder among the words is most likely meant as the workspace.
func NothingFitsText(w io.Writer, root, folder string, opts Options) error {
	t := newText(w, opts)
	t.printf("Nothing in the history of %s fits; godrift log without more lists all of it.\n", t.toolchain(root))
	if folder != "" {
		t.printf("%s is a folder: --root names the workspace whose history is meant.\n", clean(folder))
	}
	return t.err
}

func newChanges(changes []drift.Change) []Change {
	out := make([]Change, 0, len(changes))
	for _, c := range changes {
		out = append(out, Change(c))
	}
	return out
}

// AuditDocument is what "godrift log --audit --format json" prints.
type AuditDocument struct {
	// Schema is "godrift/audit".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the workspace folder.
	Root string `json:"root"`
	// Deeds are what was done, newest first.
	Deeds []Deed `json:"deeds"`
}

// Deed is what somebody did with godrift: a fix, an undo, a rollback, an accept.
type Deed struct {
	ID   int64     `json:"id"`
	Time time.Time `json:"time"`
	// Milliseconds is how long it took.
	Milliseconds float64        `json:"milliseconds"`
	Kind         drift.DeedKind `json:"kind"`
	// Title says what was done, in plain words.
	Title string `json:"title"`
	// By is who did it.
	By drift.Actor `json:"by"`
	// Before and After are IDs of snapshots, as far as they are known. Of an allow or a
	// deny they are the decisions, each with the beginning of the hash that it is for.
	Before string           `json:"before"`
	After  string           `json:"after"`
	Result drift.DeedResult `json:"result"`
	// Note is the reason that was given, or why it was refused or failed.
	Note string `json:"note"`
	// Journal is the number that "godrift undo" takes; 0 if there is none.
	Journal int64 `json:"journal"`
	// Undoable says that it was not undone since, and is still known.
	Undoable bool `json:"undoable"`
}

// NewAudit makes the document of deeds.
func NewAudit(root string, deeds []drift.Deed) AuditDocument {
	doc := AuditDocument{Schema: SchemaAudit, Version: DocumentVersion, Root: root, Deeds: []Deed{}}
	for _, d := range deeds {
		doc.Deeds = append(doc.Deeds, Deed{
			ID: d.ID, Time: d.Time, Milliseconds: float64(d.Duration.Microseconds()) / 1000, Kind: d.Kind, Title: d.Title, By: d.By,
			Before: d.Before, After: d.After, Result: d.Result, Note: d.Note, Journal: d.Journal, Undoable: d.Undoable,
		})
	}
	return doc
}

// DiffDocument is what "godrift diff --format json" prints.
type DiffDocument struct {
	// Schema is "godrift/diff".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the workspace folder.
	Root string `json:"root"`
	// A and B are the two snapshots.
	A Compared `json:"a"`
	B Compared `json:"b"`
	// Changes are those from A to B, sorted by key.
	Changes []Change `json:"changes"`
	// Added, Removed and Changed count them.
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Changed int `json:"changed"`
	// Modules are the modules that are not the same in B as in A, sorted by path.
	// Where the module graph was known in part only, what both sides know is
	// compared.
	Modules []ModuleChange `json:"modules"`
}

// Compared is one of two snapshots that are compared.
type Compared struct {
	// Name is what the person wrote: "baseline", "now", "~1", …
	Name string `json:"name"`
	// ID is the snapshot's.
	ID string `json:"id"`
	// Time is when it was seen, in UTC, and Of in whose environment.
	Time time.Time `json:"time"`
	Of   string    `json:"of"`
}

// NewDiff makes the document of the difference of two records. Whether there is
// an editor says nothing where only one of them was seen by one, and what a monitor's
// probes say nothing where only one was seen by a monitor.
func NewDiff(root, nameA, nameB string, a, b drift.Record) DiffDocument {
	doc := DiffDocument{
		Schema: SchemaDiff, Version: DocumentVersion, Root: root,
		A: Compared{nameA, a.ID(), a.Time, a.Of}, B: Compared{nameB, b.ID(), b.Time, b.Of},
		Changes: newChanges(drift.Diff(a, b)), Modules: []ModuleChange{},
	}
	was, had := a.ModuleList()
	is, has := b.ModuleList()
	if had && has {
		doc.Modules = NewModuleChanges(drift.DiffModules(was, is))
	}
	if a.Of != b.Of {
		doc.Changes = slices.DeleteFunc(doc.Changes, func(c Change) bool {
			return strings.HasPrefix(c.Key, drift.KeyHost+"editor") || strings.HasPrefix(c.Key, drift.KeyProbe)
		})
	}
	for _, c := range doc.Changes {
		switch c.Kind {
		case drift.ChangeAdded:
			doc.Added++
		case drift.ChangeRemoved:
			doc.Removed++
		case drift.ChangeChanged:
			doc.Changed++
		}
	}
	return doc
}
