package drift

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/semver"
)

// ModuleScope says what a list of modules is a list of.
type ModuleScope string

// The scopes.
const (
	ModulesNone     ModuleScope = ""         // nothing is known: there is no module, or the go command stops
	ModulesGraph    ModuleScope = "graph"    // the whole build list, as "go list -m all" prints it
	ModulesRequired ModuleScope = "required" // what the go.mod files at hand ask for: those of dependencies are not all in the module cache
	ModulesVendored ModuleScope = "vendored" // what vendor/modules.txt lists
)

// ModuleGraph is what the go command resolves in the Root of a snapshot: which
// version of which module builds use.
type ModuleGraph struct {
	Scope ModuleScope `json:"scope"`
	// File is the go.mod, the go.work or the vendor/modules.txt that the list comes
	// from.
	File string `json:"file"`
	// Mode is what -mod comes to: "readonly", "mod" or "vendor". Reason is why, in
	// the go command's own words; empty if a flag says so.
	Mode   string `json:"mode"`
	Reason string `json:"reason,omitempty"`
	// Mains are the main modules, those of a go.work in its order.
	Mains []string `json:"mains"`
	// Modules are sorted by path; the main modules are not among them.
	Modules []ResolvedModule `json:"modules"`
	// Missing are modules ("path@version") whose go.mod is not in the module cache:
	// the first few, sorted; MissingCount counts them all.
	Missing      []string `json:"missing,omitempty"`
	MissingCount int      `json:"missingCount,omitempty"`
	// Behind are the modules that go.mod requires in a lower version than is
	// needed: go.mod has to be updated, and builds stop over it unless Mode is "mod".
	Behind []ModuleChange `json:"behind,omitempty"`
	// Unsummed are modules ("path@version") whose go.mod the whole graph needs and
	// go.sum has no entry for: the first few, sorted; UnsummedCount counts them all.
	Unsummed      []string `json:"unsummed,omitempty"`
	UnsummedCount int      `json:"unsummedCount,omitempty"`
	// Unproven are modules ("path@version") that go.mod requires directly and for
	// whose content go.sum has no line: builds stop at the first package of one.
	Unproven []string `json:"unproven,omitempty"`
	// Problem is why nothing is known.
	Problem string `json:"problem,omitempty"`
	// Files are the files that can be edited and that the list was made of, sorted.
	Files []string `json:"files,omitempty"`
	// Print is the fingerprint of Modules, and Said that of the files which say what
	// a repository wants: its go.mod and go.sum, its go.work with the modules in the
	// repository that it uses. Another Print beside the same Said has a cause that
	// no commit shows.
	Print string `json:"print,omitempty"`
	Said  string `json:"said,omitempty"`
}

// ResolvedModule is one module of a build list.
type ResolvedModule struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	// Replace is what takes its place: "path version" or a folder as it is written.
	Replace string `json:"replace,omitempty"`
	// By is who asks for this version: a main module's path, or "path@version". It
	// is empty if that is not known.
	By string `json:"by,omitempty"`
	// Direct says that a main module requires it without "// indirect".
	Direct bool `json:"direct,omitempty"`
}

// Chosen is the version with what takes its place.
func (m ResolvedModule) Chosen() string {
	switch {
	case m.Replace == "":
		return m.Version
	case m.Version == "":
		return "=> " + m.Replace
	}
	return m.Version + " => " + m.Replace
}

// SumFile is the go.sum beside the go.mod that is read, which -modfile can name
// otherwise.
func (g *ModuleGraph) SumFile() string { return strings.TrimSuffix(g.File, ".mod") + ".sum" }

// Lookup finds a module by its path.
func (g *ModuleGraph) Lookup(path string) (ResolvedModule, bool) {
	i, ok := slices.BinarySearchFunc(g.Modules, path, func(m ResolvedModule, p string) int { return cmp.Compare(m.Path, p) })
	if !ok {
		return ResolvedModule{}, false
	}
	return g.Modules[i], true
}

