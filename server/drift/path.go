package drift

import (
	"path/filepath"
	"strings"
)

// Within reports whether path is dir or below it. Both are clean and absolute.
func Within(dir, path string) bool {
	// Every module asks about every other one, so nothing is allocated here.
	rest, ok := strings.CutPrefix(path, dir)
	if !ok || rest == "" {
		return ok
	}
	return rest[0] == filepath.Separator || dir != "" && dir[len(dir)-1] == filepath.Separator
}
