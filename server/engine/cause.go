package engine

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// mostNamed is how many files or variables a cause names.
const mostNamed = 3

// causing finds the causes of the changes of one moment.
type causing struct {
	root    string
	of      string
	changes map[string]drift.Change
	// written is what the deeds since then wrote, newest first, by their titles.
	written  []deedWrote
	moved    string // from where to where the checkout went
	reported bool   // somebody reported another environment
	how      string // how the Go that runs is chosen now

	found map[drift.CauseKind][]string // what each cause explains, or says
	goenv bool                         // a deed explains what the file of go env -w holds
}

type deedWrote struct {
	title string
	act.Written
}

// order is that in which causes are told: what is known for certain first.
var order = []drift.CauseKind{
	drift.CauseGodrift, drift.CauseBranch, drift.CauseGoGet, drift.CauseFile, drift.CauseGoEnv, drift.CauseVariable, drift.CauseEnvironment, drift.CauseMachine,
}

// causeOf names the causes of what changed, up to a checkout. Each change is
// explained by what wrote that very file or variable: by a deed of godrift only
// if it did, by a branch switch only if a file of the checkout changed. What
// follows from others, such as GOVERSION, needs no cause of its own. Of several
// causes the first gives the kind, and the text tells the others.
func causeOf(r drift.Record, before remember.Before, now checkout, events []drift.Event) drift.Cause {
	c := causing{
		root: r.Root, of: r.Of, moved: wayOf(checkoutOf(before.Checkout), now), reported: reported(events), how: r.Values[drift.KeyHow],
		changes: map[string]drift.Change{}, found: map[drift.CauseKind][]string{},
	}
	for _, change := range before.Changes {
		c.changes[change.Key] = change
	}
	for _, d := range before.Deeds {
		if d.Entry.ID != 0 {
			c.written = append(c.written, deedWrote{d.Title, act.Wrote(d.Entry)})
		}
	}
	for _, change := range before.Changes {
		c.explain(change)
	}
	c.agreed()
	c.prints()
	if len(c.found) == 0 {
		c.rest(before.Changes)
	}
	return c.cause()
}

// explain finds the cause of a change that follows from no other.
func (c *causing) explain(change drift.Change) {
	if file, _, _, ok := drift.ParsePinKey(change.Key); ok {
		c.file(file)
		return
	}
	if strings.HasPrefix(change.Key, drift.KeyTool) {
		if !c.deed(func(w act.Written) bool { return len(w.Tools) > 0 }) {
			c.add(drift.CauseMachine, strings.TrimPrefix(change.Key, drift.KeyTool))
		}
		return
	}
	if name, ok := strings.CutPrefix(change.Key, drift.KeyProbe); ok {
		c.add(drift.CauseMachine, "probe "+name)
		return
	}
	name, ok := change.Variable()
	if !ok {
		return
	}
	chosen := func(w act.Written) bool {
		value, ok := w.Variables[name]
		return ok && (value == nil && change.NewLayer != change.OldLayer || value != nil && drift.Mask(name, *value) == change.New)
	}
	of := func(layer string, kind drift.LayerKind) bool {
		got, _, _ := strings.Cut(layer, " ")
		return got == string(kind)
	}
	before, now := c.ways()
	process := of(change.OldLayer, drift.LayerProcess) && !drift.GivenRoot(name, before) ||
		of(change.NewLayer, drift.LayerProcess) && !drift.GivenRoot(name, now)
	stored := of(change.OldLayer, drift.LayerGOENV) || of(change.NewLayer, drift.LayerGOENV)
	_, wrote := c.changes[drift.KeyPrint+drift.PrintGOENV]
	switch {
	case (process || stored) && c.deed(chosen):
		c.goenv = c.goenv || stored
	case process && (c.reported || c.of == "editor"):
		c.add(drift.CauseEnvironment, name)
	case process:
		c.add(drift.CauseVariable, name)
	case stored && wrote:
		c.add(drift.CauseGoEnv, name)
	}
}

// ways are how the Go that runs was chosen before and is now.
func (c *causing) ways() (before, now drift.How) {
	if change, ok := c.changes[drift.KeyHow]; ok {
		return drift.How(change.Old), drift.How(change.New)
	}
	return drift.How(c.how), drift.How(c.how)
}

