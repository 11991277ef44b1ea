// Package terminal keeps what godrift's prompt hooks leave behind of the shells
// that run on this machine: one small file for each, named after its process, in
// the user's state folder. A file is as old as the shell's last look, which is what
// the hook compares with; and it holds the variables that decide what the shell
// builds, so that an editor can tell where a terminal in it differs.
//
// No variable is kept that the go command does not read, and secrets are masked
// before they come here. A file outlives its shell for a while, and numbers of
// processes come back: each says when its shell was started, as far as the system
// tells, so that it is not taken for another's.
package terminal
