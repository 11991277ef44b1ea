//go:build unix

package monitor

import (
	"os"
	"syscall"
)

// ending are the signals that end the monitor, and reloading those that have it read its
// configuration again.
func ending() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

func reloading() []os.Signal { return []os.Signal{syscall.SIGHUP} }
