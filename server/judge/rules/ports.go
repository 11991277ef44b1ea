package rules

import (
	"strings"
	"sync"
)

// hasSystem reports whether Go knows an operating system.
func hasSystem(goos string) bool {
	for pair := range ports() {
		if strings.HasPrefix(pair, goos+"/") {
			return true
		}
	}
	return false
}

// ports are the GOOS/GOARCH pairs that some Go since 1.20 can build for:
// internal/platform/zosarch.go and its predecessors. A pair that only an older
// Go knows is not called unknown.
var ports = sync.OnceValue(func() map[string]bool {
	return map[string]bool{
		"aix/ppc64":       true,
		"android/386":     true,
		"android/amd64":   true,
		"android/arm":     true,
		"android/arm64":   true,
		"darwin/amd64":    true,
		"darwin/arm64":    true,
		"dragonfly/amd64": true,
		"freebsd/386":     true,
		"freebsd/amd64":   true,
		"freebsd/arm":     true,
		"freebsd/arm64":   true,
		"freebsd/riscv64": true,
		"illumos/amd64":   true,
		"ios/amd64":       true,
		"ios/arm64":       true,
		"js/wasm":         true,
		"linux/386":       true,
		"linux/amd64":     true,
		"linux/arm":       true,
		"linux/arm64":     true,
		"linux/loong64":   true,
		"linux/mips":      true,
		"linux/mips64":    true,
		"linux/mips64le":  true,
		"linux/mipsle":    true,
		"linux/ppc64":     true,
		"linux/ppc64le":   true,
		"linux/riscv64":   true,
		"linux/s390x":     true,
		"netbsd/386":      true,
		"netbsd/amd64":    true,
		"netbsd/arm":      true,
		"netbsd/arm64":    true,
		"openbsd/386":     true,
		"openbsd/amd64":   true,
		"openbsd/arm":     true,
		"openbsd/arm64":   true,
		"openbsd/mips64":  true,
		"openbsd/ppc64":   true,
		"openbsd/riscv64": true,
		"plan9/386":       true,
		"plan9/amd64":     true,
		"plan9/arm":       true,
		"solaris/amd64":   true,
		"wasip1/wasm":     true,
		"windows/386":     true,
		"windows/amd64":   true,
		"windows/arm":     true,
		"windows/arm64":   true,
	}
})
