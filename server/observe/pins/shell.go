package pins

import (
	"path"
	"strings"

	"godrift.dev/server/drift"
)

// isShell matches shell scripts and direnv's files, by their names.
func isShell(rel string) bool {
	name := path.Base(rel)
	return strings.HasSuffix(name, ".sh") || strings.HasSuffix(name, ".bash") || name == ".envrc"
}

var shellSources = scriptSources{
	variable: drift.SourceShellVariable, image: drift.SourceShellImage, buildArg: drift.SourceShellBuildArg,
	download: drift.SourceShellDownload, install: drift.SourceShellInstall, gotoolchain: drift.SourceShellGotoolchain,
}

// ParseShell reads a shell script or an .envrc (https://direnv.net): variables
// such as GO_VERSION and their defaults, GOTOOLCHAIN, images of Go, the names of
// archives of Go, and commands that install one. The grammar is that of
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html, as
// far as it can be told line by line; here-documents are read as commands are,
// since they mostly hold some.
func ParseShell(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	role := drift.RoleBuild
	if path.Base(strings.ReplaceAll(doc.File, `\`, "/")) == ".envrc" {
		role = drift.RoleDevelop
	}
	return parseScript(&script{doc: doc, sources: shellSources, role: role})
}
