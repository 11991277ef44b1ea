package pins

import (
	"bytes"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// refuse makes a pin one that its reader does not accept.
func refuse(pin drift.Pin, why string) drift.Pin {
	pin.Meaning, pin.Version = drift.MeaningInvalid, ""
	pin.Extra = extra("why", why)
	return pin
}

// maxVersion is longer than any version; what is longer is not looked at, for a
// hostile file can hold megabytes of digits.
const maxVersion = 256

// tooLong is why.
const tooLong = "too long to be a version"

// extra makes a map of pairs of key and value, without those whose value is
// empty; nil if there are none.
func extra(pairs ...string) map[string]string {
	var m map[string]string
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if m == nil {
			m = map[string]string{}
		}
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// encodingProblems reports a text that is no UTF-8. What can be read of it is
// read all the same.
func encodingProblems(doc drift.Document) []drift.Problem {
	problem := func(at int, message string) []drift.Problem {
		return []drift.Problem{{
			Place:   drift.Place{File: doc.File, Span: drift.Span{Start: at, End: min(at+1, len(doc.Text))}},
			Message: message,
		}}
	}
	if bytes.HasPrefix(doc.Text, []byte("\xff\xfe")) || bytes.HasPrefix(doc.Text, []byte("\xfe\xff")) {
		return problem(0, "the file is UTF-16: save it as UTF-8")
	}
	if i := bytes.IndexByte(doc.Text, 0); i >= 0 {
		return problem(i, "the file holds a zero byte: it is binary or damaged")
	}
	if utf8.Valid(doc.Text) {
		return nil
	}
	at := 0
	for {
		r, size := utf8.DecodeRune(doc.Text[at:])
		if r == utf8.RuneError && size <= 1 {
			return problem(at, "the file is not UTF-8 from here on")
		}
		at += size
	}
}
