package pins

import (
	"path"
	"strings"

	"godrift.dev/server/drift"
)

// isShell matches shell scripts, direnv's files and Vagrantfiles, by their names.
func isShell(rel string) bool {
	name := path.Base(rel)
	return name == "Vagrantfile" || strings.HasSuffix(name, ".sh") || strings.HasSuffix(name, ".bash") || name == ".envrc"
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
// since they mostly hold some. Of a Vagrantfile, which is Ruby around such
// documents, assignments of texts are read as well
// (https://developer.hashicorp.com/vagrant/docs/vagrantfile).
func ParseShell(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	role := drift.RoleBuild
	name := path.Base(strings.ReplaceAll(doc.File, `\`, "/"))
	if name == ".envrc" || name == "Vagrantfile" {
		role = drift.RoleDevelop
	}
	return parseScript(&script{doc: doc, sources: shellSources, role: role, ruby: name == "Vagrantfile"})
}

// rubyAssignment reads NAME = "value" on a line of Ruby.
func (s *script) rubyAssignment(start, end int) bool {
	text := s.doc.Text[:end]
	at := start
	blanks := func() {
		for at < end && (isBlank(text[at]) || text[at] == '$') {
			at++
		}
	}
	blanks()
	from := at
	for at < end && isVariableByte(text[at]) {
		at++
	}
	name := string(text[from:at])
	blanks()
	if name == "" || at >= end || text[at] != '=' {
		return false
	}
	at++
	blanks()
	if at >= end || text[at] != '"' && text[at] != '\'' {
		return false
	}
	length := strings.IndexByte(string(text[at+1:end]), text[at])
	if length < 0 {
		return false
	}
	s.assigned(name, literalTemplate(string(text[at+1:at+1+length]), at+1), from, s.sources.variable)
	return true
}
