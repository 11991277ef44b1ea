package tell

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"

	"godrift.dev/server/drift"
)

// Options is what all renderers need to know besides the findings.
type Options struct {
	// Dir is the folder that file names are shown relative to.
	Dir string
	// Home is the person's home folder, shown as ~; empty if there is none.
	Home string
	// Color allows terminal colours. It is for text only.
	Color bool
	// Width is that of the terminal in columns; 0 if it is none.
	Width int
	// Version is godrift's own.
	Version string
	// Rules is the rule catalogue in its published order, for SARIF.
	Rules []Rule
	// FailOn is the least severity that counts as failed; SeverityError if
	// empty.
	FailOn drift.Severity
}

// Rule is what the published reports tell about a rule.
type Rule struct {
	Code     string
	Title    string
	Severity drift.Severity
	// Help is the rule's page in Markdown; it may be empty.
	Help string
}

func (o Options) fails(s drift.Severity) bool {
	least := o.FailOn
	if least == "" {
		least = drift.SeverityError
	}
	return s.Rank() > 0 && least.Rank() > 0 && s.Rank() >= least.Rank()
}

// path is how a file is named to a person: relative below Dir, with ~ below
// Home, else as it is. Nothing in it can move the cursor.
func (o Options) path(file string) string {
	switch {
	case file == "":
		return ""
	case o.Dir != "" && drift.Within(o.Dir, file):
		if rel, err := filepath.Rel(o.Dir, file); err == nil {
			return clean(rel)
		}
	case o.Home != "" && o.Home != string(filepath.Separator) && drift.Within(o.Home, file):
		if rel, err := filepath.Rel(o.Home, file); err == nil {
			return clean(filepath.Join("~", rel))
		}
	}
	return clean(file)
}

// toolchain is how a Go's folder or program is named to a person: never
// relative, for it is looked for in the whole machine.
func (o Options) toolchain(file string) string {
	o.Dir = ""
	return o.path(file)
}

// at is path with line and column as far as they are known.
func (o Options) at(r Range) string {
	p := o.path(r.File)
	switch {
	case p == "":
		return "the environment of this process"
	case r.Line == 0:
		return p
	case r.Column == 0:
		return fmt.Sprintf("%s:%d", p, r.Line)
	}
	return fmt.Sprintf("%s:%d:%d", p, r.Line, r.Column)
}

// JSON writes a document. What could steer a terminal is escaped, which makes
// no difference to whoever parses it.
func JSON(w io.Writer, document any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(document); err != nil {
		return err
	}
	_, err := w.Write(escape(b.Bytes()))
	return err
}
