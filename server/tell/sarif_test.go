package tell_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// sarifModule is a public module that holds the standard's own schema as a
// string constant.
const sarifModule = "github.com/owenrumney/go-sarif/v3@v3.3.1"

// publicSchema reads the schema of SARIF 2.1.0 out of the module cache.
func publicSchema(t *testing.T) *jsonschema.Resolved {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", sarifModule)
	cmd.Dir = t.TempDir() // outside the module, whose go.mod must not change
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	var module struct{ Dir, Error string }
	if jerr := json.Unmarshal(out, &module); jerr != nil || err != nil || module.Dir == "" {
		t.Fatalf("cannot get %s through the module proxy: %v %s", sarifModule, err, module.Error)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(module.Dir, "pkg/report/v210/sarif/schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var text string
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && text == "" {
			text, err = strconv.Unquote(lit.Value)
		}
		return true
	})
	if err != nil || !strings.Contains(text, "sarif-schema-2.1.0.json") {
		t.Fatalf("%s holds no schema any more: %v", module.Dir, err)
	}
	// The standard is in draft 4; all that it uses of it has the same meaning in
	// draft 7, but for the name of the identifier.
	text = strings.Replace(text, "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema#", 1)
	text = strings.Replace(text, `"id": "https://docs.oasis-open.org`, `"$id": "https://docs.oasis-open.org`, 1)
	var schema jsonschema.Schema
	if err := json.Unmarshal([]byte(text), &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}

func TestSARIFAgainstThePublicSchema(t *testing.T) {
	schema := publicSchema(t)
	clean := &drift.Report{Snapshot: &drift.Snapshot{Root: "/src/other"}, Score: 100}
	for name, reports := range map[string][]*drift.Report{
		"awkward": {sample()}, "clean": {clean}, "both": {sample(), clean}, "none": nil,
	} {
		out := render(t, func(w io.Writer) error { return tell.SARIF(w, reports, options) })
		var log any
		if err := json.Unmarshal(out, &log); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(log); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}

	// The check can fail.
	if schema.Validate(map[string]any{"version": "2.1.0", "runs": []any{map[string]any{"results": []any{}}}}) == nil {
		t.Error("a run without a tool passed: the schema is not applied")
	}
}
