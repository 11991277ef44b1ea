package tell

import (
	"fmt"
	"io"
	"strings"
)

// SchemaAllow names the document of "godrift allow" and "godrift deny".
const SchemaAllow = "godrift/allow"

// AllowDocument is what "godrift allow --format json" and "godrift deny --format
// json" print.
type AllowDocument struct {
	// Schema is "godrift/allow".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int    `json:"version"`
	Root    string `json:"root"`
	// File is the godrift.toml that asks, and Hash the SHA-256 of its text, for
	// which alone a decision counts.
	File string `json:"file"`
	Hash string `json:"hash"`
	// State is "allow" or "deny", as it is decided for this text, or "ask".
	State string `json:"state"`
	// Before is what was decided last, about this text or another: "allow", "deny"
	// or empty.
	Before string `json:"before"`
	// Changed says that the text is another than that of the last decision.
	Changed bool `json:"changed"`
	// Decided says that this call has decided.
	Decided bool `json:"decided"`
	// Asks are what the contract asks for on this system.
	Asks []Asked `json:"asks"`
}

// Asked is one thing that a repository asks for.
type Asked struct {
	Line int `json:"line"`
	// Text is what it asks for, for example "CGO_ENABLED=0" or "no GOEXPERIMENT".
	Text string `json:"text"`
	// Way is "mends" if fixes bring it about once it is allowed, "by hand" if it is
	// only reported, "refused" if no contract can have it. Why says more.
	Way string `json:"way"`
	Why string `json:"why"`
	// Runs says that it names a program, which every build would run. It is refused.
	Runs bool `json:"runs"`
	// Holds says that it is so already.
	Holds bool `json:"holds"`
}

// AllowText shows what a repository asks for, and what is decided.
func AllowText(w io.Writer, doc AllowDocument, opts Options) error {
	t := newText(w, opts)
	if doc.Decided {
		verdict := "Allowed"
		if doc.State == "deny" {
			verdict = "Denied"
		}
		t.printf("%s This counts for exactly this text of %s.\n", t.paint(t.good, verdict+"."), clean(shortened(doc)))
		return t.err
	}
	t.printf("%s asks for\n", t.paint(t.strong, clean(shortened(doc))))
	for _, a := range doc.Asks {
		mark, paint := "*", t.frame
		state := "not so now; a fix can bring it about"
		switch {
		case a.Way == "refused":
			mark, paint, state = "!", t.failed, "refused: "+a.Why
		case a.Holds:
			state = "it is so"
		case a.Way == "by hand":
			state = "not so now, and for you to decide: " + a.Why
		}
		t.printf("  %s %s\n", t.paint(paint, mark), t.paint(t.strong, oneLine(a.Text)))
		t.printf("    %s\n", t.paint(t.faint, fmt.Sprintf("line %d: %s", a.Line, oneLine(state))))
	}
	switch {
	case doc.State == "allow":
		t.printf("You have allowed this.\n")
	case doc.State == "deny":
		t.printf("You have denied this.\n")
	case doc.Changed:
		t.printf("Nothing is decided about this text; another one was decided before: %s.\n", doc.Before)
	default:
		t.printf("Nothing is decided yet.\n")
	}
	return t.err
}

// shortened is the file as it is called in its folder.
func shortened(doc AllowDocument) string {
	return strings.TrimLeft(strings.TrimPrefix(doc.File, doc.Root), `/\`)
}
