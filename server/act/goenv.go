package act

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// The GOENV file as cmd/go reads it (internal/cfg/cfg.go, initEnvCache): a line
// counts if it has a "=" and begins with A-Z; all before the first "=" is the
// name, all after it the value, verbatim; the last of several wins.

// goenvLine is where a line that counts stands in a GOENV file.
type goenvLine struct {
	start, end int // end is after the line feed, if there is one
	value      string
}

// goenvLines finds the lines that set a variable, in order.
func goenvLines(text []byte, name string) []goenvLine {
	var out []goenvLine
	for start := 0; start < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		line := bytes.TrimSuffix(text[start:end], []byte("\n"))
		if key, value, ok := bytes.Cut(line, []byte("=")); ok && string(key) == name {
			out = append(out, goenvLine{start, end, string(value)})
		}
		start = end
	}
	return out
}

// goenvValue is the value that a GOENV file gives to a variable, nil for none.
func goenvValue(text []byte, name string) *string {
	lines := goenvLines(text, name)
	if len(lines) == 0 {
		return nil
	}
	return &lines[len(lines)-1].value
}

// goenvSplices sets or unsets variables, each named once: what their After
// says. Unlike go env -w it sorts nothing and leaves every other byte as it is.
// Unset takes out every line of that name, as go env -u does. Each splice holds
// lines of these variables only, so that no other's secret gets any further.
func goenvSplices(text []byte, variables []variable) []splice {
	var out []splice
	var added []byte
	open := len(text) > 0 && text[len(text)-1] != '\n'
	for _, v := range variables {
		lines := goenvLines(text, v.Name)
		switch n := len(lines); {
		case v.After == nil:
			for _, l := range lines {
				out = append(out, splice{l.start, text[l.start:l.end], nil})
				open = open && l.end != len(text)
			}
		case n > 0:
			// A carriage return before the line feed would be a part of the value,
			// so it goes, even in a file that has them everywhere.
			l := lines[n-1]
			line := v.Name + "=" + *v.After
			if text[l.end-1] == '\n' {
				line += "\n"
			}
			out = append(out, splice{l.start, text[l.start:l.end], []byte(line)})
		default:
			added = append(added, v.Name+"="+*v.After+"\n"...)
		}
	}
	if added != nil {
		if open {
			added = append([]byte("\n"), added...)
		}
		out = append(out, splice{len(text), nil, added})
	}
	slices.SortStableFunc(out, func(a, b splice) int { return a.Offset - b.Offset })
	return out
}

// checkWrite refuses what go env -w refuses (cmd/go/internal/envcmd/env.go,
// checkEnvWrite): a value that stops every go command is easily written and
// hard to get rid of. Whether GOOS and GOARCH fit each other is not checked.
func checkWrite(name, value string, present bool) error {
	switch name {
	case "GOEXE", "GOGCCFLAGS", "GOHOSTARCH", "GOHOSTOS", "GOMOD", "GOWORK", "GOTOOLDIR", "GOVERSION", "GOTELEMETRY", "GOTELEMETRYDIR":
		return fmt.Errorf("%s cannot be modified", name)
	case "GOENV", "GODEBUG":
		return fmt.Errorf("%s can only be set using the OS environment", name)
	}
	// What stands in the file already is taken to be known.
	if !present && !slices.Contains(knownVariables, name) {
		return fmt.Errorf("unknown go command variable %s", name)
	}
	switch name {
	case "GO111MODULE":
		switch value {
		case "", "auto", "on", "off":
		default:
			return fmt.Errorf("invalid %s value %q", name, value)
		}
	case "GOPATH":
		if strings.HasPrefix(value, "~") {
			return fmt.Errorf("GOPATH entry cannot start with shell metacharacter '~': %q", value)
		}
		if !filepath.IsAbs(value) && value != "" {
			return fmt.Errorf("GOPATH entry is relative; must be absolute path: %q", value)
		}
	case "GOMODCACHE":
		if !filepath.IsAbs(value) && value != "" {
			return fmt.Errorf("GOMODCACHE entry is relative; must be absolute path: %q", value)
		}
	case "GOTMPDIR":
		if !filepath.IsAbs(value) && value != "" {
			return fmt.Errorf("GOTMPDIR must be an absolute path")
		}
	case "CC", "CXX":
		if err := checkCompiler(name, value); err != nil {
			return err
		}
	}
	switch {
	case !utf8.ValidString(value):
		return fmt.Errorf("invalid UTF-8 in %s=... value", name)
	case strings.ContainsRune(value, 0):
		return fmt.Errorf("invalid NUL in %s=... value", name)
	case strings.ContainsAny(value, "\v\r\n"):
		return fmt.Errorf("invalid newline in %s=... value", name)
	}
	return nil
}

// checkCompiler looks at the command in CC or CXX, which may be quoted.
func checkCompiler(name, value string) error {
	if value == "" {
		return nil
	}
	command := strings.TrimLeft(value, " \t\n\r")
	if command == "" {
		return fmt.Errorf("%s entry cannot contain only space", name)
	}
	if quote := command[0]; quote == '\'' || quote == '"' {
		inside, _, ok := strings.Cut(command[1:], string(quote))
		if !ok {
			return fmt.Errorf("invalid %s: unterminated %c string", name, quote)
		}
		command = inside
	} else {
		command, _, _ = strings.Cut(strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(command), " ")
	}
	if !filepath.IsAbs(command) && command != filepath.Base(command) {
		return fmt.Errorf("%s entry is relative; must be absolute path: %q", name, command)
	}
	return nil
}

// knownVariables are those that the go command reads (internal/cfg/cfg.go,
// KnownEnv, of Go 1.26).
var knownVariables = []string{
	"AR", "CC", "CGO_CFLAGS", "CGO_CFLAGS_ALLOW", "CGO_CFLAGS_DISALLOW", "CGO_CPPFLAGS", "CGO_CPPFLAGS_ALLOW",
	"CGO_CPPFLAGS_DISALLOW", "CGO_CXXFLAGS", "CGO_CXXFLAGS_ALLOW", "CGO_CXXFLAGS_DISALLOW", "CGO_ENABLED",
	"CGO_FFLAGS", "CGO_FFLAGS_ALLOW", "CGO_FFLAGS_DISALLOW", "CGO_LDFLAGS", "CGO_LDFLAGS_ALLOW",
	"CGO_LDFLAGS_DISALLOW", "CXX", "FC", "GCCGO", "GO111MODULE", "GO386", "GOAMD64", "GOARCH", "GOARM",
	"GOARM64", "GOAUTH", "GOBIN", "GOCACHE", "GOCACHEPROG", "GOENV", "GOEXE", "GOEXPERIMENT", "GOFIPS140",
	"GOFLAGS", "GOGCCFLAGS", "GOHOSTARCH", "GOHOSTOS", "GOINSECURE", "GOMIPS", "GOMIPS64", "GOMODCACHE",
	"GONOPROXY", "GONOSUMDB", "GOOS", "GOPATH", "GOPPC64", "GOPRIVATE", "GOPROXY", "GORISCV64", "GOROOT",
	"GOSUMDB", "GOTMPDIR", "GOTOOLCHAIN", "GOTOOLDIR", "GOVCS", "GOWASM", "GOWORK", "GO_EXTLINK_ENABLED",
	"PKG_CONFIG",
}
