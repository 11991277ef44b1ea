package toolchain

import (
	"errors"

	"godrift.dev/server/drift"
)

// noting is a view of the files that notes which one was not read for a reason
// of godrift's own, such as its size. The go command would read on, so nothing
// that follows from it may be told as the go command's words.
type noting struct {
	drift.Files
	unread   string
	tooLarge bool
}

func (n *noting) ReadFile(name string) ([]byte, error) {
	text, err := n.Files.ReadFile(name)
	if errors.Is(err, drift.ErrNotRead) {
		n.unread, n.tooLarge = name, errors.Is(err, drift.ErrTooLarge)
	}
	return text, err
}

// Open keeps what the view behind this one may offer.
func (n *noting) Open(name string) (drift.Content, error) { return drift.Open(n.Files, name) }

// tellUnread says that a file was not read, if one was not.
func (s *selection) tellUnread() bool {
	if s.noting.unread == "" {
		return false
	}
	why := "is a link out of a folder that is not trusted"
	if s.noting.tooLarge {
		why = "is larger than godrift reads"
	}
	s.stepAt(s.noting.unread, 0, "", "%s %s, so what it says is not known", s.showIn(s.noting.unread), why)
	return true
}
