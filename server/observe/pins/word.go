package pins

import (
	"go/version"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// release reads a version as most tools write it: "1.25.3" and "1.25rc1" are
// exact, "1.25", "1.25.x" and "1.25.*" the newest patch of a minor, "1" and
// "1.x" the newest release. A prefix go or v is taken off. The version is empty
// if text is none.
func release(text string) (drift.Meaning, string) {
	v := text
	if rest, ok := strings.CutPrefix(v, "go"); ok && startsWithDigit(rest) {
		v = rest
	} else if rest, ok := strings.CutPrefix(v, "v"); ok && startsWithDigit(rest) {
		v = rest
	}
	bare, wild := strings.CutSuffix(v, ".x")
	if !wild {
		bare, wild = strings.CutSuffix(v, ".*")
	}
	if !startsWithDigit(bare) || !version.IsValid("go"+bare) || strings.ContainsAny(bare, "-+ ") {
		if m := semverPre().FindStringSubmatch(v); m != nil {
			return drift.MeaningExact, m[1] + m[2] + m[3]
		}
		return drift.MeaningUnknown, ""
	}
	switch {
	case !strings.Contains(bare, "."):
		return drift.MeaningLatest, bare
	case version.Lang("go"+bare) == "go"+bare:
		return drift.MeaningLine, bare
	case wild:
		return drift.MeaningUnknown, ""
	}
	return drift.MeaningExact, bare
}

// goVariable reports whether a variable of this name holds a Go version, such
// as GO_VERSION, GOLANG_VERSION, goVersion or MIN_GO_VERSION. Names of which
// that is only a part, such as HUGO_VERSION, GOLANGCI_LINT_VERSION or
// GO_SWAGGER_VERSION, do not.
func goVariable(name string) bool {
	if len(name) < 4 || len(name) > 64 {
		return false
	}
	subject, number := false, false
	for _, w := range nameWords(name) {
		switch w {
		case "go", "golang":
			if subject {
				return false
			}
			subject = true
		case "gover", "goversion", "golangversion", "govers":
			if subject || number {
				return false
			}
			subject, number = true, true
		case "version", "ver", "vers", "tag", "release":
			number = true
		default:
			if !variableWords[w] {
				return false
			}
		}
	}
	return subject && number
}

// variableWords are the words that a variable of a Go version may have besides.
var variableWords = map[string]bool{
	"min": true, "minimum": true, "required": true, "req": true, "target": true, "default": true, "build": true, "builder": true,
	"ci": true, "docker": true, "image": true, "sdk": true, "toolchain": true, "expected": true, "want": true, "full": true,
	"current": true, "stable": true, "base": true, "lang": true, "compiler": true, "runtime": true, "supported": true, "the": true,
	"bp": true, "google": true, "gh": true, "env": true, "desired": true, "latest": true, "alpine": true, "project": true,
	"install": true, "dev": true, "test": true, "kube": true, "new": true, "my": true, "number": true, "host": true,
}

// imageVariable reports whether a variable of this name can hold the image that
// builds Go code: GO_IMAGE, GOLANG_IMAGE, BUILDER_IMAGE, BASE_IMAGE.
func imageVariable(name string) bool {
	words := nameWords(name)
	return len(words) > 0 && (words[len(words)-1] == "image" || words[len(words)-1] == "img" || words[0] == "image")
}

// nameWords splits a name at _, - and . and where a capital follows a small
// letter; the words are in small letters.
func nameWords(name string) []string {
	var words []string
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' || c == '-' || c == '.':
			cut(i)
			start = i + 1
		case i > start && c >= 'A' && c <= 'Z' && name[i-1] >= 'a' && name[i-1] <= 'z':
			cut(i)
			start = i
		}
	}
	cut(len(name))
	return words
}

// leastVariable reports whether the name says that the value is the least that
// will do.
func leastVariable(name string) bool {
	for _, w := range nameWords(name) {
		if w == "min" || w == "minimum" || w == "required" || w == "req" {
			return true
		}
	}
	return false
}

// toolchainSetting reports whether text is a value that GOTOOLCHAIN takes, see
// https://go.dev/doc/toolchain#select.
func toolchainSetting(text string) bool {
	base, mode, both := strings.Cut(text, "+")
	if both && mode != "auto" && mode != "path" {
		return false
	}
	if base == "auto" || base == "path" || base == "local" {
		return !both || base == "local"
	}
	v, _ := toolchainVersion(base)
	return v != ""
}

// settingPin is the pin of a GOTOOLCHAIN value that somebody sets.
func settingPin(source drift.Source, role drift.Role, raw string) drift.Pin {
	pin := drift.Pin{Source: source, Role: role, Raw: raw, Meaning: drift.MeaningSetting, Version: raw}
	if !toolchainSetting(raw) {
		pin = refuse(pin, "GOTOOLCHAIN takes local, auto, path, or the name of a toolchain such as go1.25.3, also with +auto or +path")
	}
	return pin
}

// lineOf is the line of an offset, counted from 1, as Extra holds it.
func lineOf(doc drift.Document, offset int) string {
	return strconv.Itoa(drift.PositionOf(doc.Text, offset).Line)
}

// isName reports whether text is the name of a variable.
func isName(b []byte) bool {
	for i, c := range b {
		if c != '_' && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return len(b) > 0
}

// maxScript bounds the size of a script that is read.
const maxScript = 4 << 20
