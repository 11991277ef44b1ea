package tell

import (
	"fmt"
	"io"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// CacheBad is one thing that is wrong in a build cache.
type CacheBad struct {
	// Path is absolute.
	Path string `json:"path"`
	// Reason is content, mixed-up, unreadable, not-a-file, size, entry,
	// missing-output or foreign.
	Reason string `json:"reason"`
	// Detail says what exactly was found.
	Detail string `json:"detail"`
	// Effect says what the go command does with it.
	Effect string `json:"effect"`
	// Bytes is the size of the file.
	Bytes int64 `json:"bytes"`
	// Harmful says that builds can go wrong because of it, so that the command fails.
	Harmful bool `json:"harmful"`
}

// CacheVerifyDocument is what "godrift cache verify --format json" prints.
type CacheVerifyDocument struct {
	// Schema is "godrift/cache-verify".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Cache is the folder.
	Cache string `json:"cache"`
	// Entries counts the action entries, Outputs what they lead to.
	Entries int `json:"entries"`
	Outputs int `json:"outputs"`
	// Bytes is what was read.
	Bytes   int64   `json:"bytes"`
	Seconds float64 `json:"seconds"`
	// Bad is sorted by path.
	Bad []CacheBad `json:"bad"`
	// Removed counts those that were moved out of the cache.
	Removed int `json:"removed"`
	// Journal is the number for undo; 0 if nothing was removed.
	Journal int64 `json:"journal"`
	// Troubles are problems with the place of the cache, one sentence each.
	Troubles []string `json:"troubles"`
}

// CacheShare is a part of a build cache.
type CacheShare struct {
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
}

// CacheAge is what was last used in a span of time.
type CacheAge struct {
	// Used says when, in words, as in "the last day".
	Used string `json:"used"`
	// Packages, Programs and Other are the kinds of outputs.
	Packages CacheShare `json:"packages"`
	Programs CacheShare `json:"programs"`
	Other    CacheShare `json:"other"`
}

// CacheSizeDocument is what "godrift cache size --format json" prints.
type CacheSizeDocument struct {
	// Schema is "godrift/cache-size".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Cache is the folder.
	Cache string `json:"cache"`
	// Ages are in order, the last used first.
	Ages    []CacheAge `json:"ages"`
	Entries CacheShare `json:"entries"`
	Outputs CacheShare `json:"outputs"`
	Fuzz    CacheShare `json:"fuzz"`
	// Trimmed is when the go command last trimmed the cache, as RFC 3339; empty if it
	// does not say.
	Trimmed string `json:"trimmed"`
	// Troubles are problems with the place of the cache, one sentence each.
	Troubles []string `json:"troubles"`
}

// CacheTrimDocument is what "godrift cache trim --format json" prints.
type CacheTrimDocument struct {
	// Schema is "godrift/cache-trim".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Cache is the folder.
	Cache string `json:"cache"`
	// Files and Bytes are what goes, Kept the bytes that stay.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	Kept  int64 `json:"kept"`
	// Applied says that it went, and was not only previewed.
	Applied bool `json:"applied"`
}

// Bytes writes a size for people.
func Bytes(n int64) string { return drift.Bytes(n) }

// CacheVerifyText says what is bad in a build cache, for a person.
func CacheVerifyText(w io.Writer, doc CacheVerifyDocument, opts Options) error {
	t := newText(w, opts)
	for _, b := range doc.Bad {
		style := t.warning
		if b.Harmful {
			style = t.failed
		}
		t.printf("%s  %s\n", t.paint(style, pad(b.Reason, 14)), t.path(b.Path))
		t.printf("                %s\n", clean(b.Detail))
		t.printf("                %s\n", t.paint(t.faint, clean(b.Effect)))
	}
	if len(doc.Bad) > 0 {
		t.printf("\n")
	}
	t.troubles(doc.Troubles)
	rate := ""
	if doc.Seconds > 0.001 {
		rate = fmt.Sprintf(" in %.1f s (%s/s)", doc.Seconds, Bytes(int64(float64(doc.Bytes)/doc.Seconds)))
	}
	t.printf("Read %s of %s in %s%s.\n", Bytes(doc.Bytes), drift.Plural(doc.Outputs, "output"), t.path(doc.Cache), rate)
	switch {
	case len(doc.Bad) == 0:
		t.printf("%s\n", t.paint(t.good, "Every output is what its name says."))
	case doc.Removed > 0:
		t.printf("%s taken out; the next build makes anew what it needs. godrift undo --yes %d brings them back.\n", badEntries(doc.Removed), doc.Journal)
	default:
		t.printf("%s. Taking just these out lets the next build make them anew: godrift cache verify --repair\n", t.paint(t.strong, badEntries(len(doc.Bad))))
	}
	return t.err
}

func badEntries(n int) string {
	if n == 1 {
		return "1 bad entry"
	}
	return fmt.Sprintf("%d bad entries", n)
}

func (t *textWriter) troubles(list []string) {
	for _, s := range list {
		t.printf("%s %s\n", t.paint(t.failed, "problem:"), clean(s))
	}
}

// barWidth is how many cells the longest bar of a picture has.
const barWidth = 32

// CacheSizeText draws what stands in a build cache, for a person.
func CacheSizeText(w io.Writer, doc CacheSizeDocument, opts Options) error {
	t := newText(w, opts)
	t.printf("%s in %s\n\n", t.paint(t.strong, Bytes(doc.Outputs.Bytes+doc.Entries.Bytes+doc.Fuzz.Bytes)), t.path(doc.Cache))
	most := int64(1)
	for _, a := range doc.Ages {
		most = max(most, a.Packages.Bytes+a.Programs.Bytes+a.Other.Bytes)
	}
	kinds := []struct {
		name, mark string
		style      style
		of         func(CacheAge) CacheShare
	}{
		{"packages", "█", t.info, func(a CacheAge) CacheShare { return a.Packages }},
		{"programs", "▓", t.warning, func(a CacheAge) CacheShare { return a.Programs }},
		{"other", "░", t.faint, func(a CacheAge) CacheShare { return a.Other }},
	}
	t.printf("Last used:\n")
	for _, a := range doc.Ages {
		drawn, cells := "", 0
		for _, k := range kinds {
			n := int((k.of(a).Bytes*barWidth + most - 1) / most)
			n = min(n, barWidth-cells)
			cells += n
			drawn += t.paint(k.style, strings.Repeat(k.mark, n))
		}
		t.printf("  %s  %s%s  %s\n", pad(a.Used, 15), drawn, strings.Repeat(" ", barWidth-cells), Bytes(a.Packages.Bytes+a.Programs.Bytes+a.Other.Bytes))
	}
	t.printf("\n")
	for _, k := range kinds {
		var sum CacheShare
		for _, a := range doc.Ages {
			sum.Files += k.of(a).Files
			sum.Bytes += k.of(a).Bytes
		}
		t.printf("  %s %s  %10s  %s\n", t.paint(k.style, k.mark), pad(k.name, 12), Bytes(sum.Bytes), drift.Plural(sum.Files, "file"))
	}
	t.printf("    %s  %10s  %s\n", pad("entries", 12), Bytes(doc.Entries.Bytes), drift.Plural(doc.Entries.Files, "file"))
	if doc.Fuzz.Files > 0 {
		t.printf("    %s  %10s  %s; no trim removes them: go clean -fuzzcache does\n", pad("fuzz inputs", 12), Bytes(doc.Fuzz.Bytes), drift.Plural(doc.Fuzz.Files, "file"))
	}
	if doc.Trimmed != "" {
		at := doc.Trimmed
		if read, err := time.Parse(time.RFC3339, at); err == nil {
			at = read.Local().Format("2006-01-02 15:04")
		}
		t.printf("\ngo last trimmed it at %s; it removes what was not used for 5 days.\n", at)
	}
	t.troubles(doc.Troubles)
	return t.err
}

// CacheTrimText says what a trim removes, for a person.
func CacheTrimText(w io.Writer, doc CacheTrimDocument, opts Options) error {
	t := newText(w, opts)
	verb := "would go from"
	if doc.Applied {
		verb = "went from"
	}
	t.printf("%s (%s) %s %s; %s stay.\n", drift.Plural(doc.Files, "file"), Bytes(doc.Bytes), verb, t.path(doc.Cache), Bytes(doc.Kept))
	return t.err
}

// CacheTroubleText is one problem with the place of a cache, in one line.
func CacheTroubleText(path, detail string) string { return drift.MaskText(path + ": " + detail) }
