package toolchain

import (
	"errors"

	"godrift.dev/server/drift"
)

// noting is a view of the files that notes which one was too large to be read.
// That is a limit of godrift's: the go command would read on, so nothing that
// follows from it may be told as the go command's words.
type noting struct {
	drift.Files
	tooLarge string
}

func (n *noting) ReadFile(name string) ([]byte, error) {
	text, err := n.Files.ReadFile(name)
	if errors.Is(err, drift.ErrTooLarge) {
		n.tooLarge = name
	}
	return text, err
}

// Open keeps what the view behind this one may offer.
func (n *noting) Open(name string) (drift.Content, error) { return drift.Open(n.Files, name) }

// tellTooLarge says that a file was not read, if one was.
func (s *selection) tellTooLarge() bool {
	if s.noting.tooLarge == "" {
		return false
	}
	s.stepAt(s.noting.tooLarge, 0, "", "%s is larger than godrift reads, so what it says is not known", s.showIn(s.noting.tooLarge))
	return true
}
