//go:build unix

package web

import "syscall"

// descriptors is how many files and connections this process may have open. (The
// Go runtime has raised the soft limit to the hard one: os/rlimit.go.)
func descriptors() int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return many
	}
	return int(min(limit.Cur, many))
}
