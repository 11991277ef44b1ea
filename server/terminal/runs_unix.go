//go:build unix

package terminal

import (
	"errors"
	"syscall"
)

// runs reports whether there is a process of this number. One that belongs to
// somebody else runs too.
func runs(process int) bool {
	if process <= 0 {
		return false
	}
	err := syscall.Kill(process, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
