package pins

import (
	"bytes"
	"strings"

	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

// ParseDevbox reads a devbox.json: the Go among its packages, and GOTOOLCHAIN
// in its environment.
//
// The format is https://www.jetify.com/docs/devbox/configuration/; a package is
// "go@1.25", "go_1_25" as nixpkgs calls it, or a member of an object.
func ParseDevbox(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !mentionsGo(doc.Text) {
		return nil, nil
	}
	d := &devbox{jsonFile: readJSONC(doc)}
	packages := d.get(&d.root, "packages")
	d.items(packages, func(v *hujson.Value) {
		if t, ok := d.str(v); ok {
			d.listed(t)
		}
	})
	d.each(packages, d.member)
	if t, ok := d.str(d.get(&d.root, "env", "GOTOOLCHAIN")); ok {
		if pin, ok := toolchainPin(doc, drift.SourceDevboxToolchain, drift.RoleDevelop, t); ok {
			d.add(pin)
		}
	}
	return inOrder(d.pins), d.problems
}

type devbox struct {
	*jsonFile
	pins []drift.Pin
}

func (d *devbox) add(pin drift.Pin) {
	if len(d.pins) < maxContainerPins {
		d.pins = append(d.pins, pin)
	}
}

// listed reads one element of a list of packages.
func (d *devbox) listed(t template) {
	if i := bytes.LastIndexByte(t.text, '#'); i >= 0 {
		t = t.slice(i+1, len(t.text)) // github:NixOS/nixpkgs/nixos-25.05#go_1_25
		if i := bytes.LastIndexByte(t.text, '.'); i >= 0 {
			t = t.slice(i+1, len(t.text))
		}
	}
	name, v, has := strings.Cut(string(t.text), "@")
	switch {
	case name == "go" && has && v != "":
		part := t.slice(len("go@"), len(t.text))
		d.add(part.pin(d.doc, drift.SourceDevboxPackage, drift.RoleDevelop, plainVersion(part)))
	case name == "go":
		r := reading{end: len("go"), meaning: drift.MeaningLatest, extra: extra("why", "no version")}
		d.add(t.pin(d.doc, drift.SourceDevboxPackage, drift.RoleDevelop, r))
	default:
		d.attribute(t.slice(0, len(name)))
	}
}

// attribute adds the pin of a package of nixpkgs that is a Go of one minor.
func (d *devbox) attribute(t template) {
	if v, ok := nixGo(string(t.text)); ok {
		d.add(t.pin(d.doc, drift.SourceDevboxPackage, drift.RoleDevelop, reading{end: len(t.text), meaning: drift.MeaningLine, version: v}))
	}
}

// member reads one member of an object of packages.
func (d *devbox) member(name string, k, v *hujson.Value) {
	if name != "go" {
		if t, ok := d.str(k); ok {
			d.attribute(t)
		}
		return
	}
	if _, isString := d.str(v); !isString {
		v = d.get(v, "version")
	}
	if t, ok := d.str(v); ok && len(t.text) > 0 {
		d.add(t.pin(d.doc, drift.SourceDevboxPackage, drift.RoleDevelop, plainVersion(t)))
	}
}

// nixGo reads the version of a package of nixpkgs: go_1_25 is 1.25.
func nixGo(name string) (string, bool) {
	minor, ok := strings.CutPrefix(name, "go_1_")
	if !ok || minor == "" || len(minor) > 3 || strings.Trim(minor, "0123456789") != "" {
		return "", false
	}
	return "1." + minor, true
}
