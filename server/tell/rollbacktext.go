package tell

import "io"

// RollbackText shows what a rollback would do, or has done.
func RollbackText(w io.Writer, doc RollbackDocument, opts Options) error {
	t := newText(w, opts)
	if !doc.Applied {
		t.plan(doc.Diff, doc.Commands)
		if len(doc.Shell) > 0 {
			t.outcome(nil, doc.Shell, nil)
		}
		for _, n := range doc.Notes {
			t.printf("  %s\n", clean(n))
		}
		t.left(doc.Left)
		return t.err
	}
	t.outcome(doc.Done, doc.Shell, doc.Notes)
	t.left(doc.Left)
	if doc.Journal > 0 {
		t.printf("%s godrift undo --yes %d takes it back.\n", t.paint(t.good, "Rolled back."), doc.Journal)
	}
	return t.err
}

// left names the variables that stay as they are.
func (t *textWriter) left(variables []LeftVariable) {
	for _, v := range variables {
		t.printf("  %s stays as it is: %s.\n", t.paint(t.strong, clean(v.Variable)), clean(v.Reason))
	}
}

// AcceptText is one line.
func AcceptText(w io.Writer, doc AcceptDocument, opts Options) error {
	t := newText(w, opts)
	t.printf("%s This state is what the workspace is compared with from now on.\n", t.paint(t.good, "Accepted."))
	return t.err
}
