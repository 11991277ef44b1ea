package tell

import (
	"fmt"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// mostBad is how many damaged entries of a cache are listed.
const mostBad = 20

// probe writes what the probe itself said.
func (d diagnosis) probe(f drift.Finding) {
	s := d.r.Snapshot
	var said strings.Builder
	switch {
	case strings.HasPrefix(f.Code, "cgo-") && s.Cgo != nil:
		t := s.Cgo.Target
		fmt.Fprintf(&said, "%s/%s: %s\n", t.GOOS, t.GOARCH, t.Verdict)
		fmt.Fprintf(&said, "CGO_ENABLED=%s (%s)\n", t.Enabled.Value, t.Why)
		fmt.Fprintf(&said, "CC=%s %s\n", drift.Mask("CC", t.Compiler.CC.Value), t.Compiler.Path)
		for _, line := range []string{t.Compiler.Version, t.Compiler.Machine, t.Output} {
			if line != "" {
				said.WriteString(line + "\n")
			}
		}
		if p := t.Problem; p != nil {
			fmt.Fprintf(&said, "cause: %s %s\n%s\n", p.Cause, p.Name, p.Line)
		}
	case strings.HasPrefix(f.Code, "gocache-") && s.Cache != nil:
		fmt.Fprintf(&said, "GOCACHE=%s\n", s.Cache.Dir)
		if !s.Cache.Checked.IsZero() {
			fmt.Fprintf(&said, "last read as a whole: %s\n", s.Cache.Checked.UTC().Format(time.RFC3339))
		}
		for _, t := range s.Cache.Troubles {
			fmt.Fprintf(&said, "%s: %s: %s\n", t.Problem, t.Path, t.Detail)
		}
		for i, bad := range s.Cache.Bad {
			if i == mostBad {
				fmt.Fprintf(&said, "and %d more\n", len(s.Cache.Bad)-i)
				break
			}
			fmt.Fprintf(&said, "%s: %s: %s\n", bad.Path, bad.Reason, bad.Detail)
		}
	case strings.HasPrefix(f.Code, "toolchain-") || f.Code == "go-missing":
		for _, text := range []string{s.Selection.Error, s.Selection.LoadError} {
			if text != "" {
				said.WriteString(strings.TrimRight(text, "\n") + "\n")
			}
		}
	}
	if said.Len() > 0 {
		d.b.WriteString("### What was seen\n\n")
		d.block("text", drift.ClipText(said.String()))
	}
}
