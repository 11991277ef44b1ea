package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// output collects generated files and then writes or compares them.
type output struct {
	root  string
	files map[string][]byte // by path below root
	// owned are folders in which nothing but generated files may be.
	owned []string
}

func (o *output) put(name, text string) { o.files[name] = []byte(text) }

// read gives a file that is only partly generated.
func (o *output) read(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(o.root, name))
	return string(text), err
}

// stale lists the files whose content on disk is not what was generated, and
// files in owned folders that nothing generates.
func (o *output) stale() ([]string, error) {
	var stale []string
	for name, want := range o.files {
		got, err := os.ReadFile(filepath.Join(o.root, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if !bytes.Equal(got, want) {
			stale = append(stale, name)
		}
	}
	for _, dir := range o.owned {
		entries, err := os.ReadDir(filepath.Join(o.root, dir))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		for _, entry := range entries {
			name := filepath.ToSlash(filepath.Join(dir, entry.Name()))
			if _, ok := o.files[name]; !ok {
				stale = append(stale, name)
			}
		}
	}
	slices.Sort(stale)
	return stale, nil
}

// write brings the disk in line.
func (o *output) write(stale []string) error {
	for _, name := range stale {
		file := filepath.Join(o.root, name)
		text, ok := o.files[name]
		if !ok {
			if err := os.Remove(file); err != nil {
				return err
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
