package server

import (
	"context"
	"crypto/tls"
	"os"
	"path/filepath"
)

// Monitor is a godrift monitor that runs.
type Monitor struct {
	*Process
	// Address is where it answers, and Token what it asks for.
	Address, Token string
	// Home is the home of the user whose monitor it is.
	Home string
}

// Environ is the environment of everything that belongs to a home folder made for it.
func Environ(home string) []string {
	return []string{
		"HOME=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_STATE_HOME=" + filepath.Join(home, "state"),
		"XDG_CACHE_HOME=" + filepath.Join(home, "cache"), "GOENV=off", "GOTOOLCHAIN=local", "GOFLAGS=", "CI=", "GITHUB_ACTIONS=",
	}
}

// StartMonitor starts a monitor of one workspace with a home of its own. The more of its
// configuration begins in [monitor]; secure is what it is trusted by where that names a
// certificate, else nil.
func StartMonitor(ctx context.Context, program, home, workspace, more string, secure *tls.Config) (*Monitor, error) {
	address, err := Address()
	if err != nil {
		return nil, err
	}
	m := &Monitor{Address: address, Token: "a-token-that-stays-0123456789abcdef", Home: home}
	token := filepath.Join(home, "token")
	if err := os.WriteFile(token, []byte(m.Token), 0o600); err != nil {
		return nil, err
	}
	dir := filepath.Join(home, "config", "godrift")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	text := "[monitor]\nworkspaces = ['" + workspace + "']\nlisten = '" + address + "'\ntoken-file = '" + token + "'\n" + more
	if err := os.WriteFile(filepath.Join(dir, "config.toml"), []byte(text), 0o600); err != nil {
		return nil, err
	}
	scheme := "http"
	if secure != nil {
		scheme = "https"
	}
	m.Process, err = start(ctx, home, question{scheme + "://" + address + "/readyz", m.Token, secure}, program, Environ(home), "monitor")
	return m, err
}
