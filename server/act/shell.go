package act

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
)

// Shell is a family of shells that quote alike.
type Shell string

// The shells. ShellBash serves sh, dash and ksh too.
const (
	ShellBash       Shell = "bash"
	ShellZsh        Shell = "zsh"
	ShellFish       Shell = "fish"
	ShellPowerShell Shell = "powershell"
)

// Shells lists them in the order in which help shows them.
var Shells = []Shell{ShellBash, ShellZsh, ShellFish, ShellPowerShell}

// ShellOf guesses the shell of whoever has this environment.
func ShellOf(environ map[string]string) Shell {
	name := strings.TrimSuffix(filepath.Base(environ["SHELL"]), ".exe")
	switch name {
	case "zsh":
		return ShellZsh
	case "fish":
		return ShellFish
	case "pwsh", "powershell":
		return ShellPowerShell
	}
	if runtime.GOOS == "windows" && environ["SHELL"] == "" {
		return ShellPowerShell
	}
	return ShellBash
}

// ShellChange is a variable that a running shell must set or unset. A program
// cannot change the environment of the shell it was started from: the person
// runs the line.
type ShellChange struct {
	Variable string `json:"variable"`
	Value    string `json:"value"`
	Unset    bool   `json:"unset,omitempty"`
}

// In returns the line that the shell must run, without a line end. The value is
// not masked: show the line only to the person whose shell it is.
func (c ShellChange) In(shell Shell) (string, error) {
	if !validName(c.Variable) {
		return "", fmt.Errorf("writing a line for %s: %q is no name of a variable", shell, c.Variable)
	}
	if strings.ContainsRune(c.Value, 0) {
		return "", fmt.Errorf("writing a line for %s: the value of %s holds a NUL byte", shell, c.Variable)
	}
	switch shell {
	case ShellBash, ShellZsh:
		if c.Unset {
			return "unset " + c.Variable, nil
		}
		return "export " + c.Variable + "=" + quotePOSIX(c.Value), nil
	case ShellFish:
		if c.Unset {
			return "set -e " + c.Variable, nil
		}
		return "set -gx " + c.Variable + " " + quoteFish(c.Value), nil
	case ShellPowerShell:
		if c.Unset {
			return "Remove-Item -LiteralPath Env:" + c.Variable + " -ErrorAction SilentlyContinue", nil
		}
		return "$env:" + c.Variable + " = " + quotePowerShell(c.Value), nil
	}
	return "", fmt.Errorf("writing a line for %q: the shells are %v", shell, Shells)
}

// validName accepts the names that every shell takes without quotes.
func validName(name string) bool {
	for i, r := range name {
		letter := r == '_' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}

// quotePOSIX puts everything between single quotes, in which nothing has a
// meaning; a single quote itself stands outside them, behind a backslash. It
// avoids $'…', which dash and fish do not know.
func quotePOSIX(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// quoteFish uses single quotes, in which fish reads \\ and \' only.
func quoteFish(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(value) + "'"
}

// quotePowerShell doubles every character that PowerShell takes for a single
// quote: the typographic ones count too.
func quotePowerShell(value string) string {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range value {
		if strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) {
			b.WriteRune(r)
		}
		b.WriteRune(r)
	}
	b.WriteByte('\'')
	return b.String()
}
