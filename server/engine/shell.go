package engine

import "godrift.dev/server/shell"

// Shell is a family of shells that quote alike.
type Shell = shell.Shell

// ShellChange is a variable that a running shell must set or unset.
type ShellChange = shell.Change

// ShellNamed finds a shell by what a person calls it.
func ShellNamed(name string) (Shell, error) { return shell.Named(name) }

// ShellOf guesses the shell of whoever has this environment.
func ShellOf(environ map[string]string) Shell { return shell.Of(environ) }

// ShellScript is what a running shell must evaluate for the changes to be made.
// Values are not masked: it is for the person's own shell only.
func ShellScript(s Shell, changes []ShellChange) (string, error) { return shell.Script(s, changes) }
