package telemetry

import (
	"go/version"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// longest is how many characters a label's value has at most, and mostRead how many of a
// text are looked at for it.
const (
	longest  = 64
	mostRead = 300
)

// label makes a text from outside fit for a label: masked, short, without control
// characters, and no path.
func label(text string) string {
	text = drift.MaskText(strings.ToValidUTF8(drift.ClipTo(text, mostRead), ""))
	text = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' {
			return -1
		}
		return r
	}, text)
	if i := strings.LastIndexAny(text, `/\`); i >= 0 {
		text = text[i+1:]
	}
	// Without what was cut off, the rest may look like a secret.
	text = drift.MaskText(strings.TrimSpace(text))
	if text = drift.MaskText(drift.ClipTo(text, longest-1)); text == "" {
		return none
	}
	return text
}

// word is a value of a vocabulary of godrift's own: small letters, digits and dashes.
func word(text string) string {
	if text == "" {
		return none
	}
	if len(text) > longest || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return other
	}
	return text
}

// versionLabel is a Go version as a label: "go1.25.3", with a vendor's suffix if that is
// short and plain; "other" for what is no version, "none" for nothing.
func versionLabel(text string) string {
	text, _, _ = strings.Cut(text, " ") // go1.26.8 X:nodwarf5
	if text == "" {
		return none
	}
	if !strings.HasPrefix(text, "go") {
		text = "go" + text
	}
	plain, _, _ := strings.Cut(text, "-")
	if !version.IsValid(plain) || len(plain) > 20 {
		return other
	}
	if len(text) > 32 || strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || drift.MaskText(text) != text {
		return plain
	}
	return text
}

// kindOf says in one word where a GOROOT stands, from its path alone: a record of the past
// holds nothing else.
func kindOf(goroot string) string {
	path := filepath.ToSlash(goroot)
	switch {
	case path == "":
		return none
	case strings.Contains(path, "/golang.org/toolchain@"):
		return "modcache"
	case strings.Contains(path, "/sdk/go"):
		return "sdk"
	}
	for _, place := range []string{"/usr/local/go", "/usr/lib/go", "/usr/lib64/go", "/usr/share/go", "/opt/homebrew/", "/usr/local/Cellar/", "/home/linuxbrew/", "/snap/go/", "C:/Program Files/Go", "C:/Go"} {
		if strings.HasPrefix(path, place) {
			return "system"
		}
	}
	return other
}

// placeLabel is a Go with where it stands, reduced to what has few values: "go1.25.3 sdk".
func placeLabel(p place) string {
	kind := kindOf(p.goroot)
	if kind == other && p.onPath {
		kind = "path"
	}
	return versionLabel(p.version) + " " + kind
}
