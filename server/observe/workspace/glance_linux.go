package workspace

import (
	"io/fs"
	"syscall"
)

// stateOnDisk is glance on the real disk without the cost of an fs.FileInfo.
func stateOnDisk(name string) state {
	var st syscall.Stat_t
	for {
		switch err := syscall.Stat(name, &st); err {
		case nil:
			sec, nsec := st.Mtim.Unix()
			return state{true, uint32(fileMode(st.Mode)), st.Size, sec*1e9 + nsec}
		case syscall.EINTR:
		default:
			return state{}
		}
	}
}

// fileMode is the mode as package os makes it (os/stat_linux.go).
func fileMode(mode uint32) fs.FileMode {
	m := fs.FileMode(mode & 0o777)
	switch mode & syscall.S_IFMT {
	case syscall.S_IFREG:
	case syscall.S_IFDIR:
		m |= fs.ModeDir
	case syscall.S_IFIFO:
		m |= fs.ModeNamedPipe
	case syscall.S_IFSOCK:
		m |= fs.ModeSocket
	case syscall.S_IFCHR:
		m |= fs.ModeDevice | fs.ModeCharDevice
	default:
		m |= fs.ModeDevice
	}
	if mode&syscall.S_ISUID != 0 {
		m |= fs.ModeSetuid
	}
	if mode&syscall.S_ISGID != 0 {
		m |= fs.ModeSetgid
	}
	if mode&syscall.S_ISVTX != 0 {
		m |= fs.ModeSticky
	}
	return m
}
