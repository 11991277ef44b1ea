package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"godrift.dev/server/face/lsp"
)

// clientSettings are the settings that only the extension reads.
type clientSettings struct {
	// Path is the godrift program to start instead of the one that comes with
	// the extension. Not read from the settings of a folder you do not trust.
	Path string `json:"server.path" scope:"machine-overridable"`
	// Trace writes the messages between the editor and the server to the output
	// channel.
	Trace string `json:"trace.server" enum:"off,messages,verbose"`
}

// configuration is contributes.configuration of the extension's manifest.
func configuration(src *source) (any, error) {
	properties := orderedMap{}
	for _, part := range []struct {
		pkg      string
		defaults any
	}{
		{"godrift.dev/scripts/gen", clientSettings{Trace: "off"}},
		{"godrift.dev/server/face/lsp", lsp.DefaultSettings()},
	} {
		value := reflect.ValueOf(part.defaults)
		for field := range value.Type().Fields() {
			doc := src.docs[part.pkg+"."+value.Type().Name()+"."+field.Name]
			if doc == "" {
				return nil, fmt.Errorf("the setting %s has no comment", field.Name)
			}
			property := orderedMap{}
			switch field.Type.Kind() {
			case reflect.Bool:
				property.set("type", "boolean")
			case reflect.String:
				property.set("type", "string")
			default:
				return nil, fmt.Errorf("the setting %s has a type that the settings editor cannot show", field.Name)
			}
			if words := field.Tag.Get("enum"); words != "" {
				property.set("enum", strings.Split(words, ","))
			}
			property.set("default", value.FieldByIndex(field.Index).Interface())
			property.set("markdownDescription", describe(field, doc))
			if scope := field.Tag.Get("scope"); scope != "" {
				property.set("scope", scope)
			}
			properties.set("godrift."+field.Tag.Get("json"), property)
		}
	}
	out := orderedMap{}
	out.set("title", "godrift")
	out.set("properties", properties)
	return out, nil
}

// describe turns a Go comment ("Path is the program …") into a description
// ("The program …").
func describe(field reflect.StructField, doc string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	for _, lead := range []string{field.Name + " is ", field.Name + " "} {
		if rest, ok := strings.CutPrefix(doc, lead); ok {
			return strings.ToUpper(rest[:1]) + rest[1:]
		}
	}
	return doc
}

// orderedMap is a JSON object that keeps the order of its keys.
type orderedMap struct {
	keys   []string
	values map[string]any
}

func (m *orderedMap) set(key string, value any) {
	if m.values == nil {
		m.values = map[string]any{}
	}
	if _, ok := m.values[key]; !ok {
		m.keys = append(m.keys, key)
	}
	m.values[key] = value
}

// MarshalJSON writes the keys in the order in which they were set.
func (m orderedMap) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, key := range m.keys {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := marshal(key)
		if err != nil {
			return nil, err
		}
		value, err := marshal(m.values[key])
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(value)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// UnmarshalJSON keeps the order of the keys at every depth.
func (m *orderedMap) UnmarshalJSON(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	if _, err := dec.Token(); err != nil {
		return err
	}
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return err
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return err
		}
		if bytes.HasPrefix(raw, []byte("{")) {
			var inner orderedMap
			if err := json.Unmarshal(raw, &inner); err != nil {
				return err
			}
			m.set(name.(string), inner)
			continue
		}
		m.set(name.(string), raw)
	}
	return nil
}

// marshal is json.Marshal without the escaping of <, > and &, which manifests
// written by hand do not have.
func marshal(value any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}

// withConfiguration replaces contributes.configuration in a manifest and
// leaves everything else in its place. A manifest that has it already is
// returned as it is, however it is formatted.
func withConfiguration(manifest string, configuration any) (string, error) {
	var pkg orderedMap
	if err := json.Unmarshal([]byte(manifest), &pkg); err != nil {
		return "", fmt.Errorf("package.json: %w", err)
	}
	contributes, ok := pkg.values["contributes"].(orderedMap)
	if !ok {
		return "", fmt.Errorf("package.json has no contributes object")
	}
	if same, err := equal(contributes.values["configuration"], configuration); err != nil || same {
		return manifest, err
	}
	contributes.set("configuration", configuration)
	pkg.set("contributes", contributes)
	compact, err := marshal(pkg)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, compact, "", "  "); err != nil {
		return "", err
	}
	return out.String() + "\n", nil
}

// equal compares two values as JSON, the order of keys included.
func equal(a, b any) (bool, error) {
	one, err := marshal(a)
	if err != nil {
		return false, err
	}
	two, err := marshal(b)
	if err != nil {
		return false, err
	}
	var x, y bytes.Buffer
	if err := json.Compact(&x, one); err != nil {
		return false, err
	}
	if err := json.Compact(&y, two); err != nil {
		return false, err
	}
	return bytes.Equal(x.Bytes(), y.Bytes()), nil
}
