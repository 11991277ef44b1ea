package toolchain

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// mostText bounds a message of the go command, mostLine a line of a longer one:
// a go.mod can hold megabytes where a version should stand, and each folder of a
// workspace has a message of its own.
const (
	mostText = 16 << 10
	mostLine = 400
)

// bounded cuts a message of the go command that no person would read.
func bounded(text string) string {
	if len(text) <= mostText {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		if b.Len() > mostText/2 {
			b.WriteString("(and more)")
			break
		}
		b.WriteString(drift.ClipTo(strings.TrimSuffix(line, "\n"), mostLine) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

// step adds a sentence that no file stands behind.
func (s *selection) step(format string, args ...any) {
	s.result.Steps = append(s.result.Steps, drift.Step{Text: fmt.Sprintf(format, args...)})
}

// stepAt adds a sentence about a line of a file.
func (s *selection) stepAt(file string, line int, layer drift.LayerKind, format string, args ...any) {
	s.result.Steps = append(s.result.Steps, drift.Step{
		Text: fmt.Sprintf(format, args...), File: file, Line: line, Layer: layer,
	})
}

// show is a file name for people: the home folder as a tilde.
func (s *selection) show(name string) string {
	if home := s.Environ["HOME"]; home != "" && home != "/" && drift.Within(filepath.Clean(home), name) {
		return "~" + strings.TrimPrefix(name, filepath.Clean(home))
	}
	return name
}

// showIn is a file name for people, relative to the folder if it is close.
func (s *selection) showIn(name string) string {
	dir := s.config.Dir()
	if rel, err := filepath.Rel(dir, name); err == nil && len(rel) < len(name) && strings.Count(rel, "..") <= 3 {
		return rel
	}
	return s.show(name)
}

// short is cmd/go/internal/base/path.go ShortPath. Since Go 1.24 the relative
// name must lead to the same file.
func (s *selection) short(config Config, name string) string {
	rel, err := filepath.Rel(config.Dir(), name)
	if err != nil || len(rel) >= len(name) {
		return name
	}
	if config.Release() >= 24 && strings.HasPrefix(rel, "..") && !s.sameFile(filepath.Join(s.realDir(), rel), name) {
		return name
	}
	return rel
}

// realDir is the folder that the kernel counts relative names from.
func (s *selection) realDir() string {
	if real, err := s.Files.EvalSymlinks(s.Dir); err == nil {
		return real
	}
	return s.Dir
}

func (s *selection) sameFile(a, b string) bool {
	ra, errA := s.Files.EvalSymlinks(a)
	rb, errB := s.Files.EvalSymlinks(b)
	if errA != nil || errB != nil {
		return errors.Is(errA, fs.ErrNotExist) && errors.Is(errB, fs.ErrNotExist)
	}
	return ra == rb
}

// tellLocal explains which go is started.
func (s *selection) tellLocal() {
	if s.local.Path != s.local.Executable && len(s.local.Overrides) > 0 {
		s.step("the go on PATH is %s: %s starts %s", s.local.Version, s.show(s.local.Path), s.show(s.local.Executable))
		return
	}
	s.step("the go on PATH is %s: %s", s.local.Version, s.show(s.local.Path))
}

// setBy says where GOTOOLCHAIN was set.
func (s *selection) setBy(c choice) string {
	switch c.layer.Kind {
	case drift.LayerProcess:
		if c.layer.File != "" {
			return fmt.Sprintf("GOTOOLCHAIN=%s from %s:%d", drift.Clip(c.layer.Value), s.show(c.layer.File), c.layer.Line)
		}
		return fmt.Sprintf("GOTOOLCHAIN=%s from the environment", drift.Clip(c.layer.Value))
	case drift.LayerDefault:
		return "GOTOOLCHAIN is not set"
	}
	return fmt.Sprintf("GOTOOLCHAIN=%s from %s:%d", drift.Clip(c.layer.Value), s.show(c.layer.File), c.layer.Line)
}

// asks says what a line of a file asks for.
func (s *selection) asks(c choice) {
	name := s.showIn(c.file)
	if c.hasTool {
		text := fmt.Sprintf("%s:%d asks for %s", name, c.toolLine.Line, drift.Clip(c.toolLine.Value))
		if c.toolLine.Value == "default" {
			text = fmt.Sprintf("%s:%d says toolchain default: the files may not ask for another Go", name, c.toolLine.Line)
		}
		s.stepAt(c.file, c.toolLine.Line, "", "%s", text)
	}
	if c.hasGo {
		text := fmt.Sprintf("%s:%d asks for at least %s", name, c.goLine.Line, drift.Clip(c.goLine.Value))
		if !isValid(c.goLine.Value) {
			text = fmt.Sprintf("%s:%d names no version that the go command understands before it parses the file: %q", name, c.goLine.Line, drift.Clip(c.goLine.Value))
		}
		s.stepAt(c.file, c.goLine.Line, "", "%s", text)
	}
	if !c.hasGo && !c.hasTool {
		s.stepAt(c.file, 0, "", "%s asks for no Go", name)
	}
}

// tell explains a choice up to what is wanted.
func (s *selection) tell(c choice) {
	if c.skip {
		if c.layer.File != "" {
			s.stepAt(c.layer.File, c.layer.Line, c.layer.Kind, "%s", c.why)
			s.decideAt(c.layer)
			return
		}
		s.step("%s", c.why)
		return
	}
	text := s.setBy(c)
	switch {
	case c.setting.Mode == "auto":
		text += " lets go.mod and go.work ask for a newer Go"
	case c.setting.Mode == "path":
		text += " lets go.mod and go.work ask for a newer Go that is on PATH"
	case c.setting.Minimum == "local":
		text += " forbids switching"
		s.tellNeed()
	case c.setting.Minimum != "":
		text += " names the toolchain to run"
		s.tellNeed()
	}
	s.stepAt(c.layer.File, c.layer.Line, c.layer.Kind, "%s", text)
	if c.file != "" {
		s.asks(c)
	}
	if c.problem == "" {
		return
	}
	switch c.by {
	case "toolchain":
		s.result.Decider = drift.Place{File: c.file, Span: c.toolLine.Span}
	case "GOWORK":
		s.decideAt(s.config.Lookup("GOWORK"))
	default:
		s.decideAt(c.layer)
	}
}

// tellNeed says what the files would ask for if they were listened to.
func (s *selection) tellNeed() {
	file, problem := s.config.FindGoWork()
	if problem != "" {
		return
	}
	if file == "" {
		file = s.config.FindGoMod()
	}
	if file == "" {
		return
	}
	text, err := s.Files.ReadFile(file)
	if err != nil {
		return
	}
	if line, ok := Scan(text, "go"); ok && isValid(line.Value) {
		s.stepAt(file, line.Line, "", "%s:%d asks for at least %s", s.showIn(file), line.Line, drift.Clip(line.Value))
	}
}

// decided names the place that made the choice what it is.
func (s *selection) decided(c choice, switching bool) {
	switch {
	case c.by == "go":
		s.result.Decider = drift.Place{File: c.file, Span: c.goLine.Span}
	case c.by == "toolchain":
		s.result.Decider = drift.Place{File: c.file, Span: c.toolLine.Span}
	case c.setting.Minimum != "local" || c.setting.Mode == "":
		s.decideAt(c.layer)
	}
	switch {
	case switching:
		s.step("so %s is wanted", drift.Clip(c.want))
	case c.setting.Mode == "":
	case c.file != "" && c.toolLine.Value != "default":
		s.step("%s is new enough and runs itself", s.local.Version)
	default:
		s.step("%s runs itself", s.local.Version)
	}
}

// decideAt makes the line of a layer the decider.
func (s *selection) decideAt(layer drift.Layer) {
	if layer.File == "" {
		return
	}
	text, err := s.Files.ReadFile(layer.File)
	if err != nil {
		return
	}
	s.result.Decider = drift.Place{File: layer.File, Span: lineSpan(text, layer.Line)}
}

// lineSpan is where a line stands, counted after a byte order mark.
func lineSpan(text []byte, line int) drift.Span {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	start := 0
	for n := 1; n < line; n++ {
		i := bytes.IndexByte(text[start:], '\n')
		if i < 0 {
			return drift.Span{}
		}
		start += i + 1
	}
	end := len(text)
	if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
		end = start + i
	}
	return drift.Span{Start: start, End: start + len(bytes.TrimRight(text[start:end], "\r"))}
}

// readError is the text of os.ReadFile's error.
func readError(name string, err error) string {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Op + " " + name + ": " + pe.Err.Error()
	}
	return err.Error()
}

func statError(name string) string {
	return "stat " + name + ": no such file or directory"
}
