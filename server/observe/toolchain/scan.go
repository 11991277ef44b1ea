package toolchain

import (
	"bytes"
	"strings"
	"unicode"

	"godrift.dev/server/drift"
)

// Scanned is what the go command's early look into a go.mod or go.work takes
// for the value of a line.
type Scanned struct {
	Value string
	// Line counts from 1. Span covers the value; offsets are counted after a byte
	// order mark.
	Line int
	Span drift.Span
}

// Scan finds the value for a key, "go" or "toolchain", as
// cmd/go/internal/gover/gomod.go GoModLookup does: line by line, without
// parsing. The first line counts that, trimmed, starts with the key and a blank
// or tab; its value is the rest up to "//", trimmed. So it sees lines inside
// blocks, takes the first of duplicates, and knows no quotes. A byte order mark
// hides the line it stands on.
func Scan(text []byte, key string) (Scanned, bool) {
	mark := 0
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		mark = len("\ufeff")
	}
	offset := 0
	for n := 1; offset < len(text); n++ {
		line := text[offset:]
		next := len(text)
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line, next = line[:i], offset+i+1
		}
		start := offset + len(line) - len(bytes.TrimLeftFunc(line, unicode.IsSpace))
		trimmed := bytes.TrimSpace(line)
		if len(trimmed) > len(key) && string(trimmed[:len(key)]) == key && (trimmed[len(key)] == ' ' || trimmed[len(key)] == '\t') {
			rest := trimmed[len(key):]
			if i := bytes.Index(rest, []byte("//")); i >= 0 {
				rest = rest[:i]
			}
			value := strings.TrimSpace(string(rest))
			at := start + len(key) + len(rest) - len(bytes.TrimLeftFunc(rest, unicode.IsSpace)) - mark
			return Scanned{Value: value, Line: n, Span: drift.Span{Start: at, End: at + len(value)}}, true
		}
		offset = next
	}
	return Scanned{}, false
}
