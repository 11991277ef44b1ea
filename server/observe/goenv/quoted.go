package goenv

import "strings"

const blanks = " \t\n\r"

// join is cmd/internal/quoted Join; words that cannot be quoted are joined with
// blanks, as cmd/go/internal/envcmd does.
func join(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		space := strings.ContainsAny(w, blanks)
		single, double := strings.Contains(w, "'"), strings.Contains(w, `"`)
		switch {
		case !space && !single && !double:
			b.WriteString(w)
		case !single:
			b.WriteString("'" + w + "'")
		case !double:
			b.WriteString(`"` + w + `"`)
		default:
			return strings.Join(words, " ")
		}
	}
	return b.String()
}
