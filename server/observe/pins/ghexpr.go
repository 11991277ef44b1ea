package pins

import "strings"

// nextExpression finds the first ${{ … }} of a text.
func nextExpression(text string) (start, end int, expr string, ok bool) {
	start = strings.Index(text, "${{")
	if start < 0 {
		return 0, 0, "", false
	}
	// A }} within a string literal does not end the expression.
	quoted := false
	for i := start + 3; i+1 < len(text); i++ {
		switch {
		case text[i] == '\'':
			quoted = !quoted
		case !quoted && text[i] == '}' && text[i+1] == '}':
			return start, i + 2, text[start+3 : i], true
		}
	}
	return 0, 0, "", false
}

// ghOperand is one alternative of an expression such as "inputs.go || '1.25'".
type ghOperand struct {
	// path is the dotted name of a context value, such as matrix.go-version.
	path string
	// literal is the text of a string literal; isLiteral tells an empty one.
	literal   string
	isLiteral bool
}

// ghOperands takes an expression apart that is a context value, a literal, or
// several of them joined by ||. Others have a result that depends on more than
// the file: it reports false, with the first context value they name.
func ghOperands(expr string) (operands []ghOperand, first string, ok bool) {
	ok = true
	for _, part := range splitOutside(expr, "||") {
		part = strings.TrimSpace(part)
		switch path, isPath := ghPath(part); {
		case isPath:
			operands = append(operands, ghOperand{path: path})
			if first == "" {
				first = path
			}
		case len(part) >= 2 && part[0] == '\'' && part[len(part)-1] == '\'' && strings.Count(part, "'")%2 == 0 && len(splitOutside(part, " ")) == 1:
			operands = append(operands, ghOperand{literal: strings.ReplaceAll(part[1:len(part)-1], "''", "'"), isLiteral: true})
		case part != "" && strings.Trim(part, "0123456789.") == "":
			operands = append(operands, ghOperand{literal: numberText(part), isLiteral: true})
		default:
			ok = false
		}
	}
	if !ok && first == "" {
		first = firstPath(expr)
	}
	return operands, first, ok
}

// splitOutside splits a text where a separator stands outside of strings,
// parentheses and brackets.
func splitOutside(text, sep string) []string {
	var parts []string
	depth, start, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth == 0 && strings.HasPrefix(text[i:], sep):
			parts = append(parts, text[start:i])
			start = i + len(sep)
			i = start - 1
		}
	}
	return append(parts, text[start:])
}

// ghPath writes a context value with dots: matrix['go-version'] is
// matrix.go-version.
func ghPath(text string) (string, bool) {
	for _, quotes := range []struct{ open, shut string }{{"['", "']"}, {`["`, `"]`}} {
		text = strings.ReplaceAll(strings.ReplaceAll(text, quotes.open, "."), quotes.shut, "")
	}
	if text == "" || !isNameByte(text[0]) || startsWithDigit(text) || !strings.Contains(text, ".") {
		return "", false
	}
	for i := range len(text) {
		if c := text[i]; !isNameByte(c) && c != '.' && c != '-' {
			return "", false
		}
	}
	return text, true
}

func isNameByte(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

// firstPath is the first context value that an expression names; the whole
// expression if it names none.
func firstPath(expr string) string {
	for _, context := range []string{"matrix.", "env.", "inputs.", "vars.", "needs.", "steps.", "secrets.", "github."} {
		i := strings.Index(expr, context)
		if i < 0 || i > 0 && (isNameByte(expr[i-1]) || expr[i-1] == '.') {
			continue
		}
		end := i
		for end < len(expr) && (isNameByte(expr[end]) || expr[end] == '.' || expr[end] == '-') {
			end++
		}
		return expr[i:end]
	}
	return strings.TrimSpace(expr)
}
