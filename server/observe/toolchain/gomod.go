package toolchain

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// Modules remembers parsed go.mod and go.work files by name and release, from
// one folder to the next, and which members of a workspace are sound. The zero
// value is ready to use, also by several goroutines.
type Modules struct {
	mu    sync.Mutex
	mods  map[parsedKey]parsedMod
	works map[parsedKey]parsedWork
	// vendor holds what the vendor folders' modules.txt say, unless they stop
	// the command.
	vendor map[vendorKey]parsedVendor
	// sound holds the members that were found to be in order, fine the
	// workspaces that were. Every module of a workspace asks about all the
	// others, which would cost the square of their number.
	sound map[memberKey]*modfile.File
	fine  map[memberKey]bool
	// bad holds the workspaces of which members were found to be wrong: which
	// ones is the same for every folder, only the text is not.
	bad map[memberKey]badMembers
}

// badMembers are members of a workspace that are wrong.
type badMembers struct {
	file *modfile.WorkFile
	// roots are the first of them, at most maxTold; more says how many follow.
	roots []string
	more  int
}

// parsedKey says what a result depends on besides the text. offline is set when
// versions that are not canonical cannot be looked up (GOPROXY=off).
type parsedKey struct {
	name    string
	release int
	offline bool
}

// memberKey is a member of a workspace, as one go command sees it; for the
// workspace as a whole, root is empty.
type memberKey struct {
	work, root string
	release    int
	version    string
}

// Again is for another moment: it keeps what was parsed, which counts as long
// as the text is the same, and forgets the rest.
func (m *Modules) Again() *Modules {
	m.mu.Lock()
	defer m.mu.Unlock()
	return &Modules{mods: maps.Clone(m.mods), works: maps.Clone(m.works), vendor: maps.Clone(m.vendor)}
}

// parsedMod is a go.mod as the go command of one release reads it.
type parsedMod struct {
	text []byte
	file *modfile.File
	lax  *modfile.File // set when file is not: what a dependency's reader takes
	errs []modfile.Error
}

type parsedWork struct {
	text []byte
	file *modfile.WorkFile
	errs []modfile.Error
}

// mod parses a go.mod.
func (m *Modules) mod(key parsedKey, text []byte) parsedMod {
	m.mu.Lock()
	p, ok := m.mods[key]
	m.mu.Unlock()
	if ok && bytes.Equal(p.text, text) {
		return p
	}
	p = parseMod(key, text)
	p.text = text
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mods == nil {
		m.mods = map[parsedKey]parsedMod{}
	}
	m.mods[key] = p
	return p
}

// work parses a go.work.
func (m *Modules) work(key parsedKey, text []byte) parsedWork {
	m.mu.Lock()
	p, ok := m.works[key]
	m.mu.Unlock()
	if ok && bytes.Equal(p.text, text) {
		return p
	}
	p = parseWork(key.release, text)
	p.text = text
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.works == nil {
		m.works = map[parsedKey]parsedWork{}
	}
	m.works[key] = p
	return p
}

// isFine reports whether a workspace was found to be in order.
func (m *Modules) isFine(key memberKey) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fine[key]
}

// setFine notes that a workspace is in order.
func (m *Modules) setFine(key memberKey) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fine == nil {
		m.fine = map[memberKey]bool{}
	}
	m.fine[key] = true
}

// badOf returns the members of a workspace that were found to be wrong.
func (m *Modules) badOf(key memberKey) (badMembers, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	bad, ok := m.bad[key]
	return bad, ok
}

// setBad notes which members of a workspace are wrong.
func (m *Modules) setBad(key memberKey, bad badMembers) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bad == nil {
		m.bad = map[memberKey]badMembers{}
	}
	m.bad[key] = bad
}

// member returns the file of a member that was found to be in order, nil if it
// was not.
func (m *Modules) member(key memberKey) *modfile.File {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.sound[key]
}

// setMember notes that a member is in order.
func (m *Modules) setMember(key memberKey, f *modfile.File) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.sound == nil {
		m.sound = map[memberKey]*modfile.File{}
	}
	m.sound[key] = f
}

