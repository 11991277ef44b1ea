package drift

import (
	"path/filepath"
	"strings"
)

// Within reports whether path is dir or below it. Both are clean and absolute.
func Within(dir, path string) bool {
	if dir == path {
		return true
	}
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return strings.HasPrefix(path, dir)
}
