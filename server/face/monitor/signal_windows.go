package monitor

import (
	"os"
	"syscall"
)

// known are the signals that mean something here. SIGTERM is what the system sends when
// a window is closed or the session ends.
func known() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// reloads is never true: a change of config.toml is seen by itself.
func reloads(os.Signal) bool { return false }
