package tell

import (
	"io"
	"strings"
)

// HookGitText shows what installing or removing a git hook would do, or did.
func HookGitText(w io.Writer, doc HookGitDocument, opts Options) error {
	t := newText(w, opts)
	hook, kept := Relative(opts.Dir, doc.Hook), Relative(opts.Dir, doc.Kept)
	would := func(present, past string) string {
		if doc.Applied {
			return t.paint(t.good, past)
		}
		return present
	}
	switch doc.Step {
	case HookInstall:
		t.printf("%s %s.\n", would("Would write the hook", "Wrote the hook"), hook)
	case HookChain:
		t.printf("%s %s. The hook that is there stays beside it, as %s, and runs first.\n", would("Would write the hook", "Wrote the hook"), hook, kept)
	case HookUpdate:
		t.printf("%s %s, which is godrift's.\n", would("Would renew the hook", "Renewed the hook"), hook)
	case HookRemove:
		t.printf("%s %s.\n", would("Would remove the hook", "Removed the hook"), hook)
	case HookRestore:
		t.printf("%s %s as it was before.\n", would("Would put back the hook", "Put back the hook"), hook)
	}
	if (doc.Step == HookInstall || doc.Step == HookUpdate) && doc.Kept != "" {
		t.printf("It runs the hook from before, %s, first.\n", kept)
	}
	if !doc.Applied {
		for line := range strings.Lines(doc.Text) {
			t.printf("  %s\n", t.paint(t.hint, strings.TrimRight(line, "\n")))
		}
	}
	for _, note := range doc.Notes {
		t.printf("%s\n", note)
	}
	return t.err
}
