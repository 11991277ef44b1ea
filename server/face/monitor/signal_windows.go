package monitor

import (
	"os"
	"syscall"
)

// ending are the signals that end the monitor. SIGTERM is what the system sends when a
// window is closed or the session ends.
func ending() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// reloading is empty: a change of config.toml is seen by itself.
func reloading() []os.Signal { return nil }
