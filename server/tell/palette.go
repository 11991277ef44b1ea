package tell

import "godrift.dev/server/drift"

// style is how a word is painted: the parameters of the escape sequence that
// switches it on. The empty one leaves the word as it is.
type style string

// palette colours words, or leaves them as they are. A library for this would
// cost every start of the program more than these few sequences are worth.
type palette struct {
	on                                                      bool
	failed, warning, info, hint, frame, strong, faint, good style
	plain                                                   style
}

// newPalette keeps to the sixteen colours that a person's terminal defines, so
// that they fit every background.
func newPalette(on bool) palette {
	return palette{
		on:      on,
		failed:  "1;31",
		warning: "1;33",
		info:    "1;36",
		hint:    "1;32",
		good:    "1;32",
		frame:   "34",
		strong:  "1",
		faint:   "2",
	}
}

func (p palette) paint(s style, text string) string {
	if !p.on || s == "" || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func (p palette) severity(s drift.Severity) style {
	switch s {
	case drift.SeverityError:
		return p.failed
	case drift.SeverityWarning:
		return p.warning
	case drift.SeverityInfo:
		return p.info
	}
	return p.hint
}
