package goenv

import "bytes"

// Setting is one line of a file in the grammar of GOENV.
type Setting struct {
	Value string
	Line  int // from 1
}

// File is the content of a GOENV file or of $GOROOT/go.env.
type File struct {
	settings map[string]Setting
	// first holds the first of several lines for one name.
	first map[string]Setting
}

// Lookup finds a setting. The nil File has none.
func (f *File) Lookup(name string) (Setting, bool) {
	if f == nil {
		return Setting{}, false
	}
	s, ok := f.settings[name]
	return s, ok
}

// First is Lookup for $GOROOT/go.env, where the first of several lines for one
// name wins: a line never replaces what is known already.
func (f *File) First(name string) (Setting, bool) {
	if f != nil {
		if s, ok := f.first[name]; ok {
			return s, true
		}
	}
	return f.Lookup(name)
}

// Parse reads text as cmd/go/internal/cfg/cfg.go readEnvFile does: a line
// counts if it has an equal sign and starts with an upper-case letter; the name
// is all before the first equal sign and the value all after it, verbatim. There
// are no quotes, no comments and no trimming, a carriage return stays in the
// value, a byte order mark hides the first line, and the last of several lines
// for one name wins (but see First).
func Parse(text []byte) *File {
	f := &File{settings: map[string]Setting{}}
	for n := 1; len(text) > 0; n++ {
		var line []byte
		line, text, _ = bytes.Cut(text, []byte("\n"))
		i := bytes.IndexByte(line, '=')
		if i < 0 || line[0] < 'A' || 'Z' < line[0] {
			continue
		}
		name := string(line[:i])
		if s, ok := f.settings[name]; ok {
			if f.first == nil {
				f.first = map[string]Setting{}
			}
			if _, ok := f.first[name]; !ok {
				f.first[name] = s
			}
		}
		f.settings[name] = Setting{Value: string(line[i+1:]), Line: n}
	}
	return f
}
