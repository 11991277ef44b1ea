package pins

import (
	"bytes"

	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

func isWranglerJSON(rel string) bool { return hasBase(rel, "wrangler.json", "wrangler.jsonc") }

// ParseWranglerJSON reads what [ParseCloudflare] reads, in the form that newer
// projects are made with: wrangler.jsonc
// (https://developers.cloudflare.com/workers/wrangler/configuration/).
func ParseWranglerJSON(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("GO_VERSION")) && !bytes.Contains(doc.Text, []byte("GOTOOLCHAIN")) {
		return nil, nil
	}
	f := readJSONC(doc)
	var pins []drift.Pin
	vars := func(n *hujson.Value) {
		f.each(f.get(n, "vars"), func(name string, _, value *hujson.Value) {
			t, ok := f.str(value)
			if !ok || len(t.text) == 0 || len(pins) == maxPins {
				return
			}
			raw := string(t.text)
			var pin drift.Pin
			switch name {
			case "GO_VERSION":
				pin = hostVersion(drift.SourceCloudflare, raw, true)
			case "GOTOOLCHAIN":
				pin = settingPin(drift.SourceCloudflareGotoolchain, drift.RoleBuild, raw)
			default:
				return
			}
			span := t.span(0, len(t.text))
			pin.Place, pin.Raw = drift.Place{File: doc.File, Span: span}, string(doc.Text[span.Start:span.End])
			pins = append(pins, pin)
		})
	}
	vars(&f.root)
	f.each(f.get(&f.root, "env"), func(_ string, _, n *hujson.Value) { vars(n) })
	return inOrder(pins), f.problems
}
