package cgo

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

var debian = ports.Port{GOOS: "linux", GOARCH: "amd64"}

// on makes a target on a Debian of amd64.
func on(pair string) Target {
	p, _ := ports.Parse(pair)
	return Target{Port: p, Host: debian, System: "debian"}
}

// TestExplain holds the table to texts as they were printed: by go 1.26 with gcc
// 12 of Debian, and for what that machine cannot show as clang 19, lld, Apple's
// ld, gcc 14 and pkgconf print them.
func TestExplain(t *testing.T) {
	tests := []struct {
		target, text string
		cause        drift.CgoCause
		name, remedy string
	}{
		{"linux/amd64", "# runtime/cgo\ncgo: C compiler \"gcc\" not found: exec: \"gcc\": executable file not found in $PATH", drift.CgoNoCompiler, "gcc", "apt-get install gcc libc6-dev"},
		{"linux/arm64", "cgo: C compiler \"aarch64-linux-gnu-gcc\" not found: exec: \"aarch64-linux-gnu-gcc\": executable file not found in $PATH", drift.CgoNoCompiler, "aarch64-linux-gnu-gcc", "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross"},
		{"linux/amd64", `go: CC environment variable is relative; must be absolute path: ./cc`, drift.CgoBadVariable, "./cc", ""},
		{"linux/amd64", `exec: "g++": executable file not found in $PATH`, drift.CgoNoHelper, "g++", "apt-get install g++"},
		{"linux/amd64", "gcc: fatal error: cannot execute 'cc1plus': execvp: No such file or directory\ncompilation terminated.", drift.CgoNoHelper, "cc1plus", "apt-get install g++"},
		{"linux/amd64", `exec: "gfortran": executable file not found in $PATH`, drift.CgoNoHelper, "gfortran", "apt-get install gfortran"},
		{"linux/amd64", "collect2: fatal error: cannot find 'ld'\ncompilation terminated.", drift.CgoNoHelper, "ld", "apt-get install binutils"},
		{"linux/arm64", "# runtime/cgo\ngcc_arm64.S: Assembler messages:\ngcc_arm64.S:30: Error: no such instruction: `stp x29,x30,[sp,'", drift.CgoOtherMachine, "stp x29,x30,[sp,", "apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross"},
		{"linux/ppc64le", "gcc_linux_ppc64x.S:50: Error: unknown mnemonic `mflr' -- `mflr %r0'", drift.CgoOtherMachine, "mflr", "apt-get install gcc-powerpc64le-linux-gnu libc6-dev-ppc64el-cross"},
		{"linux/arm", "gcc: error: unrecognized command-line option '-marm'; did you mean '-mabm'?", drift.CgoOtherMachine, "-marm", "apt-get install gcc-arm-linux-gnueabihf libc6-dev-armhf-cross"},
		{"windows/amd64", "gcc: error: unrecognized command-line option ‘-mthreads’; did you mean ‘-pthread’?", drift.CgoOtherMachine, "-mthreads", "apt-get install gcc-mingw-w64-x86-64"},
		{"darwin/arm64", "gcc: error: unrecognized command-line option '-arch'", drift.CgoOtherMachine, "-arch", "CGO_ENABLED=0"},
		{"linux/s390x", "cc1: error: bad value ‘z13’ for ‘-march=’ switch", drift.CgoOtherMachine, "z13", "apt-get install gcc-s390x-linux-gnu libc6-dev-s390x-cross"},
		{"linux/loong64", "cc1: error: unrecognized argument in option '-mabi=lp64d'\ncc1: note: valid arguments to '-mabi=' are: ms sysv", drift.CgoOtherMachine, "-mabi=lp64d", "apt-get install gcc-loongarch64-linux-gnu libc6-dev-loong64-cross"},
		{"linux/arm", "clang: error: unsupported option '-marm' for target 'x86_64-pc-linux-gnu'", drift.CgoOtherMachine, "-marm", ""},
		{"windows/386", "/usr/bin/x86_64-w64-mingw32-ld: cannot open linker script file ldscripts/i386pe.x: No such file or directory", drift.CgoOtherMachine, "", "apt-get install gcc-mingw-w64-i686"},
		{"linux/arm64", "/usr/bin/ld: /tmp/go-link-1/000000.o: Relocations in generic ELF (EM: 183)\n/usr/bin/ld: /tmp/go-link-1/000000.o: error adding symbols: file in wrong format", drift.CgoOtherMachine, "", ""},
		{"openbsd/amd64", "/usr/bin/ld: Error: unable to disambiguate: -nopie (did you mean --nopie ?)", drift.CgoOtherMachine, "", ""},
		{"freebsd/amd64", "gcc_freebsd_amd64.c:7:10: fatal error: sys/signalvar.h: No such file or directory", drift.CgoOtherMachine, "sys/signalvar.h", ""},
		{"windows/amd64", "fatal error: 'windows.h' file not found", drift.CgoOtherMachine, "windows.h", ""},
		{"linux/386", "In file included from _cgo_export.c:3:\n/usr/include/stdlib.h:26:10: fatal error: bits/libc-header-start.h: No such file or directory", drift.CgoNoMultilib, "bits/libc-header-start.h", "apt-get install gcc-multilib"},
		{"linux/386", "/usr/bin/ld: skipping incompatible /usr/lib/gcc/x86_64-linux-gnu/12/libgcc.a when searching for -lgcc\n/usr/bin/ld: cannot find -lgcc: No such file or directory", drift.CgoNoMultilib, "", "apt-get install gcc-multilib"},
		{"linux/386", "/usr/bin/ld: cannot find Scrt1.o: No such file or directory", drift.CgoNoMultilib, "Scrt1.o", "apt-get install gcc-multilib"},
		{"linux/amd64", "_cgo_export.c:3:10: fatal error: stdlib.h: No such file or directory", drift.CgoNoHeader, "stdlib.h", "apt-get install libc6-dev"},
		{"linux/amd64", "./db.go:5:10: fatal error: sqlite3.h: No such file or directory", drift.CgoNoHeader, "sqlite3.h", "apt-get install libsqlite3-dev"},
		{"linux/amd64", "./x.go:5:10: fatal error: openssl/evp.h: No such file or directory", drift.CgoNoHeader, "openssl/evp.h", "apt-get install libssl-dev"},
		{"linux/arm64", "./x.go:5:10: fatal error: zlib.h: No such file or directory", drift.CgoNoHeader, "zlib.h", "dpkg --add-architecture arm64 && apt-get update && apt-get install zlib1g-dev:arm64"},
		{"linux/amd64", "./x.go:5:10: fatal error: ours/thing.h: No such file or directory", drift.CgoNoHeader, "ours/thing.h", "apt-file search ours/thing.h"},
		{"linux/amd64", "/usr/bin/ld: cannot find -lsqlite3: No such file or directory\ncollect2: error: ld returned 1 exit status", drift.CgoNoLibrary, "sqlite3", "apt-get install libsqlite3-dev"},
		{"linux/amd64", "/usr/bin/ld: cannot find -lfrobnicate\ncollect2: error: ld returned 1 exit status", drift.CgoNoLibrary, "frobnicate", "apt-file search libfrobnicate.so"},
		{"darwin/arm64", "ld: library not found for -lgit2\nclang: error: linker command failed with exit code 1", drift.CgoNoLibrary, "git2", ""},
		{"darwin/arm64", "ld: library 'git2' not found\nclang: error: linker command failed", drift.CgoNoLibrary, "git2", ""},
		{"linux/amd64", "ld.lld: error: unable to find library -lz", drift.CgoNoLibrary, "z", "apt-get install zlib1g-dev"},
		{"solaris/amd64", "/usr/bin/ld: cannot find -lxnet: No such file or directory", drift.CgoOtherMachine, "xnet", ""},
		{"linux/amd64", "# example.com/x\nexec: \"pkg-config\": executable file not found in $PATH", drift.CgoNoPkgConfig, "pkg-config", "apt-get install pkg-config"},
		{"linux/amd64", "# pkg-config --cflags  -- libgit2\nPackage libgit2 was not found in the pkg-config search path.\nPerhaps you should add the directory containing `libgit2.pc'", drift.CgoNoPackage, "libgit2", "apt-get install libgit2-dev"},
		{"linux/amd64", "Package 'frob', required by 'virtual:world', not found", drift.CgoNoPackage, "frob", "apt-file search frob.pc"},
		{"linux/amd64", "No package 'gtk+-3.0' found", drift.CgoNoPackage, "gtk+-3.0", "apt-get install libgtk-3-dev"},
		{"linux/amd64", "Requested 'libgit2 >= 1.9' but version of libgit2 is 1.5.1", drift.CgoTooOld, "libgit2 >= 1.9", ""},
		{"linux/amd64", "Package dependency requirement 'zlib >= 9' could not be satisfied.", drift.CgoTooOld, "zlib >= 9", ""},
		{"linux/amd64", "./app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./app)", drift.CgoTooOld, "GLIBC_2.38", "CGO_ENABLED=0"},
		{"linux/amd64", "-asan is not supported with gcc compiler 6.3", drift.CgoTooOld, "gcc compiler 6.3", ""},
		{"linux/amd64", "go build example.com/x: invalid flag in #cgo CFLAGS: -fplugin=evil.so (see https://go.dev/s/invalidflag)", drift.CgoForbiddenFlag, "-fplugin=evil.so", `CGO_CFLAGS_ALLOW='-fplugin=evil\.so'`},
		{"linux/amd64", "go build x: invalid flag in #cgo LDFLAGS: -Wl,-wrap,malloc", drift.CgoForbiddenFlag, "-Wl,-wrap,malloc", `CGO_LDFLAGS_ALLOW='-Wl,-wrap,malloc'`},
		{"linux/amd64", "go build x: invalid flag in pkg-config --libs: -Xlinker", drift.CgoForbiddenFlag, "-Xlinker", `CGO_LDFLAGS_ALLOW='-Xlinker'`},
		{"linux/arm64", "package example.com/m: build constraints exclude all Go files in /w/m", drift.CgoExcluded, "/w/m", "CGO_ENABLED=1"},
		{"linux/amd64", "package example.com/m: C source files not allowed when not using cgo or SWIG: x.c", drift.CgoSources, "x.c", "CGO_ENABLED=1"},
		{"linux/arm64", "go: -race requires cgo", drift.CgoExcluded, "", "CGO_ENABLED=1"},
		{"android/arm", "loadinternal: cannot find runtime/cgo", drift.CgoExcluded, "runtime/cgo", "CGO_ENABLED=1"},
		{"linux/amd64", "Binary was compiled with 'CGO_ENABLED=0', go-sqlite3 requires cgo to work. This is a stub", drift.CgoExcluded, "go-sqlite3", "CGO_ENABLED=1"},
		{"linux/amd64", "/usr/bin/ld: $WORK/b001/x.o: in function `f':\nx.go:9: undefined reference to `frob'", drift.CgoUndefined, "frob", ""},
		{"darwin/arm64", "Undefined symbols for architecture arm64:\n  \"_frob\", referenced from:", drift.CgoUndefined, "_frob", ""},
		{"linux/amd64", "gcc: error: unrecognized command-line option '-fno-such'", drift.CgoFlag, "-fno-such", ""},
		{"linux/amd64", "clang: error: unknown argument: '-fno-such'", drift.CgoFlag, "-fno-such", ""},
		{"linux/amd64", "./x.c:3:2: error: #error \"this needs glibc 2.40\"", drift.CgoSource, "this needs glibc 2.40", ""},
		{"linux/amd64", "./x.go:7:5: error: unknown type name 'widget'", drift.CgoSource, "unknown type name 'widget'", ""},
		{"darwin/arm64", "xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)", drift.CgoNoCompiler, "invalid active developer path", ""},
		{"js/wasm", "cgo: unknown ptrSize for $GOARCH \"wasm\"", drift.CgoNoPort, "unknown ptrSize for $GOARCH", ""},
		{"plan9/amd64", "$WORK/b001/_cgo_gotypes.go:14:15: undefined: syscall.Errno", drift.CgoNoPort, "", ""},
		{"linux/amd64", "all is well", drift.CgoUnknownCause, "", ""},
	}
	for _, tt := range tests {
		p := Explain(tt.text, on(tt.target))
		if p.Cause != tt.cause || tt.name != "" && p.Name != tt.name {
			t.Errorf("%s %q\n is %s %q, want %s %q", tt.target, tt.text, p.Cause, p.Name, tt.cause, tt.name)
		}
		if p.Message == "" || strings.Contains(p.Message, "%!") || p.Line == "" {
			t.Errorf("%q is told as %q, line %q", tt.text, p.Message, p.Line)
		}
		if tt.remedy != "" && !hasCommand(p, tt.remedy) {
			t.Errorf("%s %q\n has remedies %+v, want %q", tt.target, tt.text, p.Remedies, tt.remedy)
		}
	}
}

