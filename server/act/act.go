package act

import (
	"context"
	"errors"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
	"godrift.dev/server/shell"
)

// ErrChanged says that something is not as it was when the fix was worked out
// (or when it was applied, for an undo): nothing was changed.
var ErrChanged = errors.New("changed in the meantime")

// ErrNoEditor says that only an editor can carry the fix out.
var ErrNoEditor = errors.New("it changes the environment of an editor, which only that editor can do: do it from there")

// ErrNothing says that there is nothing to undo.
var ErrNothing = errors.New("there is nothing to undo")

// Editor is how an editor changes its own environment: that of its Go tools
// and of the terminals opened in it, for one workspace only.
type Editor interface {
	// SetVariables sets and unsets variables, all or none, and returns what they
	// were before; nil stands for one that was not set.
	SetVariables(ctx context.Context, set map[string]string, unset []string) (previous map[string]*string, err error)
}

// EditorReader is an Editor that can also tell what is set. With it the
// inverse of a change is in the journal before the change begins, and undo
// notices that somebody else changed the variable since.
type EditorReader interface {
	Editor
	// Variables returns the values that SetVariables set; nil stands for one
	// that is not set.
	Variables(ctx context.Context, names []string) (map[string]*string, error)
}

// Options is the world that a fix is applied to.
type Options struct {
	// Root is the workspace folder.
	Root string
	// Untrusted says that links in Root which lead out of it are not followed:
	// whoever wrote them could not change what they lead to.
	Untrusted bool
	// Files is what Plan reads, editor's buffers included; nil means the disk.
	// Apply and Undo always look at the disk.
	Files drift.Files
	// Environ is the environment that programs are started with, after
	// everything that could mislead the go command was taken out.
	Environ map[string]string
	// GOENV is the file that go env -w writes; empty if there is none.
	GOENV string
	// Store opens the journal.
	Store func() (*remember.Store, error)
	// Editor is nil outside an editor.
	Editor Editor
	// Progress, if set, is told what is being done. Total is 0 while it is not
	// known; done and total are bytes.
	Progress func(text string, done, total int64)
	// TrimCache carries out drift.ActionTrimCache, and says how many files and bytes went.
	TrimCache func(ctx context.Context, dir string, limit int64, keep time.Duration) (files int, bytes int64, err error)
	// Toolchains are the Gos within reach, those on PATH first.
	Toolchains []drift.Toolchain
	// InstallLimit bounds one download; 0 means 15 minutes.
	InstallLimit time.Duration
	// Now is the clock; nil means the machine's.
	Now func() time.Time

	// built are the hashes of the programs that were built for the fix, by the
	// file that they go to.
	built map[string]string
	// fetched are the folders that SDKs are copied from, by toolchain.
	fetched map[string]string
	// fetch replaces downloading an SDK, and build building, in tests that kill the
	// process at many points.
	fetch func(toolchain string) (dir string, err error)
	build func(a drift.Action) (hash string, err error)

	// reached, if set, is called at each point between two effects on the
	// world. Tests end the process there.
	reached func(point string)
}

func (o *Options) now() time.Time {
	if o.Now != nil {
		return o.Now()
	}
	return time.Now()
}

func (o *Options) progress(text string, done, total int64) {
	if o.Progress != nil {
		o.Progress(text, done, total)
	}
}

func (o *Options) at(point string) {
	if o.reached != nil {
		o.reached(point)
	}
}

// Preview is what a fix would change, without secrets.
type Preview struct {
	// Diff is a unified diff of all file changes, the GOENV file included; empty
	// if no file changes.
	Diff string `json:"diff"`
	// Commands say what else will happen, one line each.
	Commands []string `json:"commands"`
}

// Result is what a fix, or its undo, has changed.
type Result struct {
	// ID is the number in the journal, for Undo; 0 if nothing was changed that
	// can be undone.
	ID int64 `json:"id"`
	// Files are the files that changed on disk, as the fix names them.
	Files []string `json:"files"`
	// Done says what was done, one line each, without secrets.
	Done []string `json:"done"`
	// Shell is what only the person in front of a running shell can do.
	Shell []shell.Change `json:"shell,omitempty"`
	// Notes are further things that a person should be told.
	Notes []string `json:"notes,omitempty"`
}

// Outcome says what Recover found or made of an entry.
type Outcome string

// The outcomes.
const (
	OutcomeNothing Outcome = "nothing" // the fix had not begun: nothing was changed
	OutcomeDone    Outcome = "done"    // the fix is in effect as a whole
	OutcomeUndone  Outcome = "undone"  // a part was in effect and was taken back
	OutcomeLeft    Outcome = "left"    // something could not be put right: Text says what
)

// Recovered is a fix that a killed process left open.
type Recovered struct {
	ID      int64   `json:"id"`
	Title   string  `json:"title"`
	Root    string  `json:"root"`
	Outcome Outcome `json:"outcome"`
	// Text tells a person what was found and done, in whole sentences.
	Text  string   `json:"text"`
	Files []string `json:"files"`
}
