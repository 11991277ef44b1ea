package workspace

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// tree writes files below a new folder and returns the folder.
func tree(t testing.TB, files map[string]string) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root = filepath.Join(root, "w")
	for name, content := range files {
		write(t, filepath.Join(root, filepath.FromSlash(name)), content)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	return root
}

func write(t testing.TB, file, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// look lists what find finds, relative to root, and its problems.
func look(t *testing.T, root string, lim limits) (files string, f found) {
	t.Helper()
	f, err := find(context.Background(), Disk(), root, os.TempDir(), lim, nil)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, file := range f.files {
		rel, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, filepath.ToSlash(rel))
	}
	return strings.Join(list, " "), f
}

func TestWalk(t *testing.T) {
	root := tree(t, map[string]string{
		"go.mod": "", "go.work": "", ".go-version": "", "godrift.toml": "", "LICENSE.md": "",
		"a/go.mod": "", "a/godrift.toml": "", "a/b/c/d/go.mod": "", ".hidden/go.mod": "",
		"vendor/x/go.mod": "", "a/testdata/go.mod": "", "node_modules/x/go.mod": "", ".git": "no git file",
		"vendored/go.mod": "", "main.go": "",
	})
	if err := os.Symlink(root, filepath.Join(root, "a", "circle")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if err := os.Symlink(filepath.Join(root, "go.mod"), filepath.Join(root, "a", "b", "go.mod")); err != nil {
		t.Fatal(err)
	}
	got, f := look(t, root, defaultLimits)
	want := ".go-version .hidden/go.mod a/b/c/d/go.mod a/b/go.mod a/go.mod go.mod go.work godrift.toml vendored/go.mod"
	if got != want || len(f.problems) != 0 || f.index != "" {
		t.Errorf("got  %s\nwant %s\nproblems %v", got, want, f.problems)
	}
}

func TestLimits(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "", "a/b/c/go.mod": "", "d/go.mod": "", "e/go.mod": ""})
	for name, c := range map[string]struct {
		change        func(*limits)
		want, problem string
	}{
		"depth":      {func(l *limits) { l.depth = 2 }, "d/go.mod e/go.mod go.mod", "nested more than 2 deep"},
		"candidates": {func(l *limits) { l.candidates = 2 }, "a/b/c/go.mod d/go.mod", "more than 2 files here"},
		"entries":    {func(l *limits) { l.entries = 1 }, "go.mod", "more than 1 files here"},
	} {
		t.Run(name, func(t *testing.T) {
			lim := defaultLimits
			c.change(&lim)
			got, f := look(t, root, lim)
			if got != c.want || len(f.problems) != 1 || !strings.Contains(f.problems[0].Message, c.problem) {
				t.Errorf("got %s, want %s; problems %v", got, c.want, f.problems)
			}
		})
	}
}

func TestDeniedFolder(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		// Nothing is denied to root: let the view of the files deny it.
		root := tree(t, map[string]string{"a/go.mod": "", "b/go.mod": ""})
		f, err := find(context.Background(), denying{Disk(), filepath.Join(root, "a")}, root, os.TempDir(), defaultLimits, nil)
		if err != nil || len(f.files) != 1 || len(f.problems) != 1 || !strings.Contains(f.problems[0].Message, "permission denied") {
			t.Errorf("error %v, files %v, problems %v", err, f.files, f.problems)
		}
		return
	}
	root := tree(t, map[string]string{"a/go.mod": "", "b/go.mod": ""})
	if err := os.Chmod(filepath.Join(root, "a"), 0); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(root, "a"), 0o755) })
	got, f := look(t, root, defaultLimits)
	if got != "b/go.mod" || len(f.problems) != 1 || !strings.Contains(f.problems[0].Message, "permission denied") {
		t.Errorf("got %s, problems %v", got, f.problems)
	}
}

// denying denies one folder.
type denying struct {
	drift.Files
	dir string
}

func (d denying) ReadDir(name string) ([]os.DirEntry, error) {
	if name == d.dir {
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrPermission}
	}
	return d.Files.ReadDir(name)
}

