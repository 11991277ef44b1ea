package goenv

import (
	"fmt"
	"strings"
)

// archVariable names the variable that belongs to an architecture; empty if
// there is none (cmd/go/internal/cfg/cfg.go GetArchEnv).
func archVariable(rel release, goarch string) string {
	switch goarch {
	case "arm":
		return "GOARM"
	case "arm64":
		if rel >= 23 {
			return "GOARM64"
		}
	case "386":
		return "GO386"
	case "amd64":
		return "GOAMD64"
	case "mips", "mipsle":
		return "GOMIPS"
	case "mips64", "mips64le":
		return "GOMIPS64"
	case "ppc64", "ppc64le":
		return "GOPPC64"
	case "riscv64":
		if rel >= 23 {
			return "GORISCV64"
		}
	case "wasm":
		return "GOWASM"
	}
	return ""
}

// archDefault is what official builds for other architectures than the host's
// have compiled in (internal/buildcfg, cmd/dist/buildruntime.go).
func (c *Config) archDefault(name string) string {
	switch name {
	case "GO386":
		return "sse2"
	case "GOAMD64":
		return "v1"
	case "GOARM":
		def := "7"
		switch {
		case c.process("GOOS") == "android" && c.process("GOARCH") == "arm":
		case c.rel < 21:
			def = "5"
		}
		// Since Go 1.22 the value can hold the kind of floating point; until 1.23
		// the default was printed from the parsed value.
		if c.rel == 22 || c.rel == 23 {
			if def == "5" {
				return "5,softfloat"
			}
			return def + ",hardfloat"
		}
		return def
	case "GOARM64":
		return "v8.0"
	case "GOMIPS", "GOMIPS64":
		return "hardfloat"
	case "GOPPC64":
		return "power8"
	case "GORISCV64":
		return "rva20u64"
	}
	return ""
}

// buildError is what internal/buildcfg/cfg.go finds wrong in the process
// environment; the files do not count. Its variables are set one after the
// other and the last error stays. Since Go 1.23 the check of GOARM64 forgets
// what came before it.
func (c *Config) buildError() string {
	problem := ""
	one := func(name, valid string) {
		v := c.process(name)
		if v == "" {
			return
		}
		for want := range strings.SplitSeq(valid, ", ") {
			if v == want {
				return
			}
		}
		problem = fmt.Sprintf("invalid %s: must be %s", name, valid)
	}
	one("GOAMD64", "v1, v2, v3, v4")
	if v := c.process("GOARM"); v != "" {
		if p := checkARM(c.rel, v); p != "" {
			problem = p
		}
	}
	if c.rel >= 23 {
		problem = checkARM64(c.process("GOARM64"))
	}
	one("GOMIPS", "hardfloat, softfloat")
	one("GOMIPS64", "hardfloat, softfloat")
	one("GOPPC64", "power8, power9, power10")
	switch {
	case c.rel >= 25:
		one("GORISCV64", "rva20u64, rva22u64, rva23u64")
	case c.rel >= 23:
		one("GORISCV64", "rva20u64, rva22u64")
	}
	for opt := range strings.SplitSeq(c.process("GOWASM"), ",") {
		if opt != "" && opt != "satconv" && opt != "signext" {
			problem = fmt.Sprintf("invalid GOWASM: no such feature %q", opt)
		}
	}
	if v := c.process("GOEXPERIMENT"); v != "" {
		goarch := c.process("GOARCH")
		if goarch == "" {
			goarch = c.in.Host.GOARCH
		}
		if p, _ := checkExperiment(c.rel, goarch, v); p != "" {
			problem = p
		}
	}
	if v := c.process("GOFIPS140"); v != "" && c.rel >= 24 && !fipsValue(c.rel, v) {
		form := "vX.Y.Z"
		if c.rel >= 26 {
			form = "v1.Y.Z"
		}
		problem = "invalid GOFIPS140: must be off, latest, inprocess, certified, or " + form
	}
	return problem
}

// checkARM is internal/buildcfg/cfg.go goarm.
func checkARM(rel release, v string) string {
	if rel < 22 {
		if v == "5" || v == "6" || v == "7" {
			return ""
		}
		return "invalid GOARM: must be 5, 6, 7"
	}
	v = strings.TrimSuffix(strings.TrimSuffix(v, ",softfloat"), ",hardfloat")
	if v == "5" || v == "6" || v == "7" {
		return ""
	}
	return `invalid GOARM: must start with 5, 6, or 7, and may optionally end in either ",hardfloat" or ",softfloat"`
}

// checkARM64 is internal/buildcfg/cfg.go ParseGoarm64.
func checkARM64(v string) string {
	if v == "" {
		return ""
	}
	for {
		short := strings.TrimSuffix(strings.TrimSuffix(v, ",lse"), ",crypto")
		if short == v {
			break
		}
		v = short
	}
	if len(v) == len("v8.0") && (strings.HasPrefix(v, "v8.") && '0' <= v[3] && v[3] <= '9' ||
		strings.HasPrefix(v, "v9.") && '0' <= v[3] && v[3] <= '5') {
		return ""
	}
	return `invalid GOARM64: must start with v8.{0-9} or v9.{0-5} and may optionally end in ",lse" and/or ",crypto"`
}

// fipsValue is internal/buildcfg/cfg.go gofips140 and isFIPSVersion.
func fipsValue(rel release, v string) bool {
	switch v {
	case "off", "latest", "inprocess", "certified":
		return true
	}
	v, ok := strings.CutPrefix(v, "v")
	if !ok {
		return false
	}
	if rel >= 26 {
		if v, ok = strings.CutPrefix(v, "1."); !ok {
			return false
		}
	} else if v, ok = cutNumber(v); !ok {
		return false
	} else if v, ok = strings.CutPrefix(v, "."); !ok {
		return false
	}
	if v, ok = cutNumber(v); !ok {
		return false
	}
	if v, ok = strings.CutPrefix(v, "."); !ok {
		return false
	}
	if v, ok = cutNumber(v); !ok {
		return false
	}
	if v == "" {
		return true
	}
	if rel >= 26 {
		if rc, ok := strings.CutPrefix(v, "-rc"); ok {
			rest, ok := cutNumber(rc)
			return ok && rest == ""
		}
	}
	return v[0] == '-' && len(v) == len("-")+8
}

func cutNumber(s string) (rest string, ok bool) {
	rest = strings.TrimLeft(s, "0123456789")
	return rest, len(rest) < len(s)
}
