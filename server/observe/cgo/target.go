package cgo

import (
	"slices"

	"godrift.dev/server/drift/ports"
)

// Target is what is built for, with the variables that shape the flags.
type Target struct {
	ports.Port
	// MIPS is GOMIPS or GOMIPS64.
	MIPS string
	// Host is the machine that builds.
	Host ports.Port
	// System names the packages: "debian", "alpine", "fedora", "arch", "darwin",
	// "windows"; empty if it is none of these.
	System string
	// Zig says that zig is on PATH.
	Zig bool
}

// Native reports whether nothing is cross-compiled.
func (t Target) Native() bool { return t.Port == t.Host }

// archFlags is cmd/go/internal/work/exec.go gccArchArgs.
func (t Target) archFlags() []string {
	hard := t.MIPS != "softfloat"
	switch t.GOARCH {
	case "386":
		return []string{"-m32"}
	case "amd64":
		if t.GOOS == "darwin" {
			return []string{"-arch", "x86_64", "-m64"}
		}
		return []string{"-m64"}
	case "arm64":
		if t.GOOS == "darwin" {
			return []string{"-arch", "arm64"}
		}
	case "arm":
		return []string{"-marm"}
	case "s390x":
		return []string{"-m64", "-march=z13"}
	case "mips64", "mips64le":
		if hard {
			return []string{"-mabi=64", "-mhard-float"}
		}
		return []string{"-mabi=64", "-msoft-float"}
	case "mips", "mipsle":
		if hard {
			return []string{"-mabi=32", "-march=mips32", "-mhard-float", "-mfp32", "-mno-odd-spreg"}
		}
		return []string{"-mabi=32", "-march=mips32", "-msoft-float"}
	case "loong64":
		return []string{"-mabi=lp64d"}
	case "ppc64":
		if t.GOOS == "aix" {
			return []string{"-maix64"}
		}
	}
	return nil
}

// systemFlags are the other flags of cmd/go/internal/work/exec.go compilerCmd
// that a compiler can refuse.
func (t Target) systemFlags() []string {
	switch t.GOOS {
	case "windows":
		return []string{"-mthreads"}
	case "aix":
		return []string{"-fPIC", "-pthread", "-mcmodel=large"}
	case "darwin", "ios":
		return []string{"-fPIC", "-pthread", "-fno-common"}
	}
	return []string{"-fPIC", "-pthread"}
}

// linkFlags are those that cmd/link/internal/ld/lib.go hostlink adds by system.
func (t Target) linkFlags() []string {
	switch t.GOOS {
	case "windows":
		return []string{"-mconsole"}
	case "openbsd":
		return []string{"-Wl,-nopie"}
	case "aix":
		return []string{"-Wl,-bbigtoc", "-Wl,-bnoobjreorder"}
	}
	return nil
}

// GNU is what compilers for a target are called: the beginnings of their names, the
// most usual first.
func (t Target) GNU() []string {
	cpu := map[string]string{
		"amd64": "x86_64", "386": "i686", "arm64": "aarch64", "arm": "arm", "riscv64": "riscv64", "ppc64le": "powerpc64le", "ppc64": "powerpc64",
		"s390x": "s390x", "loong64": "loongarch64", "mips": "mips", "mipsle": "mipsel", "mips64": "mips64", "mips64le": "mips64el",
	}[t.GOARCH]
	if cpu == "" {
		return nil
	}
	switch t.GOOS {
	case "linux":
		switch t.GOARCH {
		case "arm":
			return []string{"arm-linux-gnueabihf", "arm-linux-gnueabi", "arm-linux-musleabihf"}
		case "mips64", "mips64le":
			return []string{cpu + "-linux-gnuabi64", cpu + "-linux-musl"}
		}
		return []string{cpu + "-linux-gnu", cpu + "-linux-musl"}
	case "windows":
		return []string{cpu + "-w64-mingw32"}
	}
	return nil
}

// ZigName is what "zig cc" calls a target; empty if it has none.
func (t Target) ZigName() string {
	cpu := map[string]string{
		"amd64": "x86_64", "386": "x86", "arm64": "aarch64", "arm": "arm", "riscv64": "riscv64", "ppc64le": "powerpc64le",
		"s390x": "s390x", "loong64": "loongarch64", "mips": "mips", "mipsle": "mipsel", "mips64": "mips64", "mips64le": "mips64el",
	}[t.GOARCH]
	if cpu == "" {
		return ""
	}
	switch {
	case t.GOOS == "linux" && t.GOARCH == "arm":
		return "arm-linux-gnueabihf"
	case t.GOOS == "linux" && (t.GOARCH == "mips" || t.GOARCH == "mipsle"):
		return cpu + "-linux-gnueabihf"
	case t.GOOS == "linux" && (t.GOARCH == "mips64" || t.GOARCH == "mips64le"):
		return cpu + "-linux-gnuabi64"
	case t.GOOS == "linux":
		return cpu + "-linux-gnu"
	case t.GOOS == "windows" && slices.Contains([]string{"amd64", "386", "arm64"}, t.GOARCH):
		return cpu + "-windows-gnu"
	case t.GOOS == "darwin":
		return cpu + "-macos"
	}
	return ""
}

// Candidates are values of CC that could do for a target, most likely first, of
// those that are installed.
func (m Machine) Candidates(t Target) []string {
	var list []string
	if t.Native() {
		for _, name := range []string{"gcc", "clang", "cc"} {
			if _, ok := m.Look(name); ok {
				list = append(list, name)
			}
		}
	}
	for _, triple := range t.GNU() {
		for _, suffix := range []string{"-gcc", "-clang"} {
			if _, ok := m.Look(triple + suffix); ok {
				list = append(list, triple+suffix)
			}
		}
	}
	if name := t.ZigName(); name != "" {
		if _, ok := m.Look("zig"); ok {
			list = append(list, "zig cc -target "+name)
		}
	}
	return list
}
