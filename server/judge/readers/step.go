package readers

import (
	"strings"

	"godrift.dev/server/drift"
)

// use is one step of a workflow that runs actions/setup-go.
type use struct {
	file string
	// version is the go-version input and from the go-version-file input; their
	// Source is empty if they are not given.
	version, from drift.Pin
	// step is where the step begins, job where its job does.
	step, job int
	// major is that of the action; 0 if a branch or a bare commit is used.
	major int
	// second says that an earlier step of the same job runs setup-go too.
	second bool
	// local says that GOTOOLCHAIN=local holds before the step starts.
	local bool
}

// uses lists the steps that give setup-go a version, in the order of the files.
func (f *folder) uses() []use {
	var uses []use
	for _, p := range f.s.Pins {
		if p.Source != drift.SourceGitHubSetupGo && p.Source != drift.SourceGitHubVersionFile || p.Extra["fallback"] != "" {
			continue
		}
		text := string(f.s.Documents[p.Place.File].Text)
		step, ok := stepOf(text, p.Place.Span.Start)
		if !ok {
			continue
		}
		i := -1
		for j := range uses {
			if uses[j].file == p.Place.File && uses[j].step == step.Start {
				i = j
			}
		}
		if i < 0 {
			u := use{file: p.Place.File, step: step.Start, job: jobOf(text, step.Start), major: majorOf(text[step.Start:step.End])}
			for _, before := range uses {
				u.second = u.second || before.file == u.file && before.job == u.job
			}
			u.local = f.localBefore(u, text)
			uses = append(uses, u)
			i = len(uses) - 1
		}
		if p.Source == drift.SourceGitHubSetupGo {
			if uses[i].version.Source == "" {
				uses[i].version = p
			}
		} else {
			uses[i].from = p
		}
	}
	return uses
}

// localBefore reports whether the workflow or the job sets GOTOOLCHAIN=local.
func (f *folder) localBefore(u use, text string) bool {
	for _, p := range f.byFile[u.file] {
		at := p.Place.Span.Start
		if p.Source != drift.SourceGitHubGotoolchain || p.Version != "local" && p.Raw != "local" || at > u.step {
			continue
		}
		if job := jobOf(text, at); job == u.job && !strings.Contains(text[job:at], "\n    steps:") || job == 0 {
			return true
		}
	}
	return false
}

// stepOf finds the step around an offset, if it runs setup-go: a list item of
// YAML whose lines are indented deeper than its dash.
func stepOf(text string, at int) (drift.Span, bool) {
	start := lineStart(text, at)
	for limit := indent(text[start:]) + 1; ; {
		if n := indent(text[start:]); n < limit && strings.HasPrefix(text[start+n:], "-") {
			limit = n
			step := drift.Span{Start: start, End: blockEnd(text, start, n)}
			block := text[step.Start:step.End]
			if at >= step.End {
				return drift.Span{}, false
			}
			if strings.Contains(block, "/setup-go@") {
				return step, true
			}
			if strings.Contains(block, "uses:") {
				return drift.Span{}, false
			}
		}
		if start == 0 {
			return drift.Span{}, false
		}
		start = lineStart(text, start-1)
	}
}

// jobOf is where the job around an offset begins; 0 if there is none.
func jobOf(text string, at int) int {
	jobs := 0
	if !strings.HasPrefix(text, "jobs:") {
		i := strings.Index(text, "\njobs:")
		if i < 0 || i > at {
			return 0
		}
		jobs = i + 1
	}
	job, depth := 0, -1
	for start := jobs; start >= 0 && start <= at; {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text) - start
		}
		line := strings.TrimSpace(text[start : start+end])
		if start > jobs && line != "" && line[0] != '#' {
			n := indent(text[start:])
			if depth < 0 {
				depth = n
			}
			if n == depth {
				job = start
			}
		}
		start += end + 1
	}
	return job
}

// majorOf is the major version of setup-go that a step runs: of the tag, or of
// the comment after a commit as in "@0c52d54 # v5.0.0".
func majorOf(step string) int {
	_, ref, ok := strings.Cut(step, "setup-go@")
	if !ok {
		return 0
	}
	ref, _, _ = strings.Cut(ref, "\n")
	if n := leadingNumber(ref); n > 0 {
		return n
	}
	if _, comment, ok := strings.Cut(ref, "#"); ok {
		return leadingNumber(strings.TrimSpace(comment))
	}
	return 0
}

// leadingNumber is the number after a v at the start of a text; 0 if there is
// none.
func leadingNumber(s string) int {
	s, ok := strings.CutPrefix(s, "v")
	n := 0
	for i := 0; ok && i < len(s) && i < 3 && s[i] >= '0' && s[i] <= '9'; i++ {
		n = 10*n + int(s[i]-'0')
	}
	return n
}

func lineStart(text string, at int) int {
	return strings.LastIndexByte(text[:min(max(at, 0), len(text))], '\n') + 1
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// blockEnd is where the lines end that are indented deeper than n.
func blockEnd(text string, start, n int) int {
	for {
		i := strings.IndexByte(text[start:], '\n')
		if i < 0 {
			return len(text)
		}
		start += i + 1
		line, _, _ := strings.Cut(text[start:], "\n")
		if t := strings.TrimSpace(line); t != "" && t[0] != '#' && indent(line) <= n {
			return start
		}
	}
}
