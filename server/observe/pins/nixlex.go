package pins

import "strings"

// nixToken is a word ('w'), a string without interpolation ('"'), or a
// character of the Nix language.
type nixToken struct {
	kind  byte
	text  string // of a string, what is between the quotes
	start int    // of text
}

// nixTokens splits a Nix file. What ${...} in a string holds is code again.
func nixTokens(text string) []nixToken {
	l := &nixLexer{text: text}
	l.code()
	return l.tokens
}

type nixLexer struct {
	text   string
	at     int
	tokens []nixToken
	// strings are the strings that the code read now stands in: the quote of
	// each, and how many braces are open within its ${.
	strings []nixString
}

type nixString struct {
	quote  string
	braces int
}

func isNixWord(c byte) bool { return isVariableByte(c) || c == '-' || c == '\'' }

func (l *nixLexer) code() {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		c := rest[0]
		switch {
		case c == '#':
			l.skipTo("\n", 0)
		case strings.HasPrefix(rest, "/*"):
			l.skipTo("*/", 2)
		case c == '"':
			l.at++
			l.str(`"`)
		case strings.HasPrefix(rest, "''"):
			l.at += 2
			l.str("''")
		case isVariableByte(c):
			start := l.at
			for l.at < len(l.text) && isNixWord(l.text[l.at]) {
				l.at++
			}
			l.tokens = append(l.tokens, nixToken{'w', l.text[start:l.at], start})
		case strings.HasPrefix(rest, "=="):
			l.at += 2
		case c == '}' && len(l.strings) > 0 && l.strings[len(l.strings)-1].braces == 0:
			s := l.strings[len(l.strings)-1]
			l.strings = l.strings[:len(l.strings)-1]
			l.at++
			l.str(s.quote)
		default:
			if n := len(l.strings); n > 0 {
				switch c {
				case '{':
					l.strings[n-1].braces++
				case '}':
					l.strings[n-1].braces--
				}
			}
			if strings.IndexByte("{}[]().=;:@?,", c) >= 0 {
				l.tokens = append(l.tokens, nixToken{c, l.text[l.at : l.at+1], l.at})
			}
			l.at++
		}
	}
}

// skipTo goes behind the next mark, which is looked for from a few bytes on.
func (l *nixLexer) skipTo(mark string, from int) {
	i := strings.Index(l.text[min(l.at+from, len(l.text)):], mark)
	if i < 0 {
		l.at = len(l.text)
		return
	}
	l.at += from + i + len(mark)
}

// str reads a string, or the rest of one after its ${...}, up to its end or
// the next ${.
func (l *nixLexer) str(quote string) {
	start := l.at
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch {
		case quote == `"` && rest[0] == '\\':
			l.at += 2
		case quote == "''" && (strings.HasPrefix(rest, "''$") || strings.HasPrefix(rest, "'''")):
			l.at += 3
		case quote == "''" && strings.HasPrefix(rest, `''\`):
			l.at += 4
		case strings.HasPrefix(rest, "$${"):
			l.at += 3
		case strings.HasPrefix(rest, "${"):
			l.at += 2
			l.strings = append(l.strings, nixString{quote: quote})
			return
		case strings.HasPrefix(rest, quote):
			l.tokens = append(l.tokens, nixToken{'"', l.text[start:l.at], start})
			l.at += len(quote)
			return
		default:
			l.at++
		}
	}
	l.at = len(l.text)
}
