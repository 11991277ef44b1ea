package workspace

import (
	"godrift.dev/server/drift"
	"godrift.dev/server/observe/pins"
)

// CanPin reports whether a file is one that is read, wherever it stands: by its
// path from the root with slashes, and by what the team declares to be pins.
func CanPin(rel string, declared []drift.DeclaredPin) bool {
	return rel == policyFile || pins.Of(rel) != nil || pins.Declare(declared).Match(rel)
}
