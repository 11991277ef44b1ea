// Package drift holds godrift's nouns: plain data that every other package
// speaks in. It reads no file, starts no process and imports nothing of
// godrift.
//
// All file names are absolute and in the form of the operating system. All
// offsets and columns are bytes, counted after a byte order mark if the file
// has one; conversion to an editor's UTF-16 happens once, in face/lsp.
package drift
