package tell

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// ModulesVerifyDocument is what "godrift modules verify --format json" prints.
type ModulesVerifyDocument struct {
	// Schema is "godrift/modules-verify".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Dir is the folder whose modules were verified.
	Dir string `json:"dir"`
	// Go is the go command that did it.
	Go string `json:"go"`
	// Modules is how many there are in the graph, as far as that is known; those that
	// are not in the module cache have nothing to be verified.
	Modules int     `json:"modules"`
	Seconds float64 `json:"seconds"`
	// Vendored says that builds use the vendor folder, which is not looked at.
	Vendored bool `json:"vendored"`
	// Bad are those that are not what was downloaded.
	Bad []ModuleBad `json:"bad"`
}

// ModuleBad is one module in the module cache that is not what was downloaded.
type ModuleBad struct {
	Path    string `json:"path"`
	Version string `json:"version"`
	// Kind says what is bad: "dir" the unpacked folder, "zip" the archive, "ziphash"
	// the note of what it was, "other" something else.
	Kind string `json:"kind"`
	// File is the folder or file; empty if the go command does not name it.
	File string `json:"file"`
	// Says is the go command's own line.
	Says string `json:"says"`
	// Remedy says what to do, as a sentence.
	Remedy string `json:"remedy"`
}

// NewModuleBad says what to do about a bad module.
func NewModuleBad(path, version, kind, file, says string) ModuleBad {
	b := ModuleBad{Path: path, Version: version, Kind: kind, File: file, Says: drift.MaskText(says)}
	download := fmt.Sprintf("go mod download %s@%s", path, version)
	switch kind {
	case "dir":
		b.Remedy = "Somebody or something wrote into the unpacked folder, and every build uses what is there now. Remove the folder: the next build unpacks the archive again."
	case "zip":
		b.Remedy = "The archive is damaged, or is not the one that was downloaded. Remove it with the .ziphash file beside it; " + download + " fetches it again, and go.sum says whether it is the right one."
	case "ziphash":
		b.Remedy = "What was downloaded cannot be told any more. Remove the unpacked folder and the archive; " + download + " fetches it again."
	default:
		b.Remedy = "Remove the module from the module cache; " + download + " fetches it again."
	}
	return b
}

// Verifying says what is under way.
func Verifying(g drift.ModuleGraph) string {
	if len(g.Modules) == 0 {
		return "Verifying the modules"
	}
	return "Verifying " + drift.Plural(len(g.Modules), "module")
}

// ModulesVerifyText says which modules are bad, for a person.
func ModulesVerifyText(w io.Writer, doc ModulesVerifyDocument, opts Options) error {
	t := newText(w, opts)
	for _, b := range doc.Bad {
		t.printf("%s  %s\n", t.paint(t.failed, "bad"), t.paint(t.strong, clean(b.Path+"@"+b.Version)))
		if b.File != "" {
			t.printf("     %s\n", t.path(filepath.Clean(b.File)))
		}
		_, what, _ := strings.Cut(b.Says, ": ")
		what, _, _ = strings.Cut(what, " (")
		t.printf("     %s\n", clean(what))
		t.printf("     %s\n", t.paint(t.faint, b.Remedy))
	}
	if doc.Vendored {
		t.printf("Builds here use the vendor folder, which go mod verify does not look at: go mod vendor writes it anew.\n")
	}
	if len(doc.Bad) > 0 {
		of := ""
		if doc.Modules > 0 {
			of = fmt.Sprintf(", of %d in the graph", doc.Modules)
		}
		t.printf("\n%s not what was downloaded%s (%.1f s).\n", t.paint(t.strong, isAre(len(doc.Bad), "module")), of, doc.Seconds)
		return t.err
	}
	them := "the modules"
	if doc.Modules > 0 {
		them = drift.Plural(doc.Modules, "module")
	}
	t.printf("%s What the module cache holds of %s is what was downloaded (%.1f s).\n", t.paint(t.good, "All good."), them, doc.Seconds)
	return t.err
}

func isAre(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return drift.Plural(n, what) + " are"
}
