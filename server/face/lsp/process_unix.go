//go:build unix

package lsp

import (
	"errors"
	"syscall"
)

// processExists reports whether there is a process with this number. One that
// belongs to somebody else exists too.
func processExists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
