package cgo

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"godrift.dev/server/drift/ports"
)

// Result is what a compiled file is for, read from its first bytes.
type Result struct {
	// Format is "ELF", "PE", "Mach-O" or "XCOFF", Machine the processor as people call it:
	// "x86-64".
	Format, Machine string
	// Port is what it can be for. GOOS is empty where the format does not tell:
	// Mach-O is for macOS and iOS alike.
	Port ports.Port
}

// String is the result for people.
func (r Result) String() string {
	text := r.Format + " " + r.Machine
	if r.Port.GOOS != "" {
		text += " for " + r.Port.GOOS
	}
	return text
}

// errFormat says that a file is no program of any system that Go knows.
var errFormat = errors.New("the compiled file is no ELF, PE, Mach-O or XCOFF program")

// ReadResult reads what a program is for. It looks at headers only, so that what
// a broken compiler wrote cannot cost much.
func ReadResult(r io.ReaderAt) (Result, error) {
	head := make([]byte, 64)
	n, err := r.ReadAt(head, 0)
	if n < 20 {
		if err == nil || errors.Is(err, io.EOF) {
			err = errFormat
		}
		return Result{}, fmt.Errorf("read the compiled file: %w", err)
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte(elf.ELFMAG)):
		return readELF(r, head)
	case head[0] == 'M' && head[1] == 'Z':
		return readPE(r, head)
	}
	switch magic := binary.LittleEndian.Uint32(head); magic {
	case 0xfeedface, 0xfeedfacf:
		return readMachO(binary.LittleEndian.Uint32(head[4:])), nil
	}
	if binary.BigEndian.Uint16(head) == 0x1f7 {
		return Result{Format: "XCOFF", Machine: "ppc64", Port: ports.Port{GOOS: "aix", GOARCH: "ppc64"}}, nil
	}
	return Result{}, errFormat
}

func readMachO(cpu uint32) Result {
	res := Result{Format: "Mach-O", Machine: fmt.Sprintf("processor %#x", cpu)}
	switch cpu {
	case 0x01000007:
		res.Machine, res.Port.GOARCH = "x86-64", "amd64"
	case 0x0100000c:
		res.Machine, res.Port.GOARCH = "arm64", "arm64"
	}
	return res
}

func readPE(r io.ReaderAt, head []byte) (Result, error) {
	if len(head) < 64 {
		return Result{}, errFormat
	}
	coff := make([]byte, 6)
	if _, err := r.ReadAt(coff, int64(binary.LittleEndian.Uint32(head[60:]))); err != nil || string(coff[:4]) != "PE\x00\x00" {
		return Result{}, errFormat
	}
	res := Result{Format: "PE", Port: ports.Port{GOOS: "windows"}}
	switch machine := binary.LittleEndian.Uint16(coff[4:]); machine {
	case 0x8664:
		res.Machine, res.Port.GOARCH = "x86-64", "amd64"
	case 0x14c:
		res.Machine, res.Port.GOARCH = "i386", "386"
	case 0xaa64:
		res.Machine, res.Port.GOARCH = "arm64", "arm64"
	case 0x1c0, 0x1c4:
		res.Machine, res.Port.GOARCH = "arm", "arm"
	default:
		res.Machine = fmt.Sprintf("machine %#x", machine)
	}
	return res, nil
}

// machines are the processors of ELF by class and byte order.
var machines = []struct {
	machine      elf.Machine
	is64, little bool
	name, goarch string
}{
	{elf.EM_X86_64, true, true, "x86-64", "amd64"},
	{elf.EM_386, false, true, "i386", "386"},
	{elf.EM_AARCH64, true, true, "aarch64", "arm64"},
	{elf.EM_ARM, false, true, "arm", "arm"},
	{elf.EM_RISCV, true, true, "riscv64", "riscv64"},
	{elf.EM_PPC64, true, true, "ppc64le", "ppc64le"},
	{elf.EM_PPC64, true, false, "ppc64", "ppc64"},
	{elf.EM_S390, true, false, "s390x", "s390x"},
	{elf.EM_LOONGARCH, true, true, "loong64", "loong64"},
	{elf.EM_MIPS, false, false, "mips", "mips"},
	{elf.EM_MIPS, false, true, "mipsle", "mipsle"},
	{elf.EM_MIPS, true, false, "mips64", "mips64"},
	{elf.EM_MIPS, true, true, "mips64le", "mips64le"},
}

