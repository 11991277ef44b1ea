//go:build !unix

package terminal

// runs is not asked of this system: files go when they are old.
func runs(process int) bool { return process > 0 }
