package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// herokuLine reads "// +heroku goVersion go1.25", which comes before the go
// line: the first such line counts, and its fourth word, see bin/compile of
// https://github.com/heroku/heroku-buildpack-go.
func (p *modParser) herokuLine() {
	text := p.file.text
	if !strings.Contains(text, "+heroku") {
		return
	}
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		fields := strings.Fields(text[start:end])
		if len(fields) < 4 || fields[0] != "//" || fields[1] != "+heroku" || fields[2] != "goVersion" {
			start = end + 1
			continue
		}
		at := start + strings.Index(text[start:end], fields[2]) + len(fields[2])
		at += strings.Index(text[at:end], fields[3])
		pin := p.pin(drift.SourceGoModHeroku, drift.RoleShip, token{text: fields[3], start: at, end: at + len(fields[3])})
		meaning, v := release(fields[3])
		switch {
		case v == "":
			pin = refuse(pin, "not a version that Heroku knows: write a name such as go1.25 or go1.25.3")
		case !strings.HasPrefix(fields[3], "go"):
			pin = refuse(pin, "Heroku wants the name of a release: write go"+v)
			pin.Version = v
		default:
			pin.Meaning, pin.Version = meaning, v
		}
		p.add(pin)
		return
	}
}

// isModFile matches what can be a go.mod of another name, for the -modfile flag
// of the go command: go.tool.mod, tools.mod.
func isModFile(rel string) bool { return strings.HasSuffix(rel, ".mod") && rel != ".mod" }

// ParseModFile reads a file that is named after -modfile, as [ParseGoMod] does,
// if it says which module it is of: other programs have files of this kind.
func ParseModFile(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	const enough = 64 << 10 // the module line stands near the start
	head := string(doc.Text[:min(len(doc.Text), enough)])
	if strings.IndexByte(head, 0) >= 0 || ModuleOf(drift.Document{File: doc.File, Text: []byte(head)}).Path == "" {
		return nil, nil
	}
	return ParseGoMod(doc)
}
