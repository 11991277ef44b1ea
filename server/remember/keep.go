package remember

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// Keep says how much is kept.
type Keep struct {
	Age     time.Duration // of moments and of the audit
	Moments int           // of one workspace
	Fixes   time.Duration // of closed entries of the journal: what undo can take back
}

// DefaultKeep is what is kept if the user's configuration says nothing. Where a fix
// can no longer be undone nobody would want to: it is half a year old.
var DefaultKeep = Keep{Age: KeepAge, Moments: KeepMoments, Fixes: KeepFixes}

// The limits of what can be asked for.
const (
	leastAge    = 24 * time.Hour
	longestAge  = 100 * 366 * 24 * time.Hour
	mostMoments = 10_000_000
)

// configFile is the user's own configuration, and the largest that is read.
const (
	configFile = "config.toml"
	maxConfig  = 1 << 20
)

// ConfigFile is the user's own configuration file as this environment names it:
// $XDG_CONFIG_HOME/godrift/config.toml or ~/.config/godrift/config.toml, on macOS
// in ~/Library/Application Support, on Windows in %AppData%. It is empty if the
// environment names no home. What is in it counts for every editor, terminal and
// job of the user, who share one database; no repository has a say in it.
func ConfigFile(environ map[string]string) string { return userConfig(runtime.GOOS, environ) }

func userConfig(goos string, environ map[string]string) string {
	base := ""
	switch goos {
	case "windows":
		if base = environ["APPDATA"]; base == "" {
			base = environ["AppData"]
		}
	case "darwin", "ios":
		base = filepath.Join(environ["HOME"], "Library", "Application Support")
	default:
		// A relative XDG_CONFIG_HOME is to be ignored, says the base directory
		// specification.
		if base = environ["XDG_CONFIG_HOME"]; !filepath.IsAbs(base) {
			base = filepath.Join(environ["HOME"], ".config")
		}
	}
	if !filepath.IsAbs(base) {
		return ""
	}
	return filepath.Join(base, "godrift", configFile)
}

// config is what the file may hold.
type config struct {
	History struct {
		Age     *string `toml:"age"`
		Entries *int64  `toml:"entries"`
		Fixes   *string `toml:"fixes"`
	} `toml:"history"`
}

// readKeep reads how much is kept from the user's configuration; nothing is said
// about a file that is not there.
func readKeep(file string) (Keep, error) {
	if file == "" {
		return DefaultKeep, nil
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultKeep, nil
	}
	fail := func(err error) (Keep, error) { return Keep{}, fmt.Errorf("%s: %w", file, err) }
	switch {
	case err != nil:
		return fail(err)
	case !info.Mode().IsRegular():
		return fail(fmt.Errorf("it is no regular file (%s)", info.Mode().Type()))
	case info.Size() > maxConfig:
		return fail(fmt.Errorf("it is larger than %d KB", maxConfig>>10))
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fail(err)
	}
	k, err := parseKeep(text)
	if err != nil {
		return fail(err)
	}
	return k, nil
}

// parseKeep reads a configuration.
func parseKeep(text []byte) (Keep, error) {
	var c config
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		var unknown *toml.StrictMissingError
		if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
			line, _ := unknown.Errors[0].Position()
			return Keep{}, fmt.Errorf("line %d: there is no setting %s; there are history.age, history.entries and history.fixes", line, strings.Join(unknown.Errors[0].Key(), "."))
		}
		var wrong *toml.DecodeError
		if errors.As(err, &wrong) {
			line, _ := wrong.Position()
			return Keep{}, fmt.Errorf("line %d: %w", line, err)
		}
		return Keep{}, err
	}
	k := DefaultKeep
	for _, s := range []struct {
		name string
		text *string
		to   *time.Duration
	}{{"history.age", c.History.Age, &k.Age}, {"history.fixes", c.History.Fixes, &k.Fixes}} {
		if s.text == nil {
			continue
		}
		age, err := parseAge(*s.text)
		if err != nil {
			return Keep{}, fmt.Errorf("%s = %q: %w", s.name, *s.text, err)
		}
		*s.to = age
	}
	if n := c.History.Entries; n != nil {
		if *n < 1 || *n > mostMoments {
			return Keep{}, fmt.Errorf("history.entries = %d: it must be from 1 to %d", *n, mostMoments)
		}
		k.Moments = int(*n)
	}
	return k, nil
}

// parseAge reads a number of days, weeks or years.
func parseAge(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	unit, ok := map[string]time.Duration{"d": day, "w": 7 * day, "y": 366 * day}[text[max(0, len(text)-1):]]
	n := 0
	var err error
	if ok {
		n, err = strconv.Atoi(text[:len(text)-1])
	}
	if !ok || err != nil || n < 0 {
		return 0, errors.New(`write a number of days, weeks or years, such as "90d", "8w" or "2y"`)
	}
	if n > int(longestAge/unit) || time.Duration(n)*unit < leastAge {
		return 0, errors.New("it must be from 1 day to 100 years")
	}
	return time.Duration(n) * unit, nil
}
