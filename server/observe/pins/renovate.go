package pins

import (
	"bytes"

	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

func isRenovate(rel string) bool {
	return hasBase(rel, "renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5")
}

// ParseRenovate reads a configuration of Renovate: constraints.go, the Go that
// it tidies modules with, an npm range as its other constraints are
// (https://docs.renovatebot.com/configuration-options/#constraints; the reader
// is github.com/renovatebot/renovate, lib/modules/manager/gomod/artifacts.ts).
func ParseRenovate(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("constraints")) || !bytes.Contains(doc.Text, []byte("go")) {
		return nil, nil
	}
	f := readJSONC(doc)
	var pins []drift.Pin
	constraints := func(n *hujson.Value) {
		t, ok := f.str(f.get(n, "constraints", "go"))
		if !ok || len(t.text) == 0 {
			return
		}
		if r := plainVersion(t); len(pins) < maxPins && r.meaning != drift.MeaningUnknown {
			pins = append(pins, t.pin(doc, drift.SourceRenovate, drift.RoleBuild, r))
		}
	}
	constraints(&f.root)
	for _, key := range []string{"golang", "gomod"} {
		constraints(f.get(&f.root, key))
	}
	f.items(f.get(&f.root, "packageRules"), constraints)
	return inOrder(pins), nil
}
