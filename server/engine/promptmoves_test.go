package engine_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/remember"
)

// TestMovedAtPrompt holds what a shell is told about its variables, compared with
// what was accepted, in a terminal or in an editor.
func TestMovedAtPrompt(t *testing.T) {
	const (
		eval    = `eval "$(godrift rollback --shell bash)"`
		long    = 2 * time.Hour
		justNow = time.Minute
	)
	type env = map[string]string
	for name, c := range map[string]struct {
		of            string // in whose environment it was accepted
		was, is       env
		goenv, nowEnv string
		age           time.Duration // of the GOENV file
		toml          string
		chosen        []string
		sub           bool // the shell is in another module of the workspace
		says, help    string
	}{
		"nothing moved":               {was: env{"GOFLAGS": "-v"}, is: env{"GOFLAGS": "-v"}},
		"set in the shell":            {is: env{"GOFLAGS": "-trimpath"}, says: "GOFLAGS=-trimpath, from the environment of this shell; it was not set when this state was accepted", help: eval},
		"unset in the shell":          {was: env{"GOFLAGS": "-trimpath"}, says: "GOFLAGS is not set; accepted was -trimpath, from the environment of this shell", help: eval},
		"beyond reason":               {is: env{"GOFLAGS": "-tags=" + strings.Repeat("x", 100_000)}, says: "xxx…", help: eval},
		"several":                     {is: env{"GOFLAGS": "-trimpath", "GOARCH": "arm64"}, says: "(and 1 more)", help: eval},
		"too near":                    {is: env{"GOFLAGS": "-v"}},
		"accepted in an editor":       {of: "editor", is: env{"GOFLAGS": "-trimpath"}, says: "GOFLAGS=-trimpath", help: eval},
		"only the editor has it":      {of: "editor", was: env{"CGO_ENABLED": "1"}, says: "CGO_ENABLED=0, from the go command's default; accepted was 1", help: eval},
		"nothing that changes builds": {of: "editor", is: env{"GOSUMDB": "off", "GOPROXY": "off"}},
		"the same in a shell":         {is: env{"GOSUMDB": "off"}, says: "GOSUMDB=off", help: eval},
		"go env -w, long ago":         {nowEnv: "GOFLAGS=-mod=mod\n", age: long, says: "GOFLAGS=-mod=mod, from ", help: "godrift rollback, godrift accept"},
		"go env -w, just now":         {nowEnv: "GOFLAGS=-mod=mod\n", age: justNow},
		"go env -w, by godrift":       {nowEnv: "GOFLAGS=-mod=mod\n", age: long, chosen: []string{"GOFLAGS"}},
		"go env -u, long ago":         {goenv: "GOFLAGS=-mod=mod\n", nowEnv: "\n", age: long, says: "GOFLAGS is not set; accepted was -mod=mod, from", help: "godrift rollback, godrift accept"},
		"a secret":                    {was: env{"CGO_CFLAGS": "-DTOKEN=aaaaaaaa"}, is: env{"CGO_CFLAGS": "-DTOKEN=bbbbbbbb"}},
		"the cache":                   {is: env{"GOCACHE": "/elsewhere"}, says: "GOCACHE=/elsewhere", help: eval},
		"in another module":           {is: env{"GOFLAGS": "-trimpath"}, sub: true, says: "GOFLAGS=-trimpath", help: eval},
		"allowed":                     {is: env{"GOFLAGS": "-trimpath"}, toml: "[[allow]]\nrule = \"env-drift\"\nvariable = \"GOFLAGS\"\nreason = \"mine\"\n"},
		"switched off":                {is: env{"GOFLAGS": "-trimpath"}, toml: "[severity]\nenv-drift = \"off\"\n"},
		"the contract":                {is: env{"CGO_ENABLED": "1"}, toml: "[contract]\nrequire.CGO_ENABLED = \"0\"\n", says: "CGO_ENABLED=1, from the environment of this shell: godrift.toml:2 requires 0", help: "godrift why, godrift fix"},
	} {
		t.Run(name, func(t *testing.T) {
			opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.24.0\n", "sub/go.mod": "module m/sub\n\ngo 1.24.0\n"})
			if c.toml != "" {
				put(t, filepath.Join(opts.Root, "godrift.toml"), c.toml)
			}
			file := filepath.Join(opts.World.Environ["HOME"], ".config", "go", "env")
			if c.goenv != "" {
				put(t, file, c.goenv)
			}
			shell := opts.World
			opts.World.Of, opts.World.Environ = c.of, maps.Clone(shell.Environ)
			if c.of == "" {
				opts.World.Of = shell.Of
			}
			maps.Copy(opts.World.Environ, c.was)
			mender := engine.NewMender(opts.StateDir, nil)
			defer mender.Close()
			opts.Memory = mender.Memory(drift.Actor{Kind: drift.ActorCommand}, nil, engine.Listener{})
			report, err := engine.Evaluate(t.Context(), opts)
			do(t, err)
			baseline, err := opts.Memory.Accept(t.Context(), opts.World, report, "")
			do(t, err)
			if c.chosen != nil {
				store, err := remember.Open(opts.StateDir)
				do(t, err)
				do(t, store.Publish(baseline, c.chosen))
			}

			opts.World, opts.Memory = shell, nil
			maps.Copy(opts.World.Environ, c.is)
			if c.nowEnv != "" {
				put(t, file, c.nowEnv)
				at := time.Now().Add(-c.age)
				do(t, os.Chtimes(file, at, at))
			}
			dir := opts.Root
			if c.sub {
				dir = filepath.Join(dir, "sub")
			}
			p, err := engine.AtPrompt(t.Context(), opts, engine.ShellOf(nil), dir)
			do(t, err)
			if c.says == "" && p.Text != "" || !strings.Contains(p.Text, c.says) || p.Help != c.help {
				t.Errorf("said %q and %q, want %q and %q", p.Text, p.Help, c.says, c.help)
			}
			accepted := remember.AcceptedFile(opts.StateDir, opts.Root)
			if len(p.Present) == 0 || p.Present[0] != accepted {
				t.Errorf("it is not looked at first: %q", p.Present)
			}

			// What cannot be read is not compared with, and what is not there is awaited.
			do(t, os.WriteFile(accepted, []byte("nonsense"), 0o600))
			if p, err = engine.AtPrompt(t.Context(), opts, engine.ShellOf(nil), dir); err != nil || p.Text != "" && c.toml == "" || p.Present[0] != accepted {
				t.Errorf("nonsense gives %q, %v", p.Text, err)
			}
			do(t, os.Remove(accepted))
			if p, err = engine.AtPrompt(t.Context(), opts, engine.ShellOf(nil), dir); err != nil || p.Absent[0] != accepted {
				t.Errorf("without it %v", err)
			}
		})
	}
}
