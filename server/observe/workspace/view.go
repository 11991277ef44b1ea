package workspace

import (
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
)

// view is the file system as one evaluation sees it: open buffers first, then
// the documents that were read already, then the files below.
type view struct {
	drift.Files
	buffers map[string]drift.Document
	// known finds a document that was read for this evaluation; nil if there
	// are none.
	known func(name string) (drift.Document, bool)
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// bytesOf is a document as its file holds it.
func bytesOf(doc drift.Document) []byte {
	if !doc.BOM {
		return doc.Text
	}
	return append(byteOrderMark[:len(byteOrderMark):len(byteOrderMark)], doc.Text...)
}

// ReadFile implements [drift.Files].
func (v *view) ReadFile(name string) ([]byte, error) {
	if doc, ok := v.buffers[name]; ok {
		return bytesOf(doc), nil
	}
	if v.known != nil {
		if doc, ok := v.known(name); ok {
			return bytesOf(doc), nil
		}
	}
	return v.Files.ReadFile(name)
}

// Open implements [drift.Opener].
func (v *view) Open(name string) (drift.Content, error) {
	if _, ok := v.buffers[name]; ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errBuffer}
	}
	return drift.Open(v.Files, name)
}

// errBuffer says that a program or database was asked for and a text was found.
var errBuffer = errors.New("the file is open in an editor")

// Stat implements [drift.Files].
func (v *view) Stat(name string) (fs.FileInfo, error) {
	info, err := v.Files.Stat(name)
	if doc, ok := v.buffers[name]; ok && (err != nil || !info.Mode().IsRegular()) {
		return bufferInfo{doc}, nil
	}
	return info, err
}

// Lstat implements [drift.Files].
func (v *view) Lstat(name string) (fs.FileInfo, error) {
	info, err := v.Files.Lstat(name)
	if doc, ok := v.buffers[name]; ok && err != nil {
		return bufferInfo{doc}, nil
	}
	return info, err
}

// bufferInfo describes a buffer whose file is not on disk yet.
type bufferInfo struct{ doc drift.Document }

func (i bufferInfo) Name() string       { return filepath.Base(i.doc.File) }
func (i bufferInfo) Size() int64        { return int64(len(i.doc.Text)) }
func (i bufferInfo) Mode() fs.FileMode  { return 0o644 }
func (i bufferInfo) ModTime() time.Time { return time.Time{} }
func (i bufferInfo) IsDir() bool        { return false }
func (i bufferInfo) Sys() any           { return nil }
