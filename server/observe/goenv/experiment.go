package goenv

import (
	"strings"
	"sync"
)

// experiments lists the names that GOEXPERIMENT may hold, each with the first
// and last release that knows it; 0 stands for no limit
// (internal/goexperiment/flags.go).
var experiments = sync.OnceValue(func() map[string][2]release {
	return map[string][2]release{
		"fieldtrack":            {},
		"preemptibleloops":      {},
		"staticlockranking":     {},
		"boringcrypto":          {},
		"regabi":                {},
		"regabiwrappers":        {},
		"regabiargs":            {},
		"heapminimum512kib":     {},
		"arenas":                {},
		"unified":               {0, 20},
		"coverageredesign":      {0, 24},
		"pagetrace":             {0, 22},
		"cgocheck2":             {21, 0},
		"loopvar":               {21, 0},
		"cacheprog":             {21, 25},
		"newinliner":            {22, 0},
		"rangefunc":             {22, 25},
		"range":                 {22, 22},
		"allocheaders":          {22, 22},
		"exectracer2":           {22, 22},
		"aliastypeparams":       {23, 25},
		"swissmap":              {24, 25},
		"spinbitmutex":          {24, 24},
		"synchashtriemap":       {24, 25},
		"synctest":              {24, 25},
		"dwarf5":                {25, 0},
		"jsonv2":                {25, 0},
		"greenteagc":            {25, 0},
		"randomizedheapbase64":  {26, 0},
		"runtimefreegc":         {26, 0},
		"sizespecializedmalloc": {26, 0},
		"goroutineleakprofile":  {26, 0},
		"simd":                  {26, 0},
		"runtimesecret":         {26, 0},
	}
})

// checkExperiment is internal/buildcfg/exp.go ParseGOEXPERIMENT: it returns the
// message for a value that is refused. boring says that the value switches
// boringcrypto on.
func checkExperiment(rel release, goarch, value string) (problem string, boring bool) {
	// Where the register ABI can be chosen, its two halves depend on each other.
	wrappers, args := false, false
	alwaysOn := false
	switch goarch {
	case "amd64", "arm64", "ppc64le", "ppc64", "riscv64":
		alwaysOn = true
	case "loong64":
		alwaysOn = rel >= 23
		wrappers, args = rel >= 22, rel >= 22
	case "s390x":
		wrappers, args = rel >= 26, rel >= 26
	}
	supported := alwaysOn || wrappers
	for name := range strings.SplitSeq(value, ",") {
		if name == "" {
			continue
		}
		if name == "none" {
			wrappers, args, boring = false, false, false
			continue
		}
		bare, on := name, true
		if strings.HasPrefix(name, "no") {
			bare, on = name[2:], false
		}
		span, ok := experiments()[bare]
		if !ok || rel < span[0] || span[1] != 0 && rel > span[1] {
			return "unknown GOEXPERIMENT " + bare, boring
		}
		switch bare {
		case "regabi":
			wrappers, args = on, on
		case "regabiwrappers":
			wrappers = on
		case "regabiargs":
			args = on
		case "boringcrypto":
			boring = on
		}
	}
	if supported && !alwaysOn && args && !wrappers {
		return "GOEXPERIMENT regabiargs requires regabiwrappers", boring
	}
	return "", boring
}
