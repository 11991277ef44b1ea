package pins

import (
	"path"
	"strings"

	"godrift.dev/server/drift"
)

// isMakefile matches the names of makefiles, and of justfiles, whose
// assignments are alike.
func isMakefile(rel string) bool {
	name := path.Base(rel)
	switch name {
	case "Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", ".justfile":
		return true
	}
	return strings.HasSuffix(name, ".mk") || strings.HasSuffix(name, ".mak") || strings.HasPrefix(name, "Makefile.") && !strings.HasSuffix(name, ".go")
}

var makeSources = scriptSources{
	variable: drift.SourceMakeVariable, image: drift.SourceMakeImage, buildArg: drift.SourceMakeBuildArg,
	download: drift.SourceMakeDownload, install: drift.SourceMakeInstall, gotoolchain: drift.SourceMakeGotoolchain,
}

// ParseMakefile reads a makefile (https://www.gnu.org/software/make/manual/):
// variables such as GO_VERSION, GOTOOLCHAIN, and in recipes what [ParseShell]
// looks for. A value that $(shell …) works out follows another place and is no
// pin.
func ParseMakefile(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	return parseScript(&script{doc: doc, sources: makeSources, role: drift.RoleBuild, make: true})
}
