package rules

import (
	"fmt"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

// cgo-unsupported reports CGO_ENABLED=1 for a target on which Go has no cgo.
//
// # Why it matters
//
// The go command takes the value and stops later, in the middle of a build, with
// errors that do not name it: "cgo: unknown ptrSize for $GOARCH "wasm"" or "undefined:
// syscall.Errno".
//
// # Example
//
//	CGO_ENABLED=1, from the environment of this shell, cannot work: Go has no cgo for js/wasm. A build of C code stops.
//
// # How to fix it
//
// Take the variable away: where Go has no cgo it is off by default.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var cgoUnsupported = Rule{
	Code: "cgo-unsupported", Title: "CGO_ENABLED=1 where Go has no cgo",
	Group: GroupCgo, Severity: drift.SeverityError,
	Check: checkCgoUnsupported,
}

func checkCgoUnsupported(in Input) []Found {
	v := in.variable("CGO_ENABLED")
	p := ports.Port{GOOS: in.variable("GOOS").Value, GOARCH: in.variable("GOARCH").Value}
	minor, ok := ports.Minor(in.Snapshot.Selection.Selected)
	if !ok || !chosen(v.Layer) || v.Value != "1" || !ports.Known(minor, p) || ports.Cgo(minor, p) {
		return nil
	}
	return []Found{{Finding: drift.Finding{
		Place: in.layerPlace(v.Layer), Subject: v.Name, Value: v.Value,
		Message: fmt.Sprintf("%s, from %s, cannot work: Go has no cgo for %s. A build of C code stops.", setting(v.Name, v.Value), in.source(v.Layer), p),
		Fixes:   preferFirst(in.unset(v.Name, v.Layer, "")),
	}}}
}
