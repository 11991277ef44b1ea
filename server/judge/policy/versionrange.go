package policy

import (
	"errors"
	"fmt"
	"go/version"
	"strings"
)

// Range is a set of Go releases: those for which all of its comparisons hold.
type Range struct {
	// Text is what was written.
	Text  string
	parts []comparison
}

type comparison struct {
	op      string // ">=", ">", "<=", "<", "=" or "line"
	version string // with the "go" prefix
}

const maxParts = 8

// ParseRange reads comparisons such as ">=1.25.3 <1.27", which must all hold. A
// version alone is a release, or, without a patch, all patches of a minor.
func ParseRange(text string) (Range, error) {
	r := Range{Text: text}
	words := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ',' || c == '\t' })
	if len(words) == 0 {
		return r, errors.New("it is empty")
	}
	if len(words) > maxParts {
		return r, fmt.Errorf("it has more than %d parts", maxParts)
	}
	for i := 0; i < len(words); i++ {
		word := words[i]
		op := word[:len(word)-len(strings.TrimLeft(word, "<>="))]
		number := word[len(op):]
		if number == "" && i+1 < len(words) {
			i++
			number = words[i] // ">= 1.25"
		}
		v := "go" + strings.TrimPrefix(number, "go")
		if !version.IsValid(v) || !strings.Contains(v, ".") || strings.ContainsAny(v, "-+") {
			return r, fmt.Errorf("%q is no Go version", clip(number))
		}
		switch op {
		case ">=", ">", "<=", "<":
		case "=", "==", "":
			op = "="
			if version.Lang(v) == v {
				op = "line"
			}
		default:
			return r, fmt.Errorf("%q is no comparison", clip(op))
		}
		r.parts = append(r.parts, comparison{op, v})
	}
	return r, nil
}

// Holds reports whether a release is in the range. A minor stands for all of
// its patches: ">1.25" begins with 1.26, "<=1.25" ends with the last 1.25.x.
func (r Range) Holds(release string) bool {
	for _, p := range r.parts {
		v := release
		if version.Lang(p.version) == p.version && p.op != "<" && p.op != ">=" {
			v = version.Lang(v)
		}
		c := version.Compare(v, p.version)
		ok := false
		switch p.op {
		case ">=":
			ok = c >= 0
		case ">":
			ok = c > 0
		case "<=":
			ok = c <= 0
		case "<":
			ok = c < 0
		default:
			ok = c == 0
		}
		if !ok {
			return false
		}
	}
	return version.IsValid(release)
}
