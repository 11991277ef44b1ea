package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"go/version"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

const (
	caseRoot  = "/w"
	caseGOENV = "/home/me/.config/go/env"
)

// caseDay is the day on which the cases play.
var caseDay = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// machine is the world of a case as its machine.json tells it. What is left
// out is go1.26.8 on PATH, which is run everywhere.
type machine struct {
	Go         *drift.Toolchain           `json:"go"`
	NoGo       bool                       `json:"nogo"`
	Of         string                     `json:"of"`
	Toolchains []drift.Toolchain          `json:"toolchains"`
	Process    map[string]string          `json:"process"`
	Select     map[string]drift.Selection `json:"select"`
	EnvError   string                     `json:"envError"`
	Untrusted  bool                       `json:"untrusted"`
	// Others are those whose environment is known besides.
	Others []struct {
		Of      string            `json:"of"`
		Process map[string]string `json:"process"`
		Go      *drift.Toolchain  `json:"go"`
		Error   string            `json:"error"`
	} `json:"others"`
	// Accepted is the accepted state and what came after it; nil if nothing is
	// remembered.
	Accepted *accepted `json:"accepted"`
	// Problems are those of files, by name: the observers are not at work here.
	Problems map[string]string `json:"problems"`
	// Pins are those of other formats than go.mod and .go-version.
	Pins []casePin `json:"pins"`
	// Tools are those on the machine; what pins them is told with the place as
	// "file:text".
	Tools    []drift.Tool  `json:"tools"`
	ToolPins []caseToolPin `json:"toolPins"`
	// Cgo is what is known of cgo.
	Cgo *drift.CgoState `json:"cgo"`
	// Cache is the build cache.
	Cache *drift.Cache `json:"cache"`
	// Graph is the module graph; its files are relative to the root.
	Graph *drift.ModuleGraph `json:"graph"`
	// Checkouts are the tops of git checkouts.
	Checkouts []string `json:"checkouts"`
}

// casePin is a pin; its text is looked for in its file.
type casePin struct {
	File string `json:"file"`
	drift.Pin
}

// caseToolPin is a drift.ToolPin whose place covers the first such text of a file.
type caseToolPin struct {
	drift.ToolPin
	File string `json:"file"`
	Text string `json:"text"`
}

// accepted is what is remembered in a case. What Values leaves out was as it is
// now; a null takes a fact away.
type accepted struct {
	Of     string             `json:"of"`
	Values map[string]*string `json:"values"`
	Recent []drift.Moment     `json:"recent"`
	Chosen map[string]*string `json:"chosen"`
	// Modules are those of the graph then; left out, they were those of now.
	Modules []drift.ResolvedModule `json:"modules"`
	// Requires are what the go.mod in the root requires.
	Requires []drift.Requirement `json:"requires"`
}

// remember makes the memory of a case.
func (a *accepted) remember(snap *drift.Snapshot) (*drift.Memory, drift.Record) {
	facts := drift.Facts{Keyed: func(name, value string) string { return name + " " + value }}
	now := drift.NewRecord(&drift.Report{Snapshot: snap}, facts)
	if a == nil {
		return nil, now
	}
	then := drift.NewRecord(&drift.Report{Snapshot: snap}, facts)
	then.Of = cmp.Or(a.Of, then.Of)
	if a.Modules != nil {
		g := drift.ModuleGraph{Scope: snap.Graph.Scope, Modules: a.Modules}
		g.Seal()
		then.Values[drift.KeyPrint+drift.PrintModules], then.Modules = g.Fact(), g.Modules
	}
	for key, value := range a.Values {
		if value == nil {
			delete(then.Values, key)
		} else {
			then.Values[key] = *value
		}
	}
	return &drift.Memory{Baseline: &drift.Baseline{Record: then, AcceptedAt: caseDay.AddDate(0, 0, -7)}, Recent: a.Recent, Chosen: a.Chosen}, now
}