func readELF(r io.ReaderAt, head []byte) (Result, error) {
	is64, little := head[elf.EI_CLASS] == byte(elf.ELFCLASS64), head[elf.EI_DATA] == byte(elf.ELFDATA2LSB)
	var order binary.ByteOrder = binary.BigEndian
	if little {
		order = binary.LittleEndian
	}
	machine := elf.Machine(order.Uint16(head[18:]))
	res := Result{Format: "ELF", Machine: strings.ToLower(strings.TrimPrefix(machine.String(), "EM_"))}
	for _, m := range machines {
		if m.machine == machine && m.is64 == is64 && m.little == little {
			res.Machine, res.Port.GOARCH = m.name, m.goarch
		}
	}
	res.Port.GOOS = systemOf(interpreter(r, head, is64, order), elf.OSABI(head[elf.EI_OSABI]))
	return res, nil
}

// interpreter is the dynamic linker that an ELF program names; empty if it names
// none.
func interpreter(r io.ReaderAt, head []byte, is64 bool, order binary.ByteOrder) string {
	var offset int64
	var size, count int
	switch {
	case is64 && len(head) >= 64:
		offset, size, count = int64(order.Uint64(head[32:])&(1<<62-1)), int(order.Uint16(head[54:])), int(order.Uint16(head[56:]))
	case !is64 && len(head) >= 52:
		offset, size, count = int64(order.Uint32(head[28:])), int(order.Uint16(head[42:])), int(order.Uint16(head[44:]))
	default:
		return ""
	}
	if size < 32 || size > 1024 || is64 && size < 56 {
		return ""
	}
	for i := range min(count, 64) {
		entry := make([]byte, size)
		if _, err := r.ReadAt(entry, offset+int64(i)*int64(size)); err != nil {
			return ""
		}
		if elf.ProgType(order.Uint32(entry)) != elf.PT_INTERP {
			continue
		}
		at, length := int64(order.Uint32(entry[4:])), int64(order.Uint32(entry[16:]))
		if is64 {
			at, length = int64(order.Uint64(entry[8:])&(1<<62-1)), int64(order.Uint64(entry[32:])&(1<<62-1))
		}
		name := make([]byte, min(length, 256))
		if _, err := r.ReadAt(name, at); err != nil {
			return ""
		}
		name, _, _ = bytes.Cut(name, []byte{0})
		return string(name)
	}
	return ""
}

// systemOf is the system that a dynamic linker belongs to. Every system has its
// own name for it, while the byte for the system in the header is mostly 0.
func systemOf(interp string, abi elf.OSABI) string {
	switch {
	case strings.HasPrefix(interp, "/system/bin/linker"):
		return "android"
	case strings.Contains(interp, "/ld-linux"), strings.Contains(interp, "/ld-musl"), strings.HasPrefix(interp, "/lib/ld.so"),
		strings.HasPrefix(interp, "/lib64/ld"), strings.HasPrefix(interp, "/lib/ld64"), strings.HasPrefix(interp, "/lib/ld-"):
		return "linux"
	case interp == "/usr/libexec/ld.elf_so", interp == "/libexec/ld.elf_so":
		return "netbsd"
	case interp == "/usr/libexec/ld.so":
		return "openbsd"
	case interp == "/usr/libexec/ld-elf.so.2":
		return "dragonfly"
	case strings.HasPrefix(interp, "/libexec/ld-elf"), abi == elf.ELFOSABI_FREEBSD:
		return "freebsd"
	case strings.HasSuffix(interp, "/ld.so.1"), abi == elf.ELFOSABI_SOLARIS:
		return "solaris"
	}
	return ""
}

// fits says whether a program is for a target: whether the format and processor
// are, and whether the system is as far as the file tells it.
func (r Result) fits(p ports.Port) (machine, system bool) {
	format := "ELF"
	switch p.GOOS {
	case "windows":
		format = "PE"
	case "darwin", "ios":
		format = "Mach-O"
	case "aix":
		format = "XCOFF"
	}
	goos := p.GOOS
	if goos == "illumos" {
		goos = "solaris"
	}
	return r.Format == format && r.Port.GOARCH == p.GOARCH, r.Port.GOOS == "" || r.Port.GOOS == goos
}
