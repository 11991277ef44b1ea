package shell

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLines(t *testing.T) {
	value := `it's $HOME "a\b` + "`x`\n!z"
	for _, c := range []struct {
		shell      Shell
		set, unset string
	}{
		{Bash, `export GOFLAGS='it'\''s $HOME "a\b` + "`x`\n!z'", "unset GOFLAGS"},
		{Zsh, `export GOFLAGS='it'\''s $HOME "a\b` + "`x`\n!z'", "unset GOFLAGS"},
		{Fish, `set -gx GOFLAGS 'it\'s $HOME "a\\b` + "`x`\n!z'", "set -eg GOFLAGS; set -q GOFLAGS; and set -gx GOFLAGS ''"},
		{PowerShell, `$env:GOFLAGS = 'it''s $HOME "a\b` + "`x`\n!z'", "Remove-Item -LiteralPath Env:GOFLAGS -ErrorAction SilentlyContinue"},
	} {
		got, err := Script(c.shell, []Change{{Variable: "GOFLAGS", Value: value}, {Variable: "GOFLAGS", Unset: true}})
		if err != nil || got != c.set+"\n"+c.unset+"\n" {
			t.Errorf("%s: %q, %v, want %q and %q", c.shell, got, err, c.set, c.unset)
		}
	}
	// PowerShell takes typographic quotes for quotes.
	if got, _ := (Change{Variable: "A", Value: "a\u2019b"}).In(PowerShell); got != "$env:A = 'a\u2019\u2019b'" {
		t.Errorf("powershell: %q", got)
	}
	if got, err := (Change{Variable: "A", Value: "a\xffb"}).In(PowerShell); err == nil {
		t.Errorf("powershell: bytes that it cannot hold became %q", got)
	}
	for _, bad := range []Change{{Variable: "A;rm -rf /"}, {Variable: ""}, {Variable: "1A"}, {Variable: "A", Value: "a\x00b"}, {Variable: "-x", Unset: true}} {
		for _, shell := range Shells {
			if line, err := bad.In(shell); err == nil {
				t.Errorf("%s: %+v became %q", shell, bad, line)
			}
			if text, err := Script(shell, []Change{{Variable: "A"}, bad}); err == nil || text != "" {
				t.Errorf("%s: a script with %+v became %q, %v", shell, bad, text, err)
			}
		}
	}
	for _, c := range []Change{{Variable: "A"}, {Variable: "A", Unset: true}} {
		if line, err := c.In("tcsh"); err == nil {
			t.Errorf("a line for an unknown shell was written: %q", line)
		}
	}
}

func TestNamed(t *testing.T) {
	for name, want := range map[string]Shell{"bash": Bash, "sh": Bash, "dash": Bash, "zsh": Zsh, "fish": Fish, "pwsh": PowerShell, "powershell": PowerShell, "tcsh": "", "": ""} {
		if got, err := Named(name); got != want || (err == nil) != (want != "") {
			t.Errorf("Named(%q) = %q, %v", name, got, err)
		}
	}
	for path, want := range map[string]Shell{"/usr/bin/zsh": Zsh, "/opt/bin/fish": Fish, "/usr/bin/pwsh": PowerShell, "/bin/tcsh": Bash} {
		if got := Of(map[string]string{"SHELL": path}); got != want {
			t.Errorf("Of(%s) = %s", path, got)
		}
	}
}

// values are hard to quote for one shell or another.
var values = []string{
	"go1.25.3", "", " lead and trail ", "it's", `''`, `'`, `a'b''c`, `"`, "$HOME ${X} $(id) `id`", `\`, `\\`, `a\'b\\`, "tab\tnewline\nend", "!!", "!x",
	"-n", "--", "-e x", "~", "*?[a]{b,c}", "ünïcödé \u2019 \u65e5", "%PATH% ^& | ; # x", "\r", "a\r\nb", "end\n", "\n\n", "\x01\x7f\x1b[31m",
	"\xff\xfe", "a\x80b", "\xc3", "\uf6ff\ufffd", "(a)", "<>&", "a=b", "$'x'", `\n\x41`, "a:b:c",
}

// installed are the shells of this machine. Where the tests run for everybody
// each of them has to be there.
func installed(t *testing.T) map[string]Shell {
	t.Helper()
	found := map[string]Shell{}
	for _, program := range []string{"sh", "dash", "bash", "zsh", "fish", "pwsh"} {
		path, err := exec.LookPath(program)
		switch {
		case err == nil:
			found[path] = Of(map[string]string{"SHELL": path})
		case os.Getenv("CI") != "" && program != "pwsh" && program != "dash":
			t.Errorf("%s is not installed: install it, the quoting is tried in it", program)
		default:
			t.Logf("%s is not installed", program)
		}
	}
	if len(found) == 0 {
		t.Fatal("no shell is installed to try the quoting in")
	}
	return found
}

// TestReadBack runs the lines in the shells that are installed, as a script and
// by way of eval: the values arrive as they are, and are gone after unset.
func TestReadBack(t *testing.T) {
	for path, shell := range installed(t) {
		readBack(t, path, shell, values)
	}
}

