package workspace

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// errSplitIndex says that the list of files stands in two files, which happens
// only where somebody turned git's core.splitIndex on.
var errSplitIndex = errors.New("the index is split")

// errIndex says that an index is not of the form that was expected.
var errIndex = errors.New("not a git index")

// The kinds of index entries that are not plain files (the mode's upper bits).
const (
	modeMask      = 0o170000
	modeSymlink   = 0o120000
	modeSubmodule = 0o160000
	modeFolder    = 0o040000 // a sparse index names whole folders
)

// maxIndexName is the longest path that is read; Linux allows 4,096 bytes.
const maxIndexName = 1 << 14

// readIndex calls each with the path and mode of every file in a git index, in
// git's order, as described in git's gitformat-index(5): versions 2 to 4. The
// path is valid during the call only. Nothing in an index says whether object
// names are SHA-1 or SHA-256, but an index that is read with the wrong length
// shows it in its first entries; hashLen is 20 or 32.
func readIndex(r io.Reader, hashLen int, each func(path []byte, mode uint32)) error {
	br := bufio.NewReaderSize(r, 1<<16)
	var header [12]byte
	if _, err := io.ReadFull(br, header[:]); err != nil || string(header[:4]) != "DIRC" {
		return errIndex
	}
	ver, count := binary.BigEndian.Uint32(header[4:]), binary.BigEndian.Uint32(header[8:])
	if ver < 2 || ver > 4 {
		return fmt.Errorf("%w: version %d", errIndex, ver)
	}
	fixed := 40 + hashLen + 2
	var previous []byte
	for n := range count {
		head, err := br.Peek(fixed)
		if err != nil {
			return fmt.Errorf("%w: cut off after %d of %d entries", errIndex, n, count)
		}
		mode := binary.BigEndian.Uint32(head[24:])
		flags := binary.BigEndian.Uint16(head[fixed-2:])
		size, nameLen := fixed, int(flags&0xfff)
		if flags&0x4000 != 0 {
			if ver < 3 {
				return fmt.Errorf("%w: extended entry in version %d", errIndex, ver)
			}
			size += 2
		}
		if ver == 4 {
			if previous, err = compressedName(br, size, nameLen, previous); err != nil {
				return err
			}
			each(previous, mode)
			continue
		}
		entry, name, err := paddedName(br, size, nameLen)
		if err != nil {
			return err
		}
		each(name, mode)
		if _, err := br.Discard(entry); err != nil {
			return fmt.Errorf("%w: cut off in entry %d", errIndex, n)
		}
	}
	return checkExtensions(br, hashLen)
}

// paddedName reads a name that ends in one to eight zero bytes, as versions 2
// and 3 have it. It returns the length of the whole entry too.
func paddedName(br *bufio.Reader, size, nameLen int) (entry int, name []byte, err error) {
	if nameLen == 0xfff { // a long name: its end must be looked for
		b, _ := br.Peek(size + maxIndexName)
		if len(b) < size {
			return 0, nil, errIndex
		}
		if nameLen = bytes.IndexByte(b[size:], 0); nameLen < 0xfff {
			return 0, nil, errIndex
		}
	}
	entry = (size + nameLen + 8) &^ 7
	b, err := br.Peek(entry)
	if err != nil || nameLen == 0 || b[size+nameLen] != 0 || b[entry-1] != 0 || b[size+nameLen-1] == 0 {
		return 0, nil, errIndex
	}
	return entry, b[size : size+nameLen], nil
}

// compressedName reads a name of version 4: how many bytes to drop from the end
// of the previous name, and what to add.
func compressedName(br *bufio.Reader, size, nameLen int, previous []byte) ([]byte, error) {
	if _, err := br.Discard(size); err != nil {
		return nil, errIndex
	}
	drop := 0
	for i := 0; ; i++ {
		c, err := br.ReadByte()
		if err != nil || i > 4 {
			return nil, errIndex
		}
		drop = drop<<7 | int(c&0x7f)
		if c&0x80 == 0 {
			break
		}
		drop++
	}
	suffix, err := br.ReadSlice(0)
	if err != nil || drop > len(previous) {
		return nil, errIndex
	}
	name := append(previous[:len(previous)-drop], suffix[:len(suffix)-1]...) //nolint:gocritic // reuses the space of the name before
	if len(name) > maxIndexName || nameLen < 0xfff && len(name) != nameLen {
		return nil, errIndex
	}
	return name, nil
}

// checkExtensions looks at what follows the entries. An index that was read
// with the wrong hash length does not get here.
func checkExtensions(br *bufio.Reader, hashLen int) error {
	for {
		b, err := br.Peek(hashLen + 1)
		if errors.Is(err, io.EOF) {
			if len(b) != hashLen {
				return errIndex
			}
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errIndex, err)
		}
		// Only the offset table may stand before the link to the other half.
		switch string(b[:4]) {
		case "link":
			return errSplitIndex
		case "IEOT":
			if _, err := br.Discard(8 + int(binary.BigEndian.Uint32(b[4:]))); err != nil {
				return errIndex
			}
		default:
			return nil
		}
	}
}
