// Package shell knows how the shells that people work in are spoken to: how a
// value is quoted, and how a variable is set and unset. It is text in, text out;
// nothing here starts a shell.
package shell

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"unicode/utf8"
)

// Shell is a family of shells that quote alike.
type Shell string

// The shells. Bash serves sh, dash and ksh too.
const (
	Bash       Shell = "bash"
	Zsh        Shell = "zsh"
	Fish       Shell = "fish"
	PowerShell Shell = "powershell"
)

// Shells lists them in the order in which help shows them.
var Shells = []Shell{Bash, Zsh, Fish, PowerShell}

// Named finds a shell by what a person calls it.
func Named(name string) (Shell, error) {
	switch s := Shell(name); s {
	case Bash, Zsh, Fish, PowerShell:
		return s, nil
	case "pwsh":
		return PowerShell, nil
	case "sh", "dash", "ksh":
		return Bash, nil
	}
	return "", fmt.Errorf("there is no shell %q; those known are bash, zsh, fish and powershell", name)
}

// Of guesses the shell of whoever has this environment.
func Of(environ map[string]string) Shell {
	name := strings.TrimSuffix(filepath.Base(environ["SHELL"]), ".exe")
	if runtime.GOOS == "windows" && environ["SHELL"] == "" {
		return PowerShell
	}
	if s, err := Named(name); err == nil {
		return s
	}
	return Bash
}

// Change is a variable that a running shell must set or unset. A program
// cannot change the environment of the shell it was started from: the person
// runs the line.
type Change struct {
	Variable string `json:"variable"`
	Value    string `json:"value"`
	Unset    bool   `json:"unset,omitempty"`
	// Prepend puts Value, a folder, before the others that the variable lists.
	Prepend bool `json:"prepend,omitempty"`
}

// In returns the line that the shell must run, without a line end. A value with
// line ends makes it several. The value is not masked: show the line only to
// the person whose shell it is.
func (c Change) In(shell Shell) (string, error) {
	if !validName(c.Variable) {
		return "", fmt.Errorf("writing a line for %s: %q is no name of a variable", shell, c.Variable)
	}
	if c.Unset {
		return unset(shell, c.Variable)
	}
	value, err := Quote(shell, c.Value)
	if err != nil {
		return "", fmt.Errorf("writing a line for %s: the value of %s %w", shell, c.Variable, err)
	}
	if c.Prepend {
		return prepend(shell, c.Variable, value), nil
	}
	switch shell {
	case Fish:
		return "set -gx " + c.Variable + " " + value, nil
	case PowerShell:
		return "$env:" + c.Variable + " = " + value, nil
	}
	return "export " + c.Variable + "=" + value, nil
}

// prepend puts a quoted folder before those that a variable lists. The present
// value is the shell's own to expand: it is not written out. Fish splits and joins
// the variables whose names end in PATH by itself.
func prepend(shell Shell, name, folder string) string {
	switch shell {
	case Fish:
		return "set -gx " + name + " " + folder + " $" + name
	case PowerShell:
		return "$env:" + name + " = " + folder + " + [IO.Path]::PathSeparator + $env:" + name
	case Bash, Zsh:
	}
	return "export " + name + "=" + folder + `"${` + name + ":+:$" + name + `}"`
}

func unset(shell Shell, name string) (string, error) {
	switch shell {
	case Bash, Zsh:
		return "unset " + name, nil
	case Fish:
		// A universal variable of that name belongs to every fish of this user and is
		// not erased. Nothing hides it but another value; an empty one is as good as
		// none to the go command.
		return "set -eg " + name + "; set -q " + name + "; and set -gx " + name + " ''", nil
	case PowerShell:
		return "Remove-Item -LiteralPath Env:" + name + " -ErrorAction SilentlyContinue", nil
	}
	return "", unknown(shell)
}

// Script returns the lines of several changes, each with its line end: what a
// shell evaluates, by eval "$(…)" in bash and zsh, … | source in fish, and
// … | Out-String | Invoke-Expression in PowerShell. It is all of them or an
// error.
func Script(shell Shell, changes []Change) (string, error) {
	var b strings.Builder
	for _, c := range changes {
		line, err := c.In(shell)
		if err != nil {
			return "", err
		}
		b.WriteString(line + "\n")
	}
	return b.String(), nil
}

// Evaluate is what a person types to have a shell evaluate what a command prints.
func Evaluate(shell Shell, command string) string {
	switch shell {
	case Fish:
		return command + " | source"
	case PowerShell:
		return command + " | Out-String | Invoke-Expression"
	}
	return `eval "$(` + command + `)"`
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

// Quote makes one word of any value, which the shell reads back byte for byte.
// No shell can hold a NUL byte, and PowerShell nothing but valid Unicode.
func Quote(shell Shell, value string) (string, error) {
	if strings.ContainsRune(value, 0) {
		return "", errNUL
	}
	switch shell {
	case Bash, Zsh:
		return QuotePOSIX(value), nil
	case Fish:
		return quoteFish(value), nil
	case PowerShell:
		if !utf8.ValidString(value) {
			return "", errUnicode
		}
		return quotePowerShell(value), nil
	}
	return "", unknown(shell)
}

const (
	errNUL     failure = "holds a NUL byte, which no variable can"
	errUnicode failure = "is not valid UTF-8, which PowerShell cannot hold"
)

type failure string

func (f failure) Error() string { return string(f) }

func unknown(shell Shell) error {
	_, err := Named(string(shell))
	return err
}

// QuotePOSIX makes one word for every shell of the Bourne family. It puts
// everything between single quotes, in which nothing has a meaning; a single
// quote itself stands outside them, behind a backslash. It avoids $'…', which dash and fish do not know.
func QuotePOSIX(value string) string {
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// quoteFish uses single quotes, in which fish reads \\ and \' only.
func quoteFish(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(value) + "'"
}

// quotePowerShell doubles every character that PowerShell takes for a single
// quote: the typographic ones count too (System.Management.Automation,
// CharTraits.IsSingleQuote).
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
