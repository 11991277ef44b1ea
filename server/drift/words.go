package drift

import (
	"fmt"
	"runtime"
	"strings"
	"unicode"
)

// ShellWord is a value as one word of a command line that a person is shown: as it is, or
// between quotes if a shell would take it for something else. What a program hands to a shell
// is quoted for that shell, in the room shell.
func ShellWord(value string) string {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._:@%+,=-", r) && (r != '\\' || runtime.GOOS != "windows")
	}
	switch {
	case value != "" && strings.IndexFunc(value, odd) < 0:
		return value
	case runtime.GOOS == "windows":
		return `"` + value + `"`
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// Words is cmd/internal/quoted Split: words between blanks, a whole word may
// stand in single or double quotes.
func Words(s string) ([]string, error) {
	const blanks = " \t\n\r"
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
