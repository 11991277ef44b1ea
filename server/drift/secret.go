package drift

import (
	"fmt"
	"strings"
)

// Masked stands for a secret wherever something is shown, stored, logged or
// sent.
const Masked = "***"

// Mask returns the value of a variable as it may be shown, stored, logged or
// sent: credentials in URLs, values that look like tokens, and all of a
// variable whose name says that it is a secret are replaced. Masking twice
// changes nothing.
func Mask(name, value string) string {
	if value == "" {
		return ""
	}
	name = strings.ToUpper(name)
	switch {
	case name == "GOAUTH":
		return maskGOAUTH(value)
	case name == "NETRC":
		// It names a file; some put the content there, which a path never is.
		if strings.ContainsAny(value, " \t\r\n") && netrcContent().MatchString(value) {
			return Masked
		}
		return MaskText(value)
	case secretName(name):
		return Masked
	}
	value = MaskText(value)
	if pathVariables[name] || name == "GOSUMDB" {
		// Folders have names such as nix's hashes, which only look secret; the
		// key of a checksum database is a public one.
		return value
	}
	return maskRandom(value)
}

// MaskText masks what is secret by its form, whoever holds it: credentials in
// URLs and tokens of well-known makers. It is meant for messages, such as the
// output of the go command.
func MaskText(text string) string {
	if strings.Contains(text, "://") {
		text = maskURLs(text)
	}
	// Every message comes by here on every keystroke, so what an expression
	// cannot do without is looked for first.
	if strings.Contains(text, "@") {
		text = maskUserAtHost(text)
	}
	lower := strings.ToLower(text)
	if strings.Contains(lower, "authorization") {
		text = authorization().ReplaceAllString(text, "${1}"+Masked)
	}
	if holds(lower, schemeWords) {
		text = schemeToken().ReplaceAllStringFunc(text, maskScheme)
	}
	if hasFlag(text) && holds(lower, secretWords) {
		text = secretFlag().ReplaceAllString(text, "${1}"+Masked)
	}
	if strings.Contains(text, "=") && holds(lower, secretWords) {
		text = secretParameter().ReplaceAllString(text, "${1}"+Masked)
	}
	if !holds(text, tokenWords) {
		return text
	}
	return knownToken().ReplaceAllString(text, Masked)
}

// What the expressions below cannot do without, in small letters but for
// tokenWords: a prompt waits for the variables of its shell to be masked, and to
// compile an expression takes longer than all the rest of that.
var (
	schemeWords = []string{"bearer", "basic"}
	secretWords = []string{"token", "secret", "pass", "credential", "key", "sig", "auth", "pw"}
	tokenWords  = []string{
		"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "AKIA", "ASIA", "AIza", "npm_", "pypi-", "hf_", "sk-", "eyJ",
	}
)

