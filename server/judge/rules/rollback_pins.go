package rules

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// PinBack is a pin that a rollback gives the text back that it had.
type PinBack struct {
	// Key is the pin's in a record; File is as the key has it.
	Key  string
	File string
	// From is what stands there now and To what stood there; one of them is empty
	// for a toolchain line that goes or comes.
	From, To string
}

// Title says what is done, without an end.
func (p PinBack) Title() string {
	switch {
	case p.To == "":
		return fmt.Sprintf("Remove %s from %s", p.From, p.File)
	case p.From == "":
		return fmt.Sprintf("Write %s back into %s", p.To, p.File)
	}
	return fmt.Sprintf("Restore %s in %s, where %s stands now", p.To, p.File, p.From)
}

// series are the pins of one source in one file, then and now, in their order. A
// record does not know the places of pins: which one is which is told by the order.
type series struct {
	file   string // as the record names it
	source drift.Source
	keys   []string // of the longer of the two
	was    []string
	is     []drift.Pin
}

// pinSeries pairs the pins of a record with those of the snapshot, sorted by file.
func pinSeries(snap *drift.Snapshot, r drift.Record) []*series {
	type id struct {
		file   string
		source drift.Source
	}
	all := map[id]*series{}
	of := func(key string) (*series, int) {
		file, source, n, ok := drift.ParsePinKey(key)
		if !ok {
			return nil, 0
		}
		s := all[id{file, source}]
		if s == nil {
			s = &series{file: file, source: source}
			all[id{file, source}] = s
		}
		return s, n
	}
	for i, key := range drift.PinKeys(snap) {
		if s, _ := of(key); s != nil {
			s.is = append(s.is, snap.Pins[i])
			s.keys = append(s.keys, key)
		}
	}
	numbered := map[*series]map[int]string{}
	for key, text := range r.Values {
		s, n := of(key)
		if s == nil {
			continue
		}
		if numbered[s] == nil {
			numbered[s] = map[int]string{}
		}
		numbered[s][n] = text
		if len(s.is) == 0 && n == 1 {
			s.keys = []string{key}
		}
	}
	for s, texts := range numbered {
		for _, n := range slices.Sorted(maps.Keys(texts)) {
			s.was = append(s.was, texts[n])
		}
	}
	return slices.SortedFunc(maps.Values(all), func(a, b *series) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.source, b.source))
	})
}

// same reports whether every text is what it was.
func (s *series) same() bool {
	return slices.EqualFunc(s.was, s.is, func(was string, pin drift.Pin) bool { return was == drift.PinText(pin) })
}

// asks reports whether a file is one of those that are asked for, by its name or
// by that of a folder above it. Names are as records have them.
func (w Wanted) asks(file string) bool {
	return w.Pins || slices.ContainsFunc(w.Paths, func(p string) bool {
		return p == "." && !path.IsAbs(file) || file == p || strings.HasPrefix(file, strings.TrimSuffix(p, "/")+"/")
	})
}

// rollBackPins works out the edits that give pins back the texts that they had in
// a record. whole is the snapshot with the whole texts of its pins.
func (in Input) rollBackPins(whole *drift.Snapshot, r drift.Record, w Wanted) (actions []drift.Action, done []PinBack, note string, left []RollbackNote) {
	found := map[string]bool{}
	leave := func(file, format string, args ...any) {
		n := RollbackNote{file, fmt.Sprintf(format, args...)}
		if !slices.Contains(left, n) {
			left = append(left, n)
		}
	}
	for _, s := range pinSeries(whole, r) {
		if !w.asks(s.file) {
			continue
		}
		for _, p := range w.Paths {
			found[p] = found[p] || (Wanted{Paths: []string{p}}).asks(s.file)
		}
		if s.same() {
			continue
		}
		made, backs, why := in.backSeries(s)
		if why == "" && overlap(actions, made) {
			why = "two pins stand at one place, and had different texts"
		}
		if why != "" {
			leave(s.file, "%s", why)
			continue
		}
		actions, done = append(actions, made...), append(done, backs...)
		for _, a := range made {
			if len(a.Edits) == 1 && strings.Contains(in.textAt(drift.Place{File: a.File, Span: a.Edits[0].Span}), "@sha256:") {
				note = "A digest behind a tag is dropped: it names the image of now, and the one of then is not kept."
			}
		}
	}
	for _, p := range w.Paths {
		if !found[p] {
			leave(p, "no pin of it is known, neither then nor now")
		}
	}
	return actions, done, note, left
}

