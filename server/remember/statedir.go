package remember

import (
	"path/filepath"
	"runtime"
)

// StateDir returns the folder for godrift's state as this environment names
// it: $XDG_STATE_HOME/godrift or ~/.local/state/godrift, on macOS
// ~/Library/Application Support/godrift, on Windows %LocalAppData%\godrift. It
// is empty if the environment names no home.
func StateDir(environ map[string]string) string {
	return stateDir(runtime.GOOS, environ)
}

func stateDir(goos string, environ map[string]string) string {
	under := func(base string, elem ...string) string {
		if !filepath.IsAbs(base) {
			return ""
		}
		return filepath.Join(append([]string{base}, elem...)...)
	}
	switch goos {
	case "windows":
		if dir := under(environ["LOCALAPPDATA"], "godrift"); dir != "" {
			return dir
		}
		// Windows does not tell names of variables apart by case; an environment
		// that came from elsewhere may still spell it so.
		return under(environ["LocalAppData"], "godrift")
	case "darwin", "ios":
		return under(environ["HOME"], "Library", "Application Support", "godrift")
	}
	// A relative XDG_STATE_HOME is to be ignored, says the base directory
	// specification.
	if dir := under(environ["XDG_STATE_HOME"], "godrift"); dir != "" {
		return dir
	}
	return under(environ["HOME"], ".local", "state", "godrift")
}
