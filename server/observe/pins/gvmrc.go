package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// ParseGvmrc reads a .gvmrc: the name of a Go, or the command that chooses it
// (https://github.com/moovweb/gvm): "gvm use go1.25.3".
func ParseGvmrc(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	for start := 0; start < len(doc.Text); {
		end := len(doc.Text)
		if i := bytes.IndexByte(doc.Text[start:], '\n'); i >= 0 {
			end = start + i
		}
		line, _, _ := bytes.Cut(doc.Text[start:end], []byte("#"))
		for i := 0; i < len(line); {
			j := i
			for j < len(line) && !isBlank(line[j]) && !strings.ContainsRune(`"'@`, rune(line[j])) {
				j++
			}
			if meaning, v := release(string(line[i:j])); v != "" {
				return []drift.Pin{{
					Source: drift.SourceGvmrc, Role: drift.RoleDevelop, Raw: string(line[i:j]), Meaning: meaning, Version: v,
					Place: drift.Place{File: doc.File, Span: drift.Span{Start: start + i, End: start + j}},
				}}, problems
			}
			i = j + 1
		}
		start = end + 1
	}
	return nil, problems
}
