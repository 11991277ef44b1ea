//go:build unix

package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/config"
)

// What every user of the machine can write names no command for this one.
func TestGuarded(t *testing.T) {
	const text = "[[probe]]\nname = \"mine\"\ncommand = [\"true\"]\n"
	for name, c := range map[string]struct {
		file, folder os.FileMode
		refused      string // what has to be said; empty if it is read
	}{
		"own":              {0o600, 0o700, ""},
		"group":            {0o664, 0o775, ""},
		"everybody":        {0o666, 0o700, "every user of this machine can write it (mode 0666)"},
		"write only":       {0o602, 0o700, "every user of this machine can write it"},
		"folder":           {0o600, 0o777, "can put another one in its place"},
		"folder is sticky": {0o600, os.ModeSticky | 0o777, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "godrift")
			file := filepath.Join(dir, "config.toml")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			// The mask of this process must not have a say.
			if err := os.Chmod(file, c.file); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(dir, c.folder); err != nil {
				t.Fatal(err)
			}
			got, err := config.Read(file)
			switch {
			case c.refused == "" && (err != nil || len(got.Probes) != 1):
				t.Errorf("it is not read: %v", err)
			case c.refused != "" && (err == nil || !strings.Contains(err.Error(), c.refused)):
				t.Errorf("the error is %v; it must say %q", err, c.refused)
			case c.refused != "" && len(got.Probes) != 0:
				t.Error("it names a command")
			}
		})
	}
}
