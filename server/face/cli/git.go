package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// git asks a question. Hooks, file system monitors and diff programs that the
// checkout configures are not run.
func (r *repository) git(ctx context.Context, args ...string) ([]byte, error) {
	return r.ask(ctx, append([]string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=", "-c", "diff.external="}, args...)...)
}

// ask is git with the hooks folder that is really configured: for questions
// that run none.
func (r *repository) ask(ctx context.Context, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, gitTime)
	defer cancel()
	args = append([]string{"-C", r.top}, args...)
	cmd := exec.CommandContext(ctx, r.program, args...)
	cmd.Env = r.env
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		first, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n")
		if first == "" {
			first = exit.Error()
		}
		return nil, errors.New(first)
	}
	return out, err
}

// submodules says how far a comparison looks into submodules: their own
// settings can name programs, and git would run its status inside each. What
// changed inside one is no change of this checkout in any case.
func (r *repository) submodules() string {
	if r.untrusted {
		return "--ignore-submodules=all"
	}
	return "--ignore-submodules=dirty"
}

// names splits a list of file names that git ended with NUL each.
func (r *repository) names(list []byte) map[string]bool {
	out := map[string]bool{}
	for name := range bytes.SplitSeq(bytes.TrimRight(list, "\x00"), []byte{0}) {
		if len(name) > 0 {
			out[filepath.Join(r.top, filepath.FromSlash(string(name)))] = true
		}
	}
	return out
}

// since returns the files as they were when the present branch left rev, and the
// names of those that differ from that now, untracked ones included. A file that
// has moved is another file.
func (r *repository) since(ctx context.Context, rev string, disk drift.Files) (drift.Files, map[string]bool, error) {
	commit, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", rev+"^{commit}")
	if err != nil {
		return nil, nil, usagef("git knows no revision %q here; in CI, fetch it first", rev)
	}
	base := strings.TrimSpace(string(commit))
	// A shallow clone has no common ancestor: then rev itself is compared with.
	if merge, err := r.git(ctx, "merge-base", base, "HEAD"); err == nil {
		base = strings.TrimSpace(string(merge))
	}
	compare := []string{"diff"}
	if r.untrusted {
		// Comparing contents runs the filters that the checkout configures; this
		// only looks at sizes and times, and lists a touched file as changed.
		compare = []string{"diff-index"}
	}
	changed, err := r.git(ctx, append(compare, r.submodules(), "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-textconv", base, "--")...)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot list the files changed since %s: %w", rev, err)
	}
	untracked, err := r.git(ctx, "ls-files", "-z", "--others", "--exclude-standard")
	if err != nil {
		return nil, nil, fmt.Errorf("cannot list untracked files: %w", err)
	}
	overlay := &index{Files: disk, repo: r, entries: map[string]entry{}, bases: map[string]bool{}, ctx: ctx}
	names := r.names(untracked)
	for name := range names {
		overlay.add(entry{file: name, gone: true})
	}
	for _, e := range r.raw(changed) {
		names[e.file] = true
		// What was not there has no mode.
		e.blob, e.mode, e.gone = e.before, e.modeBefore, strings.Trim(e.modeBefore, "0") == ""
		overlay.add(e)
	}
	return overlay, names, nil
}

// emptyTree is what the first commit is compared with; git knows it without
// having it.
const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// staged returns the files as the next commit would hold them, and the names of
// those that it would change.
func (r *repository) staged(ctx context.Context, disk drift.Files) (drift.Files, map[string]bool, error) {
	// Where the folder differs from the index, the index counts. Git takes its time
	// to look at every file, so both questions are asked at once.
	type answer struct {
		out []byte
		err error
	}
	differ := make(chan answer, 1)
	go func() {
		out, err := r.git(ctx, "diff-files", r.submodules(), "-z", "--raw", "--no-abbrev", "--no-renames", "--")
		differ <- answer{out, err}
	}()
	out, err := r.stagedRaw(ctx, "HEAD")
	if err != nil {
		// The first commit of all is compared with nothing.
		if _, unborn := r.git(ctx, "rev-parse", "--verify", "--quiet", "HEAD"); unborn != nil {
			out, err = r.stagedRaw(ctx, r.nothing(ctx))
		}
	}
	files := <-differ
	if err != nil {
		return nil, nil, fmt.Errorf("cannot list staged files: %w", err)
	}
	if files.err != nil {
		return nil, nil, fmt.Errorf("cannot compare the folder with what is staged: %w", files.err)
	}
	overlay := &index{Files: disk, repo: r, entries: map[string]entry{}, bases: map[string]bool{}, ctx: ctx}
	names := map[string]bool{}
	for _, e := range r.raw(out) {
		names[e.file] = true
		if e.gone {
			overlay.add(e)
		}
	}
	for _, e := range r.raw(files.out) {
		e.blob, e.mode, e.gone = e.before, e.modeBefore, false
		overlay.add(e)
	}
	return overlay, names, nil
}

// stagedRaw lists what is staged, compared with a commit or a tree.
func (r *repository) stagedRaw(ctx context.Context, head string) ([]byte, error) {
	r.base = head
	return r.git(ctx, "diff-index", r.submodules(), "--cached", "-z", "--no-renames", "--raw", "--no-abbrev", head, "--")
}

// nothing is the name of the empty tree in this repository's kind of hash.
func (r *repository) nothing(ctx context.Context) string {
	out, err := r.git(ctx, "hash-object", "-t", "tree", "--stdin")
	if tree := line(out); err == nil && tree != "" {
		return tree
	}
	return emptyTree
}

// before reads files as the commit has them that is compared with: those that
// differ from it, for nothing else is reported.
func (r *repository) before(ctx context.Context, only map[string]bool, real func(file string) string) func(file string) ([]byte, error) {
	return func(file string) ([]byte, error) {
		if !only[file] {
			if file = real(file); !only[file] {
				return nil, fs.ErrNotExist
			}
		}
		rel, err := filepath.Rel(r.top, file)
		if err != nil {
			return nil, err
		}
		return r.blob(ctx, r.base+":"+filepath.ToSlash(rel))
	}
}

// raw reads git's raw list of differences: ":mode mode blob blob status\0name\0".
func (r *repository) raw(list []byte) []entry {
	var out []entry
	parts := bytes.Split(list, []byte{0})
	for i := 0; i+1 < len(parts); i += 2 {
		fields := strings.Fields(strings.TrimPrefix(string(parts[i]), ":"))
		if len(fields) < 5 {
			break
		}
		out = append(out, entry{
			file:       filepath.Join(r.top, filepath.FromSlash(string(parts[i+1]))),
			modeBefore: fields[0], mode: fields[1], before: fields[2], blob: fields[3],
			gone: strings.HasPrefix(fields[4], "D"),
		})
	}
	return out
}

// blob reads one object.
func (r *repository) blob(ctx context.Context, id string) ([]byte, error) {
	out, err := r.git(ctx, "cat-file", "-s", id)
	if err != nil {
		return nil, err
	}
	if len(strings.TrimSpace(string(out))) > len("9999999") {
		return nil, fmt.Errorf("%w: %s bytes are too many for a file of this kind", fs.ErrInvalid, strings.TrimSpace(string(out)))
	}
	return r.git(ctx, "cat-file", "blob", id)
}
