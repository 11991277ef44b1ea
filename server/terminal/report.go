package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Report is what a shell's hook left behind.
type Report struct {
	// Time is when the shell looked: the age of its file.
	Time time.Time
	// Shell is its family: "bash", "zsh", "fish", "powershell".
	Shell string
	// Process is the number of its process.
	Process int
	// Born tells its process from others of that number; empty if the system does
	// not say.
	Born string
	// Dir is the folder that it looked at: the nearest one at or above the present
	// one with a go.mod, go.work or godrift.toml.
	Dir string
	// Environ are the variables that decide what it builds, without secrets.
	Environ map[string]string
}

// Name is whose environment it is.
func (r Report) Name() string { return fmt.Sprintf("terminal:%s %d", r.Shell, r.Process) }

// heading is how a file begins, before the checksum of what follows; the number is
// that of the layout.
const heading = "#TERMINAL v1 "

// maxReport bounds a file. Linux passes no string of more than 128 KiB to a
// program; what is longer than maxValue is left out.
const (
	maxReport = 512 << 10
	maxValue  = 32 << 10
)

// encode writes a report. A variable can hold every byte but NUL, so that is what
// ends each entry; an empty one stands before the variables.
func (r Report) encode() []byte {
	var b bytes.Buffer
	entry := func(text string) {
		b.WriteString(text)
		b.WriteByte(0)
	}
	entry("shell=" + r.Shell)
	entry("process=" + strconv.Itoa(r.Process))
	entry("born=" + r.Born)
	entry("dir=" + r.Dir)
	entry("")
	for _, name := range slices.Sorted(maps.Keys(r.Environ)) {
		if value := r.Environ[name]; len(name)+len(value) <= maxValue && b.Len()+len(name)+len(value)+2 <= maxReport {
			entry(name + "=" + value)
		}
	}
	return append([]byte(heading+sum(b.Bytes())+"\x00"), b.Bytes()...)
}

// sum tells a whole file from one that is just being written.
func sum(text []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(text) // a hash cannot fail
	return strconv.FormatUint(h.Sum64(), 36)
}

var errForm = errors.New("it is not what the prompt's hook writes")

// decode reads what encode wrote, or refuses it.
func decode(text []byte) (Report, error) {
	var r Report
	if len(text) > maxReport {
		return r, fmt.Errorf("%d bytes: at most %d are read", len(text), maxReport)
	}
	first, rest, ok := strings.Cut(string(text), "\x00")
	if checksum, is := strings.CutPrefix(first, heading); !ok || !is || checksum != sum([]byte(rest)) {
		return r, errForm
	}
	head, environ, ok := strings.Cut(rest, "\x00\x00")
	fields := strings.Split(head, "\x00")
	names := []string{"shell", "process", "born", "dir"}
	if !ok || len(fields) != len(names) || environ != "" && !strings.HasSuffix(environ, "\x00") {
		return r, errForm
	}
	for i, name := range names {
		value, ok := strings.CutPrefix(fields[i], name+"=")
		if !ok {
			return r, errForm
		}
		switch name {
		case "shell":
			r.Shell = value
		case "process":
			var err error
			if r.Process, err = strconv.Atoi(value); err != nil {
				return r, fmt.Errorf("%w: %w", errForm, err)
			}
		case "born":
			r.Born = value
		case "dir":
			r.Dir = value
		}
	}
	r.Environ = map[string]string{}
	for entry := range strings.SplitSeq(strings.TrimSuffix(environ, "\x00"), "\x00") {
		name, value, ok := strings.Cut(entry, "=")
		if entry == "" && environ == "" {
			break
		}
		if _, twice := r.Environ[name]; !ok || name == "" || twice {
			return r, errForm
		}
		r.Environ[name] = value
	}
	return r, nil
}
