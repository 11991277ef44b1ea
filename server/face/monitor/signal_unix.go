//go:build unix

package monitor

import (
	"os"
	"syscall"
)

// known are the signals that mean something here.
func known() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} }

// reloads reports whether a signal asks to read the configuration again, and not to end.
func reloads(s os.Signal) bool { return s == syscall.SIGHUP }
