package pins

import (
	"bytes"

	"godrift.dev/server/drift"
)

// ParseHerokuApp reads an app.json of Heroku: GOVERSION among its variables,
// which its build takes before the one of go.mod
// (https://devcenter.heroku.com/articles/app-json-schema#env,
// github.com/heroku/heroku-buildpack-go, bin/compile), and GOTOOLCHAIN.
func ParseHerokuApp(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("GOVERSION")) && !bytes.Contains(doc.Text, []byte("GOTOOLCHAIN")) {
		return nil, nil
	}
	f := readJSONC(doc)
	var pins []drift.Pin
	for _, name := range []string{"GOVERSION", "GOTOOLCHAIN"} {
		n := f.get(&f.root, "env", name)
		if inner := f.get(n, "value"); inner != nil {
			n = inner
		}
		t, ok := f.str(n)
		if !ok || len(t.text) == 0 {
			continue
		}
		if name == "GOTOOLCHAIN" {
			if pin, ok := toolchainPin(doc, drift.SourceHerokuGotoolchain, drift.RoleShip, t); ok {
				pins = append(pins, pin)
			}
			continue
		}
		pins = append(pins, t.pin(doc, drift.SourceHerokuEnv, drift.RoleShip, plainVersion(t)))
	}
	return inOrder(pins), f.problems
}
