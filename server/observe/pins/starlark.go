package pins

import (
	"strings"
)

// starToken is one token of a Starlark file. Text is what stands between the
// quotes of a string, so that its place is that of the value.
type starToken struct {
	kind       starKind
	text       string
	start, end int
	// open says that a string was not closed.
	open bool
}

type starKind byte

const (
	starEnd starKind = iota
	starName
	starString
	starMark // one character: a bracket, an operator, anything else
)

// maxStarTokens bounds the work on one file.
const maxStarTokens = 500_000

// lexStarlark splits a file into tokens, see
// https://github.com/bazelbuild/starlark/blob/master/spec.md#lexical-elements.
// Comments and the string that a file or function starts with are no code; a
// string that is not closed ends with its line.
func lexStarlark(text string) []starToken {
	var tokens []starToken
	for i := 0; i < len(text) && len(tokens) < maxStarTokens; {
		switch c := text[i]; {
		case c <= ' ':
			i++
		case c == '#':
			j := strings.IndexByte(text[i:], '\n')
			if j < 0 {
				return tokens
			}
			i += j
		case c == '"' || c == '\'':
			token, end := starlarkString(text, i)
			tokens = append(tokens, token)
			i = end
		case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			j := i + 1
			for j < len(text) && isName([]byte{'_', text[j]}) {
				j++
			}
			if j < len(text) && (text[j] == '"' || text[j] == '\'') && (text[i:j] == "r" || text[i:j] == "b" || text[i:j] == "rb") {
				i = j
				continue
			}
			tokens = append(tokens, starToken{kind: starName, text: text[i:j], start: i, end: j})
			i = j
		default:
			tokens = append(tokens, starToken{kind: starMark, text: text[i : i+1], start: i, end: i + 1})
			i++
		}
	}
	return tokens
}

// starlarkString reads the string at i and returns the offset behind it.
func starlarkString(text string, i int) (starToken, int) {
	quote := text[i : i+1]
	if strings.HasPrefix(text[i:], strings.Repeat(quote, 3)) {
		quote = strings.Repeat(quote, 3)
	}
	start := i + len(quote)
	for j := start; j < len(text); j++ {
		switch {
		case text[j] == '\\':
			j++
		case text[j] == '\n' && len(quote) == 1:
			value := strings.TrimRight(text[start:j], "\r")
			return starToken{starString, value, start, start + len(value), true}, j
		case strings.HasPrefix(text[j:], quote):
			return starToken{kind: starString, text: text[start:j], start: start, end: j}, j + len(quote)
		}
	}
	return starToken{starString, text[start:], start, len(text), true}, len(text)
}

// starCall is a call such as go_sdk.download(version = "1.25.3").
type starCall struct {
	start, end int // of the whole call
	receiver   string
	function   string
	// args are the arguments by name; those without one have the name "0", "1".
	args map[string]starToken
}

// starlarkCall reads the call whose function's name is tokens[i], followed by
// a parenthesis. An argument that is more than one token has the kind starMark.
func starlarkCall(tokens []starToken, i int) (starCall, bool) {
	if i+1 >= len(tokens) || tokens[i].kind != starName || tokens[i+1].text != "(" || tokens[i+1].kind != starMark {
		return starCall{}, false
	}
	call := starCall{start: tokens[i].start, function: tokens[i].text, args: map[string]starToken{}}
	if i >= 2 && tokens[i-1].text == "." && tokens[i-1].kind == starMark && tokens[i-2].kind == starName {
		call.receiver, call.start = tokens[i-2].text, tokens[i-2].start
	}
	const most = 2000 // tokens of one call
	depth, position := 0, 0
	var arg []starToken
	keep := func() {
		name := ""
		switch {
		case len(arg) >= 3 && arg[0].kind == starName && arg[1].text == "=" && arg[1].kind == starMark && arg[2].text != "=":
			name, arg = arg[0].text, arg[2:]
		default:
			name = string(rune('0' + min(position, 9)))
		}
		position++
		if len(arg) == 0 {
			return
		}
		value := arg[0]
		if len(arg) > 1 {
			value = starToken{kind: starMark, start: arg[0].start, end: arg[len(arg)-1].end}
			if arg[0].kind == starString {
				value.start-- // the quote
			}
			if last := arg[len(arg)-1]; last.kind == starString && !last.open {
				value.end++
			}
		}
		if _, have := call.args[name]; !have {
			call.args[name] = value
		}
	}
	for j := i + 1; j < len(tokens) && j < i+most; j++ {
		t := tokens[j]
		call.end = t.end
		if t.kind == starMark {
			switch t.text {
			case "(", "[", "{":
				depth++
				if depth == 1 {
					continue
				}
			case ")", "]", "}":
				depth--
				if depth == 0 {
					keep()
					return call, true
				}
			case ",":
				if depth == 1 {
					keep()
					arg = arg[:0]
					continue
				}
			}
		}
		arg = append(arg, t)
		if t.open {
			break
		}
	}
	keep()
	return call, len(call.args) > 0 // half typed
}
