package act

import (
	"os/exec"
	"testing"
)

func TestShellLines(t *testing.T) {
	value := `it's $HOME "a\b` + "`x`\n!z"
	for _, c := range []struct {
		shell      Shell
		set, unset string
	}{
		{ShellBash, `export GOFLAGS='it'\''s $HOME "a\b` + "`x`\n!z'", "unset GOFLAGS"},
		{ShellZsh, `export GOFLAGS='it'\''s $HOME "a\b` + "`x`\n!z'", "unset GOFLAGS"},
		{ShellFish, `set -gx GOFLAGS 'it\'s $HOME "a\\b` + "`x`\n!z'", "set -e GOFLAGS"},
		{ShellPowerShell, `$env:GOFLAGS = 'it''s $HOME "a\b` + "`x`\n!z'", "Remove-Item -LiteralPath Env:GOFLAGS -ErrorAction SilentlyContinue"},
	} {
		if got, err := (ShellChange{Variable: "GOFLAGS", Value: value}).In(c.shell); err != nil || got != c.set {
			t.Errorf("%s: %q, %v, want %q", c.shell, got, err, c.set)
		}
		if got, err := (ShellChange{Variable: "GOFLAGS", Unset: true}).In(c.shell); err != nil || got != c.unset {
			t.Errorf("%s: %q, %v, want %q", c.shell, got, err, c.unset)
		}
	}
	// PowerShell takes typographic quotes for quotes.
	if got, _ := (ShellChange{Variable: "A", Value: "a\u2019b"}).In(ShellPowerShell); got != "$env:A = 'a\u2019\u2019b'" {
		t.Errorf("powershell: %q", got)
	}
	for _, bad := range []ShellChange{{Variable: "A;rm -rf /"}, {Variable: ""}, {Variable: "1A"}, {Variable: "A", Value: "a\x00b"}} {
		for _, shell := range Shells {
			if line, err := bad.In(shell); err == nil {
				t.Errorf("%s: %+v became %q", shell, bad, line)
			}
		}
	}
	if _, err := (ShellChange{Variable: "A"}).In("tcsh"); err == nil {
		t.Error("a line for an unknown shell was written")
	}
}

// TestShellsReadItBack runs the lines in the shells that are installed: the
// value arrives as it is, and is gone after unset.
func TestShellsReadItBack(t *testing.T) {
	values := []string{
		"go1.25.3", "", " lead and trail ", "it's", `''`, `'`, `a'b''c`, `"`, "$HOME ${X} $(id) `id`", `\`, `a\'b\\`, "tab\tnewline\nend", "!!",
		"-n", "~", "*?[a]{b,c}", "ünïcödé \u2019 \u65e5", "%PATH% ^& | ; # x", "\r", "end\n", "\x01\x7f",
	}
	ran := 0
	for _, program := range []string{"sh", "dash", "bash", "zsh", "fish", "pwsh"} {
		path, err := exec.LookPath(program)
		if err != nil {
			t.Logf("%s is not installed", program)
			continue
		}
		ran++
		shell := ShellOf(map[string]string{"SHELL": path})
		for _, value := range values {
			line, err := ShellChange{Variable: "GODRIFT_X", Value: value}.In(shell)
			if err != nil {
				t.Fatal(err)
			}
			if got := output1(t, path, shell, line); got != "<"+value+">" {
				t.Errorf("%s reads %q as %q", program, value, got)
			}
			unset, err := ShellChange{Variable: "GODRIFT_X", Unset: true}.In(shell)
			if err != nil {
				t.Fatal(err)
			}
			if got := output1(t, path, shell, line+"\n"+unset); got != "<unset>" {
				t.Errorf("%s: after unset it is %q", program, got)
			}
		}
	}
	if ran == 0 {
		t.Fatal("no shell is installed to try the quoting in")
	}
}

func output1(t *testing.T, path string, shell Shell, lines string) string {
	t.Helper()
	// A child process tells what it was given, so that export counts too.
	show := `/usr/bin/env sh -c 'printf "<%s>" "${GODRIFT_X-unset}"; :'`
	args := []string{"-c", lines + "\n" + show}
	if shell == ShellPowerShell {
		args = []string{"-NoProfile", "-Command", lines + "\n[Console]::Out.Write('<' + $(if (Test-Path Env:GODRIFT_X) { $env:GODRIFT_X } else { 'unset' }) + '>')"}
	}
	out, err := exec.Command(path, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return string(out)
}