// parseMod reads a go.mod with the newest grammar and then takes back what the
// release does not know.
func parseMod(key parsedKey, text []byte) parsedMod {
	fix := func(path, version string) (string, error) {
		return fixVersion(key.release, path, version, key.offline)
	}
	f, err := modfile.Parse("go.mod", text, fix)
	errs, syntax := errorList(err)
	if !syntax {
		errs = adjust(key.release, text, errs, modGrammar)
	}
	if len(errs) == 0 {
		return parsedMod{file: f}
	}
	p := parsedMod{errs: errs}
	if lax, err := modfile.ParseLax("go.mod", text, fix); err == nil {
		p.lax = lax
	}
	return p
}

func parseWork(release int, text []byte) parsedWork {
	f, err := modfile.ParseWork("go.work", text, nil)
	errs, syntax := errorList(err)
	if !syntax {
		errs = adjust(release, text, errs, workGrammar)
	}
	if len(errs) == 0 {
		return parsedWork{file: f}
	}
	return parsedWork{errs: errs}
}

// fixVersion is cmd/go/internal/modload/init.go fixVersion without its queries:
// a version that would have to be looked up is taken as it is, or refused if
// looking up is forbidden.
func fixVersion(release int, path, version string, offline bool) (string, error) {
	_, major, ok := module.SplitPathVersion(path)
	if !ok {
		return "", &module.ModuleError{Path: path, Err: &module.InvalidVersionError{
			Version: version, Err: fmt.Errorf("malformed module path %q", path),
		}}
	}
	if version != "" && module.CanonicalVersion(version) == version {
		if err := module.CheckPathMajor(version, major); err != nil {
			return "", module.VersionError(module.Version{Path: path, Version: version}, err)
		}
		return version, nil
	}
	// cmd/go/internal/modload/query.go lookupRepo; "go" and "toolchain" are
	// something else since Go 1.21.
	if release < 21 || path != "go" && path != "toolchain" {
		if err := module.CheckPath(path); err != nil {
			return "", err
		}
	}
	if offline {
		return "", errOffline
	}
	return version, nil
}

// errOffline has the go command's text (cmd/go/internal/modfetch/proxy.go).
var errOffline = errors.New("module lookup disabled by GOPROXY=off")

// errorList takes the parser's error apart. syntax says that the text could not
// even be split into lines and words; then there is one error.
func errorList(err error) (errs []modfile.Error, syntax bool) {
	var list modfile.ErrorList
	if err == nil {
		return nil, false
	}
	if !errors.As(err, &list) {
		return []modfile.Error{{Err: err}}, true
	}
	if len(list) == 1 && syntaxErrors().MatchString(list[0].Err.Error()) {
		return list, true
	}
	return list, false
}

// syntaxErrors are the messages of golang.org/x/mod/modfile/read.go.
var syntaxErrors = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(mod files must use // comments|unexpected EOF in string|unexpected newline in string|unexpected input character|syntax error \(|internal )`)
})

// grammar is what differs between the readers of go.mod and go.work.
type grammar struct {
	// since is the release that a directive appeared in; blocks lists those that
	// may stand before a parenthesis.
	since  map[string]int
	blocks []string
	// format is the example in the message for a bad go line up to a release,
	// and toolchain that for a bad toolchain line.
	formatUntil    int
	toolchainUntil map[int]string
}

var modGrammar = grammar{
	since:       map[string]int{"toolchain": 21, "godebug": 23, "tool": 24, "ignore": 25},
	blocks:      []string{"godebug", "tool", "ignore"},
	formatUntil: 21,
	toolchainUntil: map[int]string{
		21: "must match format go1.23 or local",
		22: "must match format go1.23.0 or local",
	},
}

var workGrammar = grammar{
	since:       map[string]int{"toolchain": 21, "godebug": 23},
	blocks:      []string{"godebug"},
	formatUntil: 22,
	toolchainUntil: map[int]string{
		21: "must match format go1.23 or local",
		22: "must match format go1.23 or local",
	},
}

