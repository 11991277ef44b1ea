package act

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/shell"
)

// Plan says what a fix would change, without changing anything.
func Plan(ctx context.Context, opts Options, fix drift.Fix) (Preview, error) {
	if err := ctx.Err(); err != nil {
		return Preview{}, err
	}
	read := readDisk
	if opts.Files != nil {
		read = func(name string) (*content, error) { return readView(opts.Files, name) }
	}
	w, err := prepare(&opts, fix, read)
	if err == nil {
		var p Preview
		if p, err = preview(&opts, w, read); err == nil {
			return p, nil
		}
	}
	return Preview{}, fmt.Errorf("planning %q: %w", drift.MaskText(fix.Title), err)
}

func readView(files drift.Files, name string) (*content, error) {
	text, err := files.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return &content{Text: text}, nil
}

func preview(opts *Options, w work, read reader) (Preview, error) {
	p := Preview{Commands: []string{}}
	for _, a := range w.trims {
		p.Commands = append(p.Commands, fmt.Sprintf("remove from %s what was not used for longest, until it has %s, and nothing that was used in the last %s",
			a.File, drift.Bytes(a.Limit), drift.Age(a.Keep)))
	}
	for _, name := range w.installs {
		p.Commands = append(p.Commands, "download "+name+" into the module cache")
	}
	for _, name := range w.sdks {
		p.Commands = append(p.Commands, "download "+name+" into the module cache, where it is not there yet")
	}
	for _, a := range w.rebuilds {
		p.Commands = append(p.Commands, "go install "+a.Package+"@"+a.Version+" with GOTOOLCHAIN="+a.Toolchain+", which downloads what is not there yet")
	}
	var diffs strings.Builder
	for _, s := range w.steps {
		switch s.Kind {
		case stepEditor:
			p.Commands = append(p.Commands, sentences(s.Variables, forEditor)...)
		case stepMove:
			p.Commands = append(p.Commands, "move "+s.File+" to "+s.To)
		case stepSDK:
			if s.HashBefore == "" {
				p.Commands = append(p.Commands, "copy it from there to "+s.File+" (about 250 MB), and mark it as golang.org/dl does")
			} else {
				p.Commands = append(p.Commands, "remove "+s.File)
			}
		case stepTool:
			p.Commands = append(p.Commands, "replace "+s.File+" ("+s.ToolBefore+") by "+s.ToolAfter)
		case stepFile, stepGOENV:
			text, secret, err := s.preview(opts.Root, read)
			if err != nil {
				return Preview{}, err
			}
			p.Commands = append(p.Commands, secret...)
			diffs.WriteString(text)
		}
	}
	p.Diff = diffs.String()
	sh := shell.Of(opts.Environ)
	for _, c := range w.shell {
		c.Value = drift.Mask(c.Variable, c.Value)
		line, err := c.In(sh)
		if err != nil {
			return Preview{}, err
		}
		p.Commands = append(p.Commands, "for you to run in your shell: "+line)
	}
	return p, nil
}

// preview is the diff of a step's file, and what its diff cannot show.
func (s step) preview(root string, read reader) (text string, secret []string, err error) {
	now, err := read(s.File)
	if err != nil {
		return "", nil, err
	}
	before, after, err := s.texts(now)
	if err != nil {
		return "", nil, err
	}
	if s.Kind == stepGOENV {
		before, after = maskGOENV(before), maskGOENV(after)
		if same(before, after) {
			for _, line := range sentences(s.Variables, "in "+s.File) {
				secret = append(secret, line+" (what changes is secret and not shown)")
			}
		}
	} else {
		// What a fix changes is a version, but the lines around it are shown too.
		before, after = maskText(before), maskText(after)
	}
	return diff(root, s.File, before, after), secret, nil
}

// diff is the unified diff of one file, with names as git writes them.
func diff(root, file string, before, after *content) string {
	name := file
	from, to := name, name
	if root != "" && drift.Within(root, file) {
		if rel, err := filepath.Rel(root, file); err == nil {
			name = filepath.ToSlash(rel)
			from, to = "a/"+name, "b/"+name
		}
	}
	text := func(c *content, label *string) string {
		if c == nil {
			*label = "/dev/null"
			return ""
		}
		return string(c.Text)
	}
	old, next := text(before, &from), text(after, &to)
	if old == next && (before == nil) != (after == nil) {
		return fmt.Sprintf("--- %s\n+++ %s\n", from, to) // an empty file comes or goes
	}
	return unified(from, to, old, next)
}

// maskText masks what is secret in a file of the workspace.
func maskText(c *content) *content {
	if c == nil {
		return nil
	}
	return &content{Text: []byte(drift.MaskFile(string(c.Text)))}
}

// maskGOENV masks the value in every line.
func maskGOENV(c *content) *content {
	if c == nil {
		return nil
	}
	lines := bytes.SplitAfter(c.Text, []byte("\n"))
	for i, line := range lines {
		body := strings.TrimRight(string(line), "\r\n")
		end := string(line)[len(body):]
		if name, value, ok := strings.Cut(body, "="); ok {
			lines[i] = []byte(name + "=" + drift.Mask(strings.TrimSpace(name), value) + end)
		} else {
			lines[i] = []byte(drift.MaskText(body) + end)
		}
	}
	return &content{Text: bytes.Join(lines, nil)}
}

// sentences say what becomes of variables, without secrets.
func sentences(variables []variable, where string) []string {
	var out []string
	for _, v := range variables {
		if v.After == nil {
			out = append(out, "unset "+v.Name+" "+where)
		} else {
			out = append(out, "set "+v.Name+"="+drift.Mask(v.Name, *v.After)+" "+where)
		}
	}
	return out
}
