package gocache

import (
	"context"
	"path/filepath"
	"time"
)

// Sample reads some of the 256 folders of a cache, one file after the other, and of the action
// entries in them also the outputs that they lead to. Hashes spread evenly, so that damage that
// is everywhere is found in any of them.
func Sample(ctx context.Context, dir string, folders []byte) (Result, error) {
	begun := time.Now()
	if err := isCache(dir); err != nil {
		return Result{}, err
	}
	c := &check{dir: dir, outputs: map[ID]output{}}
	r := newReader(c)
	for _, folder := range folders {
		r.folder(ctx, folder)
	}
	for _, a := range c.claims {
		if _, ok := c.outputs[a.Output]; !ok && ctx.Err() == nil {
			r.output(filepath.Join(dir, outputName(a.Output)), a.Output)
		}
	}
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	return c.result(begun), nil
}
