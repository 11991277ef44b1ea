package tools

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/knowntools"
)

// The most pins of tools that one file yields, and the longest file that is
// looked through.
const (
	maxPins = 200
	maxText = 1 << 20
)

// format is one kind of file that says which tools to use.
type format struct {
	match func(rel string) bool
	parse func(p *pinReader)
}

// formats lists them; a file belongs to the first that matches.
var formats = []format{
	{func(rel string) bool { return path.Base(rel) == "go.mod" }, parseGoMod},
	{func(rel string) bool { return path.Base(rel) == ".tool-versions" }, parseToolVersions},
	{isMise, parseMise},
	{func(rel string) bool { return path.Base(rel) == ".pre-commit-config.yaml" }, parsePreCommit},
	{func(rel string) bool { return strings.HasPrefix(path.Base(rel), ".golangci.") }, parseGolangci},
	{func(rel string) bool { return strings.Contains("/"+rel, "/.github/workflows/") }, parseWorkflow},
	{isMakefile, parseMakefile},
}

func isMise(rel string) bool {
	name := strings.TrimPrefix(path.Base(rel), ".")
	return strings.HasSuffix(name, ".toml") && (name == "mise.toml" || strings.HasPrefix(name, "mise.") || strings.HasSuffix(path.Dir(rel), "mise"))
}

func isMakefile(rel string) bool {
	switch name := path.Base(rel); name {
	case "Makefile", "GNUmakefile", "makefile", "justfile":
		return true
	default:
		return strings.HasSuffix(name, ".mk")
	}
}

// Pins reads which versions of tools a file asks for; rel is its name relative
// to the workspace's root, with slashes. What cannot be made out is left out.
func Pins(doc drift.Document, rel string) []drift.ToolPin {
	if len(doc.Text) > maxText || strings.HasPrefix(rel, "vendor/") || strings.Contains(rel, "/vendor/") {
		return nil
	}
	for _, f := range formats {
		if f.match(rel) {
			p := &pinReader{doc: doc}
			f.parse(p)
			return p.pins
		}
	}
	return nil
}

// Asks reports whether a file of that name can ask for tools.
func Asks(rel string) bool {
	for _, f := range formats {
		if f.match(rel) {
			return true
		}
	}
	return false
}

// pinReader goes through a file by its lines.
type pinReader struct {
	doc  drift.Document
	pins []drift.ToolPin
}

// line is one line of a file without its end.
type line struct {
	start  int
	text   string
	indent int
}

func (p *pinReader) lines() []line {
	var out []line
	at := 0
	for text := range strings.Lines(string(p.doc.Text)) {
		body := strings.TrimRight(text, "\r\n")
		out = append(out, line{at, body, len(body) - len(strings.TrimLeft(body, " \t"))})
		at += len(text)
	}
	return out
}

// add notes a pin whose version stands at [start, end); a tool that godrift does
// not know must have a package.
func (p *pinReader) add(source, name, pkg, text string, start, end int) {
	if pkg != "" {
		if known, ok := knowntools.Of("", pkg); ok {
			name = known.Name
		}
	}
	if name == "" || pkg == "" && !knowntools.Names(name) || len(p.pins) == maxPins {
		return
	}
	p.pins = append(p.pins, drift.ToolPin{
		Source: source, Name: name, Package: pkg, Version: versionOf(text),
		Place: drift.Place{File: p.doc.File, Span: drift.Span{Start: start, End: end}},
	})
}

// versionOf writes a version with a "v", empty for what is none.
func versionOf(text string) string {
	v := "v" + strings.TrimPrefix(text, "v")
	if !semver.IsValid(v) {
		return ""
	}
	return v
}

// program is what go install calls the program of a package (cmd/go's
// load.DefaultExecName).
func program(pkg string) string {
	last := path.Base(pkg)
	if len(last) > 1 && last[0] == 'v' && strings.Trim(last[1:], "0123456789") == "" && last != "v0" && last != "v1" {
		last = path.Base(path.Dir(pkg))
	}
	return last
}

