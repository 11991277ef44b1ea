package goenv

import (
	"fmt"
	"strings"
)

// split is cmd/internal/quoted Split: words between blanks, a whole word may
// stand in single or double quotes.
func split(s string) ([]string, error) {
	var words []string
	for {
		s = strings.TrimLeft(s, blanks)
		if s == "" {
			return words, nil
		}
		if quote := s[0]; quote == '"' || quote == '\'' {
			end := strings.IndexByte(s[1:], quote)
			if end < 0 {
				return nil, fmt.Errorf("unterminated %c string", quote)
			}
			words = append(words, s[1:1+end])
			s = s[1+end+1:]
			continue
		}
		end := strings.IndexAny(s, blanks)
		if end < 0 {
			end = len(s)
		}
		words = append(words, s[:end])
		s = s[end:]
	}
}

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