// holds reports whether one of the words is in a text.
func holds(text string, words []string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// secretName reports whether a variable's name, in capitals, says that it holds a
// secret.
func secretName(name string) bool {
	for _, end := range []string{"AUTH", "PAT", "PWD_SECRET"} {
		if before, ok := strings.CutSuffix(name, end); ok && (before == "" || strings.HasSuffix(before, "_")) {
			return true
		}
	}
	return holds(name, secretNames)
}

var secretNames = []string{
	"TOKEN", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "PRIVATEKEY", "PRIVATE_KEY", "APIKEY", "API_KEY", "ACCESSKEY", "ACCESS_KEY",
}

// hasFlag reports whether a hyphen begins a word.
func hasFlag(text string) bool {
	for i := range len(text) {
		if text[i] == '-' && (i == 0 || strings.IndexByte(" \t\r\n\f'\"=;", text[i-1]) >= 0) {
			return true
		}
	}
	return false
}

// MaskFile masks the text of a file, or a diff of one: what [MaskText] masks,
// and the values of settings whose name says that they are secret, as YAML
// and JSON write them. References such as ${{ secrets.X }} stay.
func MaskFile(text string) string {
	if strings.Contains(text, ":") {
		text = secretSetting().ReplaceAllString(text, "${1}"+Masked)
		text = secretInFlow().ReplaceAllString(text, "${1}"+Masked)
	}
	return MaskText(text)
}

// maskScheme masks what follows "bearer" or "basic" if it looks like a
// credential: both are words of plain English and of TOML, too.
func maskScheme(found string) string {
	end := len("basic")
	if strings.EqualFold(found[:len("bearer")], "bearer") {
		end = len("bearer")
	}
	value := strings.TrimLeft(found[end:], " :")
	least := 20
	if end == len("bearer") {
		least = 8
	}
	if len(value) < least && !strings.HasSuffix(value, "=") || !strings.ContainsAny(value, "0123456789=") {
		return found
	}
	return found[:end] + " " + Masked
}

var (
	// netrcContent is how the words of a netrc file begin.
	netrcContent = Pattern(`(?i)\b(machine|default|login|password)\s`)
	// userAtHost is user:password@host without a scheme.
	userAtHost = Pattern(`(^|[\s,|;='"])[^\s,|;='"/:@]+:[^\s/'"@]+@([A-Za-z0-9])`)
	// authorization is an Authorization header.
	authorization = Pattern(`(?i)(\bauthorization["']?[ \t]*[:=][ \t]*["']?(?:(?:basic|bearer|token)[ \t]+)?)[^\s"',;]+`)
	// schemeToken may be the value of one.
	schemeToken = Pattern(`(?i)\b(?:bearer|basic)[ :]+[A-Za-z0-9._~+/=-]{6,}`)
	// secretParameter is a parameter of a URL, a flag, a definition or a setting
	// whose name says it all. The name may have others in front: main.token=.
	secretParameter = Pattern(`(?i)((?:^|[^a-z0-9])(?:[a-z0-9_.-]*` + secretWord + `|D?(?:sig|auth|pass|pw))["']?[ \t]*=[ \t]*)` + secretValue)
	// secretFlag is a flag whose value is a word of its own.
	secretFlag = Pattern(`(?i)((?:^|[\s'"=;])--?(?:[a-z0-9_.-]*(?:` + secretWord + `|[_.-]key|[_.-]pass|[_.-]auth)|key|pass|pw|auth)(?:=|[ \t]+))(?:"[^"\n]+"|'[^'\n]+'|[^\s\-'"][^\s'"]*)`)
	// secretSetting is a line of YAML.
	secretSetting = Pattern(`(?im)(^[ \t+-]*["']?(?:[a-z0-9_.-]*` + secretWord + `|auth|pass|pw)["']?:[ \t]+)(?:"[^"$\n]+"|'[^'$\n]+'|[^\s$"'][^\s]*)`)
	// secretInFlow is an entry of a mapping in braces, as YAML and JSON write it.
	secretInFlow = Pattern(`(?i)([{,][ \t]*["']?(?:[a-z0-9_.-]*` + secretWord + `|auth|pass|pw)["']?:[ \t]*)(?:"[^"$\n]+"|'[^'$\n]+'|[^\s$"',{}\[\]]+)`)
	// knownToken holds the forms that makers gave their tokens so that scanners
	// find them: GitHub, GitLab, Slack, AWS, Google, npm, PyPI, Hugging Face, JWT.
	knownToken = Pattern(`\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[A-Za-z0-9_-]{30,}|npm_[A-Za-z0-9]{30,}|pypi-[A-Za-z0-9_-]{30,}|hf_[A-Za-z0-9]{30,}|sk-[A-Za-z0-9_-]{20,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)`)
	randomRun  = Pattern(fmt.Sprintf(`[A-Za-z0-9_+-]{%d,}`, randomLeast))
	scheme     = Pattern(`[A-Za-z][A-Za-z0-9+.-]*://`)
)

// randomLeast is how long a run is at least that looks drawn by lot.
const randomLeast = 32

const (
	// secretWord is what names of secrets end with.
	secretWord = `(?:token|secret|password|passwd|passphrase|credentials?|api_?key|access_?key|private_?key|signature)`
	// secretValue is a value, in quotes or not.
	secretValue = `(?:"[^"\n]+"|'[^'\n]+'|["']?[^&\s'",|]+)`
)

// pathVariables name files and folders.
var pathVariables = map[string]bool{
	"GOROOT": true, "GOPATH": true, "GOBIN": true, "GOCACHE": true, "GOCACHEPROG": true, "GOMODCACHE": true, "GOTMPDIR": true,
	"GOTOOLDIR": true, "GOMOD": true, "GOWORK": true, "GOENV": true, "PATH": true, "HOME": true, "CC": true, "CXX": true, "AR": true,
}

// maskUserAtHost masks user:password@host. The digest of an image,
// golang:1.26@sha256:…, has that form and is none.
func maskUserAtHost(text string) string {
	var out strings.Builder
	last := 0
	for _, at := range userAtHost().FindAllStringSubmatchIndex(text, -1) {
		host := at[4]
		if strings.HasPrefix(text[host:], "sha256:") || strings.HasPrefix(text[host:], "sha512:") {
			continue
		}
		out.WriteString(text[last:at[3]] + Masked + "@")
		last = host
	}
	return out.String() + text[last:]
}

// maskURLs masks the part before the @ in every URL of a text. Lists such as
// GOPROXY's hold several, with "," or "|" between them.
func maskURLs(text string) string {
	var b strings.Builder
	at := 0
	found := scheme().FindAllStringIndex(text, -1)
	for i, loc := range found {
		rest := text[loc[1]:]
		if i+1 < len(found) {
			rest = text[loc[1]:found[i+1][0]]
		}
		if end := strings.IndexAny(rest, " \t\r\n\"'`<>"); end >= 0 {
			rest = rest[:end]
		}
		if n := userinfo(rest); n > 0 {
			b.WriteString(text[at:loc[1]] + Masked)
			at = loc[1] + n
		}
	}
	return b.String() + text[at:]
}

// userinfo returns the length of the credentials that a URL (after its "//")
// begins with, 0 if there are none.
func userinfo(rest string) int {
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		return i
	}
	// A password with a "/" in it is no valid URL, and a secret all the same. A
	// port is a number.
	if _, port, ok := strings.Cut(authority, ":"); ok && strings.Trim(port, "0123456789") != "" {
		return max(0, strings.LastIndexByte(rest, '@'))
	}
	return 0
}

