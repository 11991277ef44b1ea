package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// schemaBase is where schemas say they live; nothing is fetched from there.
const schemaBase = "https://godrift.dev/schema/"

// generateSchema writes the JSON Schema of a Go struct as encoding/json writes
// it. Documents that godrift prints are open: fields may be added. Files that
// people write are closed, so that a misspelt key is noticed.
func generateSchema(src *source, name, title string, open bool, document any) (string, error) {
	reflector := &jsonschema.Reflector{
		AllowAdditionalProperties: open,
		CommentMap:                src.docs,
		Mapper:                    enums(src),
	}
	schema := reflector.Reflect(document)
	if err := allowNull(schema, reflect.TypeOf(document), map[reflect.Type]bool{}); err != nil {
		return "", err
	}
	schema.ID = jsonschema.ID(schemaBase + name + ".schema.json")
	schema.Title = title
	text, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return "", fmt.Errorf("schema of %s: %w", name, err)
	}
	return string(text) + "\n", nil
}

// enums maps string types with declared constants to the list of these.
func enums(src *source) func(reflect.Type) *jsonschema.Schema {
	return func(t reflect.Type) *jsonschema.Schema {
		words := src.values[key(t)]
		// A pin's source is open: every format brings its own words.
		if t.Kind() != reflect.String || len(words) == 0 || t.Name() == "Source" {
			return nil
		}
		schema := &jsonschema.Schema{Type: "string", Description: src.docs[key(t)]}
		for _, word := range words {
			schema.Enum = append(schema.Enum, word)
		}
		return schema
	}
}

// allowNull lets pointer fields that are always written be null, which the
// reflector leaves out.
func allowNull(schema *jsonschema.Schema, t reflect.Type, seen map[reflect.Type]bool) error {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || seen[t] {
		return nil // a time is written as a text
	}
	seen[t] = true
	return allowNullFields(schema, t.Name(), t, seen)
}

// allowNullFields does the fields of t, which stand in the definition of owner:
// those of an embedded struct are its owner's.
func allowNullFields(schema *jsonschema.Schema, owner string, t reflect.Type, seen map[reflect.Type]bool) error {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous && name == "" {
			if err := allowNullFields(schema, owner, field.Type, seen); err != nil {
				return err
			}
			continue
		}
		if err := allowNull(schema, field.Type, seen); err != nil {
			return err
		}
		if field.Type.Kind() != reflect.Pointer || strings.Contains(options, "omit") {
			continue
		}
		definition, ok := schema.Definitions[owner]
		if !ok {
			return fmt.Errorf("no definition of %s, whose field %s may be null", owner, name)
		}
		property, ok := definition.Properties.Get(name)
		if !ok {
			return fmt.Errorf("no property %s of %s", name, owner)
		}
		definition.Properties.Set(name, &jsonschema.Schema{
			Description: property.Description,
			AnyOf:       []*jsonschema.Schema{{Ref: property.Ref}, {Type: "null"}},
		})
	}
	return nil
}