// buildCase makes the input of a case: files below the root by their relative
// names, the GOENV file as "goenv", the machine as "machine.json".
func buildCase(t testing.TB, archive *txtar.Archive) Input {
	t.Helper()
	m := machine{Of: "cli"}
	snap := &drift.Snapshot{Root: caseRoot, Time: caseDay, Documents: map[string]drift.Document{}}
	for _, f := range archive.Files {
		switch f.Name {
		case "want":
		case "machine.json":
			if err := json.Unmarshal(f.Data, &m); err != nil {
				t.Fatalf("machine.json: %v", err)
			}
			snap.Checkouts = m.Checkouts
		case "goenv":
			addDocument(snap, caseGOENV, f.Data)
		default:
			addDocument(snap, filepath.Join(caseRoot, f.Name), f.Data)
		}
	}
	if m.Go == nil && !m.NoGo {
		m.Go = &drift.Toolchain{Version: "go1.26.8", GOROOT: "/usr/local/go", Executable: "/usr/local/go/bin/go", Origin: drift.OriginPath}
	}
	snap.Trusted = !m.Untrusted
	env := &snap.Environment
	env.Of, env.Host, env.GOENV, env.Error = m.Of, drift.Host{GOOS: "linux", GOARCH: "amd64"}, caseGOENV, m.EnvError
	if m.Go != nil {
		env.Toolchains = append(env.Toolchains, *m.Go)
	}
	env.Toolchains = append(env.Toolchains, m.Toolchains...)
	env.Variables = variables(m.Process, snap.Documents[caseGOENV])
	addFiles(snap)
	for _, p := range m.Pins {
		file := filepath.Join(caseRoot, p.File)
		at := strings.Index(string(snap.Documents[file].Text), p.Raw)
		if at < 0 {
			t.Fatalf("%s does not hold %q", p.File, p.Raw)
		}
		p.Place = drift.Place{File: file, Span: drift.Span{Start: at, End: at + len(p.Raw)}}
		snap.Pins = append(snap.Pins, p.Pin)
	}
	if m.Graph != nil {
		snap.Graph = *m.Graph
		snap.Graph.Seal()
		snap.Graph.File = filepath.Join(caseRoot, snap.Graph.File)
		for i, file := range snap.Graph.Files {
			snap.Graph.Files[i] = filepath.Join(caseRoot, file)
		}
	}
	snap.Tools, snap.Cache, snap.Cgo = m.Tools, m.Cache, m.Cgo
	for _, p := range m.ToolPins {
		p.Place.File = filepath.Join(caseRoot, p.File)
		at := strings.Index(string(snap.Documents[p.Place.File].Text), p.Text)
		p.Place.Span = drift.Span{Start: at, End: at + len(p.Text)}
		snap.ToolPins = append(snap.ToolPins, p.ToolPin)
	}
	for file, message := range m.Problems {
		snap.Problems = append(snap.Problems, drift.Problem{Place: drift.Place{File: filepath.Join(caseRoot, file)}, Message: message})
	}
	choose := func(dir string) drift.Selection {
		rel, _ := filepath.Rel(caseRoot, dir)
		sel, ok := m.Select[filepath.ToSlash(rel)]
		if !ok {
			sel = m.Select["*"]
		}
		sel.Dir, sel.Go = dir, m.Go
		if sel.Decider.File != "" {
			sel.Decider.File = filepath.Join(caseRoot, sel.Decider.File)
		}
		switch {
		case sel.How != "":
		case m.Go == nil:
			sel.How = drift.HowNoGo
		default:
			sel.How, sel.Selected, sel.GOROOT = drift.HowLocal, m.Go.Version, m.Go.GOROOT
		}
		return sel
	}
	snap.Selection = choose(caseRoot)
	for _, o := range m.Others {
		other := drift.Other{
			Environment: drift.Environment{Of: o.Of, Host: env.Host, GOENV: caseGOENV, Variables: variables(o.Process, snap.Documents[caseGOENV])},
			Selection:   drift.Selection{Dir: caseRoot, Go: o.Go, How: drift.HowNoGo, Error: o.Error},
		}
		if o.Go != nil {
			other.Selection.How, other.Selection.Selected, other.Selection.GOROOT = drift.HowLocal, o.Go.Version, o.Go.GOROOT
		}
		snap.Others = append(snap.Others, other)
	}
	for i := range snap.Modules {
		snap.Modules[i].Selection = choose(snap.Modules[i].Dir)
	}
	in := Input{Snapshot: snap, Policy: policy.Default(), Now: caseDay}
	in.Memory, in.Present = m.Accepted.remember(snap)
	if m.Accepted != nil {
		in.Requirements = map[string][]drift.Requirement{filepath.Join(caseRoot, "go.mod"): m.Accepted.Requires}
	}
	if doc, ok := snap.Documents[policy.File(caseRoot)]; ok {
		in.Policy, _ = policy.Parse(doc)
	}
	return in
}

