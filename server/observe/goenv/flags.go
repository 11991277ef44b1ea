package goenv

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"godrift.dev/server/drift"
)

// knownFlags are the flags of all go commands together, which is what GOFLAGS
// may hold (cmd/go/internal/base/goflags.go hasFlag).
var knownFlags = sync.OnceValue(func() map[string]release {
	m := map[string]release{}
	for _, name := range strings.Fields(`
		C a asan asmflags bench benchmem benchtime blockprofile blockprofilerate
		buildmode buildvcs c cache compat compiled compiler count cover covermode
		coverpkg coverprofile cpu cpuprofile d debug-actiongraph debug-trace deps
		dropexclude dropreplace droprequire dropretract dropuse e exclude exec export
		f failfast find fix fmt fuzz fuzzcache fuzzminimizetime fuzztime gccgoflags
		gcflags go i insecure installsuffix json ldflags linkshared list m memprofile
		memprofilerate mod modcache modcacherw modfile module msan mutexprofile
		mutexprofilefraction n o outputdir overlay p parallel pgo pkgdir print r race
		replace require retract retracted reuse run short shuffle skip t tags test
		testcache timeout toolexec trace trimpath u use v vendor versions vet vettool
		w work x
		test.bench test.benchmem test.benchtime test.blockprofile
		test.blockprofilerate test.count test.coverprofile test.cpu test.cpuprofile
		test.failfast test.fuzz test.fuzzminimizetime test.fuzztime test.list
		test.memprofile test.memprofilerate test.mutexprofile
		test.mutexprofilefraction test.outputdir test.parallel test.run test.short
		test.shuffle test.skip test.timeout test.trace test.v`) {
		m[name] = 0
	}
	for since, names := range map[release]string{
		21: "debug-runtime-trace fullpath test.fullpath toolchain",
		23: "changed diff dropgodebug godebug",
		24: "droptool tool",
		25: "dropignore ignore",
		26: "artifacts test.artifacts",
	} {
		for name := range strings.FieldsSeq(names) {
			m[name] = since
		}
	}
	return m
})

// flagKind says what values a flag takes.
type flagKind int

const (
	flagAny        flagKind = iota // any value, but there must be one
	flagBool                       // a boolean
	flagLoose                      // any value, or none
	flagVCS                        // a boolean or auto
	flagChdir                      // none: it must stand on the command line
	flagInt                        // a number
	flagCompiler                   // gc or gccgo
	flagCoverMode                  // set, count or atomic
	flagPerPackage                 // pattern=value
)

// flagsOf lists the flags of the commands that matter here, by their kind.
func flagsOf(rel release, command string) map[string]flagKind {
	switch command {
	case "version":
		m := map[string]flagKind{"C": flagChdir, "m": flagBool, "v": flagBool}
		if rel >= 25 {
			m["json"] = flagBool
		}
		return m
	case "env":
		m := map[string]flagKind{
			"C": flagChdir, "json": flagBool, "u": flagBool, "w": flagBool, "n": flagBool, "x": flagBool,
		}
		if rel >= 23 {
			m["changed"] = flagBool
		}
		return m
	}
	m := map[string]flagKind{
		"C": flagChdir, "json": flagLoose, "buildvcs": flagVCS, "p": flagInt,
		"compiler": flagCompiler, "covermode": flagCoverMode,
		"asmflags": flagPerPackage, "gcflags": flagPerPackage,
		"gccgoflags": flagPerPackage, "ldflags": flagPerPackage,
	}
	for name := range strings.FieldsSeq(`a asan compiled cover deps e export find
		linkshared m modcacherw msan n race retracted test trimpath u v versions work x`) {
		m[name] = flagBool
	}
	for name := range strings.FieldsSeq(`buildmode coverpkg debug-actiongraph
		debug-trace f installsuffix mod modfile overlay pgo pkgdir reuse tags toolexec`) {
		m[name] = flagAny
	}
	if rel >= 21 {
		m["debug-runtime-trace"] = flagAny
	}
	return m
}

// usage is the first line of a command's help.
func usage(rel release, command string) string {
	switch {
	case command == "version" && rel >= 25:
		return "go version [-m] [-v] [-json] [file ...]"
	case command == "version":
		return "go version [-m] [-v] [file ...]"
	case command == "env" && rel >= 23:
		return "go env [-json] [-changed] [-u] [-w] [var ...]"
	case command == "env":
		return "go env [-json] [-u] [-w] [var ...]"
	}
	return "go list [-f format] [-json] [-m] [list flags] [build flags] [packages]"
}

