// Package lsp is the language server face of godrift: diagnostics, code
// actions and everything else that an editor shows, over the language server
// protocol on a pair of streams.
//
// It is the only package that imports go.lsp.dev. It judges nothing: reports
// come from package engine, one Engine per workspace folder, and are turned
// into the protocol's words here. Byte offsets become the client's positions
// in position.go, URIs become file names in uri.go, and errors get their codes
// in errors.go; nowhere else.
//
// How messages travel: the stream (stream.go) survives what cannot be read.
// The handler (handler.go) takes notifications in order and inline, where they
// only hand events to engines; requests run concurrently. One goroutine, the
// publisher (publish.go), sends everything that goes out unasked.
package lsp
