package goenv

import "strings"

// The pairs of GOOS and GOARCH that every release since Go 1.21 knows
// (internal/platform/zosarch.go). An asterisk marks those that support cgo.
const platforms = `
aix/ppc64* android/386* android/amd64* android/arm* android/arm64*
darwin/amd64* darwin/arm64* dragonfly/amd64*
freebsd/386* freebsd/amd64* freebsd/arm* freebsd/arm64* freebsd/riscv64*
illumos/amd64* ios/amd64* ios/arm64* js/wasm
linux/386* linux/amd64* linux/arm* linux/arm64* linux/loong64*
linux/mips* linux/mips64* linux/mips64le* linux/mipsle*
linux/ppc64 linux/ppc64le* linux/riscv64* linux/s390x* linux/sparc64*
netbsd/386* netbsd/amd64* netbsd/arm* netbsd/arm64*
openbsd/386* openbsd/amd64* openbsd/arm* openbsd/arm64* openbsd/mips64*
plan9/386 plan9/amd64 plan9/arm solaris/amd64*
windows/386* windows/amd64* windows/arm64*
`

// platformSet is platforms as a table: the value says whether cgo is supported.
var platformSet = func() map[string]bool {
	m := map[string]bool{}
	for _, p := range strings.Fields(platforms) {
		name, cgo := strings.CutSuffix(p, "*")
		m[name] = cgo
	}
	return m
}()

// platformKnown reports whether a go of this release builds for the pair
// (cmd/go/internal/work/action.go CheckGOOSARCHPair).
func platformKnown(rel release, goos, goarch string) bool {
	switch pair := goos + "/" + goarch; pair {
	case "windows/arm":
		return rel <= 25
	case "openbsd/ppc64", "wasip1/wasm":
		return rel >= 21
	case "openbsd/riscv64":
		return rel >= 22
	default:
		_, ok := platformSet[pair]
		return ok
	}
}

// cgoSupported is internal/platform CgoSupported.
func cgoSupported(rel release, goos, goarch string) bool {
	if goos == "openbsd" && goarch == "riscv64" {
		return rel >= 23
	}
	return platformSet[goos+"/"+goarch]
}

// defaultCompiler names the C compiler and C++ compiler that the go command
// looks for (cmd/dist/build.go mkzdefaultcc). Until Go 1.20 that depended on the
// system on which go was built alone; builds for Linux say gcc.
func defaultCompiler(rel release, goos string) (cc, cxx string) {
	if rel < 21 {
		return "gcc", "g++"
	}
	switch goos {
	case "darwin", "ios", "freebsd", "openbsd":
		return "clang", "clang++"
	}
	return "gcc", "g++"
}
