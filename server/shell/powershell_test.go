package shell

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// PowerShell is not to be had for the systems that the tests run on. What is
// written for it is held to its grammar here: "PowerShell Language Specification
// 3.0", 2.3.5.2 (string literals), 2.2.3 (comments) and 2.3.2 (variables), and
// about_Quoting_Rules. A verbatim string begins and ends with any of five
// characters that are single quotes to it; two of them in a row are one.

func isSingleQuote(r rune) bool { return strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) }

func isDoubleQuote(r rune) bool { return strings.ContainsRune("\"\u201c\u201d\u201e", r) }

// verbatim reads a verbatim string at the beginning of a text.
func verbatim(text string) (value, rest string, err error) {
	first, size := utf8.DecodeRuneInString(text)
	if !isSingleQuote(first) {
		return "", "", fmt.Errorf("no verbatim string: %q", text)
	}
	var b strings.Builder
	for i := size; i < len(text); {
		r, n := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && n == 1 {
			return "", "", errors.New("no Unicode")
		}
		i += n
		if !isSingleQuote(r) {
			b.WriteRune(r)
			continue
		}
		second, n := utf8.DecodeRuneInString(text[i:])
		if !isSingleQuote(second) {
			return b.String(), text[i:], nil
		}
		b.WriteRune(second) // as System.Management.Automation's tokenizer does
		i += n
	}
	return "", "", errors.New("a string without an end")
}

// skeleton is a script with its verbatim strings taken out, each replaced by an
// @, and their values. It fails if a bracket or a string is left open.
func skeleton(text string) (bare string, values []string, err error) {
	var b strings.Builder
	var open []rune
	pair := map[rune]rune{')': '(', ']': '[', '}': '{'}
	for text != "" {
		r, n := utf8.DecodeRuneInString(text)
		switch {
		case isSingleQuote(r):
			value, rest, err := verbatim(text)
			if err != nil {
				return "", nil, err
			}
			values = append(values, value)
			b.WriteByte('@')
			text = rest
			continue
		case isDoubleQuote(r):
			end := strings.IndexFunc(text[n:], isDoubleQuote)
			if end < 0 || strings.ContainsAny(text[n:n+end], "`\n(") {
				return "", nil, fmt.Errorf("an expandable string that is not plain: %q", text)
			}
			b.WriteString(text[:n+end+1])
			text = text[n+end+1:]
			continue
		case r == '#' && (b.Len() == 0 || strings.HasSuffix(b.String(), "\n")):
			line, rest, _ := strings.Cut(text, "\n")
			_ = line
			text = rest
			continue
		case r == '`' || r == '#':
			return "", nil, fmt.Errorf("%q outside of a string", r)
		case strings.ContainsRune("([{", r):
			open = append(open, r)
		case strings.ContainsRune(")]}", r):
			if len(open) == 0 || open[len(open)-1] != pair[r] {
				return "", nil, fmt.Errorf("%q closes nothing", r)
			}
			open = open[:len(open)-1]
		}
		b.WriteRune(r)
		text = text[n:]
	}
	if len(open) > 0 {
		return "", nil, fmt.Errorf("%q is left open", open)
	}
	return b.String(), values, nil
}

// unicodeText draws texts that are hard on PowerShell's quoting.
func unicodeText() *rapid.Generator[string] {
	return rapid.Map(rapid.SliceOfN(rapid.OneOf(
		rapid.SampledFrom([]rune("'\u2018\u2019\u201a\u201b\"\u201c\u201d`$#@(){}[];|&\n\r\t \\%!~")), rapid.Rune(),
	), 0, 20), func(r []rune) string { return strings.ReplaceAll(string(r), "\x00", "") })
}

// TestPowerShellGrammar holds that whatever the values are, what is written for
// PowerShell is the statements that it is meant to be, with these values.
func TestPowerShellGrammar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var changes []Change
		want, values := "", []string(nil)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			c := Change{Variable: rapid.SampledFrom([]string{"PATH", "GOFLAGS", "_x1"}).Draw(t, "name"), Value: unicodeText().Draw(t, "value")}
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				c.Unset = true
				want += "Remove-Item -LiteralPath Env:" + c.Variable + " -ErrorAction SilentlyContinue\n"
			case 1:
				c.Prepend = true
				want += "$env:" + c.Variable + " = @ + [IO.Path]::PathSeparator + $env:" + c.Variable + "\n"
				values = append(values, c.Value)
			default:
				want += "$env:" + c.Variable + " = @\n"
				values = append(values, c.Value)
			}
			changes = append(changes, c)
		}
		text, err := Script(PowerShell, changes)
		if err != nil {
			t.Fatal(err)
		}
		bare, got, err := skeleton(text)
		if err != nil || bare != want || !slices.Equal(got, values) {
			t.Fatalf("%q\nreads as %q with %q (%v)\nwant %q with %q", text, bare, got, err, want, values)
		}
	})
}

// TestPowerShellHook holds the same of the hook and of its answers: names of files
// are strings and nothing else.
func TestPowerShellHook(t *testing.T) {
	plain, _, err := skeleton(hookOf(t, "p", "s"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := Answer(PowerShell, []string{"a", "b"}, []string{"c"}, "said")
	if err != nil {
		t.Fatal(err)
	}
	bareAnswer, values, err := skeleton(answer)
	if err != nil || !slices.Equal(values, []string{"a", "a", "a", "b", "b", "b", "c", "said"}) {
		t.Fatalf("%s\n%q %v", answer, values, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.OneOf(unicodeText(), rapid.SampledFrom([]string{"@stamps@", "@program@", "@variables@", "/a@b"}))
		program, stamps := words.Draw(t, "program"), words.Draw(t, "stamps")
		text, err := Hook(PowerShell, program, stamps)
		if err != nil {
			t.Fatal(err)
		}
		bare, values, err := skeleton(text)
		if err != nil || bare != plain || !slices.Contains(values, program) || !slices.Contains(values, stamps) {
			t.Fatalf("%q, %q: %v\n%s", program, stamps, err, bare)
		}
		if text, err = Answer(PowerShell, []string{program, "b"}, []string{stamps}, program); err != nil {
			t.Fatal(err)
		}
		if bare, values, err = skeleton(text); err != nil || bare != bareAnswer || values[0] != program || values[6] != stamps || values[7] != program {
			t.Fatalf("%q, %q: %v\n%s", program, stamps, err, bare)
		}
	})
}

func hookOf(t *testing.T, program, stamps string) string {
	t.Helper()
	text, err := Hook(PowerShell, program, stamps)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
