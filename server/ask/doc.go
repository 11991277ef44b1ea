// Package ask learns by starting a program what no file tells: the environment
// that a person's login shell makes out of its start-up files, and whether the go
// command finds the modules in its cache to be what was downloaded.
//
// Observers start no program, and opening a folder asks nobody. Who asks is a
// face, because a person wants to know or has allowed it, in workspaces that are
// trusted.
//
// Start-up files are programs of any kind: they print banners and escapes, ask
// questions, wait for ever, start other shells. So the shell gets no terminal, no
// input and a limited time; its answer stands between two marks that nobody can
// guess; and when the second mark is there it is ended with all it has started.
package ask
