package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// ParseDotenv reads a .env file: variables whose names say that they hold a Go
// version or an image, and GOTOOLCHAIN.
//
// Compose reads it as https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax
// says (compose-go/dotenv); other programs differ only in what concerns no version.
func ParseDotenv(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	if len(doc.Text) > maxDockerfile || !mentionsGo(doc.Text) {
		return nil, problems
	}
	text := string(doc.Text)
	scope := newScope(nil)
	role := roleOfName(doc.File)
	if role == "" {
		role = drift.RoleBuild
	}
	var decls []*declaration
	values := 0
	for at := 0; at < len(text) && len(decls) < maxContainerPins; {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		name, start, stop, ok := dotenvLine(text, at, end)
		at = end + 1
		if !ok {
			continue
		}
		d := &declaration{name: name, at: start, known: true, role: role}
		e := &expander{text: text, offset: func(at int) int { return at }, escape: '\\', lookup: scope.get}
		d.value = e.expand(start, stop)
		if values += len(d.value.text); values > maxValues {
			break
		}
		scope.vars[name] = d
		decls = append(decls, d)
	}
	var pins []drift.Pin
	for i := len(decls) - 1; i >= 0; i-- {
		d := decls[i]
		pin, ok := declaredPin(doc, d, drift.SourceDotenv)
		if d.name == "GOTOOLCHAIN" {
			pin, ok = toolchainPin(doc, drift.SourceDotenvToolchain, role, d.value)
		}
		if ok {
			pins = append(pins, pin)
		}
	}
	return inOrder(pins), problems
}

// dotenvLine finds the name and the value of a line: [export] NAME=value # comment.
func dotenvLine(text string, at, end int) (name string, start, stop int, ok bool) {
	line := text[at:end]
	equal := strings.IndexByte(line, '=')
	if equal < 0 {
		return "", 0, 0, false
	}
	name = strings.TrimSpace(line[:equal])
	if rest, ok := strings.CutPrefix(name, "export "); ok {
		name = strings.TrimSpace(rest)
	}
	if name == "" || strings.IndexFunc(name, func(r rune) bool { return r >= 0x80 || !isVariableByte(byte(r)) && r != '.' && r != '-' }) >= 0 {
		return "", 0, 0, false
	}
	start, stop = at+equal+1, end
	for start < stop && isDockerSpace(text[start]) {
		start++
	}
	if start < stop && (text[start] == '"' || text[start] == '\'') {
		if i := strings.IndexByte(text[start+1:stop], text[start]); i >= 0 {
			return name, start, start + i + 2, true
		}
	}
	if i := strings.Index(text[start:stop], " #"); i >= 0 {
		stop = start + i
	}
	for stop > start && isDockerSpace(text[stop-1]) {
		stop--
	}
	return name, start, stop, stop > start
}

// isDotenv matches .env, .env.local, versions.env.
func isDotenv(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	if strings.HasPrefix(base, ".env") {
		return len(base) == len(".env") || base[len(".env")] == '.' && !otherExtension(base)
	}
	return strings.HasSuffix(base, ".env")
}
