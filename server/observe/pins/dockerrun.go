package pins

import (
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// commands reads what an instruction's commands fetch and set: the archives of
// go.dev/dl, the programs of golang.org/dl, GO_VERSION=... and GOTOOLCHAIN=...
func (p *dockerParser) commands(in dockerInstruction) {
	scope := newScope(p.scope)
	p.assignments(in.line.text, in.args.start, in.args.end, in.line.offset, scope)
	p.downloads(in.line.text, in.args.start, in.args.end, in.line.offset, scope)
	if in.name != "RUN" {
		return
	}
	// The lines of a heredoc are commands, too. They are read with one scope.
	text := p.text
	same := func(at int) int { return at }
	for _, b := range in.bodies {
		for at := b.start; at < b.end; {
			end := b.end
			if i := strings.IndexByte(text[at:b.end], '\n'); i >= 0 {
				end = at + i
			}
			if strings.HasPrefix(strings.TrimLeft(text[at:end], " \t"), "#") {
				at = end + 1
				continue
			}
			p.assignments(text, at, end, same, scope)
			p.downloads(text, at, end, same, scope)
			at = end + 1
		}
	}
}

// assignments finds NAME=value in commands. A variable that a command sets is
// not the one that the image had.
func (p *dockerParser) assignments(text string, start, end int, offset func(int) int, scope *dockerScope) {
	for at := start; at < end; {
		i := strings.IndexByte(text[at:end], '=')
		if i < 0 {
			return
		}
		equal := at + i
		at = equal + 1
		name := equal
		for name > start && isVariableByte(text[name-1]) {
			name--
		}
		word := text[name:equal]
		if name > start && strings.IndexByte(" \t;&|(\"'`\n", text[name-1]) < 0 {
			continue
		}
		if word != "GOTOOLCHAIN" && !goVariable(word) {
			continue
		}
		value := shellValue(text, at, end)
		e := &expander{text: text, offset: offset, escape: p.escape, lookup: scope.get}
		d := &declaration{name: word, at: offset(name), role: p.role()}
		if raw := text[value.start:value.end]; !strings.ContainsAny(raw, "`(") {
			d.value, d.known = e.expand(value.start, value.end), true
		}
		if word == "GOTOOLCHAIN" {
			if pin, ok := toolchainPin(p.doc, p.dialect.toolchain, p.role(), d.value); d.known && ok {
				p.add(pin)
			}
			continue
		}
		scope.vars[word] = d
		if len(p.decls) < maxContainerPins {
			p.decls = append(p.decls, dockerDecl{d, p.dialect.run})
		}
	}
}

func isVariableByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// shellValue is the value of an assignment that begins at start.
func shellValue(text string, start, end int) dockerWord {
	at := start
	var quote byte
	for ; at < end; at++ {
		c := text[at]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			// A quote that closes what was opened before the name ends the value.
			if strings.IndexByte(text[at+1:end], c) < 0 || at > start {
				return dockerWord{start, at}
			}
			quote = c
		case strings.IndexByte(" \t;&|)<>\r\n", c) >= 0:
			return dockerWord{start, at}
		}
	}
	return dockerWord{start, at}
}

// downloads finds go1.25.3.linux-amd64.tar.gz and golang.org/dl/go1.25.3, the
// version literal or a variable.
func (p *dockerParser) downloads(text string, start, end int, offset func(int) int, scope *dockerScope) {
	for at := start; at < end; {
		i := strings.Index(text[at:end], "go")
		if i < 0 {
			return
		}
		word := at + i
		at = word + 2
		if at >= end || word > start && (isVariableByte(text[word-1]) || text[word-1] == '-' || text[word-1] == '$' || text[word-1] == '{' || text[word-1] == '.') {
			continue
		}
		if c := text[at]; (c < '1' || c > '9') && c != '$' {
			continue
		}
		stop := versionEnd(text, at, end)
		source := p.dialect.download
		switch {
		case isArchive(text[stop:end]):
		case installs(text[start:word]) && (stop == end || strings.IndexByte("@ \t\"';&|\r\n", text[stop]) >= 0):
			source = p.dialect.install
		default:
			continue
		}
		e := &expander{text: text, offset: offset, escape: p.escape, lookup: scope.get}
		t := e.expand(at, stop)
		if len(t.text) == 0 {
			continue
		}
		p.add(t.pin(p.doc, source, p.role(), releaseReading(t)))
		at = max(at, stop)
	}
}

// installs reports whether a text ends with golang.org/dl/, where the programs
// are that wrap one release each.
func installs(before string) bool { return strings.HasSuffix(before, "golang.org/dl/") }

// versionEnd is where a version ends that starts at at: digits and dots and a
// pre-release, or variables.
func versionEnd(text string, at, end int) int {
	for at < end {
		c := text[at]
		switch {
		case c == '$' && at+1 < end && text[at+1] == '{':
			stop, ok := nestedDollar(text[:end], at)
			if !ok {
				return at
			}
			at = stop
		case c == '$':
			n := len(variableName(text[at+1 : end]))
			if n == 0 {
				return at
			}
			at += 1 + n
		case c >= '0' && c <= '9':
			at++
		case c == '.' && at+1 < end && (text[at+1] >= '0' && text[at+1] <= '9' || text[at+1] == '$' && !isArchive(text[at:end])):
			at++
		case strings.HasPrefix(text[at:end], "rc") && at+2 < end && text[at+2] >= '0' && text[at+2] <= '9':
			at += 2
		case strings.HasPrefix(text[at:end], "beta") && at+4 < end && text[at+4] >= '0' && text[at+4] <= '9':
			at += 4
		default:
			return at
		}
	}
	return at
}

// isArchive reports whether a text goes on as the name of an archive does after
// the version: .linux-amd64.tar.gz.
func isArchive(rest string) bool {
	rest, ok := strings.CutPrefix(rest, ".")
	if !ok {
		return false
	}
	for _, system := range []string{"linux", "darwin", "windows", "freebsd", "src.tar", "netbsd", "openbsd", "aix", "tar.gz"} {
		if strings.HasPrefix(rest, system) {
			return true
		}
	}
	if !strings.HasPrefix(rest, "$") {
		return false
	}
	if i := strings.IndexAny(rest, " \t\r\n\"'"); i >= 0 && !strings.HasPrefix(rest, "$(") {
		rest = rest[:i]
	}
	rest = rest[:min(len(rest), 120)]
	return strings.Contains(rest, ".tar.gz") || strings.Contains(rest, ".zip") || strings.Contains(rest, ".msi") || strings.Contains(rest, ".pkg")
}

// releaseReading reads the version of one release, such as an archive has. From
// Go 1.21 on the first release of a minor is 1.N.0, so that 1.25 is none.
func releaseReading(t template) reading {
	r := reading{end: len(t.text), meaning: drift.MeaningExact}
	if slices.Contains(t.text, missingMark) {
		r.meaning = drift.MeaningUnresolved
		return r
	}
	meaning, v := release(string(t.text))
	switch {
	case v == "":
		r.meaning = drift.MeaningUnknown
		r.extra = extra("why", "no Go version can be read from this")
		return r
	case meaning != drift.MeaningExact && version.Compare("go"+v, "go1.21") >= 0:
		r.meaning = drift.MeaningInvalid
		r.extra = extra("why", "no such release: from Go 1.21 on the first one of a minor is "+v+".0")
	}
	r.version = v
	return r
}
