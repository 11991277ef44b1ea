package cli

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/drift"
)

// repository is a git checkout.
type repository struct {
	top string
	// base is the commit that is compared with.
	base string
	// git is the program.
	program string
	env     []string
	// gitDir is where git keeps what belongs to this checkout.
	gitDir string
	// settings is how many settings env has already, as GIT_CONFIG_COUNT.
	settings int
	// untrusted says that nothing may run that the checkout could have placed or
	// configured.
	untrusted bool
}

// gitTime bounds one question to git.
const gitTime = time.Minute

// gitAt is git, about to be asked about a folder.
func (c *Command) gitAt(dir string, untrusted bool) (*repository, error) {
	environ := c.here().Environ
	program, err := exec.LookPath("git")
	if err != nil {
		return nil, fmt.Errorf("asking git about %s: %w; this needs git on PATH", dir, err)
	}
	if untrusted {
		if err := c.outside(dir, program); err != nil {
			return nil, err
		}
	}
	r := &repository{top: dir, program: program, untrusted: untrusted}
	for name, value := range environ {
		if !strings.HasPrefix(name, "GIT_") || settings().MatchString(name) {
			r.env = append(r.env, name+"="+value)
		}
	}
	r.settings, _ = strconv.Atoi(environ["GIT_CONFIG_COUNT"])
	r.env = append(r.env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1")
	return r, nil
}

// repository finds the checkout that a folder belongs to.
func (c *Command) repository(ctx context.Context, dir string, untrusted bool) (*repository, error) {
	r, err := c.gitAt(dir, untrusted)
	if err != nil {
		return nil, err
	}
	gitDir, err := r.find(ctx)
	if err != nil {
		if gitDir = c.outsideGitDir(ctx, r, dir); gitDir == "" {
			return nil, usageError{fmt.Errorf("%s is in no git checkout: %w", dir, err)}
		}
	}
	r.gitDir = gitDir
	if untrusted {
		r.withoutFilters(ctx)
	}
	// git commit -a and git commit FILE let the hook see what they are about to
	// commit through an index of their own. Its folder may be named through a
	// link.
	if index := c.here().Environ["GIT_INDEX_FILE"]; index != "" {
		index = c.absolute(filepath.FromSlash(index))
		if at := c.resolved(filepath.Dir(index)); drift.Within(c.resolved(gitDir), at) {
			r.env = append(r.env, "GIT_INDEX_FILE="+filepath.Join(at, filepath.Base(index)))
		}
	}
	return r, nil
}

// settings are the variables that configure git itself. All others speak, inside
// a hook, of a repository that need not be the one that is asked about.
var settings = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM|COUNT|KEY_\d+|VALUE_\d+)|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)$`)
})

// find asks where the checkout begins and where git keeps its own files. A name
// may hold anything, line ends too: then it takes two questions.
func (r *repository) find(ctx context.Context) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--show-toplevel", "--absolute-git-dir")
	if err != nil {
		return "", err
	}
	if top, gitDir, ok := strings.Cut(line(out), "\n"); ok && !strings.Contains(gitDir, "\n") {
		r.top = filepath.FromSlash(top)
		return filepath.FromSlash(gitDir), nil
	}
	top, err := r.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil {
		return "", err
	}
	gitDir, err := r.git(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return "", err
	}
	r.top = filepath.FromSlash(line(top))
	return filepath.FromSlash(line(gitDir)), nil
}

// line is an answer without the line end that git puts after it.
func line(out []byte) string { return strings.TrimSuffix(string(out), "\n") }

// outsideGitDir finds a checkout that only variables lead to, as one whose
// repository is elsewhere (git --git-dir=… --work-tree=…) has it in its hooks. It
// returns nothing unless dir is in it.
func (c *Command) outsideGitDir(ctx context.Context, r *repository, dir string) string {
	environ := c.here().Environ
	if environ["GIT_DIR"] == "" {
		return ""
	}
	out := *r
	out.env = append(slices.Clone(r.env), "GIT_DIR="+c.absolute(environ["GIT_DIR"]))
	out.top = c.Dir
	if tree := environ["GIT_WORK_TREE"]; tree != "" {
		out.env = append(out.env, "GIT_WORK_TREE="+c.absolute(tree))
	}
	gitDir, err := out.find(ctx)
	if err != nil || !drift.Within(c.resolved(out.top), c.resolved(dir)) {
		return ""
	}
	out.env = append(out.env, "GIT_WORK_TREE="+out.top)
	*r = out
	return gitDir
}

// withoutFilters has git pass over the programs that the checkout configures as
// filters: git starts them whenever it cannot tell from a file's size and time
// alone that it is unchanged. Variables carry the settings, since a filter's
// name may hold anything.
func (r *repository) withoutFilters(ctx context.Context) {
	names, err := r.git(ctx, "config", "-z", "--name-only", "--get-regexp", `^filter\.`)
	if err != nil {
		return // none is configured
	}
	drivers := map[string]bool{}
	for name := range strings.SplitSeq(string(names), "\x00") {
		if dot := strings.LastIndexByte(name, '.'); dot > 0 {
			drivers[name[:dot]] = true
		}
	}
	count := r.settings
	set := func(key, value string) {
		r.env = append(r.env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", count, key), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", count, value))
		count++
	}
	for driver := range drivers {
		set(driver+".clean", "")
		set(driver+".smudge", "")
		set(driver+".process", "")
		set(driver+".required", "false")
	}
	r.env = append(r.env, fmt.Sprintf("GIT_CONFIG_COUNT=%d", count))
}

// outside refuses a program that stands in a folder which is not trusted.
func (c *Command) outside(dir, program string) error {
	for _, dir := range []string{dir, c.resolved(dir)} {
		project := c.outermost(dir)
		if drift.Within(project, filepath.Clean(program)) || drift.Within(project, c.resolved(program)) {
			return fmt.Errorf("the git on PATH is %s, which belongs to a folder that is not trusted; take it off PATH", program)
		}
	}
	return nil
}

// outermost is the highest folder at or above dir that could have come from
// whoever wrote dir: a checkout, a module or a workspace. A nested checkout
// must not hide the one around it.
func (c *Command) outermost(dir string) string {
	out := dir
	for at := dir; ; at = filepath.Dir(at) {
		for _, name := range []string{".git", "go.mod", "go.work"} {
			if _, err := c.here().Files.Lstat(filepath.Join(at, name)); err == nil {
				out = at
			}
		}
		if at == filepath.Dir(at) {
			return out
		}
	}
}

// resolved is name without symbolic links, or name itself if it has no end.
func (c *Command) resolved(name string) string {
	if real, err := c.here().Files.EvalSymlinks(name); err == nil {
		return real
	}
	return name
}
