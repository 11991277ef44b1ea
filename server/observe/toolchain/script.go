package toolchain

import (
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// follow reads a wrapper script that does nothing but set variables and start
// another program with the arguments it got, as version managers and
// distributions install them. It returns the program and records the variables
// in set. Any line it does not understand makes it give up: then only running
// the script would tell.
func follow(files drift.Files, script string, get func(string) string, set map[string]drift.Layer) (program string, ok bool) {
	text, err := files.ReadFile(script)
	if err != nil {
		return "", false
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if strings.HasPrefix(line, "#!") && !shell(line) {
		return "", false
	}
	s := shellScript{script: script, get: get, set: set, local: map[string]string{}}
	for n, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line == "set -e" || line == "set -u" || line == "set -eu" {
			continue
		}
		words, ok := s.words(line)
		if !ok {
			return "", false
		}
		if program, done, ok := s.run(words, n+1); done || !ok {
			return program, ok
		}
	}
	return "", false
}

// shell reports whether a first line names a POSIX shell.
func shell(line string) bool {
	fields := strings.Fields(strings.TrimPrefix(line, "#!"))
	if len(fields) == 0 {
		return false
	}
	name := filepath.Base(fields[0])
	if name == "env" && len(fields) > 1 {
		name = fields[1]
	}
	switch name {
	case "sh", "bash", "dash", "ash", "zsh", "ksh":
		return true
	}
	return false
}

// shellScript is a script under way.
type shellScript struct {
	script string
	get    func(string) string
	set    map[string]drift.Layer
	// local holds assigned variables that are not exported.
	local map[string]string
}

// shellWord is one word of a line. Args says that it is "$@".
type shellWord struct {
	text   string
	quoted bool
	args   bool
}

// run carries out one line; done says that it started the program.
func (s *shellScript) run(words []shellWord, line int) (program string, done, ok bool) {
	assign := func(w shellWord) (name, value string, ok bool) {
		name, value, ok = strings.Cut(w.text, "=")
		return name, value, ok && isName(name)
	}
	switch words[0].text {
	case "export":
		for _, w := range words[1:] {
			name, value, ok := assign(w)
			if !ok {
				if name = w.text; !isName(name) {
					return "", false, false
				}
				value = s.value(name)
			}
			s.export(name, value, line)
		}
		return "", false, len(words) > 1
	case "unset":
		for _, w := range words[1:] {
			if !isName(w.text) {
				return "", false, false
			}
			delete(s.local, w.text)
			s.export(w.text, "", line)
		}
		return "", false, len(words) > 1
	}
	var before []shellWord
	for len(words) > 0 {
		if _, _, ok := assign(words[0]); !ok {
			break
		}
		before, words = append(before, words[0]), words[1:]
	}
	for _, w := range before {
		name, value, _ := assign(w)
		if len(words) == 0 && s.get(name) == "" {
			s.local[name] = value
			continue
		}
		s.export(name, value, line)
	}
	if len(words) == 0 {
		return "", false, true
	}
	if words[0].text == "exec" {
		words = words[1:]
	}
	if len(words) != 2 || !words[1].args || words[0].args {
		return "", false, false
	}
	program, ok = s.find(words[0].text)
	return program, true, ok
}

// find is the program that a command word names.
func (s *shellScript) find(word string) (string, bool) {
	// A bare name would be looked for on PATH, where the script itself may stand.
	if !filepath.IsAbs(word) {
		return "", false
	}
	return word, true
}

func (s *shellScript) export(name, value string, line int) {
	s.set[name] = drift.Layer{Kind: drift.LayerProcess, Value: value, File: s.script, Line: line}
}

func (s *shellScript) value(name string) string {
	if v, ok := s.local[name]; ok {
		return v
	}
	return s.get(name)
}

// words splits a line. It gives up on everything but plain words, quotes,
// $NAME, ${NAME} and "$@".
func (s *shellScript) words(line string) ([]shellWord, bool) {
	var words []shellWord
	var w *shellWord
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		c := line[i]
		if quote == 0 && (c == ' ' || c == '\t') {
			w = nil
			continue
		}
		if quote == 0 && c == '#' && w == nil {
			break
		}
		if w == nil {
			words = append(words, shellWord{})
			w = &words[len(words)-1]
		}
		switch {
		case quote == 0 && (c == '"' || c == '\''):
			quote, w.quoted = c, true
		case quote != 0 && c == quote:
			quote = 0
		case quote == '\'':
			w.text += string(c)
		case c == '$':
			name, length := variable(line[i+1:])
			if name == "" {
				return nil, false
			}
			i += length
			if name == "@" {
				if quote != '"' || w.text != "" {
					return nil, false
				}
				w.args = true
				continue
			}
			value := s.value(name)
			if quote == 0 && strings.ContainsAny(value, " \t\n*?[") {
				return nil, false
			}
			w.text += value
		case c == '\\' || c == '`':
			return nil, false
		case quote == 0 && strings.IndexByte("|&;<>()*?[]{}!~", c) >= 0:
			return nil, false
		default:
			w.text += string(c)
		}
	}
	return words, quote == 0 && len(words) > 0
}

// variable reads the name after a dollar sign.
func variable(s string) (name string, length int) {
	if strings.HasPrefix(s, "@") {
		return "@", 1
	}
	if strings.HasPrefix(s, "{") {
		end := strings.IndexByte(s, '}')
		if end < 0 || !isName(s[1:end]) {
			return "", 0
		}
		return s[1:end], end + 1
	}
	n := 0
	for n < len(s) && isName(s[:n+1]) {
		n++
	}
	return s[:n], n
}

func isName(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '_', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z':
		case '0' <= c && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return s != ""
}
