// Package act is the only writer to the world: it previews, applies and undoes
// fixes.
//
// A fix is done as a whole or not at all. Before the first byte changes, the
// journal (package remember) holds what will change together with its inverse.
// A failure in the middle takes back what was done. A process that is killed
// leaves an open entry, which Recover closes at the next start: it finds every
// file in its state before or after the fix, never between, because each file
// is replaced by one rename.
//
// Every change is guarded by what was read: a file that is no longer as the fix
// (or the undo) expects is left alone, and the error is ErrChanged.
package act
