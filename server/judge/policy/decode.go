package policy

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// decode fills a Config from the tree. The keys are those of Config's json
// tags, so that reader and published schema cannot part company. What does not
// fit becomes a problem and is left out; the rest is kept.
func (t *tree) decode(n *node, into reflect.Value, path string) {
	switch into.Kind() {
	case reflect.Struct:
		t.decodeStruct(n, into, path)
	case reflect.Map:
		if !t.want(n, table, path, "a table, as in [%s]") {
			return
		}
		into.Set(reflect.MakeMap(into.Type()))
		for _, key := range n.keys {
			value := reflect.New(into.Type().Elem()).Elem()
			t.decode(n.table[key], value, path+"."+key)
			into.SetMapIndex(reflect.ValueOf(key), value)
		}
	case reflect.Slice:
		if into.Type().Elem().Kind() == reflect.String {
			t.decodeTexts(n, into, path)
			return
		}
		if !t.want(n, array, path, "a list of tables, as in [[%s]]") {
			return
		}
		for _, item := range n.items {
			value := reflect.New(into.Type().Elem()).Elem()
			t.decode(item, value, path)
			into.Set(reflect.Append(into, value))
		}
	case reflect.String:
		if n.kind == date && strings.HasSuffix(path, ".until") || t.want(n, text, path, "text in quotes") {
			into.SetString(n.text)
		}
	case reflect.Pointer: // a number, of which none is another thing than 0
		number, err := strconv.ParseFloat(n.text, 64)
		if n.kind != other || err != nil {
			t.problem(n.span, "%s must be a number, as in 0.3.", path)
			return
		}
		into.Set(reflect.ValueOf(&number))
	}
}

func (t *tree) decodeTexts(n *node, into reflect.Value, path string) {
	if !t.want(n, array, path, "a list of texts in quotes") {
		return
	}
	for _, item := range n.items {
		value := reflect.New(into.Type().Elem()).Elem()
		if t.want(item, text, path, "a list of texts in quotes") {
			value.SetString(item.text)
		}
		into.Set(reflect.Append(into, value))
	}
}

func (t *tree) want(n *node, k kind, path, what string) bool {
	if n.kind == k {
		return true
	}
	if strings.Contains(what, "%s") {
		what = fmt.Sprintf(what, path)
	}
	t.problem(n.span, "%s must be %s.", path, what)
	return false
}

func (t *tree) decodeStruct(n *node, into reflect.Value, path string) {
	if !t.want(n, table, path, "a table, as in [%s]") {
		return
	}
	known := map[string]int{}
	var names []string
	for i := range into.NumField() {
		name, _, _ := strings.Cut(into.Type().Field(i).Tag.Get("json"), ",")
		known[name] = i
		names = append(names, name)
	}
	for _, key := range n.keys {
		i, ok := known[key]
		if !ok {
			t.unknownKey(n.table[key].key, path, key, names)
			continue
		}
		child := key
		if path != "" {
			child = path + "." + key
		}
		t.decode(n.table[key], into.Field(i), child)
	}
}

func (t *tree) unknownKey(at drift.Span, path, key string, names []string) {
	where := "here"
	if path != "" {
		where = "in " + path
	}
	if near := Nearest(key, names); near != "" {
		t.problem(at, "There is no key %q %s; did you mean %q?", key, where, near)
		return
	}
	t.problem(at, "There is no key %q %s; the keys are %s.", key, where, strings.Join(names, ", "))
}

// Nearest returns the name that a person most likely meant by word, or nothing
// if none is near.
func Nearest(word string, names []string) string {
	best, least := "", 3
	for _, name := range names {
		if d := distance(word, name, least); d < least && d < len(name) {
			best, least = name, d
		}
	}
	return best
}

// distance is the number of letters to add, drop or replace. It is not worked
// out beyond the limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
