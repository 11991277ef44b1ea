package pins

import (
	"bytes"
	"slices"
	"strings"
)

// command looks at the words of one command.
func (s *script) command(words []scriptWord) {
	if !s.collect {
		s.installs(words)
	}
	s.container = s.container || slices.ContainsFunc(words, startsContainer)
	buildArg := false
	file := false
	for _, w := range words {
		source := s.sources.variable
		if name, ok := bytes.CutPrefix(w.text, []byte("--file=")); ok && len(name) > 0 {
			s.dockerfile = w.slice(len(w.text)-len(name), len(w.text)).shown()
		} else if file {
			s.dockerfile = w.shown()
		}
		file = string(w.text) == "-f" || string(w.text) == "--file"
		rest, isArg := bytes.CutPrefix(w.text, []byte("--build-arg="))
		if isArg || buildArg {
			source = s.sources.buildArg
		}
		buildArg = string(w.text) == "--build-arg"
		if isArg {
			if i := bytes.IndexByte(rest, '='); i > 0 && isName(rest[:i]) {
				w.assign = len(w.text) - len(rest) + i + 1
				w.template = w.slice(len(w.text)-len(rest), len(w.text))
				w.assign = i + 1
			}
		}
		if w.assign > 0 && w.assign <= len(w.text) {
			s.assigned(string(w.text[:w.assign-1]), w.slice(w.assign, len(w.text)), w.from[0].start, source)
		} else if !s.collect && !s.runs(w.template) && !says(words) {
			s.download(w.template)
		}
		s.defaultsOf(w)
	}
}

// runs looks for an image. In the file of a CI system, where commands print and
// search for all kinds of texts, only commands that start containers count.
func (s *script) runs(t template) bool {
	return (s.within == nil || s.container) && s.image(t, "")
}

// startsContainer reports whether a word is a program that runs images.
func startsContainer(w scriptWord) bool {
	switch name := string(w.text); name {
	case "docker", "podman", "nerdctl", "buildah", "skopeo", "crane", "kubectl":
		return true
	}
	return false
}

// says reports whether a command only prints its words.
func says(words []scriptWord) bool {
	return len(words) > 0 && (string(words[0].text) == "echo" || string(words[0].text) == "printf")
}

// defaultsOf looks at the defaults of variables that hold a Go version, unless
// the word as a whole was found to be a pin.
func (s *script) defaultsOf(w scriptWord) {
	for _, d := range w.defaults {
		if s.collect || !goVariable(d.name) || s.covered(d.at) {
			continue
		}
		s.variable(&declaration{name: d.name, value: d.value, at: d.at, known: true})
	}
}

// covered reports whether a pin spans an offset.
func (s *script) covered(at int) bool {
	for i := len(s.pins) - 1; i >= 0 && i >= len(s.pins)-4; i-- {
		if span := s.pins[i].Place.Span; span.Start <= at && at < span.End {
			return true
		}
	}
	return false
}

// makeAssignment reads NAME = value, also with export, override and a target in
// front (https://www.gnu.org/software/make/manual/make.html#Setting). It reports
// false if the line is something else.
func (s *script) makeAssignment(start, end int) bool {
	text := s.doc.Text[start:end]
	equals := bytes.IndexByte(text, '=')
	if equals <= 0 {
		return false
	}
	if i := bytes.IndexByte(text, '#'); i >= 0 && i < equals {
		return i == 0
	}
	left := text[:equals]
	operator := byte('=')
	for len(left) > 0 && strings.IndexByte(":?+!", left[len(left)-1]) >= 0 {
		operator = left[len(left)-1]
		left = left[:len(left)-1]
	}
	if i := bytes.LastIndexByte(left, ':'); i >= 0 && bytes.IndexByte(left[:i], '$') < 0 {
		left = left[i+1:] // a target
	}
	fields := strings.Fields(string(left))
	for len(fields) > 1 && (fields[0] == "export" || fields[0] == "override" || fields[0] == "private" || fields[0] == "define" || fields[0] == "unexport") {
		fields = fields[1:]
	}
	if len(fields) != 1 || !isName([]byte(fields[0])) {
		return false
	}
	name := fields[0]
	from := start + equals + 1
	for from < end && isBlank(s.doc.Text[from]) {
		from++
	}
	at := start + bytes.LastIndex(s.doc.Text[start:start+equals], []byte(name))
	if operator == '+' {
		return true
	}
	if operator == '!' {
		s.computed[name] = true
		return true
	}
	to := end
	for i := from; i < end; i++ {
		if s.doc.Text[i] == '#' && (i == from || s.doc.Text[i-1] != '\\') {
			to = i
			break
		}
	}
	w := s.word(from, to, 0)
	w.end = max(w.end, from)
	if rest := bytes.TrimSpace(s.doc.Text[w.end:to]); len(rest) > 0 {
		s.words(from, to, 0) // several words: a command, or flags
		if !s.collect {
			return true
		}
		s.declare(name, template{}, at)
		return true
	}
	s.assigned(name, w.template, at, s.sources.variable)
	s.defaultsOf(w)
	return true
}
