package gocache

import (
	"os"

	"godrift.dev/server/drift"
)

// rereadLimit bounds how much is read again to learn whether it is still bad.
const rereadLimit = 64 << 20

// Still says which of the things that were bad in a cache still are. What is as it was
// is not read again; what is not, is: the go command changes the time of what it uses, and it
// mends some damage.
func Still(dir string, bad []drift.CacheBad) []drift.CacheBad {
	var out []drift.CacheBad
	left := int64(rereadLimit)
	for _, b := range bad {
		info, err := os.Lstat(b.Path)
		switch {
		case err != nil:
			continue // it is gone
		case info.ModTime().Equal(b.Modified) && info.Size() == b.Size:
		case left < info.Size():
		default:
			left -= info.Size()
			c := &check{dir: dir, outputs: map[ID]output{}, bad: []Bad{{Path: b.Path, Reason: Reason(b.Reason)}}}
			if len(c.again()) == 0 {
				continue
			}
			b.Size, b.Modified = info.Size(), info.ModTime()
		}
		out = append(out, b)
	}
	return out
}
