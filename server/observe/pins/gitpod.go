package pins

import (
	"bytes"
	"path"

	"godrift.dev/server/drift"
)

// isGitpod matches the names of Gitpod's file.
func isGitpod(rel string) bool {
	name := path.Base(rel)
	return name == ".gitpod.yml" || name == ".gitpod.yaml"
}

// ParseGitpod reads the image of a .gitpod.yml
// (https://www.gitpod.io/docs/classic/user/references/gitpod-yml).
func ParseGitpod(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !bytes.Contains(doc.Text, []byte("go")) || !bytes.Contains(doc.Text, []byte("image")) {
		return nil, encodingProblems(doc)
	}
	f := readYAML(doc)
	for _, root := range f.roots {
		n := f.get(root, "image")
		if n == nil {
			continue
		}
		s, ok := f.scalar(n)
		if !ok || !s.verbatim {
			continue
		}
		if pin, ok := imagePin(doc, drift.SourceGitpod, drift.RoleDevelop, literalTemplate(s.text, s.span.Start)); ok {
			return []drift.Pin{pin}, f.problems
		}
	}
	return nil, f.problems
}
