package gocache

import "golang.org/x/sys/unix"

// remote are the magic numbers of file systems that other machines can write to.
//
// Source: include/uapi/linux/magic.h, and statfs(2).
var remote = map[int64]string{
	0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2", 0x5346414f: "AFS",
	0x00c36400: "Ceph", 0x0bd00bd0: "Lustre", 0x47504653: "GPFS",
}

func statfs(dir string) (unix.Statfs_t, bool) {
	var s unix.Statfs_t
	for {
		err := unix.Statfs(dir, &s)
		if err != unix.EINTR {
			return s, err == nil
		}
	}
}

func freeBytes(dir string) (int64, bool) {
	s, ok := statfs(dir)
	if !ok || s.Blocks == 0 {
		return 0, false
	}
	return int64(s.Bavail) * s.Bsize, true //nolint:gosec // no disk is that large
}

func networkFileSystem(dir string) (string, bool) {
	s, ok := statfs(dir)
	if !ok {
		return "", false
	}
	name, ok := remote[int64(uint32(s.Type))] //nolint:gosec // the numbers have 32 bits; the field is narrower on some machines
	return name, ok
}
