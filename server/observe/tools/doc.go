// Package tools looks at the programs that people work on Go code with: which
// version they are and which Go built them. It reads what the linker wrote into
// the files (package debug/buildinfo) and starts none of them. A second half
// reads which versions of tools a workspace's files ask for.
//
// It judges nothing. Reading is bounded in the number of files and in bytes, and
// a file is read again only if its size or time changed.
package tools