// oldGoVersion is what Go 1.20 takes for a go version
// (golang.org/x/mod/modfile/rule.go GoVersionRE).
var oldGoVersion = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([1-9][0-9]*)\.(0|[1-9][0-9]*)$`)
})

// adjust turns the errors of the newest reader into those of a release.
func adjust(release int, text []byte, errs []modfile.Error, g grammar) []modfile.Error {
	var out []modfile.Error
	replaced := map[int]bool{}
	seenGo := false
	for _, st := range statements(text) {
		since, known := g.since[st.verb]
		switch {
		case st.block && known && release < since && slices.Contains(g.blocks, st.verb) && len(st.args) == 0:
			for line := st.line; line <= st.end; line++ {
				replaced[line] = true
			}
			out = append(out, st.error("unknown block type: %s", st.verb))
		case !st.block && known && release < since:
			replaced[st.line] = true
			out = append(out, st.error("unknown directive: %s", st.verb))
		case !st.block && st.verb == "go" && release < 21:
			replaced[st.line] = true
			switch {
			case seenGo:
				out = append(out, st.error("repeated go statement"))
			case len(st.args) != 1:
				out = append(out, st.error("go directive expects exactly one argument"))
			case !oldGoVersion().MatchString(st.args[0]):
				out = append(out, st.error("invalid go version '%s': must match format 1.23", st.args[0]))
			default:
				seenGo = true
			}
		}
	}
	for _, e := range errs {
		if replaced[e.Pos.Line] {
			continue
		}
		message := e.Err.Error()
		if release <= g.formatUntil {
			if m, ok := strings.CutSuffix(message, ": must match format 1.23.0"); ok {
				e.Err = errors.New(m + ": must match format 1.23")
			}
		}
		if example, ok := g.toolchainUntil[release]; ok {
			if m, ok := strings.CutSuffix(message, "must match format go1.23.0 or default"); ok {
				e.Err = errors.New(m + example)
			}
		}
		if release < 22 {
			if m, ok := strings.CutSuffix(message, "(rooted or starting with . or ..)"); ok {
				e.Err = errors.New(m + "(rooted or starting with ./ or ../)")
			}
		}
		out = append(out, e)
	}
	slices.SortStableFunc(out, func(a, b modfile.Error) int { return a.Pos.Line - b.Pos.Line })
	return out
}

// statement is one line or block of a file whose syntax is right.
type statement struct {
	verb  string
	args  []string
	line  int // from 1
	end   int // of a block: the line of its closing parenthesis
	col   int
	block bool
}

func (st statement) error(format string, args ...any) modfile.Error {
	return modfile.Error{
		Filename: "go.mod",
		Pos:      modfile.Position{Line: st.line, LineRune: st.col},
		Err:      fmt.Errorf(format, args...),
	}
}

// statements splits a file whose syntax is right into its top-level lines and
// blocks.
func statements(text []byte) []statement {
	var out []statement
	inside := false
	for n, raw := range bytes.Split(text, []byte("\n")) {
		line := string(raw)
		if i := strings.Index(line, "//"); i >= 0 {
			line = line[:i]
		}
		fields := strings.Fields(punctuation.Replace(line))
		if len(fields) == 0 {
			continue
		}
		if inside {
			if fields[0] == ")" {
				out[len(out)-1].end = n + 1
				inside = false
			}
			continue
		}
		st := statement{verb: fields[0], args: fields[1:], line: n + 1, col: len(line) - len(strings.TrimLeft(line, " \t\r")) + 1}
		if last := len(fields) - 1; last > 0 && fields[last] == "(" {
			st.block, inside = true, true
			st.args = fields[1:last]
		}
		out = append(out, st)
	}
	return out
}

// punctuation stands for itself wherever it touches a word
// (golang.org/x/mod/modfile/read.go isIdent).
var punctuation = strings.NewReplacer("(", " ( ", ")", " ) ", "[", " [ ", "]", " ] ", "{", " { ", "}", " } ", ",", " , ")

// message joins errors of a file that is called name, as modfile.ErrorList
// does. inner is its name where a message repeats it.
func message(name, inner string, errs []modfile.Error) string {
	lines := make([]string, min(len(errs), maxTold), maxTold+1)
	for i, e := range errs[:len(lines)] {
		e.Filename = name
		text := e.Error()
		if strings.HasPrefix(e.Err.Error(), "syntax error (unterminated block started at ") {
			text = strings.Replace(text, "started at go.mod:", "started at "+inner+":", 1)
			text = strings.Replace(text, "started at go.work:", "started at "+inner+":", 1)
		}
		lines[i] = text
	}
	if more := len(errs) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("(and %d more mistakes)", more))
	}
	return strings.Join(lines, "\n")
}
