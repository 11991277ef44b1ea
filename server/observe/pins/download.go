package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// download looks for the name of an archive as on https://go.dev/dl:
// go1.26.6.linux-amd64.tar.gz, and for golang.org/dl/go1.26.6@latest.
func (s *script) download(t template) bool {
	r, ok := readDownload(t)
	if ok {
		s.add(s.pin(t, s.sources.download, r))
	}
	return ok
}

// systems are what the names of archives go on with behind the version.
var systems = []string{"linux", "darwin", "windows", "freebsd", "openbsd", "netbsd", "solaris", "aix", "plan9", "illumos", "dragonfly", "src.tar.gz", "\x00"}

// readDownload finds the version in the name of an archive of Go.
func readDownload(t template) (reading, bool) {
	text := t.text
	if i := bytes.Index(text, []byte("golang.org/dl/go")); i >= 0 {
		start := i + len("golang.org/dl/go")
		end := start
		for end < len(text) && text[end] != '@' && text[end] != '/' {
			end++
		}
		if bytes.IndexByte(text[start:end], missingMark) >= 0 {
			return reading{start: start, end: end, meaning: drift.MeaningUnresolved}, true
		}
		if meaning, v := release(string(text[start:end])); v != "" && startsWithDigit(string(text[start:end])) && end-start < 20 {
			return reading{start: start, end: end, meaning: meaning, version: v}, true
		}
	}
	if !bytes.Contains(text, []byte(".tar.gz")) && !bytes.Contains(text, []byte(".zip")) && !bytes.Contains(text, []byte(".pkg")) &&
		!bytes.Contains(text, []byte(".msi")) && !bytes.Contains(text, []byte("linux")) {
		return reading{}, false
	}
	for at := 0; at < len(text); {
		start := at
		end := bytes.IndexByte(text[at:], '/')
		if end < 0 {
			end = len(text)
		} else {
			end += at
		}
		at = end + 1
		if i := bytes.LastIndexByte(text[start:end], '='); i >= 0 {
			start += i + 1
		}
		if r, ok := readArchive(text, start, end); ok {
			return r, true
		}
	}
	return reading{}, false
}

func readArchive(text []byte, start, end int) (reading, bool) {
	name := string(text[start:end])
	rest, isGo := strings.CutPrefix(name, "go")
	if isGo {
		start += len("go")
	} else if !strings.HasPrefix(name, "\x00") || !bytes.Contains(text[:start], []byte("/dl/")) && !bytes.Contains(text[:start], []byte("google.com/go/")) && !bytes.Contains(text[:start], []byte("storage.googleapis.com/golang/")) {
		return reading{}, false
	} else {
		rest = name
	}
	for _, system := range systems {
		i := strings.Index(rest, "."+system)
		if i <= 0 {
			continue
		}
		v := rest[:i]
		r := reading{start: start, end: start + len(v), meaning: drift.MeaningUnresolved}
		if strings.IndexByte(v, missingMark) >= 0 {
			return r, strings.Trim(v, "\x00.0123456789") == ""
		}
		r.meaning, r.version = release(v)
		if r.meaning == drift.MeaningLine {
			r.meaning = drift.MeaningExact // the archive of 1.20 holds just that
		}
		return r, r.version != "" && startsWithDigit(v)
	}
	return reading{}, false
}

// installers are commands that install a Go, with what stands before the
// version: gimme 1.25, gvm use go1.25.3.
var installers = [][]string{
	{"gimme"},
	{"gvm", "install|use"},
	{"goenv", "install|local|global|shell"},
	{"asdf", "install|local|global|shell|set", "golang"},
	{"use", "go|golang"},
	{"sem-version", "go"},
}

// packages are commands that install packages; the name of one holds a version.
var packages = map[string][]string{
	"brew": {"go@", "golang@"}, "mise": {"go@", "golang@"}, "rtx": {"go@", "golang@"}, "apt-get": {"golang-"}, "apt": {"golang-"},
	"apk": {"go=", "go~", "go~="}, "conda": {"go="}, "mamba": {"go="}, "devbox": {"go@"}, "dnf": {"golang-"}, "yum": {"golang-"}, "microdnf": {"golang-"},
}

// installs looks for the commands that install a Go.
func (s *script) installs(words []scriptWord) {
	for i, w := range words {
		name := string(w.text)
		if i > 3 {
			return
		}
		if prefixes := packages[name]; prefixes != nil {
			for _, w := range words[i+1:] {
				s.packageOf(w.template, prefixes)
			}
			return
		}
		for _, pattern := range installers {
			if name == pattern[0] && s.installer(words[i+1:], pattern[1:]) {
				return
			}
		}
	}
}

func (s *script) installer(words []scriptWord, pattern []string) bool {
	for _, w := range words {
		text := string(w.text)
		if strings.HasPrefix(text, "-") {
			continue
		}
		if len(pattern) == 0 {
			return s.installed(w.template)
		}
		if !strings.Contains("|"+pattern[0]+"|", "|"+text+"|") {
			return false
		}
		pattern = pattern[1:]
	}
	return false
}

func (s *script) installed(t template) bool {
	if len(t.text) == 0 {
		return false
	}
	r := readVersion(t)
	if r.version == "" && r.meaning != drift.MeaningUnresolved && r.meaning != drift.MeaningLatest && r.meaning != drift.MeaningStable {
		return false
	}
	s.add(s.pin(t, s.sources.install, r))
	return true
}

func (s *script) packageOf(t template, prefixes []string) {
	for _, prefix := range prefixes {
		if !bytes.HasPrefix(t.text, []byte(prefix)) || len(t.text) == len(prefix) {
			continue
		}
		t = t.slice(len(prefix), len(t.text))
		if c := t.text[0]; c == missingMark || startsWithDigit(string(t.text)) || string(t.text) == "latest" {
			if strings.HasPrefix(prefix, "golang-") {
				if i := bytes.IndexByte(t.text, '-'); i > 0 {
					t = t.slice(0, i)
				}
			}
			s.installed(t)
		}
		return
	}
}
