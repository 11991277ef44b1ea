package drift

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Facts are what a record holds besides the report.
type Facts struct {
	// Values holds host.NAME, tool.NAME and print.NAME.
	Values map[string]string
	// Keyed hashes a secret with the machine's key, so that a record tells that
	// it changed. Without it a change of what is masked is not seen.
	Keyed func(name, value string) string
	// Mask replaces Mask and, for a text that is no variable's and thus has no
	// name, MaskText: by something that gives the same and remembers it. It may
	// be nil.
	Mask func(name, value string) string
}

func (f Facts) mask(name, value string) string {
	switch {
	case f.Mask != nil:
		return f.Mask(name, value)
	case name == "":
		return MaskText(value)
	}
	return Mask(name, value)
}

// NewRecord makes the record of a report. What is secret is masked here, before
// anybody can store or show it.
func NewRecord(report *Report, facts Facts) Record {
	snap := report.Snapshot
	r := Record{
		Version: RecordVersion,
		Time:    snap.Time.UTC().Truncate(time.Millisecond),
		Root:    snap.Root,
		Of:      snap.Environment.Of,
		Values:  make(map[string]string, 3*len(snap.Environment.Variables)+len(snap.Pins)+len(facts.Values)+8),
	}
	set := func(key, value string) {
		if value != "" {
			r.Values[key] = facts.short("", value, maxValueText/8)
		}
	}
	sel := &snap.Selection
	set(KeySelected, sel.Selected)
	set(KeyGOROOT, sel.GOROOT)
	set(KeyHow, string(sel.How))
	set(KeyGoError, sel.Error)
	if sel.Go != nil {
		set(KeyGoPath, sel.Go.Executable)
	}
	set(KeyAgreed, agreed(report))
	set(KeyScore, strconv.Itoa(report.Score))
	if g := &snap.Graph; g.Scope != ModulesNone && !snap.GraphPending {
		set(KeyPrint+PrintModules, g.Fact())
		set(KeyPrint+PrintModFiles, g.Said)
		r.Modules = g.Modules
	}
	for key, value := range facts.Values {
		set(key, value)
	}
	for _, v := range snap.Environment.Variables {
		r.variable(v, facts)
	}
	for _, tool := range snap.Tools {
		// What a shell starts, and what is known about.
		if key := KeyTool + tool.Name; tool.First && tool.State == ToolRead && isOther(key) {
			set(key, strings.TrimSpace(tool.Version+" "+tool.GoVersion))
		}
	}
	r.pins(snap, facts)
	return r
}

// short masks a value and keeps its first characters. What was cut off may have
// been what told that the rest is no secret, so it is masked again.
func (f Facts) short(name, value string, characters int) string {
	shown := f.mask(name, value)
	if clipped := ClipTo(shown, characters); clipped != shown {
		shown = f.mask(name, clipped)
	}
	return shown
}

func (r *Record) variable(v Variable, facts Facts) {
	if !Recordable(v.Name) {
		return
	}
	shown := facts.short(v.Name, v.Value, maxValueText/8)
	r.Values[EnvKey(v.Name)] = shown
	if shown != v.Value && facts.Keyed != nil {
		r.Values[KeyedKey(v.Name)] = facts.Keyed(v.Name, v.Value)
	}
	layer := string(v.Kind)
	if v.File != "" {
		layer += " " + v.File
	}
	if layer != "" {
		r.Values[LayerKey(v.Name)] = MaskText(layer)
	}
}

// agreed is the agreed Go with the file that says so. It has no line: see
// Record.
func agreed(report *Report) string {
	p := report.Pinned
	if p.Version == "" {
		return ""
	}
	text := strings.TrimPrefix(p.Version, "go")
	if p.Pin.Place.File != "" {
		text += " (" + relative(report.Snapshot.Root, p.Pin.Place.File) + ")"
	}
	return text
}

// relative is a file as a record names it: with slashes, and from the root if it
// is in there.
func relative(root, file string) string {
	if Within(root, file) {
		file = strings.TrimPrefix(file[len(root):], string(filepath.Separator))
	}
	return filepath.ToSlash(file)
}

// pins writes the pins.
func (r *Record) pins(snap *Snapshot, facts Facts) {
	for i, key := range PinKeys(snap) {
		if len(r.Values) >= maxFacts {
			return
		}
		r.Values[key] = facts.short("", snap.Pins[i].Raw, enough)
	}
}

// PinKeys are the keys that the pins of a snapshot have in a record, one for each
// in their order: they are sorted by file and place.
func PinKeys(snap *Snapshot) []string {
	keys := make([]string, 0, len(snap.Pins))
	count := make(map[string]int, len(snap.Pins))
	for _, pin := range snap.Pins {
		key := ClipTo(KeyPin+MaskText(relative(snap.Root, pin.Place.File))+":"+string(pin.Source), maxKeyText/8)
		if count[key]++; count[key] > 1 {
			key = fmt.Sprintf("%s#%d", key, count[key])
		}
		keys = append(keys, key)
	}
	return keys
}

// PinText is the text of a pin as a record holds it.
func PinText(pin Pin) string { return Facts{}.short("", pin.Raw, enough) }

// WholePin reports whether the text of a pin in a record is all of it: a long one
// is cut off, and what looks like a secret is masked.
func WholePin(text string) bool {
	return !strings.Contains(text, Masked) && ClipTo(text, enough) == text
}

// ParsePinKey splits the key of a pin: its file as the record names it, its
// source, and which one of that source in that file it is, from 1.
func ParsePinKey(key string) (file string, source Source, n int, ok bool) {
	rest, ok := strings.CutPrefix(key, KeyPin)
	if !ok {
		return "", "", 0, false
	}
	n = 1
	if i := strings.LastIndexByte(rest, '#'); i >= 0 {
		if number, err := strconv.Atoi(rest[i+1:]); err == nil && number > 1 {
			rest, n = rest[:i], number
		}
	}
	// A source has colons of its own, but no slashes: what follows the last
	// slash is the file's name and the source.
	base := strings.LastIndexByte(rest, '/') + 1
	name, after, ok := strings.Cut(rest[base:], ":")
	return rest[:base] + name, Source(after), n, ok
}
