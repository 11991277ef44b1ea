// Package cli is the command line: it reads arguments, asks the engine and
// renders with package tell.
//
// Data goes to standard output and everything else to standard error. Commands
// are listed in one place, in the order that help shows them; none reads the
// process's own streams, environment or folder: Command holds them.
package cli