// backSeries makes the edits for the pins of one source in one file, or says why
// there are none.
func (in Input) backSeries(s *series) (actions []drift.Action, done []PinBack, why string) {
	toolchain := s.source == drift.SourceGoModToolchain || s.source == drift.SourceGoWorkToolchain
	switch {
	case toolchain && len(s.was) == 0 && len(s.is) == 1:
		a := in.removeLine(s.is[0].Place)
		return []drift.Action{a}, []PinBack{{s.keys[0], s.file, s.is[0].Raw, ""}}, cannotEdit(a)
	case toolchain && len(s.was) == 1 && len(s.is) == 0:
		a := in.insertToolchain(s.file, s.was[0])
		return []drift.Action{a}, []PinBack{{s.keys[0], s.file, "", s.was[0]}}, cmp.Or(unfit(s.was[0]), cannotEdit(a))
	case len(s.is) == 0 && !in.knows(s.file):
		return nil, nil, "it is not there any more, or pins no Go; the text of files is not kept here, your version control has it"
	case len(s.was) == 0:
		return nil, nil, "it has pins that were not there then: " + string(s.source)
	case len(s.is) != len(s.was):
		return nil, nil, fmt.Sprintf("it had %s of %s then and has %d now, so that nobody can tell which is which", counted(len(s.was), "pin", "pins"), s.source, len(s.is))
	}
	for i, pin := range s.is {
		was := s.was[i]
		if was == drift.PinText(pin) {
			continue
		}
		if no := unfit(was); no != "" {
			return nil, nil, no
		}
		made, no := in.replace(pin, was)
		if no != "" {
			return nil, nil, no
		}
		actions, done = append(actions, made...), append(done, PinBack{s.keys[i], s.file, pin.Raw, was})
	}
	return actions, done, ""
}

// unfit says why a text from a record cannot be written into a file: it is not
// all of it, or no pin looks like that. Records can be imported.
func unfit(text string) string {
	switch {
	case !drift.WholePin(text):
		return "what stood there was too long to be kept whole, or looked like a secret"
	case text == "" || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		return "what is remembered of it is no text that a pin can have"
	}
	return ""
}

func cannotEdit(a drift.Action) string {
	if a.Kind == "" {
		return "its file is not to be changed, or is not as expected"
	}
	return ""
}

// knows reports whether a file has pins now; its name is as records have it.
func (in Input) knows(file string) bool {
	return slices.ContainsFunc(in.Snapshot.Pins, func(pin drift.Pin) bool { return filepath.ToSlash(in.rel(pin.Place.File)) == file })
}

// insertToolchain writes a toolchain line below the go line, as the go command
// does: with an empty line between them.
func (in Input) insertToolchain(file, toolchain string) drift.Action {
	for _, pin := range in.Snapshot.Pins {
		if filepath.ToSlash(in.rel(pin.Place.File)) != file || pin.Source != drift.SourceGoModGo && pin.Source != drift.SourceGoWorkGo {
			continue
		}
		text := string(in.Snapshot.Documents[pin.Place.File].Text)
		if pin.Place.Span.End > len(text) {
			return drift.Action{}
		}
		end, line := "\n", pin.Place.Span.End
		if i := strings.IndexByte(text[line:], '\n'); i >= 0 {
			line += i
		} else {
			line = len(text)
		}
		if line > 0 && text[line-1] == '\r' {
			line, end = line-1, "\r\n"
		}
		at := drift.Place{File: pin.Place.File, Span: drift.Span{Start: line, End: line}}
		return in.edit(at, end+end+"toolchain "+toolchain)
	}
	return drift.Action{}
}

// textAt is the text of a place.
func (in Input) textAt(at drift.Place) string {
	text := in.Snapshot.Documents[at.File].Text
	if at.Span.Start < 0 || at.Span.End > len(text) || at.Span.Start > at.Span.End {
		return ""
	}
	return string(text[at.Span.Start:at.Span.End])
}

// overlap reports whether some edits cannot be made together with others.
func overlap(have, more []drift.Action) bool {
	return slices.ContainsFunc(more, func(a drift.Action) bool {
		return slices.ContainsFunc(have, func(b drift.Action) bool {
			return a.File == b.File && slices.ContainsFunc(a.Edits, func(x drift.TextEdit) bool {
				return slices.ContainsFunc(b.Edits, func(y drift.TextEdit) bool {
					return x != y && x.Span.Start < y.Span.End && y.Span.Start < x.Span.End
				})
			})
		})
	})
}

// RestorePin offers to give the one pin at a place the text back that it had when
// the state of the workspace was accepted.
func RestorePin(in Input, r drift.Record, at drift.Place) (drift.Fix, bool) {
	whole := in.Snapshot
	in = in.ready()
	for _, s := range pinSeries(whole, r) {
		i := slices.IndexFunc(s.is, func(pin drift.Pin) bool { return pin.Place == at })
		if i < 0 || len(s.was) != len(s.is) || s.was[i] == drift.PinText(s.is[i]) {
			continue
		}
		one := &series{file: s.file, source: s.source, keys: s.keys[i : i+1], was: s.was[i : i+1], is: s.is[i : i+1]}
		actions, _, why := in.backSeries(one)
		if why != "" {
			return drift.Fix{}, false
		}
		fixes := repair("Restore "+s.was[i]+", as it was when this state was accepted", "", actions...)
		return fixes[0], true
	}
	return drift.Fix{}, false
}
