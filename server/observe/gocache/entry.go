package gocache

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// ID is the SHA-256 that names an action or an output.
type ID [sha256.Size]byte

func (id ID) String() string { return hex.EncodeToString(id[:]) }

// buildID is how a compiled package says which action made it: the first 120
// bits, in base64.
//
// Source: HashToString in cmd/internal/buildid/buildid.go.
func (id ID) buildID() string { return base64.RawURLEncoding.EncodeToString(id[:15]) }

const hexSize = 2 * sha256.Size

// entrySize is how long an action entry is: "v1 <action> <output> <size, 20 wide>
// <unix nanoseconds, 20 wide>\n".
const entrySize = 2 + 1 + hexSize + 1 + hexSize + 1 + 20 + 1 + 20 + 1

// Entry is the content of an action entry.
type Entry struct {
	Action, Output ID
	Size           int64 // of the output, in bytes
	Time           time.Time
}

// ParseEntry reads an action entry as (*DiskCache).get of
// cmd/go/internal/cache/cache.go does, and refuses what that refuses.
func ParseEntry(text []byte) (Entry, error) {
	switch {
	case len(text) == 0:
		return Entry{}, errors.New("the file is empty")
	case len(text) != entrySize:
		return Entry{}, fmt.Errorf("it should have %d bytes", entrySize)
	}
	const output, size, at = 3 + hexSize + 1, 3 + 2*(hexSize+1), 3 + 2*(hexSize+1) + 21
	if !bytes.HasPrefix(text, []byte("v1 ")) || text[output-1] != ' ' || text[size-1] != ' ' || text[at-1] != ' ' || text[entrySize-1] != '\n' {
		return Entry{}, errors.New("it does not have the form of an entry")
	}
	var e Entry
	if _, err := hex.Decode(e.Action[:], text[3:output-1]); err != nil {
		return Entry{}, errors.New("its action is no hash")
	}
	if _, err := hex.Decode(e.Output[:], text[output:size-1]); err != nil {
		return Entry{}, errors.New("its output is no hash")
	}
	var err error
	if e.Size, err = number(text[size : at-1]); err != nil {
		return Entry{}, errors.New("its size is no number")
	}
	nano, err := number(text[at : entrySize-1])
	if err != nil {
		return Entry{}, errors.New("its time is no number")
	}
	e.Time = time.Unix(0, nano)
	return e, nil
}

func number(text []byte) (int64, error) {
	n, err := strconv.ParseInt(string(bytes.TrimLeft(text, " ")), 10, 64)
	if err == nil && n < 0 {
		err = strconv.ErrRange
	}
	return n, err
}

// parseName reads the name of a file in one of the 256 folders: "<hash>-a" or
// "<hash>-d".
func parseName(folder byte, name string) (id ID, kind byte, ok bool) {
	if len(name) != hexSize+2 || name[hexSize] != '-' {
		return ID{}, 0, false
	}
	kind = name[hexSize+1]
	if kind != 'a' && kind != 'd' {
		return ID{}, 0, false
	}
	if _, err := hex.Decode(id[:], []byte(name[:hexSize])); err != nil || id[0] != folder {
		return ID{}, 0, false
	}
	// The go command writes small letters only: another spelling is never looked up.
	for _, c := range name[:hexSize] {
		if c >= 'A' && c <= 'F' {
			return ID{}, 0, false
		}
	}
	return id, kind, true
}

// madeBy reads which action a compiled package says it was made by, from the
// first bytes of the archive; empty for anything else.
//
// Source: ReadFile in cmd/internal/buildid/buildid.go: an archive begins with
// "!<arch>\n", the header of __.PKGDEF, a line "go object ..." and then
// `build id "<action>/<content>"`.
func madeBy(head []byte) string {
	if !bytes.HasPrefix(head, []byte("!<arch>\n__.PKGDEF")) {
		return ""
	}
	_, rest, ok := bytes.Cut(head, []byte("`\ngo object "))
	if !ok {
		return ""
	}
	if _, rest, ok = bytes.Cut(rest, []byte("\n")); !ok {
		return ""
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(`build id "`)); !ok {
		return ""
	}
	action, _, ok := bytes.Cut(rest, []byte("/"))
	if !ok || len(action) != 20 {
		return ""
	}
	return string(action)
}
