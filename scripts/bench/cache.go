package main

import (
	"crypto/sha256"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// cache measures figure 8: checking a whole build cache beside what else computes as many
// SHA-256, and beside computing them of memory, which is the limit. Everything is read
// once before, so that it comes from memory.
func (b *bench) cache() error {
	dir := b.cacheDir
	if dir == "" {
		out, err := exec.CommandContext(b.ctx, "go", "env", "GOCACHE").Output()
		if err != nil {
			return err
		}
		dir = strings.TrimSpace(string(out))
	}
	list := filepath.Join(b.scratch, "outputs")
	size, err := outputs(dir, list)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	verify := []string{b.godrift, "cache", "verify", "--dir", dir}
	what := "A `godrift cache verify` of " + mib(size>>10) + "; B "
	for _, other := range []struct {
		name string
		args []string
	}{
		{"`xargs sha256sum`", overFiles(list, "sha256sum")},
		{"`xargs openssl dgst -sha256`", overFiles(list, "openssl dgst -sha256")},
		{"SHA-256 of as much memory, all cores", []string{self, "-hash-memory", strconv.FormatInt(size, 10)}},
	} {
		ours, theirs, err := b.inTurn(b.scratch, verify, other.args)
		if err != nil {
			return err
		}
		pair(what+other.name+": wall", ours.wall, theirs.wall)
		pair("… CPU", ours.cpu, theirs.cpu)
	}
	return nil
}

// overFiles runs a program over the files of a list, on all cores.
func overFiles(list, program string) []string {
	return []string{"sh", "-c", `xargs -P "$2" -n 64 ` + program + ` <"$1" >/dev/null`, "sh", list, strconv.Itoa(runtime.GOMAXPROCS(0))}
}

// outputs writes the names of all outputs of a cache into a file and adds them up.
func outputs(dir, list string) (size int64, err error) {
	var names strings.Builder
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !strings.HasSuffix(path, "-d") {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return nil //nolint:nilerr // it was trimmed
		}
		size += info.Size()
		names.WriteString(path + "\n")
		return nil
	})
	if err == nil && size == 0 {
		err = errors.New("the build cache is empty: build something, or name another with -cache")
	}
	return size, errors.Join(err, os.WriteFile(list, []byte(names.String()), 0o600))
}

// hashMemory computes the SHA-256 of as many bytes as were named, over all cores.
func hashMemory(size int64) {
	var all sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for range cores {
		all.Go(func() {
			block := make([]byte, 256<<10)
			h := sha256.New()
			for done := int64(0); done < size/int64(cores); done += int64(len(block)) {
				h.Write(block)
			}
		})
	}
	all.Wait()
}