// file finds the cause of a change in a file, which is named as a record does.
func (c *causing) file(name string) {
	path := filepath.FromSlash(name)
	inside := !filepath.IsAbs(path)
	if inside {
		path = filepath.Join(c.root, path)
	}
	sums := false
	if _, ok := c.changes[drift.KeyPrint+drift.PrintGoSum]; ok {
		base := filepath.Base(path)
		sums = base == "go.mod" || base == "go.sum"
	}
	switch {
	case c.deed(func(w act.Written) bool { return slices.Contains(w.Files, path) }):
	case c.moved != "" && inside:
		c.found[drift.CauseBranch] = []string{c.moved}
	case sums && filepath.Base(path) == "go.mod":
		c.found[drift.CauseGoGet] = []string{"go.mod and go.sum changed together"}
	case sums && len(c.found[drift.CauseGoGet]) > 0: // it is told already
	default:
		c.add(drift.CauseFile, name)
	}
}

// agreed explains another agreed Go by the policy where no pin does.
func (c *causing) agreed() {
	change, ok := c.changes[drift.KeyAgreed]
	if !ok {
		return
	}
	for _, value := range []string{change.Old, change.New} {
		_, file, _ := strings.Cut(strings.TrimSuffix(value, ")"), " (")
		if filepath.Base(file) == "godrift.toml" {
			c.file(file)
			return
		}
	}
}

// prints explains the files of which only fingerprints are kept.
func (c *causing) prints() {
	_, sums := c.changes[drift.KeyPrint+drift.PrintGoSum]
	_, modules := c.changes[drift.KeyPrint+drift.PrintModules]
	said := c.changes[drift.KeyPrint+drift.PrintModFiles].Kind == drift.ChangeChanged
	switch {
	case sums && modules && said && c.moved == "" && len(c.found) == 0:
		c.found[drift.CauseGoGet] = []string{"go.mod and go.sum changed together"}
	case sums:
		c.file("go.sum")
	case said && len(c.found) == 0:
		c.file("go.mod")
	}
	if _, ok := c.changes[drift.KeyPrint+drift.PrintGOENV]; ok && !c.goenv && len(c.found[drift.CauseGoEnv]) == 0 &&
		!c.deed(func(w act.Written) bool { return w.GOENV }) {
		c.add(drift.CauseGoEnv, "nothing that counts here")
	}
}

// rest explains what follows from others, where there are none.
func (c *causing) rest(changes []drift.Change) {
	for _, change := range changes {
		_, variable := change.Variable()
		switch {
		case c.reported && (variable || strings.HasPrefix(change.Key, "go.")):
			c.found[drift.CauseEnvironment] = []string{}
			return
		case strings.HasPrefix(change.Key, "go."):
			c.found[drift.CauseMachine] = []string{}
		}
	}
}

// deed reports whether a deed of godrift wrote something, and then it is a cause.
func (c *causing) deed(wrote func(act.Written) bool) bool {
	for _, d := range c.written {
		if wrote(d.Written) {
			c.add(drift.CauseGodrift, d.title)
			return true
		}
	}
	return false
}

func (c *causing) add(kind drift.CauseKind, what string) {
	if !slices.Contains(c.found[kind], what) {
		c.found[kind] = append(c.found[kind], what)
	}
}

// cause is what was found as one: the first kind, and in its text the others.
func (c *causing) cause() drift.Cause {
	out := drift.Cause{Kind: drift.CauseOther}
	for _, kind := range order {
		names, ok := c.found[kind]
		if !ok {
			continue
		}
		text := strings.Join(names[:min(len(names), mostNamed)], ", ")
		if len(names) > mostNamed {
			text += fmt.Sprintf(" and %d more", len(names)-mostNamed)
		}
		if out.Kind == drift.CauseOther {
			out = drift.Cause{Kind: kind, Text: text}
			continue
		}
		out.Text += "; " + drift.Cause{Kind: kind, Text: text}.String()
	}
	return out
}

func reported(events []drift.Event) bool {
	return slices.ContainsFunc(events, func(ev drift.Event) bool { return ev.Kind == drift.EventEnvironment })
}