func addDocument(snap *drift.Snapshot, name string, text []byte) {
	sum := sha256.Sum256(text)
	snap.Documents[name] = drift.Document{File: name, Text: text, Hash: hex.EncodeToString(sum[:])}
}

// variables puts the layers of a process environment and a GOENV file together.
func variables(process map[string]string, goenv drift.Document) []drift.Variable {
	layers := map[string][]drift.Layer{
		"GOPROXY":     {{Kind: drift.LayerGoEnv, Value: "https://goproxy.example.com,direct", File: "/usr/local/go/go.env", Line: 7}},
		"GOSUMDB":     {{Kind: drift.LayerGoEnv, Value: "gosum.example.com", File: "/usr/local/go/go.env", Line: 8}},
		"CGO_ENABLED": {{Kind: drift.LayerDefault, Value: "0"}},
		"CC":          {{Kind: drift.LayerDefault, Value: "gcc"}},
		"GOOS":        {{Kind: drift.LayerDefault, Value: "linux"}},
		"GOARCH":      {{Kind: drift.LayerDefault, Value: "amd64"}},
		"GOROOT":      {{Kind: drift.LayerDefault, Value: "/usr/local/go"}},
		"GOTOOLCHAIN": {
			{Kind: drift.LayerGoEnv, Value: "auto", File: "/usr/local/go/go.env", Line: 12},
		},
	}
	for i, line := range strings.Split(string(goenv.Text), "\n") {
		if key, value, ok := strings.Cut(line, "="); ok {
			layers[key] = append([]drift.Layer{{Kind: drift.LayerGOENV, Value: value, File: caseGOENV, Line: i + 1}}, layers[key]...)
		}
	}
	for key, value := range process {
		layers[key] = append([]drift.Layer{{Kind: drift.LayerProcess, Value: value}}, layers[key]...)
	}
	var list []drift.Variable
	for key, l := range layers {
		list = append(list, drift.Variable{Name: key, Layer: l[0], Shadowed: l[1:]})
	}
	slices.SortFunc(list, func(a, b drift.Variable) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

var modLine = regexp.MustCompile(`(?m)^(go|toolchain) (\S+)`)

// fromLine is an image of golang with a digest: version, variant, digest. Other
// pins of Dockerfiles stand in machine.json.
var fromLine = regexp.MustCompile(`golang:([0-9.]+)(?:-([a-z0-9.]+))?(@sha256:[0-9a-f]{64})`)

// addFiles reads pins and modules in the way of the observers, as far as the
// cases go.
func addFiles(snap *drift.Snapshot) {
	var names []string
	for file := range snap.Documents {
		names = append(names, file)
	}
	slices.Sort(names)
	work := ""
	if _, ok := snap.Documents[filepath.Join(caseRoot, "go.work")]; ok {
		work = filepath.Join(caseRoot, "go.work")
	}
	for _, file := range names {
		text := string(snap.Documents[file].Text)
		base := filepath.Base(file)
		switch base {
		case "go.mod", "go.work":
			m := drift.Module{Dir: filepath.Dir(file), File: file, Work: work}
			if base == "go.mod" {
				m.Path = "example.com/" + filepath.Base(m.Dir)
			}
			for _, at := range regexp.MustCompile(`(?m)^use (\S+)`).FindAllStringSubmatchIndex(text, -1) {
				m.Uses = append(m.Uses, drift.Use{
					Dir:   filepath.Join(m.Dir, text[at[2]:at[3]]),
					Place: drift.Place{File: file, Span: drift.Span{Start: at[2], End: at[3]}},
				})
			}
			snap.Modules = append(snap.Modules, m)
			for _, at := range modLine.FindAllStringSubmatchIndex(text, -1) {
				snap.Pins = append(snap.Pins, modPin(base, text[at[2]:at[3]], text[at[4]:at[5]], drift.Place{File: file, Span: drift.Span{Start: at[4], End: at[5]}}))
			}
		case "Dockerfile":
			for _, at := range fromLine.FindAllStringSubmatchIndex(text, -1) {
				pin := drift.Pin{
					Source: drift.SourceDockerfileFrom, Role: drift.RoleShip, Raw: text[at[2]:at[3]], Version: text[at[2]:at[3]], Meaning: drift.MeaningExact,
					Place: drift.Place{File: file, Span: drift.Span{Start: at[2], End: at[3]}}, Extra: map[string]string{"digest": "true"},
				}
				if version.Lang("go"+pin.Version) == "go"+pin.Version {
					pin.Meaning = drift.MeaningLine
				}
				if at[4] >= 0 {
					pin.Extra["variant"] = text[at[4]:at[5]]
				}
				if before, ok := strings.CutPrefix(file, filepath.Join(caseRoot, "former")); ok {
					pin.Place.File = filepath.Join(caseRoot, before)
					snap.Digested = append(snap.Digested, drift.Digested{Digest: drift.DigestOf([]byte(text), pin), Pin: pin, Seen: "in the last commit"})
					continue
				}
				snap.Pins = append(snap.Pins, pin)
			}
		case ".go-version":
			raw := strings.TrimSpace(text)
			pin := drift.Pin{
				Source: drift.SourceGoVersion, Role: drift.RoleDevelop, Raw: raw, Meaning: drift.MeaningExact,
				Version: strings.TrimPrefix(raw, "go"), Place: drift.Place{File: file, Span: drift.Span{End: len(raw)}},
			}
			switch v := "go" + pin.Version; {
			case raw == "latest" || raw == "stable":
				pin.Meaning, pin.Version = drift.Meaning(raw), ""
			case !version.IsValid(v):
				pin.Meaning, pin.Version = drift.MeaningUnknown, ""
				pin.Extra = map[string]string{"why": "no Go version can be read from this"}
			case version.Lang(v) == v:
				pin.Meaning = drift.MeaningLine
			}
			snap.Pins = append(snap.Pins, pin)
		}
	}
	slices.SortStableFunc(snap.Modules, func(a, b drift.Module) int { return cmp.Compare(a.Dir, b.Dir) })
}

func modPin(base, verb, raw string, at drift.Place) drift.Pin {
	pin := drift.Pin{Source: drift.Source(base + ":" + verb), Raw: raw, Place: at}
	v := raw
	if verb == "go" {
		pin.Role, pin.Meaning = drift.RoleFloor, drift.MeaningMin
	} else {
		pin.Role, pin.Meaning = drift.RoleDevelop, drift.MeaningExact
		v = strings.TrimPrefix(raw, "go")
	}
	switch {
	case raw == "default":
		pin.Meaning = drift.MeaningDefault
	case !version.IsValid("go" + v), verb == "toolchain" && v == raw:
		pin.Meaning = drift.MeaningInvalid
		pin.Extra = map[string]string{"why": "not the name of a toolchain: write a name such as go1.25.3, or default"}
		if verb == "go" {
			pin.Extra["why"] = "not a Go version: a go line holds a version such as 1.25 or 1.25.0"
		}
	default:
		pin.Version, _, _ = strings.Cut(v, "-")
	}
	return pin
}
