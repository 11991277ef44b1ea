package cgo

import (
	"strings"

	"godrift.dev/server/drift/ports"
)

// PortOf reads what a compiler says it builds for (-dumpmachine). What it does
// not know stays empty.
func PortOf(triple string) ports.Port {
	cpu, rest, _ := strings.Cut(triple, "-")
	var p ports.Port
	for _, c := range []struct{ prefix, goarch string }{
		{"x86_64", "amd64"},
		{"amd64", "amd64"},
		{"i386", "386"},
		{"i486", "386"},
		{"i586", "386"},
		{"i686", "386"},
		{"aarch64", "arm64"},
		{"arm64", "arm64"},
		{"arm", "arm"},
		{"riscv64", "riscv64"},
		{"powerpc64le", "ppc64le"},
		{"powerpc64", "ppc64"},
		{"s390x", "s390x"},
		{"loongarch64", "loong64"},
		{"mips64el", "mips64le"},
		{"mips64", "mips64"},
		{"mipsel", "mipsle"},
		{"mips", "mips"},
	} {
		if strings.HasPrefix(cpu, c.prefix) {
			p.GOARCH = c.goarch
			break
		}
	}
	for _, s := range []struct{ part, goos string }{
		{"android", "android"},
		{"linux", "linux"},
		{"mingw", "windows"},
		{"windows", "windows"},
		{"cygwin", "windows"},
		{"darwin", "darwin"},
		{"macos", "darwin"},
		{"freebsd", "freebsd"},
		{"netbsd", "netbsd"},
		{"openbsd", "openbsd"},
		{"dragonfly", "dragonfly"},
		{"solaris", "solaris"},
		{"aix", "aix"},
	} {
		if strings.Contains(rest, s.part) {
			p.GOOS = s.goos
			break
		}
	}
	return p
}

// foreign reports whether a compiler that says to build for a machine surely
// cannot do so for the target.
func (t Target) foreign(triple string) bool {
	p := PortOf(triple)
	goos := t.GOOS
	switch goos {
	case "ios":
		goos = "darwin"
	case "illumos":
		goos = "solaris"
	}
	sisters := map[string]string{"386": "amd64", "amd64": "386"}
	return p.GOOS != "" && p.GOOS != goos || p.GOARCH != "" && p.GOARCH != t.GOARCH && sisters[p.GOARCH] != t.GOARCH
}
