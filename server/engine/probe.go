package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
	"unicode"

	"godrift.dev/server/ask"
	"godrift.dev/server/drift"
)

// Probe is a command of the user's own configuration that is asked something.
type Probe struct {
	// Command is the program, a whole path or a name that PATH finds, with its arguments.
	Command []string
	// Dir is the folder it is started in, Environ its whole environment, and Limit how long it
	// may take.
	Dir     string
	Environ map[string]string
	Limit   time.Duration
}

// maxProbe is how many characters of a probe's answer are kept.
const maxProbe = 200

// Run starts the command and returns the first line that it prints, without secrets and
// without what a terminal obeys. When its time is over it is killed with all that it has
// started. The error says in plain words how it went wrong.
func (p Probe) Run(ctx context.Context) (value string, took time.Duration, err error) {
	program, err := p.program()
	if err != nil {
		return "", 0, err
	}
	answer, err := ask.Program{Path: program, Args: p.Command[1:], Dir: p.Dir, Environ: p.Environ, Limit: p.Limit}.Run(ctx)
	switch {
	case err != nil:
		return "", answer.Took, err
	case answer.TimedOut:
		return "", answer.Took, fmt.Errorf("%s was stopped after %s; timeout in config.toml gives it more time", p.Command[0], p.Limit)
	case answer.Failed:
		said := probeLine(answer.Stderr)
		if said == "" {
			said = "it says nothing on standard error"
		}
		return "", answer.Took, fmt.Errorf("%s failed: %s", p.Command[0], said)
	}
	return probeLine(string(answer.Stdout)), answer.Took, nil
}

// probeLine is the first line of a text that is not empty, fit to be kept and shown.
func probeLine(text string) string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(strings.Map(func(r rune) rune {
			switch {
			case r == '\t':
				return ' '
			case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar:
				return -1
			}
			return r
		}, strings.ToValidUTF8(line, "")))
		if line != "" {
			// What is cut off may have been what told that the rest is a secret.
			return drift.MaskText(drift.ClipTo(drift.MaskText(line), maxProbe))
		}
	}
	return ""
}

// errNotFound says that PATH has no such program.
var errNotFound = errors.New("no folder on PATH has it; write its whole path")

// program finds the program. A folder on PATH that is not absolute names another one wherever
// one stands, and is left out.
func (p Probe) program() (string, error) {
	name := p.Command[0]
	if filepath.IsAbs(name) {
		return name, nil
	}
	endings := []string{""}
	if runtime.GOOS == "windows" {
		endings = []string{"", ".exe", ".cmd", ".bat"}
	}
	for _, dir := range filepath.SplitList(p.Environ["PATH"]) {
		for _, ending := range endings {
			file := filepath.Join(dir, name+ending)
			info, err := os.Stat(file)
			if filepath.IsAbs(dir) && err == nil && info.Mode().IsRegular() && (runtime.GOOS == "windows" || info.Mode()&0o111 != 0) {
				return file, nil
			}
		}
	}
	return "", fmt.Errorf("%s: %w", name, errNotFound)
}

// probeFacts are what probes say of workspaces: by folder, then by key.
type probeFacts struct {
	mu    sync.Mutex
	facts map[string]map[string]string
}

func (p *probeFacts) copyTo(facts map[string]string, root string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, value := range p.facts[root] {
		facts[key] = value
	}
}

// Probed has the records of a workspace say what a probe does, from the next one on; nothing
// if that is empty. It reports whether that is something else than before.
func (m *Memory) Probed(root, name, value string) bool {
	m.probes.mu.Lock()
	defer m.probes.mu.Unlock()
	key := drift.KeyProbe + name
	if m.probes.facts[root][key] == value {
		return false
	}
	if m.probes.facts == nil {
		m.probes.facts = map[string]map[string]string{}
	}
	switch of := m.probes.facts[root]; {
	case value != "" && of == nil:
		m.probes.facts[root] = map[string]string{key: value}
	case value != "":
		of[key] = value
	case len(of) == 1:
		delete(m.probes.facts, root)
	default:
		delete(of, key)
	}
	return true
}

// RecallProbes has the records of a workspace say what its probes said when it was last seen
// in somebody's environment, so that a restart is no change. Other probes are left out.
func (m *Memory) RecallProbes(ctx context.Context, root, of string, names []string) error {
	last, err := m.History(ctx, HistoryFilter{Root: root, Of: of, Limit: 1})
	if err != nil || len(last) == 0 {
		return err
	}
	r, err := m.Record(ctx, last[0].After)
	if err != nil {
		return err
	}
	for _, name := range names {
		m.Probed(root, name, r.Values[drift.KeyProbe+name])
	}
	return nil
}
