package cgo

import (
	"fmt"
	"strings"

	"godrift.dev/server/drift"
)

// System tells the kind of a Linux distribution from os-release(5), as far as
// packages are known by name there.
func System(goos, osRelease string) string {
	if goos != "linux" {
		return goos
	}
	ids := map[string]string{
		"debian": "debian", "ubuntu": "debian", "raspbian": "debian", "linuxmint": "debian",
		"alpine": "alpine", "wolfi": "alpine", "fedora": "fedora", "rhel": "fedora", "centos": "fedora", "rocky": "fedora", "almalinux": "fedora", "amzn": "fedora",
		"arch": "arch", "manjaro": "arch",
	}
	for _, key := range []string{"ID", "ID_LIKE"} {
		for line := range strings.Lines(osRelease) {
			value, ok := strings.CutPrefix(strings.TrimSpace(line), key+"=")
			if !ok {
				continue
			}
			for id := range strings.FieldsSeq(strings.Trim(value, `"'`)) {
				if system := ids[id]; system != "" {
					return system
				}
			}
		}
	}
	return ""
}

// install is the command that installs packages on a system; empty if none of
// them is known there.
func install(system string, packages string) string {
	if packages == "" {
		return ""
	}
	switch system {
	case "debian":
		return "apt-get install " + packages
	case "alpine":
		return "apk add " + packages
	case "fedora":
		return "dnf install " + packages
	case "arch":
		return "pacman -S " + packages
	case "darwin":
		return "brew install " + packages
	case "windows":
		return "pacman -S " + packages + " (in an MSYS2 shell)"
	}
	return ""
}

// names are the packages of one thing by system.
type names map[string]string

// remedy installs something where its package is known, or else says what is
// wanted.
func (t Target) remedy(what string, packages names) drift.CgoRemedy {
	return drift.CgoRemedy{Text: "install " + what, Command: install(t.System, packages[t.System])}
}

// ownCompiler are the packages with a C compiler and C library for the machine
// itself.
var ownCompiler = names{
	"debian": "gcc libc6-dev", "alpine": "gcc musl-dev", "fedora": "gcc glibc-devel", "arch": "gcc",
	"windows": "mingw-w64-ucrt-x86_64-gcc",
}

// debianArch is what Debian calls an architecture.
var debianArch = map[string]string{
	"amd64": "amd64", "386": "i386", "arm64": "arm64", "arm": "armhf", "riscv64": "riscv64", "ppc64le": "ppc64el",
	"s390x": "s390x", "mips": "mips", "mipsle": "mipsel", "mips64": "mips64", "mips64le": "mips64el", "loong64": "loong64",
}

// compilers are what can be installed to compile for a target.
func (t Target) compilers() []drift.CgoRemedy {
	var list []drift.CgoRemedy
	triples := t.GNU()
	switch {
	case t.Native() && t.GOOS == "darwin":
		list = append(list, drift.CgoRemedy{Text: "install Apple's command line tools", Command: "xcode-select --install"})
	case t.Native():
		list = append(list, t.remedy("a C compiler and the headers of the C library", ownCompiler))
	case t.GOOS == "linux" && len(triples) > 0:
		debian := "gcc-" + strings.ReplaceAll(triples[0], "_", "-") + " libc6-dev-" + debianArch[t.GOARCH] + "-cross"
		r := t.remedy("a cross compiler for "+t.String(), names{
			"debian": debian, "fedora": "gcc-" + triples[0], "arch": triples[0] + "-gcc", "darwin": "zig",
		})
		r.CC = triples[0] + "-gcc"
		if t.System == "darwin" || t.System == "fedora" { // Fedora's has no C library
			r = zigRemedy(t)
		}
		list = append(list, r)
	case t.GOOS == "windows" && len(triples) > 0 && t.GOARCH != "arm64":
		r := t.remedy("MinGW-w64", names{
			"debian": "gcc-mingw-w64-" + strings.ReplaceAll(strings.TrimSuffix(triples[0], "-w64-mingw32"), "_", "-"),
			"alpine": "mingw-w64-gcc", "fedora": map[string]string{"amd64": "mingw64-gcc", "386": "mingw32-gcc"}[t.GOARCH],
			"arch": "mingw-w64-gcc", "darwin": "mingw-w64",
		})
		r.CC = triples[0] + "-gcc"
		list = append(list, r)
	}
	if name := t.ZigName(); name != "" && !t.Native() {
		cc := "zig cc -target " + name
		switch {
		case t.Zig:
			list = append([]drift.CgoRemedy{{Text: "use zig, which is installed, as the compiler", CC: cc}}, list...)
		case t.GOOS != "darwin" && t.System != "debian":
			r := t.remedy("zig, which brings a C compiler and libraries for many systems", names{"alpine": "zig", "fedora": "zig", "arch": "zig", "darwin": "zig"})
			r.CC = cc
			list = append(list, r)
		}
	}
	if t.GOOS == "darwin" && !t.Native() {
		list = append(list, drift.CgoRemedy{Text: "build on a Mac, or with a copy of Apple's SDK: no other system has its headers"})
	}
	return append(list, drift.CgoRemedy{Text: fmt.Sprintf("build without C code, if no package for %s needs it", t), Command: "CGO_ENABLED=0"})
}

// zigRemedy turns the remedy of a cross compiler that is not to be had into one
// with zig.
func zigRemedy(t Target) drift.CgoRemedy {
	return drift.CgoRemedy{Text: "install zig, which brings a C compiler and libraries for " + t.String(), Command: install(t.System, "zig"), CC: "zig cc -target " + t.ZigName()}
}
