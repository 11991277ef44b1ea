package ask

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// DefaultVerifyLimit is how long "go mod verify" may take: it reads all modules of
// a build once from the disk.
const DefaultVerifyLimit = 30 * time.Minute

// ModVerify says which modules to verify.
type ModVerify struct {
	// Program is the go command, and GOROOT its own; empty if that is not known.
	Program, GOROOT string
	// Dir is the folder in which it is started, and Environ whose environment.
	Dir     string
	Environ map[string]string
	// Limit replaces DefaultVerifyLimit if it is not zero.
	Limit time.Duration
}

// BadModule is a module in the module cache that is not what was downloaded.
type BadModule struct {
	Path, Version string
	// Kind is "dir", "zip", "ziphash" or "other", and File the folder or file, if the
	// go command names it.
	Kind, File string
	// Says is the line of the go command.
	Says string
}

// Run has the go command compare what the module cache holds with what was
// downloaded. It fetches nothing, also not from the checksum database, and starts no
// other toolchain; "go mod verify" itself writes neither go.mod nor go.sum
// (cmd/go/internal/modload/init.go setDefaultBuildMod).
func (v ModVerify) Run(ctx context.Context) ([]BadModule, error) {
	limit := v.Limit
	if limit == 0 {
		limit = DefaultVerifyLimit
	}
	environ := maps.Clone(v.Environ)
	if environ == nil {
		environ = map[string]string{}
	}
	maps.Copy(environ, map[string]string{"GOTOOLCHAIN": "local", "GOPROXY": "off", "GOSUMDB": "off", "PWD": v.Dir})
	if v.GOROOT != "" {
		environ["GOROOT"] = v.GOROOT
	}
	a, err := Program{Path: v.Program, Args: []string{"mod", "verify"}, Dir: v.Dir, Environ: environ, Limit: limit, Keep: maxSaid}.Run(ctx)
	switch {
	case err != nil:
		return nil, err
	case a.TimedOut:
		return nil, fmt.Errorf("go mod verify in %s: no answer within %s", v.Dir, limit)
	case !a.Failed:
		return nil, nil
	}
	bad, rest := readVerified(a.Stderr)
	if len(bad) == 0 {
		next := ""
		if strings.Contains(rest, "GOPROXY=off") {
			next = "; not all that it needs is in the module cache: go mod download fetches it"
		}
		return nil, fmt.Errorf("go mod verify in %s stops: %s%s", v.Dir, drift.MaskText(drift.ClipTo(strings.TrimSpace(rest), 2000)), next)
	}
	return bad, nil
}

// readVerified reads what "go mod verify" says of bad modules
// (cmd/go/internal/modcmd/verify.go verifyMod), and what else it says.
func readVerified(text string) (bad []BadModule, rest string) {
	// Made here, once in a command that takes long: no start of godrift pays for them.
	var (
		modified    = regexp.MustCompile(`^(\S+) (v\S+): (dir|zip) has been modified \((.+)\)$`)
		noZipHash   = regexp.MustCompile(`^(\S+) (v\S+): missing ziphash: (?:open (.+): )?`)
		otherModule = regexp.MustCompile(`^([^\s:]+\.[^\s:]+) (v\d\S*): `)
	)
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		switch m := modified.FindStringSubmatch(line); {
		case m != nil:
			bad = append(bad, BadModule{Path: m[1], Version: m[2], Kind: m[3], File: m[4], Says: line})
		case noZipHash.MatchString(line):
			m = noZipHash.FindStringSubmatch(line)
			bad = append(bad, BadModule{Path: m[1], Version: m[2], Kind: "ziphash", File: m[3], Says: line})
		case otherModule.MatchString(line):
			m = otherModule.FindStringSubmatch(line)
			bad = append(bad, BadModule{Path: m[1], Version: m[2], Kind: "other", Says: line})
		default:
			rest += line + "\n"
		}
	}
	return bad, rest
}

// maxSaid bounds what is kept of what it prints: a line for each bad module.
const maxSaid = 4 << 20
