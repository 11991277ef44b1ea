package pins

import "strings"

// heredoc is a heredoc that a line announces: <<EOF, <<-"EOF".
type heredoc struct {
	name  string
	chomp bool // leading tabs do not count
}

// heredocNames finds the heredocs of a line, with the rules of BuildKit's shell
// lexer: a word of its own that consists of digits, <<, perhaps -, and a name
// that may be quoted. A line that the lexer refuses has none.
func heredocNames(line string) []heredoc {
	words, ok := shellWords(line)
	if !ok {
		return nil
	}
	var all []heredoc
	for _, word := range words {
		rest := strings.TrimLeft(word, "0123456789")
		rest, ok := strings.CutPrefix(rest, "<<")
		if !ok {
			continue
		}
		rest, chomp := strings.CutPrefix(rest, "-")
		rest = strings.TrimLeft(rest, " \t\n\v\f\r")
		if rest == "" || strings.Contains(rest, "<") {
			continue
		}
		name, ok := unquoteShell(rest)
		if !ok || name == "" {
			continue
		}
		all = append(all, heredoc{name: name, chomp: chomp})
	}
	return all
}

// shellWords splits a line into words; false if a quote or a ${ is not closed
// or not one that BuildKit knows.
func shellWords(line string) ([]string, bool) {
	var words []string
	start := -1
	for at := 0; at < len(line); {
		c := line[at]
		if c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f' {
			if start >= 0 {
				words = append(words, line[start:at])
			}
			start = -1
			at++
			continue
		}
		if start < 0 {
			start = at
		}
		switch c {
		case '\\':
			at = min(at+2, len(line))
		case '\'', '"':
			end, ok := quoteEnd(line, at)
			if !ok {
				return nil, false
			}
			at = end
		case '$':
			end, ok := dollarEnd(line, at)
			if !ok {
				return nil, false
			}
			at = end
		case '<':
			at++
			if at < len(line) && line[at] == '<' {
				at++
				for at < len(line) && (line[at] == ' ' || line[at] == '\t') {
					at++
				}
			}
		default:
			at++
		}
	}
	if start >= 0 {
		words = append(words, line[start:])
	}
	return words, true
}

// quoteEnd steps over a quoted part that begins at at.
func quoteEnd(line string, at int) (int, bool) {
	quote := line[at]
	for at++; at < len(line); {
		switch c := line[at]; {
		case c == quote:
			return at + 1, true
		case c == '\\' && quote == '"':
			at += 2
		case c == '$' && quote == '"':
			end, ok := dollarEnd(line, at)
			if !ok {
				return 0, false
			}
			at = end
		default:
			at++
		}
	}
	return 0, false
}

// dollarEnd steps over $NAME or ${NAME...}, nested ones included.
func dollarEnd(line string, at int) (int, bool) {
	at++
	if at >= len(line) || line[at] != '{' {
		return at, true
	}
	at++
	if at >= len(line) || strings.IndexByte("{}:", line[at]) >= 0 {
		return 0, false
	}
	at += len(variableName(line[at:]))
	if at >= len(line) || strings.IndexByte("}:+-?#%/", line[at]) < 0 {
		return 0, false
	}
	for at < len(line) {
		switch line[at] {
		case '}':
			return at + 1, true
		case '\\':
			at += 2
		case '\'', '"':
			end, ok := quoteEnd(line, at)
			if !ok {
				return 0, false
			}
			at = end
		case '$':
			if at+1 < len(line) && line[at+1] == '{' {
				end, ok := nestedDollar(line, at)
				if !ok {
					return 0, false
				}
				at = end
				continue
			}
			at++
		default:
			at++
		}
	}
	return 0, false
}

// maxNesting is how deep ${A:-${B}} is followed.
const maxNesting = 20

// nestedDollar steps over a ${ within another one, without recursion: what
// nests deeper than anybody writes would exhaust the stack.
func nestedDollar(line string, at int) (int, bool) {
	depth := 0
	for ; at < len(line); at++ {
		switch {
		case line[at] == '\\':
			at++
		case line[at] == '$' && at+1 < len(line) && line[at+1] == '{':
			depth++
			at++
			if depth > maxNesting {
				return 0, false
			}
		case line[at] == '}':
			depth--
			if depth == 0 {
				return at + 1, true
			}
		}
	}
	return 0, false
}

// variableName is the name at the start of a text: letters, digits and _, or
// one special parameter.
func variableName(text string) string {
	if text == "" {
		return ""
	}
	if strings.IndexByte("@*#?-$!", text[0]) >= 0 {
		return text[:1]
	}
	digits := text[0] >= '0' && text[0] <= '9'
	end := 0
	for end < len(text) {
		c := text[end]
		isDigit := c >= '0' && c <= '9'
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
		if !isDigit && (!letter || digits) {
			break
		}
		end++
	}
	return text[:end]
}

// unquoteShell takes quotes and escapes off one word; false if it is several.
func unquoteShell(word string) (string, bool) {
	var b strings.Builder
	var quote byte
	for at := 0; at < len(word); at++ {
		switch c := word[at]; {
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		case c == '\\' && quote != '\'' && at+1 < len(word):
			at++
			b.WriteByte(word[at])
		case quote == 0 && (c == ' ' || c == '\t'):
			return "", false
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), quote == 0
}
