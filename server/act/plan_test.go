package act

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

func TestPlan(t *testing.T) {
	w := newWorld(t)
	w.write("go.mod", "module m\n\ngo 1.24\n")
	w.write(w.opts.GOENV, "GOPROXY=https://me:hunter2@goproxy.example,direct\nGOTOOLCHAIN=local\n")
	got, err := Plan(context.Background(), w.opts, fixOf(
		w.replace("go.mod", "1.24", "1.25.3"), w.create("godrift.toml", "x = 1\n"), setGOENV("GOTOOLCHAIN", "go1.25.3"),
		drift.Action{Kind: drift.ActionInstallToolchain, Toolchain: "go1.25.3"},
		drift.Action{Kind: drift.ActionSetEditor, Variable: "GOTOOLCHAIN", Value: "go1.25.3"},
		drift.Action{Kind: drift.ActionUnsetEditor, Variable: "GOROOT"},
		drift.Action{Kind: drift.ActionUnsetShell, Variable: "GOROOT"},
	))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.ReplaceAll(`--- a/go.mod
+++ b/go.mod
@@ -1,3 +1,3 @@
 module m
 
-go 1.24
+go 1.25.3
--- /dev/null
+++ b/godrift.toml
@@ -0,0 +1 @@
+x = 1
--- GOENV
+++ GOENV
@@ -1,2 +1,2 @@
 GOPROXY=https://***@goproxy.example,direct
-GOTOOLCHAIN=local
+GOTOOLCHAIN=go1.25.3
`, "GOENV", w.opts.GOENV)
	if d := cmp.Diff(want, got.Diff); d != "" {
		t.Errorf("the diff differs (-want +got):\n%s", d)
	}
	commands := []string{
		"download go1.25.3 into the module cache",
		"set GOTOOLCHAIN=go1.25.3 for this workspace in the editor and its terminals",
		"unset GOROOT for this workspace in the editor and its terminals",
		"for you to run in your shell: unset GOROOT",
	}
	if d := cmp.Diff(commands, got.Commands); d != "" {
		t.Errorf("the commands differ (-want +got):\n%s", d)
	}
	w.want("go.mod", "module m\n\ngo 1.24\n")
	w.want("godrift.toml", "<none>")
	if exists, err := w.store.Exists(); err != nil || exists {
		t.Errorf("planning made a database: %v %v", exists, err)
	}
}

// TestSecretsStayOut: a credential reaches neither the preview, nor the result,
// nor the journal's readable part, and comes back on undo all the same.
func TestSecretsStayOut(t *testing.T) {
	const secret = "hunter2"
	w := newWorld(t)
	before := "GOPROXY=https://me:" + secret + "@goproxy.example\nGOFLAGS=-x\n"
	w.write(w.opts.GOENV, before)
	for _, action := range []drift.Action{unsetGOENV("GOPROXY"), setGOENV("GOPROXY", "https://you:"+secret+"2@goproxy.example"), setGOENV("GOFLAGS", "-v")} {
		fix := fixOf(action)
		fix.Title = "change https://me:" + secret + "@goproxy.example"
		plan, err := Plan(context.Background(), w.opts, fix)
		if err != nil {
			t.Fatal(err)
		}
		if plan.Diff == "" && len(plan.Commands) == 0 {
			t.Errorf("%+v: the plan says nothing at all", action)
		}
		res, err := Apply(context.Background(), w.opts, fix)
		if err != nil {
			t.Fatal(err)
		}
		back, err := PlanUndo(context.Background(), w.opts, res.ID)
		if err != nil {
			t.Fatal(err)
		}
		e, err := w.store.Entry(context.Background(), res.ID)
		if err != nil {
			t.Fatal(err)
		}
		shown := slices.Concat([]string{plan.Diff, back.Diff, e.Title, e.Note}, plan.Commands, back.Commands, res.Done, res.Notes)
		for _, text := range shown {
			if strings.Contains(text, secret) {
				t.Errorf("%+v: the secret is shown in %q", action, text)
			}
		}
		w.undo(res.ID)
		w.want(w.opts.GOENV, before)
	}
}

func TestPlanHidesSecretsOfFiles(t *testing.T) {
	w := newWorld(t)
	w.write("ci.yml", "env:\n  token: hunter2\n  url: https://me:hunter2@x.example\n  ref: ${{ secrets.TOKEN }}\n  go: 1.24 # password=hunter2\n")
	got, err := Plan(context.Background(), w.opts, fixOf(w.replace("ci.yml", "1.24", "1.25.3")))
	if err != nil {
		t.Fatal(err)
	}
	want := `--- a/ci.yml
+++ b/ci.yml
@@ -2,4 +2,4 @@
   token: ***
   url: https://***@x.example
   ref: ${{ secrets.TOKEN }}
-  go: 1.24 # password=***
+  go: 1.25.3 # password=***
`
	if d := cmp.Diff(want, got.Diff); d != "" {
		t.Errorf("the diff differs (-want +got):\n%s", d)
	}
}

func TestUntrustedFolderCannotHaveOtherFilesChanged(t *testing.T) {
	w := newWorld(t)
	outside := w.write(filepath.Join(filepath.Dir(w.root), "outside", "go.mod"), "go 1.24\n")
	w.write("real.mod", "go 1.24\n")
	for name, to := range map[string]string{"go.mod": "../outside/go.mod", "sub": "../outside", "near.mod": "real.mod"} {
		if err := os.Symlink(filepath.FromSlash(to), w.path(name)); err != nil {
			t.Skip(err) // Windows demands a privilege
		}
	}
	w.opts.Untrusted = true
	for _, name := range []string{"go.mod", "sub/go.mod"} {
		fix := fixOf(w.replace(name, "1.24", "1.25.3"))
		if _, err := Plan(context.Background(), w.opts, fix); err == nil || !strings.Contains(err.Error(), "leads out of the folder") {
			t.Errorf("%s: planned (%v)", name, err)
		}
		if _, err := Apply(context.Background(), w.opts, fix); err == nil || !strings.Contains(err.Error(), "leads out of the folder") {
			t.Errorf("%s: applied (%v)", name, err)
		}
	}
	for _, name := range []string{"sub/new", "sub/folder/new"} {
		if _, err := Apply(context.Background(), w.opts, fixOf(w.create(name, "x"))); err == nil {
			t.Errorf("%s was made outside", name)
		}
	}
	if _, err := Apply(context.Background(), w.opts, fixOf(w.create("folder/new", "x"))); err != nil {
		t.Error(err)
	}
	w.want(outside, "go 1.24\n")
	if _, err := Apply(context.Background(), w.opts, fixOf(w.replace("near.mod", "1.24", "1.25.3"))); err != nil {
		t.Error(err)
	}
	w.want("real.mod", "go 1.25.3\n")
	w.opts.Untrusted = false
	if _, err := Apply(context.Background(), w.opts, fixOf(w.replace("go.mod", "1.24", "1.25.3"))); err != nil {
		t.Error(err)
	}
	w.want(outside, "go 1.25.3\n")
}
