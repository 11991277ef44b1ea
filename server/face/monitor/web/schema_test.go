package web

import (
	"encoding/json"
	"io/fs"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"godrift.dev/server/tell"
	"godrift.dev/shared"
)

// Every document that the server answers with is as its published schema says.
func TestSchemas(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	s.server.Changed(ws.Root)
	fix, err := json.Marshal(tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorFix, Fix: fixOf(t, ws, "pin-below-floor").ID})
	if err != nil {
		t.Fatal(err)
	}
	for name, answer := range map[string]asked{
		"build":          s.get("/health/build"),
		"workspaces":     s.get("/api/workspaces"),
		"changes":        s.get("/api/changes"),
		"check":          s.get("/api/report"),
		"page-now":       s.get("/api/now"),
		"page-timeline":  s.get("/api/timeline"),
		"monitor-action": s.post("/api/plan", string(fix)),
	} {
		answer.want(t, 200, "godrift/"+name)
		raw, err := fs.ReadFile(shared.Schemas, name+".schema.json")
		if err != nil {
			t.Fatal(err)
		}
		var schema jsonschema.Schema
		if err := json.Unmarshal(raw, &schema); err != nil {
			t.Fatal(err)
		}
		resolved, err := schema.Resolve(nil)
		if err != nil {
			t.Fatal(err)
		}
		var document any
		if err := json.Unmarshal([]byte(answer.body), &document); err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(document); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
