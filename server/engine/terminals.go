package engine

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"path/filepath"
	"slices"
	"strconv"

	"godrift.dev/server/drift"
	"godrift.dev/server/shell"
	"godrift.dev/server/terminal"
	"godrift.dev/server/watch"
)

// TerminalReport is what a shell's prompt hook left behind of its environment.
type TerminalReport = terminal.Report

// PrepareTerminals makes the folder for the files of this machine's shells in a
// state folder, removes what is left of shells that are gone, and returns it.
func PrepareTerminals(state string) (string, error) {
	dir := terminal.Folder(state)
	return dir, terminal.Prepare(dir)
}

// LeaveTerminal notes that a shell looked at a folder just now, and which
// variables it has that decide what it builds. stamp is the shell's file.
func LeaveTerminal(stamp string, s Shell, dir string, environ map[string]string) error {
	kept := map[string]string{}
	for _, name := range shell.HookVariables {
		if value, ok := environ[name]; ok {
			kept[name] = drift.Mask(name, value)
		}
	}
	return terminal.Leave(stamp, terminal.Report{Shell: string(s), Dir: dir, Environ: kept})
}

// Concerns reports whether a shell looked at a workspace last: at a folder in it,
// or at one that holds it.
func Concerns(r TerminalReport, root string) bool {
	dirs, roots := []string{r.Dir}, []string{root}
	if real, err := filepath.EvalSymlinks(r.Dir); err == nil {
		dirs = append(dirs, real)
	}
	if real, err := filepath.EvalSymlinks(root); err == nil {
		roots = append(roots, real)
	}
	return slices.ContainsFunc(dirs, func(dir string) bool {
		return slices.ContainsFunc(roots, func(root string) bool { return drift.Within(root, dir) || drift.Within(dir, root) })
	})
}

// TerminalsOf returns what the shells that run have left behind which looked at a
// workspace last, the newest first.
func TerminalsOf(state, root string) []TerminalReport {
	return slices.DeleteFunc(terminal.All(terminal.Folder(state)), func(r TerminalReport) bool { return !Concerns(r, root) })
}

// Terminals keeps an eye on the shells of an editor's terminals, as far as
// godrift's hook is in their prompts.
type Terminals struct {
	dir     string
	log     *slog.Logger
	changed func(process int)
	watcher *watch.Watcher // nil before there is one to watch
}

// NewTerminals watches nobody yet. changed is told of each shell that may have
// left another environment, at once or from another goroutine: it must not block.
func NewTerminals(state string, log *slog.Logger, changed func(process int)) *Terminals {
	return &Terminals{dir: terminal.Folder(state), log: log, changed: changed}
}

// Watch replaces whom to keep an eye on, by the numbers of their processes, until
// ctx is done. It is not to be called from several goroutines at once.
func (t *Terminals) Watch(ctx context.Context, processes []int) {
	if ctx.Err() != nil {
		return
	}
	if t.watcher == nil {
		if len(processes) == 0 || !filepath.IsAbs(t.dir) {
			return
		}
		t.watcher = watch.New(ctx, watch.Options{Send: t.told, Log: t.log})
	}
	var files []string
	for _, process := range processes {
		files = append(files, terminal.File(t.dir, process))
	}
	slices.Sort(files)
	t.watcher.Set(nil, files)
}

// told takes what the watcher saw.
func (t *Terminals) told(ev drift.Event) {
	for _, file := range ev.Files {
		if process, err := strconv.Atoi(filepath.Base(file)); err == nil {
			t.changed(process)
		}
	}
}

// Close ends the watching.
func (t *Terminals) Close() {
	if t.watcher != nil {
		_ = t.watcher.Close() // nothing is left to do about it
	}
}

// Report is what a shell has left behind; ok is false if it has left nothing, or
// nothing that can be read, or runs no more.
func (t *Terminals) Report(process int) (r TerminalReport, ok bool) {
	r, err := terminal.Read(t.dir, process)
	if err != nil && !errors.Is(err, terminal.ErrNone) {
		t.log.Info("the environment of a terminal is not known", "error", err)
	}
	r.Environ = maps.Clone(r.Environ)
	return r, err == nil
}
