package toolchain

import (
	"fmt"
	"strconv"
)

// explicitMod is the first part of modload.setDefaultBuildMod.
func (l *loader) explicitMod() string {
	v, ok := l.flags["mod"]
	if !ok || v == "" {
		return ""
	}
	l.buildMod = v
	switch {
	case l.work == "" || v == "readonly":
		return ""
	case l.release >= 22 && v == "vendor":
		return ""
	case l.release >= 22:
		return fmt.Sprintf("go: -mod may only be set to readonly or vendor when in workspace mode, but it is set to %q"+
			"\n\tRemove the -mod flag to use the default readonly value, \n\tor set GOWORK=off to disable workspace mode.", v)
	}
	return fmt.Sprintf("go: -mod may only be set to readonly when in workspace mode, but it is set to %q"+
		"\n\tRemove the -mod flag to use the default readonly value,\n\tor set GOWORK=off to disable workspace mode.", v)
}

// initBuild is the rest of work.BuildInit.
func (l *loader) initBuild() string {
	if p := l.instrument(); p != "" {
		return p
	}
	switch v := l.flags["buildmode"]; v {
	case "", "archive", "c-archive", "c-shared", "default", "exe", "pie", "shared", "plugin":
	default:
		return "buildmode=" + v + " not supported"
	}
	switch v := l.flags["mod"]; v {
	case "", "readonly", "vendor", "mod":
	default:
		return "-mod=" + v + " not supported (can be '', 'mod', 'readonly', or 'vendor')"
	}
	// It is -mod that is looked for here, as in the go command.
	if _, ok := l.flags["mod"]; !l.enabled && l.flags["modfile"] != "" && !ok {
		return "build flag -modfile only valid when using modules"
	}
	if v, ok := l.flags["p"]; ok {
		if n, err := strconv.ParseInt(v, 0, strconv.IntSize); err == nil && n <= 0 {
			return fmt.Sprintf("go: -p must be a positive integer: %d", n)
		}
	}
	return l.config.CheckCompilers()
}

// instrument is work/init.go instrumentInit for -race and -msan.
func (l *loader) instrument() string {
	race, msan, asan := l.on("race"), l.on("msan"), l.on("asan")
	goos, goarch := l.config.GOOS(), l.config.GOARCH()
	switch {
	case race && msan:
		return "go: may not use -race and -msan simultaneously"
	case race && asan:
		return "go: may not use -race and -asan simultaneously"
	case msan && asan:
		return "go: may not use -msan and -asan simultaneously"
	case msan && !msanSupported(l.release, goos, goarch):
		return fmt.Sprintf("-msan is not supported on %s/%s", goos, goarch)
	case race && !raceSupported(l.release, goos, goarch):
		return fmt.Sprintf("-race is not supported on %s/%s", goos, goarch)
	}
	name := ""
	switch {
	case race:
		name = "-race"
	case msan:
		name = "-msan"
	case asan:
		name = "-asan"
	}
	if name == "" || l.config.CgoEnabled() || goos == "darwin" && race {
		return ""
	}
	if goos != l.Host.GOOS || goarch != l.Host.GOARCH {
		return "go: " + name + " requires cgo"
	}
	return "go: " + name + " requires cgo; enable cgo by setting CGO_ENABLED=1"
}

// on reads a boolean flag that was checked before.
func (l *loader) on(flag string) bool {
	on, err := strconv.ParseBool(l.flags[flag])
	return err == nil && on
}

// raceSupported is internal/platform RaceDetectorSupported.
func raceSupported(release int, goos, goarch string) bool {
	switch goos {
	case "linux":
		switch goarch {
		case "amd64", "arm64", "ppc64le", "s390x":
			return true
		case "loong64":
			return release >= 25
		case "riscv64":
			return release >= 26
		}
	case "darwin":
		return goarch == "amd64" || goarch == "arm64"
	case "freebsd", "netbsd", "windows":
		return goarch == "amd64"
	case "openbsd":
		return goarch == "amd64" && release < 23
	}
	return false
}

// msanSupported is internal/platform MSanSupported.
func msanSupported(release int, goos, goarch string) bool {
	switch goos {
	case "linux":
		return goarch == "amd64" || goarch == "arm64" || goarch == "loong64" && release >= 23
	case "freebsd":
		return goarch == "amd64"
	}
	return false
}

// listFlags refuses flags that "go list -m" does not take.
func (l *loader) listFlags() string {
	for _, flag := range []string{"compiled", "deps", "export", "find", "test"} {
		if l.on(flag) {
			return "go list -" + flag + " cannot be used with -m"
		}
	}
	if !l.enabled {
		return "go: list -m cannot be used with GO111MODULE=off"
	}
	return ""
}

// overlay is fsys.Init as far as the file of -overlay can be read.
func (l *loader) overlay() string {
	name := l.flags["overlay"]
	if name == "" {
		return ""
	}
	if _, err := l.Files.ReadFile(l.abs(name)); err != nil {
		what := "reading overlay"
		if l.release < 24 {
			what = "reading overlay file"
		}
		return "go: " + what + ": " + openError(name, err)
	}
	return ""
}
