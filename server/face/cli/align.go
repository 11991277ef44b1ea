package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// agreed is the word for --align without a value.
const agreed = "agreed"

// alignWords are what --align takes besides a version.
var alignWords = []string{agreed, "patch", "floor", "running", "file"}

var alignVersion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(go|v)?[0-9]+\.[0-9]`)
})

// alignFlags are those of an alignment.
type alignFlags struct {
	to       string
	roles    []string
	matrices bool
	// moveTo and reference are for one pin.
	moveTo    string
	reference bool
}

// roles are those that pins can be aligned by.
var roles = []string{"build", "ship", "develop", "lint", "floor", "docs"}

// alignTarget takes the value of --align from the arguments, where it stands if
// it is written without an equals sign, in front of the paths or behind them.
func (c *Command) alignTarget(flags *alignFlags, args []string) ([]string, error) {
	if flags.to != agreed {
		return args, nil
	}
	there := func(name string) bool {
		_, err := c.here().Files.Stat(c.absolute(name))
		return err == nil
	}
	// Flags and paths stand in any order, so the value may be behind a path.
	for i, a := range args {
		if (slices.Contains(alignWords, a) || alignVersion().MatchString(a)) && (i == 0 || !there(a)) {
			flags.to, args = a, slices.Delete(slices.Clone(args), i, i+1)
			break
		}
	}
	for _, a := range args {
		if !there(a) {
			return nil, usagef("%s is no Go version to align to, and there is no such file or folder: write --align=VERSION, or --align= with patch, floor, running or file", a)
		}
	}
	return args, nil
}

// align previews one fix for all pins of some roles, or carries it out.
func (c *Command) align(ctx context.Context, args []string, flags fixFlags) error {
	if flags.all || flags.code != "" || flags.finding != "" || flags.accept {
		return usagef("--align deals with pins, not with findings: leave --all, --code, --finding and --accept out")
	}
	req := engine.AlignRequest{Matrices: flags.matrices}
	paths, err := c.alignTarget(&flags.alignFlags, args)
	if err != nil {
		return err
	}
	if flags.to != agreed && flags.to != "" {
		req.Target = flags.to
	}
	for _, role := range flags.roles {
		if !slices.Contains(roles, role) {
			return usagef("there is no role %q of pins; there is %s", role, strings.Join(roles, ", "))
		}
		req.Roles = append(req.Roles, drift.Role(role))
	}
	shell, err := c.shellName(flags.shell)
	if err != nil {
		return err
	}
	targets, err := c.targets(paths)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	mender := c.mender("godrift align")
	defer mender.Close()
	doc := tell.FixDocument{Schema: tell.SchemaFix, Version: tell.DocumentVersion, Root: targets[0].root, Applied: flags.apply, Fixes: []tell.PlannedFix{}}
	m := &mending{Command: c, mender: mender, flags: flags, shell: shell}
	var notes []string
	for _, t := range targets {
		fix, said, err := m.aligned(ctx, t, req)
		if err != nil {
			return err
		}
		if fix == nil {
			notes = append(notes, said...)
			continue
		}
		doc.Fixes = append(doc.Fixes, *fix)
	}
	if err := c.print(flags.format.value, doc, func(w io.Writer) error { return tell.FixText(w, doc, c.options()) }); err != nil {
		return err
	}
	for _, n := range tell.Folded(notes) {
		fmt.Fprintln(c.Stderr, n)
	}
	switch {
	case len(doc.Fixes) == 0:
		fmt.Fprintln(c.Stderr, "Nothing to align.")
	case !doc.Applied:
		fmt.Fprintln(c.Stderr, "Nothing was changed. The same with --apply does it.")
	}
	return m.refused
}

// aligned deals with one workspace. It returns no fix if nothing differs.
func (m *mending) aligned(ctx context.Context, t target, req engine.AlignRequest) (*tell.PlannedFix, []string, error) {
	opts := m.engineOptions(t.root, false)
	report, err := engine.Evaluate(ctx, opts)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot look at %s: %w", t.root, err)
	}
	req.Paths = t.scopes
	texts := tell.TextsOf(report.Snapshot)
	if m.flags.pin != "" {
		for _, pin := range report.Snapshot.Pins {
			if m.atPin(m.flags.pin, texts.Range(pin.Place)) {
				req.Only = append(req.Only, pin.Place)
			}
		}
		if len(req.Only) == 0 {
			return nil, nil, usagef("no pin stands at %s; godrift pins lists them", m.flags.pin)
		}
	}
	fix, said, err := engine.Align(report, req, time.Now())
	if err != nil {
		return nil, nil, usageError{err}
	}
	notes := make([]string, 0, len(said))
	for _, n := range said {
		at := texts.Range(n.Place)
		notes = append(notes, fmt.Sprintf("%s:%d: %s", m.shown(at.File), at.Line, drift.MaskText(n.Text)))
	}
	if len(fix.Actions) == 0 {
		return nil, notes, nil
	}
	x := chosen{finding: drift.Finding{Code: "align"}, fix: fix}
	var out tell.PlannedFix
	if m.flags.apply {
		recovered, err := m.recover(ctx, m.mender, opts.World, report)
		if err != nil {
			return nil, nil, err
		}
		if recovered { // what was looked at is not what is there now
			req.Only = nil
			return m.aligned(ctx, t, req)
		}
		out = m.apply(ctx, opts.World, report, x)
	} else {
		out = m.plan(ctx, opts.World, report, x)
	}
	out.Notes = append(out.Notes, notes...)
	return &out, nil, nil
}

// shown is a file as the person at the command line would name it.
func (c *Command) shown(file string) string {
	if rel, err := filepath.Rel(c.Dir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}
