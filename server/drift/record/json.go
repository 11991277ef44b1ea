package record

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"sync"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"

	"godrift.dev/server/drift"
	"godrift.dev/shared"
)

// SchemaSnapshot and SchemaMoment are the names of the documents.
const (
	SchemaSnapshot = "godrift/snapshot"
	SchemaMoment   = "godrift/moment"
)

// Document is a snapshot as JSON: what "godrift snapshot --format json" prints
// and what "godrift log export" writes.
type Document struct {
	// Schema is "godrift/snapshot".
	Schema string `json:"schema" jsonschema:"enum=godrift/snapshot"`
	// Version is the version of the layout: of the meaning of the keys.
	Version int `json:"version" jsonschema:"minimum=1,maximum=1"`
	// ID is the hex SHA-256 of Values: the same state has the same ID.
	ID string `json:"id" jsonschema:"pattern=^[0-9a-f]{64}$"`
	// Time is when it was seen, in UTC, for example "2026-05-04T03:02:01.987Z".
	Time string `json:"time" jsonschema:"maxLength=24"`
	// Scope says where and in whose environment it was seen.
	Scope Scope `json:"scope"`
	// Values are the facts, by key.
	Values map[string]string `json:"values"`
	// Bytes holds in base64 those facts that are no valid UTF-8.
	Bytes map[string]string `json:"bytes,omitempty"`
	// SHA256 is the hex SHA-256 of the whole snapshot in its text encoding.
	SHA256 string `json:"sha256" jsonschema:"pattern=^[0-9a-f]{64}$"`
}

// Scope is where something was seen, and in whose environment.
type Scope struct {
	// Root is the workspace folder.
	Root string `json:"root"`
	// RootBytes is the folder in base64 if its name is no valid UTF-8.
	RootBytes string `json:"rootBytes,omitempty"`
	// Of is "editor", "login shell", "terminal", "cli" or "ci".
	Of string `json:"of" jsonschema:"maxLength=100"`
}

// NewDocument makes the document of a record.
func NewDocument(r drift.Record) Document {
	d := Document{
		Schema: SchemaSnapshot, Version: r.Version, ID: r.ID(), Time: r.Time.UTC().Format(stamp),
		Scope: newScope(r.Root, r.Of), Values: make(map[string]string, len(r.Values)),
	}
	for key, value := range r.Values {
		if utf8.ValidString(value) {
			d.Values[key] = value
			continue
		}
		if d.Bytes == nil {
			d.Bytes = map[string]string{}
		}
		d.Bytes[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	sum := sha256.Sum256(Text(r))
	d.SHA256 = hex.EncodeToString(sum[:])
	return d
}

func newScope(root, of string) Scope {
	if utf8.ValidString(root) {
		return Scope{Root: root, Of: of}
	}
	return Scope{RootBytes: base64.StdEncoding.EncodeToString([]byte(root)), Of: of}
}

func (s Scope) root() (string, error) {
	if s.RootBytes == "" {
		return s.Root, nil
	}
	root, err := base64.StdEncoding.DecodeString(s.RootBytes)
	if err != nil || utf8.Valid(root) || s.Root != "" {
		return "", fmt.Errorf("the folder %q is not written as it must be", drift.Clip(s.RootBytes))
	}
	return string(root), nil
}

// JSON encodes a record on one line, without a newline at its end.
func JSON(r drift.Record) ([]byte, error) { return encode(NewDocument(r)) }

func encode(document any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(document); err != nil {
		return nil, fmt.Errorf("writing a snapshot as JSON: %w", err)
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// DecodeJSON reads what JSON wrote.
func DecodeJSON(text []byte) (drift.Record, error) {
	var d Document
	if err := decode(text, snapshotSchema, &d); err != nil {
		return drift.Record{}, fmt.Errorf("not a snapshot: %w", err)
	}
	at, err := parseTime(d.Time)
	if err != nil {
		return drift.Record{}, err
	}
	root, err := d.Scope.root()
	if err != nil {
		return drift.Record{}, err
	}
	r := drift.Record{Version: d.Version, Time: at, Root: root, Of: d.Scope.Of, Values: d.Values}
	for key, encoded := range d.Bytes {
		value, err := base64.StdEncoding.DecodeString(encoded)
		if _, twice := r.Values[key]; err != nil || twice || utf8.Valid(value) {
			return drift.Record{}, fmt.Errorf("the bytes of %q are not written as they must be", drift.Clip(key))
		}
		r.Values[key] = string(value)
	}
	if r, err = checked(r, d.ID); err != nil {
		return drift.Record{}, err
	}
	if sum := sha256.Sum256(Text(r)); hex.EncodeToString(sum[:]) != d.SHA256 {
		return drift.Record{}, fmt.Errorf("the snapshot %s was changed or damaged: its checksum is not %q", drift.ShortID(d.ID), drift.Clip(d.SHA256))
	}
	return r, nil
}

// decode validates a document against its published schema and then reads it.
func decode(text []byte, schema func() (*jsonschema.Resolved, error), into any) error {
	if len(text) > maxEncoded {
		return fmt.Errorf("%d bytes: at most %d are read", len(text), maxEncoded)
	}
	if !utf8.Valid(text) {
		return fmt.Errorf("it is no valid UTF-8")
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	resolved, err := schema()
	if err != nil {
		return err
	}
	if err := resolved.Validate(value); err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// The schemas are read when the first document comes: most runs read none.
var (
	snapshotSchema = published("snapshot")
	momentSchema   = published("moment")
)

func published(name string) func() (*jsonschema.Resolved, error) {
	return sync.OnceValues(func() (*jsonschema.Resolved, error) {
		raw, err := fs.ReadFile(shared.Schemas, name+".schema.json")
		if err != nil {
			return nil, fmt.Errorf("reading the schema of a %s: %w", name, err)
		}
		var schema jsonschema.Schema
		if err := json.Unmarshal(raw, &schema); err != nil {
			return nil, fmt.Errorf("reading the schema of a %s: %w", name, err)
		}
		return schema.Resolve(nil)
	})
}
