package lsp

import (
	"cmp"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
)

// editorOf is the editor at the other end of the wire: as who acts, and as the
// facts that are remembered of it.
func editorOf(params *protocol.InitializeParams) (drift.Actor, map[string]string) {
	by := drift.Actor{Kind: drift.ActorEditor}
	facts := map[string]string{}
	if info := params.ClientInfo; info.Name != "" {
		version, _ := info.Version.Get()
		by.Name = drift.Clip(info.Name)
		facts[drift.KeyHost+"editor"] = drift.Clip(info.Name)
		if version != "" {
			by.Name += " " + drift.Clip(version)
			facts[drift.KeyHost+"editorVersion"] = drift.Clip(version)
		}
	}
	by.Name = cmp.Or(by.Name, "editor")
	return by, facts
}
