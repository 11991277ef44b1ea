package workspace

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// gitIn runs git in a folder, without anybody's settings.
func gitIn(t testing.TB, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

// ignoring is a checkout in which much is new and much of that is ignored.
var ignoring = map[string]string{
	".gitignore":              "# comment\nbuild/\n/only-top/\n*.d/\nlogs/**\n!logs/keep/\ndocs/*/out\n**/deep/end\nsp\\ ace\n{a,b}/\n[xy]1/\n!/back.d/\nt?p/ \n",
	"svc/.gitignore":          "Dockerfile\n!api/Dockerfile\n/gen\n",
	"svc/main.go":             "package main\n",
	"svc/Dockerfile":          "FROM golang:1.26.1\n",
	"svc/api/Dockerfile":      "FROM golang:1.26.1\n",
	"svc/gen/go.mod":          "go 1.26.1\n",
	"svc/api/gen/go.mod":      "go 1.26.1\n",
	"new/a1/b/Dockerfile":     "FROM golang:1.26.1\n",
	"new/build/x/Dockerfile":  "FROM golang:1.26.1\n",
	"new/only-top/Dockerfile": "FROM golang:1.26.1\n",
	"only-top/Dockerfile":     "FROM golang:1.26.1\n",
	"lib.d/x/go.mod":          "go 1.26.1\n",
	"back.d/x/Dockerfile":     "FROM golang:1.26.1\n",
	"logs/x/Dockerfile":       "FROM golang:1.26.1\n",
	"logs/keep/Dockerfile":    "FROM golang:1.26.1\n",
	"docs/a/out/Dockerfile":   "FROM golang:1.26.1\n",
	"docs/a/b/out/Dockerfile": "FROM golang:1.26.1\n",
	"p/q/deep/end/Dockerfile": "FROM golang:1.26.1\n",
	"p/q/deep/go.mod":         "go 1.26.1\n",
	"sp ace/x/Dockerfile":     "FROM golang:1.26.1\n",
	"{a,b}/x/Dockerfile":      "FROM golang:1.26.1\n",
	"a/x/Dockerfile":          "FROM golang:1.26.1\n",
	"x1/x/Dockerfile":         "FROM golang:1.26.1\n",
	"top/x/Dockerfile":        "FROM golang:1.26.1\n",
	"excl/x/Dockerfile":       "FROM golang:1.26.1\n",
	"forced/build/go.mod":     "go 1.26.1\n",
	"forced/build/Dockerfile": "FROM golang:1.26.1\n",
	"far/away/pkg/a.go":       "package pkg\n",
	"far/away/pkg/Dockerfile": "FROM golang:1.26.1\n",
}

// TestUntracked compares with git itself.
func TestUntracked(t *testing.T) {
	root := tree(t, ignoring)
	gitIn(t, root, "init", "-q")
	write(t, filepath.Join(root, ".git", "info", "exclude"), "excl\n")
	gitIn(t, root, "add", ".gitignore", "svc/main.go", "far/away/pkg/a.go")
	gitIn(t, root, "add", "-f", "forced/build/go.mod")
	check := func(t *testing.T, dir string, byName ...string) {
		t.Helper()
		want := byName
		for _, name := range strings.Split(gitIn(t, dir, "ls-files", "-zco", "--exclude-standard"), "\x00") {
			if name != "" && candidate(name, nil) {
				want = append(want, name)
			}
		}
		slices.Sort(want)
		got, f := look(t, dir, defaultLimits)
		if got != strings.Join(want, " ") || f.index == "" || len(f.problems) > 0 {
			t.Errorf("in %s, problems %v\ngot  %s\nwant %s", dir, f.problems, got, strings.Join(want, " "))
		}
	}
	t.Run("top", func(t *testing.T) { check(t, root) })
	t.Run("folder of it", func(t *testing.T) { check(t, filepath.Join(root, "svc"), "Dockerfile", "gen/go.mod") })
	t.Run("worktree", func(t *testing.T) {
		gitIn(t, root, "commit", "-qm", "one")
		side := filepath.Join(filepath.Dir(root), "side")
		gitIn(t, root, "worktree", "add", "-q", side)
		write(t, filepath.Join(side, "excl", "x", "Dockerfile"), "FROM golang:1.26.1\n")
		write(t, filepath.Join(side, "new", "Dockerfile"), "FROM golang:1.26.1\n")
		check(t, side)
	})
	t.Run("few folders", func(t *testing.T) {
		lim := defaultLimits
		lim.listed = 1
		if got, _ := look(t, root, lim); strings.Contains(got, "far/away/pkg") || !strings.Contains(got, "new/a1/b/Dockerfile") {
			t.Errorf("got %s", got)
		}
	})
	t.Run("entries", func(t *testing.T) {
		lim := defaultLimits
		lim.entries = 3
		if _, f := look(t, root, lim); len(f.problems) == 0 || !strings.Contains(f.problems[0].Message, "more than 3 files") {
			t.Errorf("problems %v", f.problems)
		}
	})
}

// TestUntrackedLink holds that a tracked folder in whose place a link stands is
// not looked into.
func TestUntrackedLink(t *testing.T) {
	root := tree(t, map[string]string{"a/b/x.txt": "", "../out/b/new/Dockerfile": "FROM golang:1.26.1\n"})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", ".")
	if err := os.RemoveAll(filepath.Join(root, "a")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(root, "..", "out"), filepath.Join(root, "a")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if got, _ := look(t, root, defaultLimits); got != "" {
		t.Errorf("got %s", got)
	}
}

// TestNewFolder holds that a folder that appears is seen at once and by who
// opens the workspace then, and that it is watched.
func TestNewFolder(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.26.1\n", "deep/er/a.go": "package er\n"})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", ".")
	world := around(t, root)
	w := open(t, root, world)
	svc := filepath.Join(root, "deep", "er", "svc")
	write(t, filepath.Join(svc, "go.mod"), "module svc\ngo 1.26.9\n")
	write(t, filepath.Join(svc, "Dockerfile"), "FROM golang:1.26.1\n")
	w = next(t, w, saved(svc))
	opened := open(t, root, world)
	for name, got := range map[string]*Workspace{"next": w, "open": opened} {
		if _, ok := got.Snapshot().Documents[filepath.Join(svc, "Dockerfile")]; !ok {
			t.Errorf("%s: pins %s", name, pinned(t, got.Snapshot()))
		}
		if dirs, _ := got.Watch(); !slices.Contains(dirs, svc) {
			t.Errorf("%s: %s is not watched: %v", name, svc, dirs)
		}
	}
	if got, want := pinned(t, w.Snapshot()), pinned(t, opened.Snapshot()); got != want {
		t.Errorf("after the event %s, opened now %s", got, want)
	}
}

// TestIgnoredLater holds that a file that is ignored leaves, comes back with its
// pattern's end, and is left out by an event as it is by a search.
func TestIgnoredLater(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.26.1\n", "svc/x/Dockerfile": "FROM golang:1.26.1\n"})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", "go.mod")
	world := around(t, root)
	w := open(t, root, world)
	ignore, docker, other := filepath.Join(root, ".gitignore"), filepath.Join(root, "svc", "x", "Dockerfile"), filepath.Join(root, "svc", "y", "Dockerfile")
	check := func(want bool) {
		t.Helper()
		_, got := w.Snapshot().Documents[docker]
		if now := pinned(t, open(t, root, world).Snapshot()); got != want || pinned(t, w.Snapshot()) != now {
			t.Errorf("seen: %v, want %v; after the event %s, opened now %s", got, want, pinned(t, w.Snapshot()), now)
		}
	}
	check(true)
	write(t, ignore, "svc/\n")
	w = next(t, w, saved(ignore))
	check(false)
	write(t, other, "FROM golang:1.26.1\n")
	w = next(t, w, saved(docker, other))
	check(false)
	write(t, ignore, "")
	w = next(t, w, saved(ignore))
	check(true)
}

