package pins

import (
	"bytes"
	"go/version"
	"regexp"
	"strings"
	"sync"

	"godrift.dev/server/drift"
)

// goenvReads is how much of a .go-version goenv looks at (its
// libexec/goenv-version-file-read cuts there, lest it load something crazy).
const goenvReads = 1024

// ParseGoVersion reads a .go-version. Its readers do not agree: goenv takes
// several words, separated by blanks or colons, the first of which counts and
// the others stand in for it where goX is asked for, and comments after #; mise
// and setup-go take the trimmed text. So the first word is the pin and the
// others are pins with "fallback" in Extra.
func ParseGoVersion(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	text := doc.Text
	if len(text) > goenvReads {
		text = text[:goenvReads]
		problems = append(problems, drift.Problem{
			Place:   drift.Place{File: doc.File, Span: drift.Span{Start: goenvReads, End: len(doc.Text)}},
			Message: "goenv reads the first 1,024 bytes only; what follows is ignored",
		})
	}
	var pins []drift.Pin
	for start := 0; start < len(text); {
		c := text[start]
		if separatesVersions(c) {
			start++
			continue
		}
		if c == '#' {
			i := bytes.IndexByte(text[start:], '\n')
			if i < 0 {
				break
			}
			start += i
			continue
		}
		end := start
		for end < len(text) && !separatesVersions(text[end]) && text[end] != '#' {
			end++
		}
		pin := goVersionWord(string(text[start:end]))
		pin.Place = drift.Place{File: doc.File, Span: drift.Span{Start: start, End: end}}
		if len(pins) > 0 {
			pin.Extra = with(pin.Extra, "fallback", "true")
		}
		if doc.BOM && len(pins) == 0 && start == 0 {
			pin.Extra = with(pin.Extra, "bom", "columns are counted after the 3 bytes of the mark")
			pin.Extra = with(pin.Extra, "compat", "goenv and mise keep the mark as part of the version; setup-go trims it")
		}
		pins = append(pins, pin)
		start = end
	}
	return pins, problems
}

func separatesVersions(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '\v', '\f', ':':
		return true
	}
	return false
}

// semverPre is a pre-release as setup-go writes it: 1.25.0-rc.1 is Go's 1.25rc1.
var semverPre = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([0-9]+\.[0-9]+)\.0-(beta|rc)\.?([0-9]+)$`)
})

// goVersionWord reads one word of a .go-version.
func goVersionWord(raw string) drift.Pin {
	pin := drift.Pin{Source: drift.SourceGoVersion, Role: drift.RoleDevelop, Raw: raw}
	if at := strings.LastIndexByte(raw, '@'); at > 0 {
		// The colons of a URL separate words, so this may be the rest of one with
		// credentials, which can no longer be told by its form.
		pin.Raw = drift.Masked + raw[at:]
	}
	v := raw
	if len(raw) > maxVersion {
		return refuse(pin, tooLong)
	}
	if rest, ok := strings.CutPrefix(v, "v"); ok && startsWithDigit(rest) {
		v = rest
		pin.Extra = extra("compat", "mise and setup-go accept the v, goenv does not")
	} else if rest, ok := strings.CutPrefix(v, "go"); ok && startsWithDigit(rest) {
		v = rest
		pin.Extra = extra("compat", "setup-go refuses the go")
	}
	wild, isWild := strings.CutSuffix(v, ".x")
	pre := semverPre().FindStringSubmatch(v)
	switch {
	case raw == "system":
		pin.Meaning = drift.MeaningSystem
	case raw == "latest":
		pin.Meaning = drift.MeaningLatest
	case raw == "stable":
		pin.Meaning = drift.MeaningStable
	case raw == "oldstable":
		pin.Meaning = drift.MeaningOldStable
	case pre != nil:
		pin.Meaning, pin.Version = drift.MeaningExact, pre[1]+pre[2]+pre[3]
	case version.IsValid("go" + v):
		pin.Meaning, pin.Version = drift.MeaningExact, v
		if version.Lang("go"+v) == "go"+v {
			pin.Meaning = drift.MeaningLine
		}
	case isWild && version.IsValid("go"+wild) && version.Lang("go"+wild) == "go"+wild:
		pin.Meaning, pin.Version = drift.MeaningLine, wild
	case v != "" && strings.ContainsRune("^~<>=", rune(v[0])) && strings.ContainsAny(v, "0123456789"):
		pin.Meaning, pin.Version = drift.MeaningRange, v
	default:
		pin.Meaning = drift.MeaningUnknown
		pin.Extra = extra("why", "no Go version can be read from this")
	}
	return pin
}

func startsWithDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// with sets one key of a map that may be nil; it keeps what a key holds already.
func with(m map[string]string, key, value string) map[string]string {
	if m == nil {
		m = map[string]string{}
	}
	if have := m[key]; have != "" {
		value = have + "; " + value
	}
	m[key] = value
	return m
}
