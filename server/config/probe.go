package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Probe is a look of the user's own: a command that the monitor runs when files change.
// The first line of what it prints becomes a fact of the workspace.
type Probe struct {
	Name string
	// Files are whole paths; the last element can be a pattern as of filepath.Match, and the
	// path may begin with ~, see Expand.
	Files []string
	// Command is a program with its arguments. The program is a whole path, which may begin
	// with ~, or a name that PATH finds.
	Command []string
	// Timeout is how long it may run.
	Timeout time.Duration
	// Every has it run without a change, too; 0 for never.
	Every time.Duration
	// Metric exports the value, if it is a number.
	Metric bool
	// Workspace is the name of the one that the fact belongs to; empty for the machine.
	Workspace string
}

// MostProbes is how many probes there can be: each has metrics of its own.
const MostProbes = 32

const (
	mostFiles      = 32
	mostArguments  = 64
	maxArgument    = 16 << 10
	defaultTimeout = 10 * time.Second
	leastTimeout   = 100 * time.Millisecond
	longestTimeout = 10 * time.Minute
	leastEvery     = time.Second
	longestEvery   = 30 * 24 * time.Hour
)

// probeTable is one [[probe]] as it is written.
type probeTable struct {
	Name      string   `toml:"name"`
	Files     []string `toml:"files"`
	Command   []string `toml:"command"`
	Timeout   *string  `toml:"timeout"`
	Every     *string  `toml:"every"`
	Metric    bool     `toml:"metric"`
	Workspace string   `toml:"workspace"`
}

func parseProbes(tables []probeTable) ([]Probe, error) {
	if len(tables) > MostProbes {
		return nil, mistake{table: "probe", item: MostProbes, at: -1, err: fmt.Errorf("there are %d; at most %d are run", len(tables), MostProbes)}
	}
	var out []Probe
	seen := map[string]bool{}
	for i, t := range tables {
		p, err := t.parse(i)
		if err != nil {
			return nil, err
		}
		if seen[p.Name] {
			return nil, mistake{table: "probe", item: i, key: "name", at: -1, err: fmt.Errorf("there are two probes named %q", p.Name)}
		}
		seen[p.Name] = true
		out = append(out, p)
	}
	return out, nil
}

func (t probeTable) parse(item int) (Probe, error) {
	wrong := func(key string, at int, err error) (Probe, error) {
		return Probe{}, mistake{table: "probe", item: item, key: key, at: at, err: err}
	}
	if !probeName().MatchString(t.Name) {
		return wrong("name", -1, fmt.Errorf("the name %q must be 1 to 40 of a-z, 0-9, - and _, and begin with a letter", t.Name))
	}
	p := Probe{Name: t.Name, Files: t.Files, Command: t.Command, Metric: t.Metric, Workspace: t.Workspace}
	if len(t.Files) > mostFiles {
		return wrong("files", -1, fmt.Errorf("there are %d; at most %d are watched", len(t.Files), mostFiles))
	}
	for i, file := range t.Files {
		if err := checkPath(file); err != nil {
			return wrong("files", i, err)
		}
		dir, base := filepath.Split(file)
		if _, err := filepath.Match(base, ""); err != nil || base == "" || strings.ContainsAny(dir, "*?[") {
			return wrong("files", i, fmt.Errorf("%q: the last element alone can be a pattern, of *, ? and [a-z]", file))
		}
	}
	if len(t.Command) == 0 || t.Command[0] == "" {
		return wrong("command", -1, errors.New(`it is missing: write the program and its arguments, as in ["cc", "--version"]`))
	}
	if len(t.Command) > mostArguments {
		return wrong("command", -1, fmt.Errorf("it has %d words; at most %d are taken", len(t.Command), mostArguments))
	}
	for i, word := range t.Command {
		if len(word) > maxArgument || strings.ContainsRune(word, 0) {
			return wrong("command", i, errors.New("the argument is too long, or holds a zero byte"))
		}
	}
	if program := t.Command[0]; strings.ContainsAny(program, `/\`) {
		if err := checkPath(program); err != nil {
			return wrong("command", 0, fmt.Errorf("%q: %w, or a name that PATH finds", program, err))
		}
	}
	var err error
	if p.Timeout, err = span(t.Timeout, defaultTimeout, leastTimeout, longestTimeout); err != nil {
		return wrong("timeout", -1, err)
	}
	if t.Every != nil && *t.Every != "" {
		if p.Every, err = span(t.Every, 0, leastEvery, longestEvery); err != nil {
			return wrong("every", -1, err)
		}
	}
	if t.Workspace != "" {
		if err := CheckName(t.Workspace); err != nil {
			return wrong("workspace", -1, err)
		}
	}
	return p, nil
}

func probeName() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_-]{0,39}$`) }
