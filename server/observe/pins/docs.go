package pins

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"godrift.dev/server/drift"
)

// docNames are the documents that tell people which Go to have. Only those named
// here are read: in a change log or a blog every Go is right somewhere.
var docNames = []string{
	"CONTRIBUTING", "INSTALL", "INSTALLING", "INSTALLATION", "BUILDING", "BUILD", "DEVELOPMENT", "DEVELOPING", "DEVELOPER", "DEVELOPERS",
	"HACKING", "GETTING_STARTED", "GETTING-STARTED", "QUICKSTART", "REQUIREMENTS", "PREREQUISITES",
}

// isDoc matches README files and their like.
func isDoc(rel string) bool {
	name := path.Base(rel)
	ext := path.Ext(name)
	switch ext {
	case ".md", ".markdown", ".mkd", ".mdx", ".rst", ".adoc", ".txt", ".org":
	default:
		return strings.EqualFold(name, "README")
	}
	name = name[:len(name)-len(ext)]
	if len(name) >= 6 && strings.EqualFold(name[:6], "README") && (len(name) == 6 || strings.IndexByte("._-", name[6]) >= 0) {
		return true
	}
	return slices.ContainsFunc(docNames, func(known string) bool { return strings.EqualFold(known, name) })
}

// docPattern finds "Go 1.22", "Golang version 1.22.x", "[Go](https://go.dev)
// (>= 1.22)", "| Go | 1.22 |". Group 1 is what stands between the name and the
// version, group 2 the version.
var docPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:^|[^\w./@:-])\[?(?:Go|GO|go|Golang|golang|GoLang|GOLANG)(?:[ -]?(?:[Pp]rogramming [Ll]anguage|[Cc]ompiler|[Tt]oolchain|[Ll]anguage|SDK))?\]?(?:\([^)\s]*\)|\[[^\]\s]*\])?` +
		"([ \\t*_`|:,(\\]]*(?:\\(?[Vv]ersions?[ :*_`]*|[Mm]inimum[ :]*|at least[ ]*)?(?:>=|=>|≥|&gt;=|>|~>|~|\\^)?[ \\t*_`]*(?:go|v)?)" +
		`(1\.\d{1,2}(?:\.\d{1,2}|\.x|\.X|rc\d|beta\d)?)`)
})

// badgePattern finds the badges of shields.io: badge/go-%3E%3D1.21-blue. Group 1
// is what stands before the version, group 2 the version, group 3 a plus.
var badgePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`badge/(?:[A-Za-z]+(?:%20|_|-))?(?i:go|golang)(?:(?:%20|_|-)*[Vv]ersion)?((?:%20|[-_^~v>=]|%3[EeDd]|%5[Ee]|%E2%89%A5|≥|&gt;|go)*)(1\.\d{1,2}(?:\.\d{1,2}|\.x)?)((?:%20|_)*(?:%2[Bb]|\+))?`)
})

// docWords are the words before a version that make it a demand.
var docWords = []string{
	"require", "needs", "need ", "minimum", "at least", "prerequisite", "install", "make sure", "ensure", "build with", "built with", "built using", "builds with",
	"compile", "tested with", "tested on", "tested against", "uses", "using", "use ", "supports", "supported", "works with", "depends on", "have ", "you'll want",
}

// docStories are the words right before the name of Go that tell a story.
var docStories = []string{"as of", "since", "before", "until", "prior to", "introduced in", "added in", "in", "from", "with the release of", "than", "like", "by", "for", "after", "because", "where"}

// docHeadings are the words of a heading under which a list item that names a Go
// is a demand.
var docHeadings = []string{"requirement", "prereq", "depend", "install", "build", "develop", "setup", "set up", "getting started", "environment", "toolchain", "what you need", "compil", "supported"}

// docReader reads one document.
type docReader struct {
	doc     drift.Document
	heading string
	fence   string
	pins    []drift.Pin
}

// ParseDocs reads what a README and its like tell people: "Go 1.22 or later",
// "requires Go 1.22", list items under a heading such as Prerequisites, and the
// badges of shields.io (https://shields.io/badges/static-badge). Code blocks and
// stories ("since Go 1.13") are left out; what is in doubt is left out too.
func ParseDocs(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("1.")) || !bytes.Contains(doc.Text, []byte("Go")) && !bytes.Contains(doc.Text, []byte("go")) {
		return nil, nil
	}
	r := &docReader{doc: doc}
	for start := 0; start < len(doc.Text) && start < maxScript && len(r.pins) < maxPins; {
		end := len(doc.Text)
		if i := bytes.IndexByte(doc.Text[start:], '\n'); i >= 0 {
			end = start + i
		}
		const longest = 8 << 10 // more is no prose
		if end-start < longest {
			r.line(string(doc.Text[start:end]), start)
		}
		start = end + 1
	}
	slices.SortStableFunc(r.pins, func(a, b drift.Pin) int { return a.Place.Span.Start - b.Place.Span.Start })
	r.pins = slices.CompactFunc(r.pins, func(a, b drift.Pin) bool { return a.Place.Span.Start == b.Place.Span.Start })
	return r.pins, nil
}

