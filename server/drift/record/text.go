package record

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// maxEncoded bounds what is decoded at all.
const maxEncoded = 16 << 20

// stamp is how both encodings write a time: UTC, to the millisecond.
const stamp = "2006-01-02T15:04:05.000Z"

// header begins the text encoding; the version and the time follow.
const header = "#SNAPSHOT v"

// errShape says that a text is no snapshot at all.
var errShape = errors.New(`not a snapshot: its first line is not "#SNAPSHOT v1 TIME"`)

// Text encodes a record as lines: a header with version and time, the scope,
// the ID, then key=value sorted by key. Whatever is no plain text is written as
// \\, \n, \r, \t or \xNN, so that a record has exactly one text and each fact one
// line.
func Text(r drift.Record) []byte {
	size := 200
	for key, value := range r.Values {
		size += len(key) + len(value) + 2
	}
	out := make([]byte, 0, size)
	out = fmt.Appendf(out, "%s%d %s\n", header, r.Version, r.Time.UTC().Format(stamp))
	out = append(escape(append(out, "#root "...), r.Root, false), '\n')
	out = append(escape(append(out, "#of "...), r.Of, false), '\n')
	out = append(append(append(out, "#id "...), r.ID()...), '\n')
	for _, key := range slices.Sorted(maps.Keys(r.Values)) {
		out = append(escape(out, key, true), '=')
		out = append(escape(out, r.Values[key], false), '\n')
	}
	return out
}

// DecodeText reads what Text wrote.
func DecodeText(text []byte) (drift.Record, error) {
	if len(text) > maxEncoded {
		return drift.Record{}, fmt.Errorf("a snapshot of %d bytes: at most %d are read", len(text), maxEncoded)
	}
	whole := text
	var r drift.Record
	var id string
	var last string
	number := 0
	for len(text) > 0 {
		line, rest, ok := bytes.Cut(text, []byte("\n"))
		number++
		if !ok {
			return drift.Record{}, fmt.Errorf("line %d is not whole: the snapshot breaks off", number)
		}
		text = rest
		var err error
		switch number {
		case 1:
			err = head(string(line), &r)
		case 2:
			r.Root, err = field(line, "#root ")
		case 3:
			r.Of, err = field(line, "#of ")
		case 4:
			id, err = field(line, "#id ")
		default:
			last, err = fact(line, last, &r)
		}
		if err != nil {
			return drift.Record{}, fmt.Errorf("line %d: %w", number, err)
		}
	}
	if number < 4 {
		return drift.Record{}, errShape
	}
	r, err := checked(r, id)
	if err == nil && !bytes.Equal(Text(r), whole) {
		err = errors.New("the snapshot is not written as godrift writes it: each character in one way only")
	}
	if err != nil {
		return drift.Record{}, err
	}
	return r, nil
}

// checked is the last gate of both decoders.
func checked(r drift.Record, id string) (drift.Record, error) {
	if err := r.Check(); err != nil {
		return drift.Record{}, err
	}
	if have := r.ID(); have != id {
		return drift.Record{}, fmt.Errorf("the snapshot was changed or damaged: it says that its ID is %q, but it is %s", drift.Clip(id), have)
	}
	return r, nil
}

func head(line string, r *drift.Record) error {
	rest, ok := strings.CutPrefix(line, header)
	number, at, ok2 := strings.Cut(rest, " ")
	if !ok || !ok2 {
		return errShape
	}
	if number != "1" {
		return fmt.Errorf("a snapshot of version %q: this godrift knows version %d", drift.Clip(number), drift.RecordVersion)
	}
	r.Version, r.Values = drift.RecordVersion, map[string]string{}
	var err error
	r.Time, err = parseTime(at)
	return err
}

func parseTime(s string) (time.Time, error) {
	at, err := time.Parse(stamp, s)
	if err != nil || at.Format(stamp) != s {
		return time.Time{}, fmt.Errorf("%q is no time like %s", drift.Clip(s), stamp)
	}
	return at, nil
}

func field(line []byte, name string) (string, error) {
	rest, ok := bytes.CutPrefix(line, []byte(name))
	if !ok {
		return "", fmt.Errorf("%q is expected here", name)
	}
	return unescape(rest)
}

// fact reads key=value. Facts are sorted, so that none stands twice.
func fact(line []byte, last string, r *drift.Record) (string, error) {
	left, right, ok := bytes.Cut(line, []byte("="))
	if !ok {
		return "", errors.New("key=value is expected here")
	}
	key, err := unescape(left)
	if err != nil {
		return "", err
	}
	value, err := unescape(right)
	if err != nil {
		return "", err
	}
	if len(r.Values) > 0 && key <= last {
		return "", fmt.Errorf("%q stands after %q: facts are sorted, and none stands twice", drift.Clip(key), drift.Clip(last))
	}
	r.Values[key] = value
	return key, nil
}

const hexDigits = "0123456789abcdef"

// escape appends s in plain text. In a key an equals sign is written as \x3d.
func escape(out []byte, s string, key bool) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == '\\':
			out = append(out, '\\', '\\')
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\r':
			out = append(out, '\\', 'r')
		case c == '\t':
			out = append(out, '\\', 't')
		case c < 0x20 || c == 0x7f || key && c == '=':
			out = append(out, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		case c < utf8.RuneSelf:
			out = append(out, c)
		default:
			ch, size := utf8.DecodeRuneInString(s[i:])
			if ch == utf8.RuneError && size == 1 || invisible(ch) {
				for _, b := range []byte(s[i : i+size]) {
					out = append(out, '\\', 'x', hexDigits[b>>4], hexDigits[b&15])
				}
			} else {
				out = append(out, s[i:i+size]...)
			}
			i += size
			continue
		}
		i++
	}
	return out
}

// invisible reports whether a character makes a line look like another one: the
// second set of control characters, line and paragraph separators, and those
// that turn the direction of writing.
func invisible(ch rune) bool {
	switch {
	case ch >= 0x80 && ch < 0xa0, ch >= 0x2028 && ch <= 0x202e, ch >= 0x2066 && ch <= 0x2069, ch == 0x200e, ch == 0x200f, ch == 0x61c, ch == 0xfeff:
		return true
	}
	return false
}

func unescape(s []byte) (string, error) {
	if bytes.IndexByte(s, '\\') < 0 {
		return string(s), nil
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			out = append(out, s[i])
			continue
		}
		i++
		if i == len(s) {
			return "", errors.New("it ends in a backslash")
		}
		switch s[i] {
		case '\\':
			out = append(out, '\\')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'x':
			if i+2 >= len(s) {
				return "", errors.New(`\x is not followed by two digits`)
			}
			high, low := strings.IndexByte(hexDigits, s[i+1]), strings.IndexByte(hexDigits, s[i+2])
			if high < 0 || low < 0 {
				return "", errors.New(`\x is not followed by two digits (0 to 9, a to f)`)
			}
			out = append(out, byte(high<<4|low))
			i += 2
		default:
			return "", fmt.Errorf("%q is not written so in a snapshot", `\`+string(s[i:i+1]))
		}
	}
	return string(out), nil
}
