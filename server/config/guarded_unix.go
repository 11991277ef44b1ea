//go:build unix

package config

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// guarded refuses a configuration that every user of the machine could write, or put
// another one in the place of: it names commands that are run and addresses that are sent
// to. That a group may write it is how many systems set up their users.
func guarded(file string, info fs.FileInfo) error {
	if who, ok := info.Sys().(*syscall.Stat_t); ok && foreign(who.Uid, os.Geteuid()) {
		return fmt.Errorf("it belongs to another user (%d), who could have it name commands to run as you: make it your own, after a look at what it says", who.Uid)
	}
	const everybody, sticky = 0o002, fs.ModeSticky
	if mode := info.Mode(); mode&everybody != 0 {
		return fmt.Errorf("every user of this machine can write it (mode %#o), and it can name commands to run: chmod o-w it, after a look at what it says", mode.Perm())
	}
	dir := filepath.Dir(file)
	above, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if mode := above.Mode(); mode&everybody != 0 && mode&sticky == 0 {
		return fmt.Errorf("every user of this machine can put another one in its place (%s has mode %#o), and it can name commands to run: chmod o-w that folder, after a look at what the file says", dir, mode.Perm())
	}
	return nil
}

// foreign reports whether a file's owner is neither its reader nor the system. The
// system's own user may read everybody's: in a container the owner of what was mounted
// often has no name.
func foreign(owner uint32, reader int) bool {
	return reader != 0 && owner != 0 && int64(owner) != int64(reader)
}