// pattern compiles an expression when it is first asked for: most starts of the
// program need none.
func pattern(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

var toolVersionsLine = pattern(`^\s*([A-Za-z0-9._-]+)\s+([^\s#]+)`)

// parseToolVersions reads a .tool-versions (https://asdf-vm.com/manage/configuration.html):
// the first version of a line counts.
func parseToolVersions(p *pinReader) {
	for _, l := range p.lines() {
		if m := toolVersionsLine().FindStringSubmatchIndex(l.text); m != nil {
			p.add(".tool-versions:tool", alias(l.text[m[2]:m[3]]), "", l.text[m[4]:m[5]], l.start+m[4], l.start+m[5])
		}
	}
}

// alias is a tool's name where a version manager calls it otherwise.
func alias(name string) string {
	if name == "delve" {
		return "dlv"
	}
	return name
}

var (
	tomlSection = pattern(`^\s*\[\s*([A-Za-z0-9._-]+)\s*\]`)
	miseTool    = pattern(`^\s*["']?([A-Za-z0-9._:/@-]+)["']?\s*=\s*(?:\{.*?\bversion\s*=\s*|\[\s*)?["']([^"']+)["']`)
)

// parseMise reads the [tools] of a mise.toml (https://mise.jdx.dev/dev-tools/):
// by a short name, by a backend such as aqua:golangci/golangci-lint, or by go:
// and the import path.
func parseMise(p *pinReader) {
	section := ""
	for _, l := range p.lines() {
		if m := tomlSection().FindStringSubmatch(l.text); m != nil {
			section = m[1]
			continue
		}
		m := miseTool().FindStringSubmatchIndex(l.text)
		if section != "tools" || m == nil {
			continue
		}
		name, pkg := l.text[m[2]:m[3]], ""
		if backend, rest, ok := strings.Cut(name, ":"); ok {
			name = program(rest)
			if backend == "go" {
				pkg = rest
			}
		}
		p.add("mise:tool", alias(name), pkg, l.text[m[4]:m[5]], l.start+m[4], l.start+m[5])
	}
}

var (
	preCommitRepo = pattern(`^\s*-?\s*repo:\s*["']?(?:https?://|git@)?([^\s"'#]+)`)
	preCommitRev  = pattern(`^\s*-?\s*rev:\s*["']?([^\s"'#]+)`)
)

// parsePreCommit reads the repositories of a .pre-commit-config.yaml that are
// those of known tools, and the revisions they are taken at.
func parsePreCommit(p *pinReader) {
	name := ""
	for _, l := range p.lines() {
		if m := preCommitRepo().FindStringSubmatch(l.text); m != nil {
			name = ""
			repo := strings.TrimSuffix(strings.ReplaceAll(m[1], ":", "/"), ".git")
			for _, t := range knowntools.All {
				if path.Base(repo) == t.Name && strings.HasPrefix(t.Package, repo+"/") {
					name = t.Name
				}
			}
			continue
		}
		if m := preCommitRev().FindStringSubmatchIndex(l.text); m != nil && name != "" {
			p.add("pre-commit:rev", name, "", l.text[m[2]:m[3]], l.start+m[2], l.start+m[3])
			name = ""
		}
	}
}

// parseGolangci takes the settings of golangci-lint for a sign that it is used.
func parseGolangci(p *pinReader) { p.add("golangci:file", "golangci-lint", "", "", 0, 0) }

var (
	workflowUses    = pattern(`^(\s*(?:-\s+)?)uses:\s*["']?golangci/golangci-lint-action@`)
	workflowVersion = pattern(`^\s*version:\s*["']?([^\s"'#]+)`)
)

// parseWorkflow reads the version input of golangci-lint-action
// (https://github.com/golangci/golangci-lint-action).
func parseWorkflow(p *pinReader) {
	uses := -1 // the column of the keys of the action's step
	for _, l := range p.lines() {
		if m := workflowUses().FindStringSubmatch(l.text); m != nil {
			uses = len(m[1])
			p.add("github:golangci-lint-action", "golangci-lint", "", "", l.start+len(m[1]), l.start+len(l.text))
			continue
		}
		if strings.TrimSpace(l.text) == "" {
			continue
		}
		if l.indent < uses {
			uses = -1
		}
		if m := workflowVersion().FindStringSubmatchIndex(l.text); m != nil && uses >= 0 && l.indent > uses {
			p.pins = p.pins[:len(p.pins)-1]
			p.add("github:golangci-lint-action", "golangci-lint", "", l.text[m[2]:m[3]], l.start+m[2], l.start+m[3])
			uses = -1
		}
	}
}

var goInstall = pattern(`\bgo\s+install\s+(?:-\S+\s+)*([A-Za-z0-9][A-Za-z0-9._~/-]*\.[A-Za-z0-9._~/-]+)@([^\s"';&|)]+)`)

// parseMakefile reads go install PACKAGE@VERSION.
func parseMakefile(p *pinReader) {
	for _, l := range p.lines() {
		if strings.HasPrefix(strings.TrimSpace(l.text), "#") {
			continue
		}
		for _, m := range goInstall().FindAllStringSubmatchIndex(l.text, -1) {
			pkg := l.text[m[2]:m[3]]
			if _, ok := knowntools.Of("", pkg); ok {
				p.add("makefile:go install", program(pkg), pkg, l.text[m[4]:m[5]], l.start+m[4], l.start+m[5])
			}
		}
	}
}
