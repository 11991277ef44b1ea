package lsp

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"go.lsp.dev/uri"
)

// fileOf turns a client's URI into the name of a file, clean and absolute. It
// is an error for every scheme but file: what is in an untitled buffer, in a
// git object or on another machine has no name here.
func fileOf(u uri.URI) (string, error) { return fileFor(platform(), u) }

func fileFor(p uri.Platform, raw uri.URI) (string, error) {
	// What came over the wire is any string: parse it, so that percent signs
	// are undone once, and only where they are well formed.
	u, err := uri.ParseStrict(string(raw))
	if err != nil {
		return "", fmt.Errorf("%q is no URI: %w", clip(string(raw)), err)
	}
	if u.Scheme() != "file" {
		return "", fmt.Errorf("%q is not a file on this machine", clip(string(raw)))
	}
	host := u.Authority()
	if strings.EqualFold(host, "localhost") {
		if u, err = uri.From(uri.Components{Scheme: "file", Path: u.Path()}); err != nil {
			return "", fmt.Errorf("%q is no file URI: %w", clip(string(raw)), err)
		}
		host = ""
	}
	if host != "" && p != uri.PlatformWindows {
		return "", fmt.Errorf("%q is on the machine %q, not on this one", clip(string(raw)), host)
	}
	name := uri.FsPathFor(u, p, false)
	if strings.ContainsRune(name, 0) {
		return "", fmt.Errorf("%q has a zero byte in its path", clip(string(raw)))
	}
	if p == uri.PlatformWindows {
		if !isWindowsAbs(name) {
			return "", fmt.Errorf("%q has no drive and no server", clip(string(raw)))
		}
		// The drive letter is upper case in names that Windows hands out, so
		// that one file has one name here.
		if name[1] == ':' {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
	}
	if runtime.GOOS == "windows" == (p == uri.PlatformWindows) {
		name = filepath.Clean(name)
	}
	return name, nil
}

func isWindowsAbs(name string) bool {
	if strings.HasPrefix(name, `\\`) {
		return true
	}
	return len(name) >= 3 && name[1] == ':' && name[2] == '\\' &&
		('a' <= name[0]|0x20 && name[0]|0x20 <= 'z')
}

// uriOf turns a file name into the URI that VS Code would use for it.
func uriOf(name string) uri.URI { return uri.FileFor(platform(), name) }

func platform() uri.Platform {
	if runtime.GOOS == "windows" {
		return uri.PlatformWindows
	}
	return uri.PlatformPOSIX
}

// clip shortens what came from outside before it is put into a message.
func clip(s string) string {
	const most = 200
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}
