//go:build !unix

package workspace

// nonblock: no file name leads to a pipe here.
const nonblock = 0
