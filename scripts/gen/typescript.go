package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
)

// typescript writes interfaces for Go structs, as encoding/json writes them.
type typescript struct {
	src  *source
	out  strings.Builder
	seen map[reflect.Type]bool
	todo []reflect.Type
	// clash says that two types would have the same name.
	clash error
}

func generateTypeScript(src *source, header string, roots ...any) (string, error) {
	ts := &typescript{src: src, seen: map[reflect.Type]bool{}}
	ts.out.WriteString(header)
	for _, root := range roots {
		ts.name(reflect.TypeOf(root))
	}
	for len(ts.todo) > 0 {
		t := ts.todo[0]
		ts.todo = ts.todo[1:]
		if err := ts.declare(t); err != nil {
			return "", err
		}
	}
	return ts.out.String(), ts.clash
}

// name is the TypeScript type for a Go type; named types are declared later.
func (ts *typescript) name(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return ts.name(t.Elem()) + " | null"
	case reflect.Slice, reflect.Array:
		elem := ts.name(t.Elem())
		if strings.Contains(elem, " ") {
			elem = "(" + elem + ")"
		}
		return elem + "[]"
	case reflect.Map:
		return "Record<string, " + ts.name(t.Elem()) + ">"
	case reflect.Interface:
		return "unknown"
	case reflect.Bool:
		return "boolean"
	case reflect.String:
		if len(ts.src.values[key(t)]) == 0 {
			return "string"
		}
	case reflect.Struct:
		if key(t) == "time.Time" {
			return "string"
		}
	default:
		return "number"
	}
	if !ts.seen[t] {
		for other := range ts.seen {
			if other.Name() == t.Name() {
				ts.clash = fmt.Errorf("%s and %s would both be called %s in TypeScript", key(other), key(t), t.Name())
			}
		}
		ts.seen[t] = true
		ts.todo = append(ts.todo, t)
	}
	return t.Name()
}

func key(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

func (ts *typescript) declare(t reflect.Type) error {
	ts.out.WriteString("\n")
	ts.comment("", ts.src.docs[key(t)])
	if t.Kind() == reflect.String {
		var words []string
		for _, word := range ts.src.values[key(t)] {
			words = append(words, "'"+strings.ReplaceAll(word, "'", `\'`)+"'")
		}
		fmt.Fprintf(&ts.out, "export type %s = %s;\n", t.Name(), strings.Join(words, " | "))
		return nil
	}
	fmt.Fprintf(&ts.out, "export interface %s {\n", t.Name())
	if err := ts.fields(t); err != nil {
		return err
	}
	ts.out.WriteString("}\n")
	return nil
}

func (ts *typescript) fields(t reflect.Type) error {
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case name == "-" || !field.IsExported():
			continue
		case field.Anonymous && name == "":
			if err := ts.fields(field.Type); err != nil {
				return err
			}
			continue
		case name == "":
			return fmt.Errorf("%s.%s has no json tag", key(t), field.Name)
		}
		if field.Type == reflect.TypeFor[json.RawMessage]() {
			fmt.Fprintf(&ts.out, "  %s: unknown;\n", name)
			continue
		}
		ts.comment("  ", ts.src.docs[key(t)+"."+field.Name])
		optional := ""
		kind := field.Type
		if strings.Contains(options, "omit") {
			optional = "?"
			if kind.Kind() == reflect.Pointer {
				kind = kind.Elem()
			}
		}
		fmt.Fprintf(&ts.out, "  %s%s: %s;\n", name, optional, ts.name(kind))
	}
	return nil
}

func (ts *typescript) comment(indent, doc string) {
	if doc == "" {
		return
	}
	lines := strings.Split(strings.ReplaceAll(doc, "*/", "*\u200b/"), "\n")
	if len(lines) == 1 {
		fmt.Fprintf(&ts.out, "%s/** %s */\n", indent, lines[0])
		return
	}
	fmt.Fprintf(&ts.out, "%s/**\n", indent)
	for _, line := range lines {
		fmt.Fprintf(&ts.out, "%s\n", strings.TrimRight(indent+" * "+line, " "))
	}
	fmt.Fprintf(&ts.out, "%s */\n", indent)
}
