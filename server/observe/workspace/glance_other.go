//go:build !linux

package workspace

import "os"

// stateOnDisk is glance on the real disk.
func stateOnDisk(name string) state {
	info, err := os.Stat(name)
	if err != nil {
		return state{}
	}
	return stateOf(info)
}
