package policy

import (
	"fmt"
	"go/version"
	"regexp"
	"slices"
	"strings"
	"sync"

	"godrift.dev/server/drift/releases"
)

// A contract comes with a repository, and its fixes are one click away: so what
// it can require is listed here, with the values that do no harm, and everything
// else is refused. Left out on purpose are
//
//   - what names a program: CC, CXX, AR, FC, GCCGO, PKG_CONFIG, GOCACHEPROG,
//     GOAUTH, and flags such as -toolexec and -exec in GOFLAGS;
//   - what hands flags to the C compiler and linker, which load plugins:
//     CGO_CFLAGS and its like, and what allows such flags;
//   - what names a folder, from which programs or compiled packages are then
//     taken: GOROOT, GOPATH, GOBIN, GOCACHE, GOMODCACHE, GOTMPDIR, GOENV;
//   - what names an address, or has downloads checked less: GOPROXY, GOSUMDB
//     other than Go's own, GONOSUMDB, GOINSECURE, GOVCS;
//   - GODEBUG, whose settings weaken TLS and certificates.

// requirable are the variables that a contract may require, with the form of
// their values.
var requirable = map[string]string{
	"CGO_ENABLED": `0|1`,
	"GOOS":        word, "GOARCH": word,
	"GO386": word, "GOAMD64": word, "GOARM": word, "GOARM64": word, "GOMIPS": word, "GOMIPS64": word,
	"GOPPC64": word, "GORISCV64": word, "GOWASM": word,
	"GOEXPERIMENT": word, "GOFIPS140": `off|latest|inprocess|certified|v[0-9.]{1,12}`,
	"GO111MODULE": `on|auto`, "GOWORK": `off`,
	"GOTOOLCHAIN": `local|auto|(go1[.][0-9]{1,3}([.][0-9]{1,3}|rc[0-9]{1,2}|beta[0-9]{1,2})?|local)([+]auto)?`,
	"GOSUMDB":     `sum[.]golang[.]org`,
	"GOPRIVATE":   modules, "GONOPROXY": modules,
	"GOFLAGS": `.*`, // looked at word by word
}

// dangerous are the variables that the go command has and a contract cannot
// require: they are no misspellings of those that it can.
var dangerous = []string{
	"AR", "CC", "CXX", "FC", "GCCGO", "PKG_CONFIG", "GOAUTH", "GOBIN", "GOCACHE", "GOCACHEPROG", "GODEBUG", "GOENV", "GOINSECURE",
	"GOMODCACHE", "GONOSUMDB", "GOPATH", "GOPROXY", "GOROOT", "GOTMPDIR", "GOVCS",
}

const (
	word = `[a-z0-9][a-z0-9_.,]{0,63}`
	// modules are patterns of module paths that name at least a host.
	modules = module + `(,` + module + `)*`
	module  = `([*][.])?[A-Za-z0-9-]+([.][A-Za-z0-9-]+)+(/[A-Za-z0-9._~*-]+)*`
)

// harmlessFlags are the flags that a contract may require in GOFLAGS: they name
// no program, no file and no address.
var harmlessFlags = []string{
	"-a", "-asan", "-buildvcs", "-count", "-cover", "-covermode", "-failfast", "-json", "-mod", "-modcacherw", "-msan", "-n", "-p",
	"-parallel", "-race", "-short", "-shuffle", "-tags", "-timeout", "-trimpath", "-v", "-x",
}

var flagForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^--?([a-z]+)(?:=([A-Za-z0-9_.,:+-]*))?$`)
})

// refused says why a contract cannot require this, or nothing if it can.
func refused(name, value string) string {
	form, ok := requirable[name]
	if !ok {
		if near := Nearest(name, names()); near != "" && !slices.Contains(dangerous, name) {
			return fmt.Sprintf("%q is no variable that a contract can require; did you mean %s?", clip(name), near)
		}
		return fmt.Sprintf("A contract cannot require %s: it comes with the repository, so it may name no command, folder or address and switch off no check. It can require %s.",
			clip(name), strings.Join(names(), ", "))
	}
	if value == "" {
		return fmt.Sprintf(`To have nobody set %s, write it into forbid, as in forbid = ["%s"].`, name, name)
	}
	if len(value) > maxPattern {
		return fmt.Sprintf("The value of %s is too long; it must be shorter than %d bytes.", name, maxPattern)
	}
	if name == "GOFLAGS" {
		return refusedFlags(value)
	}
	if !regexp.MustCompile(`^(?:` + form + `)$`).MatchString(value) {
		return fmt.Sprintf("A contract cannot require %s=%s: only values that name no command, folder or address and switch off no check are taken.", name, clip(value))
	}
	return ""
}

// programs are the variables whose values the go command runs, or hands to a
// compiler that runs what they name; programFlags are such flags in GOFLAGS.
var (
	programs = []string{
		"AR", "CC", "CXX", "FC", "GCCGO", "PKG_CONFIG", "GOAUTH", "GOCACHEPROG", "GOROOT", "GOENV", "GOTOOLDIR",
		"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS",
	}
	programFlags = []string{"toolexec", "exec", "vettool", "overlay", "modfile", "ldflags", "gcflags", "asmflags", "gccgoflags", "pkgdir"}
)

// runsProgram reports whether what a contract asks for would have builds run
// something.
func runsProgram(name, value string) bool {
	if name != "GOFLAGS" {
		return slices.Contains(programs, name)
	}
	return slices.ContainsFunc(strings.FieldsFunc(value, func(r rune) bool { return r <= ' ' || r == '\'' || r == '"' }), func(word string) bool {
		flag, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		return strings.HasPrefix(word, "-") && slices.Contains(programFlags, flag)
	})
}

// oldestSwitch is the first release whose go command obeys GOTOOLCHAIN.
const oldestSwitch = "go1.21"

// refusedToolchain says why a value of GOTOOLCHAIN can be no term of a contract:
// it is written for all workspaces of a user, whom a release that does not exist,
// or that the contract itself excludes, would leave without a go command.
func refusedToolchain(value string, within Range) string {
	name, _, _ := strings.Cut(value, "+")
	switch {
	case !strings.HasPrefix(name, "go"):
		return ""
	case version.Compare(name, oldestSwitch) < 0:
		return fmt.Sprintf("A contract cannot require GOTOOLCHAIN=%s: the go command knows toolchains from Go 1.21 on only.", value)
	case !releases.Known(name) && (!releases.After(name) || version.Lang(name) == name):
		return fmt.Sprintf("A contract cannot require GOTOOLCHAIN=%s: there is no release %s.", value, name)
	case !within.Holds(name):
		return fmt.Sprintf("GOTOOLCHAIN=%s is required, but the contract wants a Go in %s.", value, within.Text)
	}
	return ""
}

func refusedFlags(value string) string {
	for _, flag := range strings.Fields(value) {
		m := flagForm().FindStringSubmatch(flag)
		if m == nil || !slices.Contains(harmlessFlags, "-"+m[1]) || m[1] == "mod" && !slices.Contains([]string{"mod", "readonly", "vendor"}, m[2]) {
			return fmt.Sprintf("A contract cannot require the flag %s in GOFLAGS: only flags that name no program or file are taken, which are %s.",
				clip(flag), strings.Join(harmlessFlags, ", "))
		}
	}
	return ""
}

func names() []string {
	var out []string
	for name := range requirable {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// byHand says why no fix brings a term about: what decides where modules come
// from, who hears their names, and whether they are checked, nobody should
// change for the sake of a file that came with a repository.
func byHand(name, value string, forbidden bool) string {
	switch name {
	case "GOPRIVATE", "GONOPROXY", "GONOSUMDB", "GONOSUMCHECK":
		if forbidden {
			return "without it the names of private modules are sent to the module proxy and the checksum database"
		}
		return "it decides which modules are not checked against the checksum database"
	case "GOPROXY":
		return "it decides where modules come from, and without it another server provides them"
	case "GOSUMDB":
		if forbidden && value != "off" {
			return "it decides which downloads are checked, and by whom"
		}
	case "GOFIPS140":
		return "it decides which cryptography programs are built with"
	case "GOVCS", "GOAUTH":
		return "it decides how modules are fetched, and with which credentials"
	}
	return ""
}
