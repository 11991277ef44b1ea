package tell_test

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// TestCgoExplainText holds that programs without C code are one list at the end, and
// that a look without a network says what the go command's text does not.
func TestCgoExplainText(t *testing.T) {
	doc := tell.CgoDocument{Needs: &tell.CgoNeeds{
		Target:  "linux/amd64",
		Problem: "module lookup disabled by GOPROXY=off",
		Programs: []tell.CgoProgram{
			{Path: "example.com/a"},
			{Path: "example.com/b", Links: []string{"net"}, Effects: []drift.CgoEffect{{What: "names of hosts", On: "either", Off: "its own"}}},
			{Path: "example.com/c"},
		},
	}}
	var out strings.Builder
	if err := tell.CgoExplainText(&out, doc, tell.Options{}); err != nil {
		t.Fatal(err)
	}
	const programs = `
example.com/b  links net
  names of hosts
    1  either
    0  its own

The same with CGO_ENABLED=0 and 1, since nothing in it has C code:
  example.com/a
  example.com/c
`
	if !strings.HasSuffix(out.String(), programs) {
		t.Errorf("it ends with %q", out.String())
	}
	if !strings.Contains(out.String(), "godrift fetches nothing: go mod download does (module lookup disabled by GOPROXY=off)") {
		t.Errorf("the note has no next step: %q", out.String())
	}
}