func (r *docReader) line(line string, start int) {
	trimmed := strings.TrimSpace(line)
	for _, fence := range []string{"```", "~~~", "----"} {
		if !strings.HasPrefix(trimmed, fence) || fence == "----" && !strings.HasSuffix(r.doc.File, ".adoc") {
			continue
		}
		switch r.fence {
		case "":
			r.fence = fence
		case fence:
			r.fence = ""
		}
		return
	}
	if r.fence != "" || trimmed == "" {
		return
	}
	if trimmed[0] == '#' || trimmed[0] == '=' {
		r.heading = strings.ToLower(trimmed)
	} else if word := strings.ToLower(strings.Trim(trimmed, "*_: ")); len(word) < 60 && strings.HasSuffix(strings.TrimRight(trimmed, "*_"), ":") {
		r.heading = word
	}
	if !strings.Contains(line, "1.") || !strings.Contains(line, "go") && !strings.Contains(line, "Go") && !strings.Contains(line, "GO") {
		return
	}
	for _, m := range badgePattern().FindAllStringSubmatchIndex(line, -1) {
		before := strings.ToUpper(line[m[2]:m[3]])
		least := m[6] >= 0 || strings.Contains(before, "%3E") || strings.Contains(before, ">") || strings.Contains(before, "≥") || strings.Contains(before, "&GT;") || strings.Contains(before, "%E2%89%A5")
		r.add(drift.SourceDocsBadge, line[m[4]:m[5]], start+m[4], least)
	}
	for _, m := range docPattern().FindAllStringSubmatchIndex(line, -1) {
		r.mention(line, start, m)
	}
}

// mention judges one place where a version follows the name of Go.
func (r *docReader) mention(line string, start int, m []int) {
	between, v, rest := line[m[2]:m[3]], line[m[4]:m[5]], line[m[5]:]
	if rest != "" && (startsWithDigit(rest) || rest[0] == '.' && startsWithDigit(rest[1:]) || rest[0] == '-' || rest[0] == '/' || rest[0] == '\'') || strings.HasPrefix(rest, "’") {
		return
	}
	before := strings.ToLower(line[:m[0]+1])
	least := strings.ContainsAny(between, ">≥") || strings.Contains(between, "inimum") || strings.Contains(between, "at least") || orLater(rest) ||
		endsWithin(before, "at least", 30) || endsWithin(before, "minimum", 30)
	if tellsStory(before) || strings.HasPrefix(strings.TrimLeft(rest, " "), "modules") {
		return
	}
	if least || r.demanded(before) || r.item(line, before) {
		r.add(drift.SourceDocsText, v, start+m[4], least || strings.Contains(lastBytes(before, 60), "require"))
	}
}

// orLater reports whether a version is followed by words for "or later".
func orLater(rest string) bool {
	rest = strings.ToLower(strings.TrimLeft(rest, "*_`)] "))
	if strings.HasPrefix(rest, "+") {
		return true
	}
	rest = strings.TrimLeft(rest, "(*_` ,")
	for _, word := range []string{"or ", "and ", "& "} {
		if after, ok := strings.CutPrefix(rest, word); ok {
			after = strings.TrimPrefix(after, "any ")
			for _, more := range []string{"later", "newer", "above", "higher", "greater", "up", "more recent", "upward", "onward", "beyond", "a later", "a newer", "latest"} {
				if strings.HasPrefix(after, more) {
					return true
				}
			}
		}
	}
	return strings.HasPrefix(rest, "onward") || strings.HasPrefix(rest, "minimum") || strings.HasPrefix(rest, "at least") || strings.HasPrefix(rest, "at minimum")
}

func lastBytes(s string, n int) string { return s[max(0, len(s)-n):] }

func endsWithin(s, word string, n int) bool { return strings.Contains(lastBytes(s, n), word) }

func tellsStory(before string) bool {
	before = strings.TrimRight(before, " *_`[(")
	for _, story := range docStories {
		if head, ok := strings.CutSuffix(before, story); ok && (head == "" || strings.HasSuffix(head, " ")) {
			return true
		}
	}
	return false
}

func (r *docReader) demanded(before string) bool {
	near := lastBytes(before, 60)
	return slices.ContainsFunc(docWords, func(word string) bool { return strings.Contains(near, word) })
}

// item reports whether a list item or a table row starts with the name of Go,
// under a heading that is about what one needs.
func (r *docReader) item(line, before string) bool {
	if !slices.ContainsFunc(docHeadings, func(word string) bool { return strings.Contains(r.heading, word) }) {
		return false
	}
	return strings.Trim(before, " \t-*+|[0123456789.`_\"") == "" && strings.IndexAny(strings.TrimLeft(line, " \t"), "-*+|123456789") == 0
}

func (r *docReader) add(source drift.Source, v string, at int, least bool) {
	meaning, number := release(strings.ToLower(v))
	if number == "" {
		return
	}
	if least {
		meaning = drift.MeaningMin
	}
	r.pins = append(r.pins, drift.Pin{
		Source: source, Role: drift.RoleDocs, Raw: v, Meaning: meaning, Version: number,
		Place: drift.Place{File: r.doc.File, Span: drift.Span{Start: at, End: at + len(v)}},
	})
}
