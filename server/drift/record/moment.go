package record

import (
	"bytes"
	"encoding/json"
	"fmt"

	"godrift.dev/server/drift"
)

// MomentDocument is one entry of the history as JSON, as "godrift log export"
// writes it. The changes are not in it: they are the difference of the two
// snapshots that it names.
type MomentDocument struct {
	// Schema is "godrift/moment".
	Schema string `json:"schema" jsonschema:"enum=godrift/moment"`
	// Version is the version of the layout.
	Version int `json:"version" jsonschema:"minimum=1,maximum=1"`
	// Time is when it happened, in UTC.
	Time string `json:"time" jsonschema:"maxLength=24"`
	// Scope says where and in whose environment it happened.
	Scope Scope `json:"scope"`
	// Before is the ID of the snapshot before; empty at first sight.
	Before string `json:"before" jsonschema:"pattern=^([0-9a-f]{64})?$"`
	// After is the ID of the snapshot after.
	After string `json:"after" jsonschema:"pattern=^[0-9a-f]{64}$"`
	// Cause is why it changed.
	Cause drift.Cause `json:"cause"`
	// By is who changed or saw it.
	By drift.Actor `json:"by"`
}

// MomentJSON encodes a moment on one line, without its changes.
func MomentJSON(m drift.Moment) ([]byte, error) {
	return encode(MomentDocument{
		Schema: SchemaMoment, Version: drift.RecordVersion, Time: m.Time.UTC().Format(stamp), Scope: newScope(m.Root, m.Of),
		Before: m.Before, After: m.After, Cause: m.Cause, By: m.By,
	})
}

// Line is one line of an export: either of the two is set.
type Line struct {
	Record *drift.Record
	Moment *drift.Moment
}

// JSON encodes the line.
func (l Line) JSON() ([]byte, error) {
	if l.Record != nil {
		return JSON(*l.Record)
	}
	return MomentJSON(*l.Moment)
}

// DecodeLine reads one line of an export.
func DecodeLine(text []byte) (Line, error) {
	var which struct {
		Schema string `json:"schema"`
	}
	if len(text) > maxEncoded {
		return Line{}, fmt.Errorf("%d bytes: at most %d are read", len(text), maxEncoded)
	}
	if err := json.Unmarshal(bytes.TrimSpace(text), &which); err != nil {
		return Line{}, fmt.Errorf("no JSON: %w", err)
	}
	switch which.Schema {
	case SchemaSnapshot:
		r, err := DecodeJSON(text)
		return Line{Record: &r}, err
	case SchemaMoment:
		m, err := decodeMoment(text)
		return Line{Moment: &m}, err
	}
	return Line{}, fmt.Errorf("a line of an unknown kind, %q: it must be %q or %q", drift.Clip(which.Schema), SchemaSnapshot, SchemaMoment)
}

func decodeMoment(text []byte) (drift.Moment, error) {
	var d MomentDocument
	if err := decode(text, momentSchema, &d); err != nil {
		return drift.Moment{}, fmt.Errorf("not an entry of the history: %w", err)
	}
	at, err := parseTime(d.Time)
	if err != nil {
		return drift.Moment{}, err
	}
	root, err := d.Scope.root()
	if err != nil {
		return drift.Moment{}, err
	}
	for _, text := range []string{d.Cause.Text, d.By.Name, root, d.Scope.Of} {
		if drift.MaskText(text) != text || len(text) > 1000 {
			return drift.Moment{}, fmt.Errorf("the entry of %s says too much of its cause, or a secret", d.Time)
		}
	}
	return drift.Moment{Time: at, Root: root, Of: d.Scope.Of, Before: d.Before, After: d.After, Cause: d.Cause, By: d.By}, nil
}
