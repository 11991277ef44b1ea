package engine

import "godrift.dev/server/act"

// Shell is a family of shells that quote alike.
type Shell = act.Shell

// ShellOf guesses the shell of whoever has this environment.
func ShellOf(environ map[string]string) Shell { return act.ShellOf(environ) }
