// Package cgo knows how the go command compiles C code for a target, and what it
// means when that fails: which compiler, with which flags, which headers it must
// find, what the file that comes out is for, and which cause is behind a message.
//
// The go command's truth stands in cmd/go/internal/work (exec.go GccCmd,
// gccArchArgs), cmd/cgo (gcc.go gccBaseCmd), cmd/link/internal/ld (lib.go
// hostlink) and in the package runtime/cgo, which every program with C code holds.
//
// Nothing is started here: a [Trial] says what to start, and what comes of it is
// handed in.
package cgo