// maskGOAUTH keeps which methods are used: off, netrc, git with its folder, or
// a command, whose arguments may be secret.
func maskGOAUTH(value string) string {
	parts := strings.Split(value, ";")
	for i, part := range parts {
		words := strings.Fields(part)
		if len(words) < 2 || words[0] == "git" {
			parts[i] = MaskText(part)
			continue
		}
		lead, _, _ := strings.Cut(part, words[0])
		parts[i] = lead + MaskText(words[0]) + " " + Masked
	}
	return strings.Join(parts, ";")
}

// maskRandom masks long runs that look drawn by lot: hexadecimal, or mixed
// case with digits.
func maskRandom(value string) string {
	if len(value) < randomLeast {
		return value
	}
	return randomRun().ReplaceAllStringFunc(value, func(run string) string {
		var upper, lower, digits int
		hex := true
		for _, r := range run {
			switch {
			case '0' <= r && r <= '9':
				digits++
			case 'A' <= r && r <= 'Z':
				upper++
				hex = hex && r <= 'F'
			case 'a' <= r && r <= 'z':
				lower++
				hex = hex && r <= 'f'
			default:
				hex = false
			}
		}
		if hex && digits >= 4 || upper >= 3 && lower >= 3 && digits >= 3 {
			return Masked
		}
		return run
	})
}
