package workspace

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// indexFile is one entry of an index that a test writes.
type indexFile struct {
	path     string
	mode     uint32
	extended bool
}

func plain(paths ...string) []indexFile {
	var list []indexFile
	for _, p := range paths {
		list = append(list, indexFile{path: p, mode: 0o100644})
	}
	return list
}

// writeIndex writes an index as gitformat-index(5) describes it.
func writeIndex(ver uint32, hashLen int, files []indexFile, extensions ...string) []byte {
	var b bytes.Buffer
	b.WriteString("DIRC")
	_ = binary.Write(&b, binary.BigEndian, []uint32{ver, uint32(len(files))})
	previous := ""
	for _, f := range files {
		start := b.Len()
		_ = binary.Write(&b, binary.BigEndian, []uint32{1, 2, 3, 4, 5, 6, f.mode, 8, 9, 10})
		b.Write(bytes.Repeat([]byte{0xab}, hashLen))
		flags := uint16(min(len(f.path), 0xfff))
		if f.extended {
			flags |= 0x4000
		}
		_ = binary.Write(&b, binary.BigEndian, flags)
		if f.extended {
			_ = binary.Write(&b, binary.BigEndian, uint16(0x2000))
		}
		if ver < 4 {
			b.WriteString(f.path)
			for b.WriteByte(0); (b.Len()-start)%8 != 0; {
				b.WriteByte(0)
			}
			continue
		}
		common := 0
		for common < min(len(previous), len(f.path)) && previous[common] == f.path[common] {
			common++
		}
		b.Write(varint(len(previous) - common))
		b.WriteString(f.path[common:])
		b.WriteByte(0)
		previous = f.path
	}
	for _, e := range extensions {
		b.WriteString(e[:4])
		_ = binary.Write(&b, binary.BigEndian, uint32(len(e)-4))
		b.WriteString(e[4:])
	}
	b.Write(bytes.Repeat([]byte{0xcd}, hashLen))
	return b.Bytes()
}

// varint is git's encode_varint.
func varint(n int) []byte {
	list := []byte{byte(n & 0x7f)}
	for n >>= 7; n > 0; n >>= 7 {
		n--
		list = append([]byte{byte(n&0x7f) | 0x80}, list...)
	}
	return list
}

func paths(index []byte, hashLen int) ([]string, error) {
	var list []string
	err := readIndex(bytes.NewReader(index), hashLen, func(path []byte, mode uint32) {
		list = append(list, fmt.Sprintf("%o %s", mode, path))
	})
	return list, err
}

func TestReadIndex(t *testing.T) {
	long := strings.Repeat("d/", 3000) + "go.mod"
	files := plain("a", "a/go.mod", "ab/c.go", "b/"+strings.Repeat("x", 300)+"/go.mod", long, "z")
	files[2].mode, files[4].mode = modeSymlink, modeSubmodule
	var want []string
	for _, f := range files {
		want = append(want, fmt.Sprintf("%o %s", f.mode, f.path))
	}
	for _, ver := range []uint32{2, 3, 4} {
		for _, hashLen := range []int{20, 32} {
			t.Run(fmt.Sprintf("v%d-%d", ver, hashLen), func(t *testing.T) {
				files := slices.Clone(files)
				files[1].extended = ver > 2
				index := writeIndex(ver, hashLen, files, "TREEabc", "UNTRdef")
				got, err := paths(index, hashLen)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("error %v\ngot  %.400q\nwant %.400q", err, got, want)
				}
				if _, err := paths(index, 52-hashLen); !errors.Is(err, errIndex) {
					t.Errorf("read with the other hash length: error %v", err)
				}
				for _, cut := range []int{0, 3, 12, 40, 75, len(index) / 2} {
					if _, err := paths(index[:cut], hashLen); !errors.Is(err, errIndex) {
						t.Errorf("cut off at %d: error %v", cut, err)
					}
				}
				split := writeIndex(ver, hashLen, files, "IEOT1234", "linkabcd")
				if _, err := paths(split, hashLen); !errors.Is(err, errSplitIndex) {
					t.Errorf("split index: error %v", err)
				}
			})
		}
	}
	if got, err := paths(writeIndex(2, 20, nil), 20); len(got) != 0 || err != nil {
		t.Errorf("empty index: %q, error %v", got, err)
	}
	if _, err := paths(writeIndex(5, 20, nil), 20); !errors.Is(err, errIndex) {
		t.Errorf("version 5: error %v", err)
	}
}

func FuzzReadIndex(f *testing.F) {
	files := plain("a/go.mod", "a/b.go", "go.work")
	for _, ver := range []uint32{2, 3, 4} {
		f.Add(writeIndex(ver, 20, files, "TREEabc"))
		f.Add(writeIndex(ver, 32, files, "IEOTabcd", "linkabcd"))
	}
	f.Fuzz(func(t *testing.T, index []byte) {
		for _, hashLen := range []int{20, 32} {
			_ = readIndex(bytes.NewReader(index), hashLen, func(path []byte, _ uint32) {
				if len(path) > maxIndexName {
					t.Errorf("a path of %d bytes", len(path))
				}
			})
		}
	})
}

func BenchmarkReadIndex(b *testing.B) {
	var list []string
	for i := range 17_800 {
		list = append(list, fmt.Sprintf("pkg/some/folder%d/file%05d.go", i/20, i))
	}
	index := writeIndex(2, 20, plain(list...))
	b.ReportAllocs()
	b.SetBytes(int64(len(index)))
	for b.Loop() {
		if err := readIndex(bytes.NewReader(index), 20, func([]byte, uint32) {}); err != nil {
			b.Fatal(err)
		}
	}
}
