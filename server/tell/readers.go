package tell

import (
	"fmt"
	"io"
	"strings"

	"godrift.dev/server/drift"
)

// WithReaders returns the document with what each program would take.
func (d WhyDocument) WithReaders(readings []drift.Reading, partings []drift.Parting, texts Texts) WhyDocument {
	places := placer{texts: texts.Or(nothing), docs: map[string]drift.Document{}}
	d.Readers = make([]Reading, 0, len(readings))
	for _, r := range readings {
		out := Reading{Reader: r.Reader, Version: drift.MaskText(r.Version), Reason: drift.MaskText(r.Reason), Sees: []ReadPin{}, Ignores: []IgnoredPin{}}
		if r.Pin.Place.File != "" {
			pin := places.pin(r.Pin)
			out.Pin = &pin
		}
		for _, p := range r.Sees {
			out.Sees = append(out.Sees, places.pin(p))
		}
		for _, i := range r.Ignores {
			out.Ignores = append(out.Ignores, IgnoredPin{ReadPin: places.pin(i.Pin), Why: i.Why})
		}
		d.Readers = append(d.Readers, out)
	}
	d.Partings = make([]Parting, 0, len(partings))
	for _, p := range partings {
		d.Partings = append(d.Partings, Parting{A: p.A, B: p.B, Message: drift.MaskText(p.Message)})
	}
	return d
}

// ReadersText writes what each program would take, for a person: one program
// after the other with the place that decides, then where two of them part.
func ReadersText(w io.Writer, doc WhyDocument, opts Options) error {
	t := newText(w, opts)
	t.headline(doc)
	t.printf("\n%s\n", t.paint(t.strong, "What each program takes from here"))
	rows := joined(doc.Readers)
	names, versions := 0, 0
	for _, r := range rows {
		names, versions = max(names, width(clean(r.Reader))), max(versions, min(width(clean(r.Version)), widest))
	}
	blank := strings.Repeat(" ", names+4)
	for _, r := range rows {
		version, style := clean(r.Version), t.strong
		if version == "" {
			version, style = "nothing", t.faint
		}
		line := "  " + pad(clean(r.Reader), names) + "  " + t.paint(style, version)
		if r.Pin != nil {
			line += strings.Repeat(" ", max(0, versions-width(version))+2) + t.paint(t.frame, t.at(Range{File: r.Pin.File, Line: r.Pin.Line}))
		}
		t.printf("%s\n%s%s\n", line, blank, t.paint(t.faint, clean(r.Reason)))
	}
	if len(doc.Partings) > 0 {
		t.printf("\n%s\n", t.paint(t.strong, "Where they part"))
	}
	for _, p := range doc.Partings {
		t.printf("  %s\n    %s\n", t.paint(t.warning, clean(p.A+" ≠ "+p.B)), clean(p.Message))
	}
	return t.err
}

// joined makes one row of what several versions of a program take alike.
func joined(readings []Reading) []Reading {
	var out []Reading
	same := map[string]int{}
	for _, r := range readings {
		program, of, versioned := strings.Cut(r.Reader, " v")
		key := program + "\x00" + r.Version
		if r.Pin != nil {
			key += fmt.Sprintf("\x00%s:%d", r.Pin.File, r.Pin.Line)
		}
		if i, ok := same[key]; ok && versioned {
			out[i].Reader += ", v" + of
			continue
		}
		same[key] = len(out)
		out = append(out, r)
	}
	return out
}

// placer names pins. It asks for each file once: several programs see the same
// ones.
type placer struct {
	texts Texts
	docs  map[string]drift.Document
}

func nothing(string) (drift.Document, bool) { return drift.Document{}, false }

func (l placer) pin(p drift.Pin) ReadPin {
	doc, ok := l.docs[p.Place.File]
	if !ok {
		doc, _ = l.texts(p.Place.File)
		l.docs[p.Place.File] = doc
	}
	return ReadPin{File: p.Place.File, Line: drift.PositionOf(doc.Text, p.Place.Span.Start).Line, Raw: drift.MaskText(p.Raw), Source: p.Source}
}
