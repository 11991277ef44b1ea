package cgo

import (
	"fmt"

	"godrift.dev/server/drift"
)

// Why says what made CGO_ENABLED what it is for a target
// (cmd/go/internal/cfg/cfg.go defaultContext).
func Why(t drift.CgoTarget, found bool) string {
	where := map[drift.LayerKind]string{
		drift.LayerProcess: "the environment", drift.LayerGOENV: "the GOENV file", drift.LayerGoEnv: "$GOROOT/go.env",
	}[t.Enabled.Kind]
	switch {
	case where != "":
		return fmt.Sprintf("CGO_ENABLED=%s is set in %s.", t.Enabled.Value, where)
	case !t.Native:
		return "cgo is off by default whenever GOOS or GOARCH is not this machine's."
	case t.On() && t.Compiler.CC.Kind == drift.LayerProcess:
		return "cgo is on by default where CC is set in the environment, whether there is such a compiler or not."
	case t.On():
		return fmt.Sprintf("cgo is on by default because %s is on PATH.", t.Compiler.CC.Value)
	case t.Compiler.CC.Kind == drift.LayerGOENV && found:
		return "cgo is off by default because the usual compiler is not on PATH; CC in the GOENV file is not looked at for that."
	}
	return fmt.Sprintf("cgo is off without a word because no %s is on PATH.", t.Compiler.CC.Value)
}