// Flags reads GOFLAGS for the commands version, env and list: the flags that the
// command takes, and what it prints if it stops
// (cmd/go/internal/base/goflags.go InitGOFLAGS and SetFromGOFLAGS).
func (c *Config) Flags(command string) (flags map[string]string, problem string) {
	value := c.Getenv("GOFLAGS")
	if value == "" {
		return nil, ""
	}
	hide := command == "env"
	words, err := drift.Words(value)
	if err != nil {
		if hide {
			return nil, ""
		}
		return nil, fmt.Sprintf("go: parsing $GOFLAGS: %v", err)
	}
	for _, word := range words {
		bad := !strings.HasPrefix(word, "-") || word == "-" || word == "--"
		for _, prefix := range []string{"---", "-=", "--="} {
			bad = bad || strings.HasPrefix(word, prefix)
		}
		if bad {
			if hide {
				continue
			}
			return nil, fmt.Sprintf("go: parsing $GOFLAGS: non-flag %q", word)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(word[1:], "-"), "=")
		if since, ok := knownFlags()[name]; (!ok || c.rel < since) && !hide {
			return nil, fmt.Sprintf("go: parsing $GOFLAGS: unknown flag -%s", name)
		}
	}
	kinds := flagsOf(c.rel, command)
	flags = map[string]string{}
	for _, word := range words {
		if word == "" {
			// cmd/go slices the empty word of go env and dies.
			return nil, "panic: runtime error: slice bounds out of range [1:0]"
		}
		name, value, has := strings.Cut(word, "=")
		if name == "" {
			continue
		}
		if strings.HasPrefix(name, "--") {
			name = name[1:]
		}
		name = name[1:]
		kind, ok := kinds[name]
		if !ok {
			continue
		}
		if problem := c.checkFlag(kind, name, value, has); problem != "" {
			return nil, problem + "\nusage: " + usage(c.rel, command) + "\nRun 'go help " + command + "' for details."
		}
		if !has {
			value = "true"
		}
		flags[name] = value
	}
	return flags, ""
}

// checkFlag tests one flag as cmd/go/internal/base/goflags.go SetFromGOFLAGS
// and the flag's own Set do.
func (c *Config) checkFlag(kind flagKind, name, value string, has bool) string {
	where := "$GOFLAGS"
	if c.in.Host.GOOS == "windows" {
		where = "%GOFLAGS%"
	}
	switch kind {
	case flagLoose:
		return ""
	case flagBool, flagVCS:
		if !has || kind == flagVCS && value == "auto" {
			return ""
		}
		if _, err := strconv.ParseBool(value); err == nil {
			return ""
		}
		why := "parse error"
		if kind == flagVCS {
			why = "value is neither 'auto' nor a valid bool"
		}
		return fmt.Sprintf("go: invalid boolean value %q for flag -%s (from %s): %s", value, name, where, why)
	}
	if !has {
		return fmt.Sprintf("go: flag needs an argument: -%s (from %s)", name, where)
	}
	why := ""
	switch kind {
	case flagChdir:
		why = "-C flag must be first flag on command line"
		if c.rel < 21 {
			why = fmt.Sprintf("chdir %s: no such file or directory", value)
			if c.isDir(value) {
				why = ""
			}
		}
	case flagInt:
		if _, err := strconv.ParseInt(value, 0, strconv.IntSize); err != nil {
			why = "parse error"
			if errors.Is(err, strconv.ErrRange) {
				why = "value out of range"
			}
		}
	case flagCompiler:
		if value != "gc" && value != "gccgo" {
			why = fmt.Sprintf("unknown compiler %q", value)
		}
	case flagCoverMode:
		if value != "set" && value != "count" && value != "atomic" {
			why = `valid modes are "set", "count", or "atomic"`
		}
	case flagPerPackage:
		why = perPackage(value)
	}
	if why == "" {
		return ""
	}
	return fmt.Sprintf("go: invalid value %q for flag -%s (from %s): %s", value, name, where, why)
}

// perPackage is cmd/go/internal/load/flag.go PerPackageFlag.set.
func perPackage(v string) string {
	v = strings.TrimSpace(v)
	if v == "" {
		return ""
	}
	if !strings.HasPrefix(v, "-") {
		i := strings.Index(v, "=")
		switch {
		case i < 0:
			return "missing =<value> in <pattern>=<value>"
		case i == 0:
			return "missing <pattern> in <pattern>=<value>"
		case v[0] == '\'' || v[0] == '"':
			return fmt.Sprintf("parameter may not start with quote character %c", v[0])
		}
		v = v[i+1:]
	}
	if _, err := drift.Words(v); err != nil {
		return err.Error()
	}
	return ""
}
