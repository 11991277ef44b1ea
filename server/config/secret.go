package config

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Reveal reads the secret, as it is now. A file of secrets must be the user's alone.
// The error does not hold the secret.
func (s Secret) Reveal(environ map[string]string) (string, error) {
	switch {
	case s.env != "":
		value := strings.TrimSpace(environ[s.env])
		if value == "" {
			return "", fmt.Errorf("the variable %s is not set", s.env)
		}
		return value, nil
	case s.file != "":
		return readSecret(Expand(s.file, environ))
	}
	return s.value, nil
}

// maxSecret is the largest secret that is read, in bytes.
const maxSecret = 16 << 10

func readSecret(file string) (string, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "", fmt.Errorf("reading the secret: %w", err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("reading the secret %s: it is no regular file", file)
	case info.Size() > maxSecret:
		return "", fmt.Errorf("reading the secret %s: it is larger than %d KB", file, maxSecret>>10)
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0:
		return "", fmt.Errorf("reading the secret %s: others may read it (%04o); chmod 600 %s", file, info.Mode().Perm(), file)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	value := strings.TrimSpace(string(text))
	if value == "" {
		return "", fmt.Errorf("reading the secret %s: it is empty", file)
	}
	if strings.ContainsAny(value, "\n\r\x00") {
		return "", errors.New("reading the secret " + file + ": it has more than one line")
	}
	return value, nil
}
