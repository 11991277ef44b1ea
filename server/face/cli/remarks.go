package cli

import (
	"context"
	"fmt"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// remarks says at the end of a command, on standard error, what a person should
// know of godrift's own state: that a damaged memory was set aside, and that a
// fix was killed half-way. A command that has put that right says nothing here.
func (c *Command) remarks(ctx context.Context) {
	if !c.looks {
		return
	}
	m := engine.NewMender(c.StateDir, c.here().Environ)
	interrupted, err := m.Interrupted(ctx)
	if err != nil {
		interrupted = []string{"Whether a fix was interrupted cannot be told: " + err.Error()}
	}
	m.Close()
	said := map[string]bool{}
	for _, m := range append(c.menders, m) {
		for _, note := range m.Notes() {
			if !said[note] {
				c.remark(note)
			}
			said[note] = true
		}
	}
	if len(interrupted) > 1 {
		interrupted[0] += fmt.Sprintf(" There are %d more.", len(interrupted)-1)
	}
	if len(interrupted) > 0 {
		c.remark(interrupted[0])
	}
}

// forgot says once why a run cannot be remembered. The report does not depend on
// it, and so neither does the exit code.
func (c *Command) forgot(err error) {
	if !c.forgets {
		c.forgets = true
		c.remark("This run is not remembered: " + err.Error())
	}
}

func (c *Command) remark(text string) {
	fmt.Fprintf(c.Stderr, "godrift: %s\n", tell.Clean(drift.MaskText(text)))
}
