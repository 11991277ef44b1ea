//go:build !linux

package terminal

// born is not known on this system.
func born(int) string { return "" }
