// Package config reads the user's own configuration, config.toml: how much is
// remembered, what the monitor watches, and where it sends alerts and telemetry.
//
// It is the only place that can name a command to run or an address to send to; no
// repository has a say in it. It counts for every editor, terminal and job of the
// user.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// fileName is the configuration's name, and maxFile the largest that is read.
const (
	fileName = "config.toml"
	maxFile  = 1 << 20
)

// Config is the user's configuration made ready for use.
type Config struct {
	// File is where it was read from; empty if there is none. Blank says that there is
	// nothing in it but space.
	File    string
	Blank   bool
	History History
	Monitor Monitor
	Probes  []Probe
	// Telemetry is where metrics and traces are sent.
	Telemetry Telemetry
	Alert     Alert
}

// Default is the configuration of somebody who has written none.
func Default() Config {
	return Config{History: DefaultHistory, Monitor: DefaultMonitor(), Telemetry: DefaultTelemetry(), Alert: DefaultAlert}
}

// File is the user's own configuration file as this environment names it:
// $XDG_CONFIG_HOME/godrift/config.toml or ~/.config/godrift/config.toml, on macOS
// in ~/Library/Application Support, on Windows in %AppData%. It is empty if the
// environment names no home.
func File(environ map[string]string) string { return file(runtime.GOOS, environ) }

func file(goos string, environ map[string]string) string {
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
	return filepath.Join(base, "godrift", fileName)
}

// Read reads a configuration file; a file that is not there says nothing. The error
// names the file and the place. What it does not concern is in the result
// nevertheless, with defaults for the rest.
func Read(file string) (Config, error) {
	if file == "" {
		return Default(), nil
	}
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Default(), nil
	}
	fail := func(c Config, err error) (Config, error) { return c, fmt.Errorf("%s: %w", file, err) }
	switch {
	case err != nil:
		return fail(Default(), err)
	case !info.Mode().IsRegular():
		return fail(Default(), fmt.Errorf("it is no regular file (%s)", info.Mode().Type()))
	case info.Size() > maxFile:
		return fail(Default(), fmt.Errorf("it is larger than %d KB", maxFile>>10))
	}
	if err := guarded(file, info); err != nil {
		return fail(Default(), err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fail(Default(), err)
	}
	c, err := Parse(text)
	c.File, c.Blank = file, len(bytes.TrimSpace(text)) == 0
	if err != nil {
		return fail(c, err)
	}
	return c, nil
}

// tables is what the file may hold, as it is written. Each section has a file of
// its own here, with its table and what it means.
type tables struct {
	History   historyTable   `toml:"history"`
	Monitor   monitorTable   `toml:"monitor"`
	Probes    []probeTable   `toml:"probe"`
	Telemetry telemetryTable `toml:"telemetry"`
	Alert     alertTable     `toml:"alert"`
}

// Parse reads the text of a configuration.
func Parse(text []byte) (Config, error) {
	var t tables
	d := toml.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		return Default(), located(err)
	}
	c := Default()
	var first error
	keep := func(err error) {
		if first == nil {
			first = err
		}
	}
	var err error
	c.History, err = t.History.parse()
	keep(err)
	c.Monitor, err = t.Monitor.parse()
	keep(err)
	c.Probes, err = parseProbes(t.Probes)
	keep(err)
	c.Telemetry, err = t.Telemetry.parse()
	keep(err)
	c.Alert, err = t.Alert.parse()
	keep(err)
	return c, withLine(text, first)
}

// located says in which line a mistake stands.
func located(err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		line, _ := unknown.Errors[0].Position()
		return fmt.Errorf("line %d: there is no setting %s", line, strings.Join(unknown.Errors[0].Key(), "."))
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, _ := wrong.Position()
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}