func TestCheckouts(t *testing.T) {
	root := tree(t, map[string]string{
		"go.mod": "go 1.27.1\n", "repo/Dockerfile": "FROM golang:1.26.1\n", "repo/.git/index": string(writeIndex(2, 20, plain("Dockerfile"))),
	})
	repo := filepath.Join(root, "repo")
	for _, dir := range []string{root, repo} {
		if got := open(t, dir, around(t, dir)).Snapshot().Checkouts; !slices.Equal(got, []string{repo}) {
			t.Errorf("%s: checkouts %q", dir, got)
		}
	}
}

func FuzzIgnore(f *testing.F) {
	for _, line := range strings.Split(ignoring[".gitignore"], "\n") {
		f.Add(line, "a/b")
	}
	f.Fuzz(func(t *testing.T, line, rel string) {
		p, ok := parseIgnore(line)
		if ok && p.dirOnly && p.match(rel, false) {
			t.Error("a file matches a pattern for folders")
		}
	})
}

func BenchmarkUntracked(b *testing.B) {
	root := forest(b, 100)
	gitIn(b, root, "init", "-q")
	gitIn(b, root, "add", ".")
	for b.Loop() {
		if _, err := find(context.Background(), Disk(), root, "", defaultLimits, nil); err != nil {
			b.Fatal(err)
		}
	}
}