// TestCheckout reads lists of tracked files that the test itself writes.
func TestCheckout(t *testing.T) {
	index := writeIndex(2, 20, plain("a/b/go.mod", "go.mod", "testdata/go.mod", "x.go"))
	files := map[string]string{
		"repo/a/b/go.mod": "", "repo/go.mod": "", "repo/go.work": "untracked", "repo/new/go.mod": "untracked",
		"repo/deep/er/go.mod": "untracked and deep", "repo/testdata/go.mod": "",
		"repo/.git/index": string(index),
	}
	t.Run("top", func(t *testing.T) {
		root := filepath.Join(tree(t, files), "repo")
		got, f := look(t, root, defaultLimits)
		if want := "a/b/go.mod deep/er/go.mod go.mod go.work new/go.mod"; got != want || f.index != filepath.Join(root, ".git", "index") {
			t.Errorf("got %s, want %s; index %q", got, want, f.index)
		}
	})
	t.Run("folder of it", func(t *testing.T) {
		got, _ := look(t, filepath.Join(tree(t, files), "repo", "a"), defaultLimits)
		if want := "b/go.mod ../go.mod ../go.work"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("untracked folder of it", func(t *testing.T) {
		got, f := look(t, filepath.Join(tree(t, files), "repo", "deep"), defaultLimits)
		if want := "er/go.mod ../go.mod ../go.work"; got != want || f.index != "" {
			t.Errorf("got %s, want %s; index %q", got, want, f.index)
		}
	})
	t.Run("above", func(t *testing.T) {
		got, _ := look(t, tree(t, files), defaultLimits)
		if want := "repo/a/b/go.mod repo/deep/er/go.mod repo/go.mod repo/go.work repo/new/go.mod"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("sha256", func(t *testing.T) {
		root := filepath.Join(tree(t, files), "repo")
		write(t, filepath.Join(root, ".git", "index"), string(writeIndex(4, 32, plain("a/b/go.mod"))))
		if got, f := look(t, root, defaultLimits); got != "a/b/go.mod deep/er/go.mod go.mod go.work new/go.mod" || f.index == "" {
			t.Errorf("got %s, index %q", got, f.index)
		}
	})
	for name, broken := range map[string][]byte{
		"split index": writeIndex(2, 20, plain("go.mod"), "linkabcd"), "broken index": index[:90], "no index": nil,
	} {
		t.Run(name, func(t *testing.T) {
			root := filepath.Join(tree(t, files), "repo")
			write(t, filepath.Join(root, ".git", "index"), string(broken))
			if got, f := look(t, root, defaultLimits); got != "a/b/go.mod deep/er/go.mod go.mod go.work new/go.mod" || f.index != "" {
				t.Errorf("got %s, index %q", got, f.index)
			}
		})
	}
	t.Run("worktree", func(t *testing.T) {
		dir := tree(t, files)
		git := filepath.Join(dir, "repo", ".git", "worktrees", "side")
		write(t, filepath.Join(git, "index"), string(writeIndex(2, 20, plain("c/d/e/go.mod"))))
		write(t, filepath.Join(dir, "side", ".git"), "gitdir: "+git+"\n")
		write(t, filepath.Join(dir, "side", "c", "d", "e", "go.mod"), "")
		if got, f := look(t, filepath.Join(dir, "side"), defaultLimits); got != "c/d/e/go.mod" || f.index != filepath.Join(git, "index") {
			t.Errorf("got %s, index %q", got, f.index)
		}
	})
	t.Run("submodule", func(t *testing.T) {
		root := filepath.Join(tree(t, files), "repo")
		list := append(plain("go.mod"), indexFile{path: "libs/one", mode: modeSubmodule}, indexFile{path: "libs/two", mode: modeSubmodule})
		write(t, filepath.Join(root, ".git", "index"), string(writeIndex(2, 20, list)))
		write(t, filepath.Join(root, ".git", "modules", "one", "index"), string(writeIndex(2, 20, plain("x/y/go.mod"))))
		write(t, filepath.Join(root, "libs", "one", ".git"), "gitdir: ../../.git/modules/one\n")
		if got, _ := look(t, root, defaultLimits); got != "a/b/go.mod deep/er/go.mod go.mod go.work libs/one/x/y/go.mod new/go.mod" {
			t.Errorf("got %s", got)
		}
	})
}

func TestAbove(t *testing.T) {
	files := map[string]string{"go.mod": "", "go.work": "", ".go-version": "", "a/go.mod": "", "a/b/c/x": "", "a/.git/index": string(writeIndex(2, 20, plain("b/c/x")))}
	dir := tree(t, files)
	if got, _ := look(t, filepath.Join(dir, "a", "b", "c"), defaultLimits); got != "../../go.mod ../../../go.work" {
		t.Errorf("got %s", got)
	}
	f, err := find(context.Background(), Disk(), filepath.Join(dir, "a", "b", "c"), filepath.Join(dir, "a"), defaultLimits, nil)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(f.files, filepath.Join(dir, "a", "go.mod")) {
		t.Error("the go.mod of the folder for temporary files counts")
	}
}

func TestCancelledSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := find(ctx, Disk(), tree(t, map[string]string{"go.mod": ""}), "", defaultLimits, nil); err == nil {
		t.Error("a cancelled search succeeds")
	}
}

// forest writes a tree of n modules among ten times as many folders.
func forest(tb testing.TB, modules int) string {
	files := map[string]string{}
	for i := range modules {
		dir := fmt.Sprintf("part%d/module%d", i%20, i)
		files[dir+"/go.mod"] = fmt.Sprintf("module example.com/m%d\n\ngo 1.%d.0\n\nrequire example.com/x v1.0.0\n", i, 20+i%7)
		for j := range 10 {
			files[fmt.Sprintf("%s/pkg%d/a.go", dir, j)] = "package a\n"
		}
	}
	return tree(tb, files)
}

func BenchmarkWalk(b *testing.B) {
	root := forest(b, 200)
	for b.Loop() {
		if _, err := find(context.Background(), Disk(), root, "", defaultLimits, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWalkDir is what the standard library takes for the same tree.
func BenchmarkWalkDir(b *testing.B) {
	root := forest(b, 200)
	for b.Loop() {
		n := 0
		if err := filepath.WalkDir(root, func(string, os.DirEntry, error) error { n++; return nil }); err != nil || n == 0 {
			b.Fatal(err)
		}
	}
}