// modulesPrint hashes a list of modules. Who asks for them takes no part.
func modulesPrint(list []ResolvedModule) string {
	h := sha256.New()
	for _, m := range list {
		fmt.Fprintf(h, "%s\x00%s\x00%s\n", m.Path, m.Version, m.Replace)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Seal sorts the list and fills in its fingerprint.
func (g *ModuleGraph) Seal() {
	slices.SortFunc(g.Modules, func(a, b ResolvedModule) int { return cmp.Compare(a.Path, b.Path) })
	if g.Scope != ModulesNone {
		g.Print = modulesPrint(g.Modules)
	}
}

// Fact is the fingerprint as a record holds it, for example
// "3f9ac2d1… 512 modules": the hash, how many, and the scope in words.
func (g *ModuleGraph) Fact() string {
	if g.Scope == ModulesNone {
		return ""
	}
	return fmt.Sprintf("%s %d %s", g.Print, len(g.Modules), moduleWords[g.Scope])
}

var moduleWords = map[ModuleScope]string{ModulesGraph: "modules", ModulesRequired: "required modules", ModulesVendored: "vendored modules"}

// ParseModulesFact reads the hash and the scope out of such a fact.
func ParseModulesFact(fact string) (hash string, scope ModuleScope, ok bool) {
	words := strings.SplitN(fact, " ", 3)
	if len(words) != 3 || !printForm().MatchString(words[0]) {
		return "", ModulesNone, false
	}
	for scope, text := range moduleWords {
		if text == words[2] {
			return words[0], scope, true
		}
	}
	return "", ModulesNone, false
}

var printForm = Pattern(`^[0-9a-f]{32}$`)

// ModuleList is a list of modules as it is remembered, by its fingerprint.
type ModuleList struct {
	Print   string
	Scope   ModuleScope
	Modules []ResolvedModule
}

// List is what is remembered of a graph.
func (g *ModuleGraph) List() ModuleList { return ModuleList{g.Print, g.Scope, g.Modules} }

// Encode writes a list as lines of text, secrets masked: path, version, what
// takes its place, who asks, and "direct", separated by tabs.
func (l ModuleList) Encode() []byte {
	var b strings.Builder
	for _, m := range l.Modules {
		direct := ""
		if m.Direct {
			direct = "direct"
		}
		for i, field := range []string{m.Path, m.Version, m.Replace, m.By, direct} {
			if i > 0 {
				b.WriteByte('\t')
			}
			field = MaskText(field)
			if strings.ContainsFunc(field, func(r rune) bool { return r < ' ' || r == '"' }) {
				field = strconv.Quote(field)
			}
			b.WriteString(field)
		}
		b.WriteByte('\n')
	}
	return []byte(b.String())
}

// DecodeModules reads what Encode wrote.
func DecodeModules(text []byte) ([]ResolvedModule, error) {
	var out []ResolvedModule
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) != 5 || !strings.HasSuffix(line, "\n") {
			return nil, fmt.Errorf("a list of modules with a line that it cannot have: %q", Clip(MaskText(line)))
		}
		for i, field := range fields {
			if !strings.HasPrefix(field, `"`) {
				continue
			}
			plain, err := strconv.Unquote(field)
			if err != nil {
				return nil, fmt.Errorf("a list of modules with a line that it cannot have: %q", Clip(MaskText(line)))
			}
			fields[i] = plain
		}
		out = append(out, ResolvedModule{Path: fields[0], Version: fields[1], Replace: fields[2], By: fields[3], Direct: fields[4] == "direct"})
	}
	return out, nil
}

// ModuleChange is one difference between two lists of modules.
type ModuleChange struct {
	Path string     `json:"path"`
	Kind ChangeKind `json:"kind"`
	// Old and New are versions, each with what takes its place: "v1.2.0 => ../fork".
	Old string `json:"old"`
	New string `json:"new"`
	// Trend compares the two as versions, where nothing takes their place.
	Trend Trend `json:"trend"`
	// By is who asks for the new version, or who asked for the one that went.
	By string `json:"by"`
}

// DiffModules lists what differs from a to b, sorted by path. Lists of different
// scopes hold more or less of the same graph: of these only what both have is
// compared.
func DiffModules(a, b ModuleList) []ModuleChange {
	var out []ModuleChange
	same := a.Scope == b.Scope
	i, j := 0, 0
	for i < len(a.Modules) || j < len(b.Modules) {
		switch {
		case j == len(b.Modules) || i < len(a.Modules) && a.Modules[i].Path < b.Modules[j].Path:
			if m := a.Modules[i]; same {
				out = append(out, ModuleChange{Path: m.Path, Kind: ChangeRemoved, Old: m.Chosen(), By: m.By})
			}
			i++
		case i == len(a.Modules) || a.Modules[i].Path > b.Modules[j].Path:
			if m := b.Modules[j]; same {
				out = append(out, ModuleChange{Path: m.Path, Kind: ChangeAdded, New: m.Chosen(), By: m.By})
			}
			j++
		default:
			was, is := a.Modules[i], b.Modules[j]
			if was.Version != is.Version || MaskText(was.Replace) != MaskText(is.Replace) {
				c := ModuleChange{Path: is.Path, Kind: ChangeChanged, Old: was.Chosen(), New: is.Chosen(), By: is.By}
				if was.Replace == "" && is.Replace == "" {
					c.Trend = moduleTrend(was.Version, is.Version)
				}
				out = append(out, c)
			}
			i++
			j++
		}
	}
	return out
}

// moduleTrend compares two versions of a module; what is no version is neither
// newer nor older.
func moduleTrend(from, to string) Trend {
	if !semver.IsValid(from) || !semver.IsValid(to) {
		return TrendNone
	}
	if order := semver.Compare(from, to); order != 0 {
		return trendOf(order)
	}
	return TrendSame
}
