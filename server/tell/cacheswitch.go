package tell

import (
	"io"
	"path/filepath"

	"godrift.dev/server/drift"
)

// CacheSwitchDocument is what "godrift cache switch --format json" prints.
type CacheSwitchDocument struct {
	// Schema is "godrift/cache-switch".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// From is the cache that is left, To the one that is in use from then on.
	From string `json:"from"`
	To   string `json:"to"`
	// CarryOver says that what is good goes along: Outputs in so many Entries, with so
	// many Bytes, and without those that are Bad. They are counted when it is done.
	CarryOver bool  `json:"carryOver"`
	Outputs   int   `json:"outputs"`
	Entries   int   `json:"entries"`
	Bytes     int64 `json:"bytes"`
	Bad       int   `json:"bad"`
	// Diff and Commands are what changes.
	Diff     string   `json:"diff"`
	Commands []string `json:"commands"`
	// Shell is what the running shell must evaluate, where it exports GOCACHE.
	Shell []string `json:"shell"`
	// Notes are sentences that a person should read.
	Notes []string `json:"notes"`
	// Applied says that it was done, and not only previewed; Journal is the number for
	// undo, 0 if nothing was changed that can be undone.
	Applied bool  `json:"applied"`
	Journal int64 `json:"journal"`
}

// CacheSwitchText says what a switch would do, or did, for a person.
func CacheSwitchText(w io.Writer, doc CacheSwitchDocument, opts Options) error {
	t := newText(w, opts)
	if !doc.Applied {
		t.printf("The build cache would become %s, in the place of %s.\n", t.path(doc.To), t.path(doc.From))
		if doc.CarryOver {
			t.printf("What is good is carried over: it is checked, and shares its room on the disk with the old one.\n")
		} else {
			t.printf("It begins empty: everything is compiled once more. --carry-over takes along what is good.\n")
		}
		t.plan(doc.Diff, doc.Commands)
		t.outcome(nil, doc.Shell, doc.Notes)
		return t.err
	}
	t.printf("%s The next go command uses %s.", t.paint(t.good, "Switched."), t.path(doc.To))
	if filepath.IsAbs(doc.From) {
		t.printf(" Builds that are under way go on with %s.", t.path(doc.From))
	}
	t.printf("\n")
	if doc.CarryOver {
		t.printf("Carried over: %s (%s), each checked", drift.Plural(doc.Outputs, "output"), Bytes(doc.Bytes))
		if doc.Bad > 0 {
			t.printf("; %s left out", badEntries(doc.Bad))
		}
		t.printf(".\n")
	}
	t.outcome(nil, doc.Shell, doc.Notes)
	if doc.Journal > 0 {
		t.printf("godrift undo --yes %d goes back; godrift cache gc removes the old one when nothing uses it any more.\n", doc.Journal)
	}
	return t.err
}

func ofItsOwn(n int64) string { return Bytes(n) + " of its own" }

// OldCache is a build cache that a switch left behind.
type OldCache struct {
	// Cache is its folder, and To the one that took its place, empty if that is not known.
	Cache string `json:"cache"`
	To    string `json:"to"`
	// Bytes is the room that it takes by itself: what it shares with another cache is left
	// out.
	Bytes int64 `json:"bytes"`
	// Left is when the switch was, and Used when something in it was last used, as far as
	// files tell, both as RFC 3339; empty if it is not known.
	Left string `json:"left"`
	Used string `json:"used"`
	// Uses say why it stays; empty if it can go.
	Uses []string `json:"uses"`
	// Fuzz counts inputs of go test -fuzz, which stay in any case.
	Fuzz int `json:"fuzz"`
	// Removed says that it went, or what could go of it.
	Removed bool `json:"removed"`
	// Kept says that something stays there that is not the go command's, or that nothing
	// can make anew.
	Kept bool `json:"kept"`
}

// CacheGcDocument is what "godrift cache gc --format json" prints.
type CacheGcDocument struct {
	// Schema is "godrift/cache-gc".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Caches are those that are not in use any more, by their folders.
	Caches []OldCache `json:"caches"`
	// Applied says that those without uses were removed, and not only previewed.
	Applied bool `json:"applied"`
}

// CacheGcText says which old caches go, for a person.
func CacheGcText(w io.Writer, doc CacheGcDocument, opts Options) error {
	t := newText(w, opts)
	if len(doc.Caches) == 0 {
		t.printf("No build cache was left behind by a switch.\n")
	}
	for _, c := range doc.Caches {
		state, style := "would go", t.warning
		switch {
		case c.Removed:
			state, style = "removed", t.good
		case len(c.Uses) > 0:
			state, style = "stays", t.info
		}
		t.printf("%s  %s  %s\n", t.paint(style, pad(state, 8)), t.path(c.Cache), ofItsOwn(c.Bytes))
		for _, use := range c.Uses {
			t.printf("          %s\n", clean(use))
		}
		if c.Fuzz > 0 {
			t.printf("          %s of go test -fuzz stay: go clean -fuzzcache removes such, with GOCACHE set to it\n", drift.Plural(c.Fuzz, "input"))
		}
		if c.Kept && c.Fuzz == 0 {
			t.printf("          something in it is not go's, and stays\n")
		}
	}
	return t.err
}
