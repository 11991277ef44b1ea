package cli_test

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// plantGo makes a tree that looks like an installed Go of that version. Its go
// cannot run: nothing here may start one.
func plantGo(goroot, version string) error {
	for name, text := range map[string]string{
		"VERSION":      version + "\ntime 2026-01-01T00:00:00Z\n",
		"go.env":       "GOPROXY=https://goproxy.example.com,direct\nGOSUMDB=gosum.example.com\nGOTOOLCHAIN=auto\n",
		"pkg/tool/.in": "", "src/.in": "",
		"bin/" + program("go"): string(goBinary(version)),
	} {
		file := filepath.Join(goroot, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			return err
		}
	}
	return nil
}

func program(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}

// plantTool writes a file that says of itself which program it is: its Go, its
// import path, its module and version, and a release of golang.org/x/tools.
func plantTool(file, version, pkg, module, at, xtools string) error {
	text := "path\t" + pkg + "\nmod\t" + module + "\t" + at + "\t\n"
	if xtools != "" {
		text += "dep\tgolang.org/x/tools\t" + xtools + "\t\n"
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, binaryOf(version, text), 0o755)
}

func goBinary(version string) []byte { return binaryOf(version, "path\tcmd/go\n") }

// binaryOf is the least ELF file that debug/buildinfo reads: one segment, which
// holds the Go that built it and the module information.
func binaryOf(version, text string) []byte {
	info := []byte("\xff Go buildinf:")
	info = append(info, 8, 2) // pointer size; the strings follow in line
	info = append(info, make([]byte, 32-len(info))...)
	// The module information stands between two marks of 16 bytes.
	mark := "0w\xaf\x0c\x92t\x08\x02A\xe1\xc1\x07\xe6\xd6\x18\xe6"
	end := "\xf92C1\x86\x18 r\x00\x82B\x10A\x16\xd8\xf2"
	for _, s := range []string{version, mark + text + end} {
		info = binary.AppendUvarint(info, uint64(len(s)))
		info = append(info, s...)
	}
	info = append(info, make([]byte, 64)...)

	const header, segment = 64, 56
	const at, address = header + segment, 0x400000
	var b bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			_ = binary.Write(&b, binary.LittleEndian, v)
		}
	}
	b.WriteString("\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 9))
	put(uint16(2), uint16(62), uint32(1), uint64(address), uint64(header), uint64(0), uint32(0),
		uint16(header), uint16(segment), uint16(1), uint16(0), uint16(0), uint16(0))
	size := uint64(len(info))
	put(uint32(1), uint32(6), uint64(at), uint64(address), uint64(address), size, size, uint64(16))
	b.Write(info)
	return b.Bytes()
}
