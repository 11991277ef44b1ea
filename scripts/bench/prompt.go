package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// looks is how often a shell looks in one run.
const looks = 500

// prompt measures what godrift's hook costs at a prompt, beside the programs that
// direnv and mise start at every prompt.
func (b *bench) prompt() error {
	root, err := b.small("prompt", mended)
	if err != nil {
		return err
	}
	rivals, err := b.rivals(root)
	if err != nil {
		return err
	}
	// What is accepted is compared with.
	environ := append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(b.scratch, "state"))
	if _, _, err := b.once(root, environ, b.godrift, "accept"); err != nil {
		return err
	}
	for _, r := range rivals {
		for _, shell := range []string{"bash", "zsh", "fish"} {
			if _, err := exec.LookPath(shell); err != nil {
				row("A "+shell, "not installed", "", "")
				continue
			}
			if err := b.unchanged(shell, root, r); err != nil {
				return err
			}
		}
		stamp := filepath.Join(b.scratch, "stamp")
		var ours, theirs side
		for i := range b.n*3 + 1 {
			wall, cpu, err := b.once(root, environ, b.godrift, "hook", "status", "bash", stamp, root+"/", "")
			if err != nil {
				return err
			}
			wallB, cpuB, err := b.once(root, r.env, r.args[0], r.args[1:]...)
			if err != nil {
				return err
			}
			if i > 0 {
				ours.wall, ours.cpu = append(ours.wall, wall), append(ours.cpu, cpu)
				theirs.wall, theirs.cpu = append(theirs.wall, wallB), append(theirs.cpu, cpuB)
			}
		}
		name := "A something changed: `godrift hook status`; B `" + r.name + "`, nothing changed"
		pair(name+": wall", ours.wall, theirs.wall)
		pair(name+": CPU", ours.cpu, theirs.cpu)
	}
	return nil
}

// rival is what another program starts at every prompt, with the environment in
// which it finds nothing changed.
type rival struct {
	name string
	args []string
	env  []string
}

// rivals are direnv and mise, where they are installed.
func (b *bench) rivals(root string) ([]rival, error) {
	var out []rival
	if direnv, err := exec.LookPath("direnv"); err == nil {
		if err := os.WriteFile(filepath.Join(root, ".envrc"), []byte("export GODRIFT_BENCH=1\n"), 0o644); err != nil {
			return nil, err
		}
		home := append(os.Environ(), "HOME="+b.scratch, "XDG_DATA_HOME="+b.scratch, "XDG_CONFIG_HOME="+b.scratch)
		allow := exec.CommandContext(b.ctx, direnv, "allow", ".")
		allow.Dir, allow.Env = root, home
		if err := b.do(allow); err != nil {
			return nil, err
		}
		export := exec.CommandContext(b.ctx, direnv, "export", "json")
		export.Dir, export.Env = root, home
		text, err := export.Output()
		if err != nil {
			return nil, fmt.Errorf("direnv export: %w", err)
		}
		var set map[string]string
		if err := json.Unmarshal(text, &set); err != nil {
			return nil, fmt.Errorf("direnv export: %w", err)
		}
		for name, value := range set {
			home = append(home, name+"="+value)
		}
		out = append(out, rival{"direnv export bash", []string{direnv, "export", "bash"}, home})
	}
	if mise, err := exec.LookPath("mise"); err == nil {
		cmd := exec.CommandContext(b.ctx, "bash", "-c", `eval "$("$0" activate bash)"; eval "$("$0" hook-env -s bash)"; env -0`, mise)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "HOME="+b.scratch)
		text, err := cmd.Output()
		if err != nil {
			return nil, fmt.Errorf("mise activate: %w", err)
		}
		env := strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")
		out = append(out, rival{"mise hook-env -s bash", []string{mise, "hook-env", "-s", "bash"}, env})
	}
	if len(out) == 0 {
		row("the hook in a prompt", "", "neither direnv nor mise is on PATH", "")
	}
	return out, nil
}

// unchanged measures a look of a shell's hook that finds everything as it was: the
// time on the processors, for a loop waits longer than a short program where others
// are at work.
func (b *bench) unchanged(shell, root string, r rival) error {
	hook := exec.CommandContext(b.ctx, b.godrift, "hook", shell)
	hook.Env = append(os.Environ(), "XDG_STATE_HOME="+filepath.Join(b.scratch, "state"))
	var complaint bytes.Buffer
	hook.Stderr = &complaint
	text, err := hook.Output()
	if err != nil {
		return fmt.Errorf("godrift hook %s: %w\n%s", shell, err, complaint.String())
	}
	loop := "for ((i = 0; i < $1; i++)); do __godrift_look; done\n"
	if shell == "fish" {
		loop = "for i in (seq 1 $argv[1]); __godrift_look; end\n"
	}
	script := filepath.Join(b.scratch, "look."+shell)
	// Two looks first: the hook trusts no file that is as new as the first.
	if err := os.WriteFile(script, []byte(string(text)+"__godrift_look\nsleep 0.1\n__godrift_look\n"+loop), 0o600); err != nil {
		return err
	}
	var ours, theirs times
	for i := range b.n + 1 {
		_, none, err := b.once(root, os.Environ(), shell, script, "0")
		if err != nil {
			return err
		}
		_, many, err := b.once(root, os.Environ(), shell, script, fmt.Sprint(looks))
		if err != nil {
			return err
		}
		_, t, err := b.once(root, r.env, r.args[0], r.args[1:]...)
		if err != nil {
			return err
		}
		if i > 0 {
			ours, theirs = append(ours, max(many-none, 0)/looks), append(theirs, t)
		}
	}
	pair(fmt.Sprintf("A nothing changed, %s: one look of the hook (of %d); B `%s`, nothing changed: CPU", shell, looks, r.name), ours, theirs)
	return nil
}

// once is how long a program takes in an environment, on the wall and on the
// processors.
func (b *bench) once(dir string, env []string, name string, args ...string) (wall, cpu time.Duration, err error) {
	cmd := exec.CommandContext(b.ctx, name, args...)
	cmd.Dir, cmd.Env = dir, env
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return 0, 0, fmt.Errorf("%s: %w\n%s", cmd, err, complaint.String())
	}
	return time.Since(start), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}