// TestReadBackAny does the same with values drawn by lot.
func TestReadBackAny(t *testing.T) {
	drawnFrom := rapid.OneOf(
		rapid.Map(rapid.SliceOfN(rapid.ByteRange(1, 255), 0, 12), func(b []byte) string { return string(b) }),
		rapid.StringMatching(`['"\\$!\x60\n() -]{0,12}`),
	)
	drawn := make([]string, 60)
	for i := range drawn {
		drawn[i] = drawnFrom.Example(i)
	}
	for path, shell := range installed(t) {
		if shell != PowerShell {
			readBack(t, path, shell, drawn)
		}
	}
}

func readBack(t *testing.T, path string, shell Shell, values []string) {
	t.Helper()
	var text strings.Builder
	var want []string
	for _, value := range values {
		set, err := Change{Variable: "GODRIFT_X", Value: value}.In(shell)
		if err != nil && shell == PowerShell {
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", shell, err)
		}
		unset, err := Change{Variable: "GODRIFT_X", Unset: true}.In(shell)
		if err != nil {
			t.Fatalf("%s: %v", shell, err)
		}
		text.WriteString(set + "\n" + show[shell] + "\n" + unset + "\n" + show[shell] + "\n")
		want = append(want, "<"+value+">", "<unset>")
	}
	for _, args := range [][]string{{"-c", text.String()}, {"-c", evaluate[shell]}} {
		if shell == PowerShell {
			args = append([]string{"-NoProfile"}, args...)
		}
		cmd := exec.Command(path, args...)
		cmd.Env = append(os.Environ(), "GODRIFT_TEXT="+text.String(), "HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent", "XDG_DATA_HOME=/nonexistent")
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		if got := strings.Split(strings.TrimSuffix(string(out), "\x02"), "\x02"); strings.Join(got, "\x02") != strings.Join(want, "\x02") {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("%s %q reads %q as %q", path, args[1][:4], want[i], got[i])
				}
			}
			t.Fatalf("%s: %d values came back, want %d", path, len(got), len(want))
		}
	}
}

// show has a child process tell what it was given, so that export counts too.
var show = map[Shell]string{
	Bash:       `/bin/sh -c 'printf "<%s>\002" "${GODRIFT_X-unset}"'`,
	Zsh:        `/bin/sh -c 'printf "<%s>\002" "${GODRIFT_X-unset}"'`,
	Fish:       `/bin/sh -c 'printf "<%s>\002" "${GODRIFT_X-unset}"'`,
	PowerShell: `[Console]::Out.Write('<' + $(if (Test-Path Env:GODRIFT_X) { $env:GODRIFT_X } else { 'unset' }) + '>' + [char]2)`,
}

// evaluate is how a person's shell takes what godrift prints.
var evaluate = map[Shell]string{
	Bash:       `eval "$(printf %s "$GODRIFT_TEXT")"`,
	Zsh:        `setopt rc_quotes; eval "$(printf %s "$GODRIFT_TEXT")"`,
	Fish:       `/bin/sh -c 'printf %s "$GODRIFT_TEXT"' | source`,
	PowerShell: `$env:GODRIFT_TEXT | Out-String | Invoke-Expression`,
}

// TestFishUniversal holds that an unset in one fish leaves the universal
// variable of all of them, and gives programs an empty value.
func TestFishUniversal(t *testing.T) {
	fish, err := exec.LookPath("fish")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("fish is not installed")
	}
	unset, err := Change{Variable: "GODRIFT_X", Unset: true}.In(Fish)
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	run := func(text string) string {
		t.Helper()
		cmd := exec.Command(fish, "-c", text)
		cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return string(out)
	}
	run("set -Ux GODRIFT_X universal")
	if got := run(show[Fish]); got != "<universal>\x02" {
		t.Fatalf("the universal variable is %q", got)
	}
	if got := run("set -gx GODRIFT_X global 2>/dev/null\n" + unset + "\n" + show[Fish]); got != "<>\x02" {
		t.Errorf("after unset a program sees %q", got)
	}
	if got := run(show[Fish]); got != "<universal>\x02" {
		t.Errorf("the next fish has %q", got)
	}
}

// TestPrepend holds that a folder of any name comes first into PATH, and that what
// was there stays, also where nothing was.
func TestPrepend(t *testing.T) {
	for path, shell := range installed(t) {
		for _, folder := range []string{"/sdk/go1.25.3/bin", "/a b/'c'/$HOME/`x`/\\"} {
			for _, before := range []string{"/usr/bin:/bin", "/usr/bin:/bin:/o'p t"} {
				line, err := Change{Variable: "GODRIFT_PATH", Value: folder, Prepend: true}.In(shell)
				if err != nil {
					t.Fatal(err)
				}
				printed := `/bin/sh -c 'printf %s "$GODRIFT_PATH"'`
				if shell == PowerShell {
					printed = "[Console]::Out.Write($env:GODRIFT_PATH)"
				}
				cmd := exec.Command(path, "-c", line+"\n"+printed)
				cmd.Env = append(os.Environ(), "GODRIFT_PATH="+before, "HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent", "XDG_DATA_HOME=/nonexistent")
				out, err := cmd.Output()
				if want := folder + ":" + before; err != nil || string(out) != want {
					t.Errorf("%s: %q (%v), want %q after %s", path, out, err, want, line)
				}
			}
		}
	}
	if line, err := (Change{Variable: "PATH", Value: "/s", Prepend: true}).In(Bash); err != nil || line != `export PATH='/s'"${PATH:+:$PATH}"` {
		t.Errorf("bash: %s %v", line, err)
	}
}
