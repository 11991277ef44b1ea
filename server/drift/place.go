package drift

import "bytes"

// Span is a half-open range of bytes in a document, [Start, End).
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Place is a range in a file. A zero Span names the file as a whole. An empty
// File means that the thing spoken of is in no file, for example a variable of
// the process environment.
type Place struct {
	File string `json:"file"`
	Span Span   `json:"span"`
}

// Document is the text of one file as this evaluation saw it: the editor's
// buffer if the file is open there, else what is on disk.
type Document struct {
	File string `json:"file"`
	// Text is the content without a byte order mark.
	Text []byte `json:"-"`
	// BOM says that the file on disk starts with a UTF-8 byte order mark.
	BOM bool `json:"bom,omitempty"`
	// Hash is the hex SHA-256 of the bytes on disk (mark included), or of the
	// buffer for an open document.
	Hash string `json:"hash"`
	// Open says that the text is an editor's buffer; Version is then the
	// editor's number for it.
	Open    bool  `json:"open,omitempty"`
	Version int32 `json:"version,omitempty"`
}

// Position is a place in a text as people count it: Line from 1, Column from 1
// in bytes.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
}

// PositionOf converts a byte offset in text. An offset outside the text is
// clamped to it.
func PositionOf(text []byte, offset int) Position {
	offset = max(0, min(offset, len(text)))
	before := text[:offset]
	line := 1 + bytes.Count(before, []byte("\n"))
	return Position{Line: line, Column: offset - (bytes.LastIndexByte(before, '\n') + 1) + 1}
}
