package rules

import (
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// nixHash is a hash that a Nix expression demands of what it fetches: sha256 and hash
// of nixpkgs' fetchers (Nixpkgs manual, "Fetchers"), outputHash of a derivation.
var nixHash = drift.Pattern(`(?m)^[\t ]*(?:hash|sha256|outputHash)[\t ]*=[\t ]*"`)

// nixNear is how far behind a version its hash is looked for, in bytes: a few lines.
const nixNear = 500

// withHashes says of fixes that change a version in a Nix file that the hash behind it
// is then of another archive. Which one it must be only a download can tell.
func (in Input) withHashes(fixes []drift.Fix) {
	for i := range fixes {
		for _, a := range fixes[i].Actions {
			if a.Kind == drift.ActionEdit && filepath.Ext(a.File) == ".nix" && in.hashBehind(a) {
				fixes[i].Note = joinNotes(fixes[i].Note, "The hash beside it in "+in.rel(a.File)+" stays that of the old archive: nix build stops there and names the one to write.")
				break
			}
		}
	}
}

func (in Input) hashBehind(a drift.Action) bool {
	text := in.Snapshot.Documents[a.File].Text
	for _, e := range a.Edits {
		if strings.Contains(e.New, ".") && e.Span.End <= len(text) && nixHash().Match(text[e.Span.End:min(len(text), e.Span.End+nixNear)]) {
			return true
		}
	}
	return false
}
