package act

import "github.com/aymanbagabas/go-udiff"

// unified is a unified diff. The library counts the lines of the new text wrong
// after changes that are near each other (v0.4.1 leaves out the unchanged lines
// between them), so that git apply and patch would look for a hunk elsewhere.
func unified(from, to, old, next string) string {
	d, err := udiff.ToUnifiedDiff(from, to, old, udiff.Lines(old, next), udiff.DefaultContextLines)
	if err != nil {
		return udiff.Unified(from, to, old, next) // says what is inconsistent
	}
	shift := 0
	for _, h := range d.Hunks {
		h.ToLine = h.FromLine + shift
		for _, l := range h.Lines {
			switch l.Kind {
			case udiff.Insert:
				shift++
			case udiff.Delete:
				shift--
			case udiff.Equal:
			}
		}
	}
	return d.String()
}
