package config

import (
	"errors"
	"fmt"
	"io"
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

// ReadPrivate reads a small file that holds secrets, and refuses one that others may
// read. most is in bytes. The error names the file, and nothing of what it holds.
func ReadPrivate(file string, most int64) (string, error) {
	info, err := os.Stat(file) // before it is opened: opening a pipe waits
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s: it is no regular file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil { // of what is read, whatever has the name by now
		return "", err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return "", fmt.Errorf("%s: others may read it (%04o); chmod 600 %s", file, info.Mode().Perm(), file)
	}
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return "", err
	case int64(len(text)) > most:
		return "", fmt.Errorf("%s: it is larger than %d KB", file, most>>10)
	}
	return string(text), nil
}

func readSecret(file string) (string, error) {
	text, err := ReadPrivate(file, maxSecret)
	if err != nil {
		return "", fmt.Errorf("reading the secret: %w", err)
	}
	value := strings.TrimSpace(text)
	if value == "" {
		return "", fmt.Errorf("reading the secret %s: it is empty", file)
	}
	if strings.ContainsAny(value, "\n\r\x00") {
		return "", errors.New("reading the secret " + file + ": it has more than one line")
	}
	return value, nil
}