func hasCommand(p drift.CgoProblem, command string) bool {
	for _, r := range p.Remedies {
		if r.Command == command {
			return true
		}
	}
	return false
}

// TestRemediesBySystem holds that each kind of system is told its own packages.
func TestRemediesBySystem(t *testing.T) {
	for system, want := range map[string][2]string{
		"debian": {"apt-get install libsqlite3-dev", "apt-get install gcc-mingw-w64-x86-64"},
		"alpine": {"apk add sqlite-dev", "apk add mingw-w64-gcc"},
		"fedora": {"dnf install sqlite-devel", "dnf install mingw64-gcc"},
		"arch":   {"pacman -S sqlite", "pacman -S mingw-w64-gcc"},
		"darwin": {"brew install sqlite", "brew install mingw-w64"},
	} {
		host := debian
		if system == "darwin" {
			host = ports.Port{GOOS: "darwin", GOARCH: "arm64"}
		}
		native := Target{Port: host, Host: host, System: system}
		if p := Explain("fatal error: sqlite3.h: No such file or directory", native); !hasCommand(p, want[0]) {
			t.Errorf("%s: %+v, want %q", system, p.Remedies, want[0])
		}
		windows := Target{Port: ports.Port{GOOS: "windows", GOARCH: "amd64"}, Host: host, System: system}
		if p := Explain(`C compiler "x" not found`, windows); !hasCommand(p, want[1]) {
			t.Errorf("%s: %+v, want %q", system, p.Remedies, want[1])
		}
	}
	zig := Target{Port: ports.Port{GOOS: "linux", GOARCH: "arm64"}, Host: debian, System: "debian", Zig: true}
	if p := Explain(`C compiler "x" not found`, zig); p.Remedies[0].CC != "zig cc -target aarch64-linux-gnu" {
		t.Errorf("zig is there, and %+v is offered", p.Remedies)
	}
	for text, want := range map[string]string{
		"ID=debian\n": "debian", "ID=ubuntu\nID_LIKE=debian": "debian", "NAME=x\nID=pop\nID_LIKE=\"ubuntu debian\"\n": "debian",
		"ID='alpine'": "alpine", "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"": "fedora", "ID=nixos": "", "": "",
	} {
		if got := System("linux", text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// FuzzExplain holds that no text breaks the explanation, and that nothing of it
// is shown at length.
func FuzzExplain(f *testing.F) {
	f.Add("fatal error: x.h: No such file or directory")
	f.Add("cannot find -l\x00")
	f.Add(strings.Repeat("unrecognized option '-m", 1000))
	f.Add("Package 'https://user:secret@host/x', required by 'virtual:world', not found")
	f.Fuzz(func(t *testing.T, text string) {
		for _, target := range []string{"linux/amd64", "linux/386", "windows/arm64", "js/wasm"} {
			p := Explain(text, on(target))
			if p.Cause == "" || p.Message == "" || len(p.Line) > 4*210 || len(p.Name) > 4*210 {
				t.Errorf("%q is %+v", text, p)
			}
		}
	})
}
