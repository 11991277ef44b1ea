package shell

import (
	_ "embed"
	"fmt"
	"strings"
)

// The hooks' scripts. Words between @ signs are filled in.
var (
	//go:embed hook.bash
	hookBash string
	//go:embed hook.zsh
	hookZsh string
	//go:embed hook.fish
	hookFish string
	//go:embed hook.ps1
	hookPowerShell string
)

// HookVariables are the variables that a hook compares at every prompt, and that
// are left for an editor to see: those that decide which Go runs, whether it can,
// and what it builds. GOENV and its like say where more of them stand.
var HookVariables = []string{
	"PATH", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR", "GOENV", "GOTOOLCHAIN", "GOROOT",
	"GOFLAGS", "GO111MODULE", "GOWORK", "GOPATH", "GOMODCACHE", "GOBIN", "GOCACHE", "GOTMPDIR", "GOPROXY", "GONOPROXY", "GOSUMDB", "GONOSUMDB",
	"GOPRIVATE", "GOINSECURE", "GOVCS", "GOAUTH", "GOOS", "GOARCH", "GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64",
	"GORISCV64", "GOWASM", "GOEXPERIMENT", "GODEBUG", "GOFIPS140", "CGO_ENABLED", "CC", "CXX", "AR", "FC", "GCCGO", "PKG_CONFIG", "CGO_CFLAGS",
	"CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS",
}

// Hook is the script that puts a hook into a running shell's prompt. program is
// godrift's own file. In stamps, a folder, each shell has a file named after its
// process: it is as old as the last look.
//
// The hook starts a program only where a folder at or above the present one has a
// go.mod, go.work or godrift.toml, and only if the variables, that folder or the
// files that the last answer came from have changed. It keeps what is there
// already (PROMPT_COMMAND, precmd_functions, fish's events, prompt), the status of
// the last command, and works with set -u and set -e. Evaluated twice it is there
// once.
func Hook(shell Shell, program, stamps string) (string, error) {
	text := map[Shell]string{Bash: hookBash, Zsh: hookZsh, Fish: hookFish, PowerShell: hookPowerShell}[shell]
	if text == "" {
		return "", unknown(shell)
	}
	// All at once: a folder can be called @stamps@, too.
	var fill []string
	for _, v := range [][2]string{{"@program@", program}, {"@stamps@", stamps}} {
		quoted, err := Quote(shell, v[1])
		if err != nil {
			return "", fmt.Errorf("writing a hook for %s: the path %q %w", shell, v[1], err)
		}
		fill = append(fill, v[0], quoted)
	}
	var variables []string
	for _, name := range HookVariables {
		variables = append(variables, map[Shell]string{
			Bash: "${" + name + "-}", Zsh: "${" + name + "-}", Fish: "$" + name, PowerShell: "$env:" + name,
		}[shell])
	}
	return strings.NewReplacer(append(fill, "@variables@", strings.Join(variables, "|"))...).Replace(text), nil
}

// maxSighted bounds the names that a shell looks at before each prompt, some
// microseconds each. What goes beyond is not looked at: a go.work that uses
// hundreds of modules is noticed, a change in the last of them is not.
const maxSighted = 128

// Answer is what a hook evaluates after godrift has looked: a function that tells
// whether everything is as it was, and what was said, so that it is not said again.
func Answer(shell Shell, present, absent []string, said string) (string, error) {
	present = present[:min(len(present), maxSighted)]
	absent = absent[:min(len(absent), maxSighted-len(present))]
	var b strings.Builder
	b.WriteString(opening[shell])
	for _, list := range []struct {
		names []string
		form  string
	}{{present, whilePresent[shell]}, {absent, whileAbsent[shell]}} {
		for _, name := range list.names {
			quoted, err := Quote(shell, name)
			if err != nil {
				continue // a name that no variable can hold
			}
			b.WriteString(strings.ReplaceAll(list.form, "@", quoted))
		}
	}
	quoted, err := Quote(shell, said)
	if err != nil {
		return "", fmt.Errorf("writing an answer for %s: what was said %w", shell, err)
	}
	b.WriteString(strings.ReplaceAll(closing[shell], "@", quoted))
	return b.String(), nil
}

// How the function is written. Bash and zsh read a condition of any length at
// once; a fish runs faster over a few long conditions than over a loop.
var (
	opening = map[Shell]string{
		Bash: "__godrift_same() {\n[[ -e $1",
		Zsh:  "__godrift_same() {\n[[ -e $1",
		Fish: "function __godrift_same\ntest -e $argv[1]",
		PowerShell: "$global:__godriftSame = { param($stamp)\n$t = [IO.File]::GetLastWriteTimeUtc($stamp)\n" +
			"if (-not [IO.File]::Exists($stamp)) { return $false }\n",
	}
	whilePresent = map[Shell]string{
		Bash:       " && -e @ && ! @ -nt $1",
		Zsh:        " && -e @ && ! @ -nt $1",
		Fish:       "; and test -e @ -a ! @ -nt $argv[1]",
		PowerShell: "if (-not ([IO.File]::Exists(@) -or [IO.Directory]::Exists(@)) -or [IO.File]::GetLastWriteTimeUtc(@) -gt $t) { return $false }\n",
	}
	whileAbsent = map[Shell]string{
		Bash:       " && ! -e @",
		Zsh:        " && ! -e @",
		Fish:       "; and test ! -e @",
		PowerShell: "if ([IO.File]::Exists(@)) { return $false }\n",
	}
	closing = map[Shell]string{
		Bash:       " ]]\n}\n__godrift_said=@\n",
		Zsh:        " ]]\n}\n__godrift_said=@\n",
		Fish:       "\nend\nset -g __godrift_said @\n",
		PowerShell: "$true }\n$global:__godriftSaid = @\n",
	}
)
