// Package shared holds what both halves of godrift agree on: the pages about
// the rules, the schemas of what is read and written, and the page that the
// monitor and the editor show. Everything but this file, the sources of the page
// and what is in observability is generated, by scripts/gen and scripts/page.mjs.
package shared

import (
	"embed"
	"io/fs"
)

// Rules holds one page per rule, rules/<code>.md.
//
//go:embed rules/*.md
var Rules embed.FS

// Schemas holds the JSON Schemas, <name>.schema.json.
//
//go:embed *.schema.json
var Schemas embed.FS

//go:embed page/dist
var page embed.FS

// Page holds the files of the page: index.html and what it loads.
func Page() fs.FS {
	files, err := fs.Sub(page, "page/dist")
	if err != nil {
		panic(err) // the name is a constant
	}
	return files
}
