package act

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"godrift.dev/server/shell"
)

// GitHook is a git hook that has godrift look at each commit before git makes
// it, beside whatever hook was there before.
//
// The hook from before is not copied: it gets a second name in the same folder
// (HookKept), so that putting it back restores every byte, its mode and what it
// links to. The new hook runs it first, and its exit code counts.
//
// https://git-scm.com/docs/githooks#_pre_commit
type GitHook struct {
	// Dir is the folder that git looks for hooks in.
	Dir string
	// Program is godrift's absolute path; empty to look on PATH only.
	Program string
	// FailOn is the value of --fail-on; empty for the default.
	FailOn string
	// Required has the hook stop a commit where godrift is not installed any
	// more.
	Required bool
}

// The names of the hook and of the one from before.
const (
	HookName = "pre-commit"
	HookKept = "pre-commit.before-godrift"
)

// elsewhere are names under which other managers keep the hook that they found;
// pre-commit goes on running it.
var elsewhere = []string{HookName, HookName + ".legacy", HookName + ".old"}

// HookStep is what is done about a hook.
type HookStep string

// The steps.
const (
	HookNothing HookStep = "nothing" // it is as wanted
	HookInstall HookStep = "install" // there is no other hook
	HookChain   HookStep = "chain"   // the present hook is kept, and runs first
	HookUpdate  HookStep = "update"  // godrift's own hook gets another text
	HookRemove  HookStep = "remove"  // there was no hook before
	HookRestore HookStep = "restore" // the hook from before gets its name back
)

// HookPlan is what installing or removing a hook would do.
type HookPlan struct {
	Step HookStep
	// File is the hook, Kept the one from before or empty, Text the new text or
	// empty.
	File, Kept, Text string
	// Idle says that the hook from before is not executable: git does not run it,
	// and nor will the new one.
	Idle bool

	now *content // of File as it was looked at
}

// ErrHookEdited says that somebody changed godrift's hook by hand.
var ErrHookEdited = errors.New("it was changed by hand since godrift wrote it")

// ErrHookTwice says that there is a hook from before already.
var ErrHookTwice = errors.New("a hook from before is kept there already")

const hookMark = "# godrift-hook sha256:"

// Script is the text of the hook: POSIX sh, for that is what git has everywhere.
func (h GitHook) Script() string {
	check := "check --staged --quiet"
	if h.FailOn != "" {
		check += " --fail-on " + h.FailOn
	}
	wanted, gone := `
if ! command -v godrift >/dev/null 2>&1; then`, "it is not on PATH"
	find := "godrift=godrift"
	if h.Program != "" {
		find = "godrift=" + shell.QuotePOSIX(filepath.ToSlash(h.Program))
		wanted = `
if ! [ -f "$godrift" ] || ! [ -x "$godrift" ]; then
	gone=$godrift
	godrift=godrift
fi
if [ "$godrift" = godrift ] && ! command -v godrift >/dev/null 2>&1; then`
		gone = "$gone is gone, and PATH has no other"
	}
	verdict, code := "this commit was not checked", "0"
	if h.Required {
		verdict, code = "this commit cannot be checked", "1"
	}
	find += wanted + `
	away="delete $0"
	[ -e "$kept" ] && away="rename $kept to $0"
	printf '%s\n' "godrift: ` + gone + `: ` + verdict + `. Install godrift, or $away." >&2
	exit ` + code + `
fi
`
	body := `# Runs the hook that was here before, then "godrift ` + check + `".
# "godrift hook git --remove" takes this away and puts that one back.
case $0 in
*/*) kept=${0%/*}/` + HookKept + ` ;;
*) kept=./` + HookKept + ` ;;
esac
if [ -x "$kept" ]; then
	"$kept" "$@" || exit $?
fi
` + find + `"$godrift" ` + check + `
code=$?
case $code in
0) ;;
1 | 2) echo "godrift stopped this commit; git commit --no-verify makes it all the same." >&2 ;;
*) echo "godrift could not check this commit; git commit --no-verify makes it without." >&2 ;;
esac
exit "$code"
`
	return "#!/bin/sh\n" + hookMark + hashOf([]byte(body)) + "\n" + body
}

// hookOurs reports whether godrift wrote a hook, and whether it is still as
// written.
func hookOurs(text []byte) (ours, whole bool) {
	_, rest, ok := strings.Cut(string(text), "\n")
	if !ok || !strings.HasPrefix(rest, hookMark) {
		return false, false
	}
	line, body, _ := strings.Cut(strings.TrimPrefix(rest, hookMark), "\n")
	return true, line == hashOf([]byte(body)) && strings.HasPrefix(string(text), "#!/bin/sh\n")
}

// PlanHook says what installing the hook would do. With force, a hook of
// godrift's that was changed by hand is replaced.
func PlanHook(h GitHook, force bool) (HookPlan, error) {
	plan := HookPlan{File: filepath.Join(h.Dir, HookName), Text: h.Script()}
	info, err := os.Lstat(plan.File)
	if errors.Is(err, fs.ErrNotExist) {
		// Whoever deletes godrift's hook by hand leaves the one from before behind.
		plan.Step, plan.Kept = HookInstall, keptBeside(plan.File)
		return plan, nil
	}
	if err == nil && info.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		return plan, fmt.Errorf("looking at %s: %w", plan.File, err)
	}
	if plan.now, err = hookContent(plan.File); err != nil {
		return plan, err
	}
	if plan.now != nil {
		if ours, whole := hookOurs(plan.now.Text); ours {
			switch {
			case string(plan.now.Text) == plan.Text && info.Mode()&0o100 != 0:
				plan.Step = HookNothing
			case !whole && !force:
				return plan, fmt.Errorf("%s: %w; --force replaces it", plan.File, ErrHookEdited)
			default:
				plan.Step = HookUpdate
			}
			plan.Kept = keptBeside(plan.File)
			return plan, nil
		}
	}
	if file, ok := hookElsewhere(h.Dir); ok {
		// Another manager has moved it, and runs it.
		plan.Step, plan.File, plan.Text = HookNothing, file, ""
		return plan, nil
	}
	plan.Step, plan.Kept = HookChain, filepath.Join(h.Dir, HookKept)
	run, err := os.Stat(plan.File)
	plan.Idle = err != nil || run.Mode()&0o111 == 0
	if kept, err := os.Lstat(plan.Kept); err == nil && !os.SameFile(kept, info) {
		return plan, fmt.Errorf("installing %s: %w: %s; delete whichever of the two is not needed", plan.File, ErrHookTwice, plan.Kept)
	}
	return plan, nil
}

// hookElsewhere finds godrift's hook where pre-commit puts a hook that it found
// and goes on running.
func hookElsewhere(dir string) (string, bool) {
	file := filepath.Join(dir, HookName+".legacy")
	text, err := hookContent(file)
	if err != nil || text == nil {
		return "", false
	}
	ours, _ := hookOurs(text.Text)
	return file, ours
}

// hookContent reads a hook; nil for what is no regular file, as a link that
// leads nowhere.
func hookContent(file string) (*content, error) {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() {
		return nil, nil //nolint:nilerr // what cannot be read is not godrift's
	}
	return readDisk(file)
}

func keptBeside(file string) string {
	kept := filepath.Join(filepath.Dir(file), HookKept)
	if _, err := os.Lstat(kept); err != nil {
		return ""
	}
	return kept
}

// PlanUnhook says what removing godrift's hook from a folder would do.
func PlanUnhook(dir string, force bool) (HookPlan, error) {
	for _, name := range elsewhere {
		file := filepath.Join(dir, name)
		text, err := hookContent(file)
		if err != nil {
			return HookPlan{}, err
		}
		if text == nil {
			continue
		}
		ours, whole := hookOurs(text.Text)
		switch {
		case !ours:
			continue
		case !whole && !force:
			return HookPlan{}, fmt.Errorf("%s: %w; --force removes it", file, ErrHookEdited)
		}
		plan := HookPlan{Step: HookRemove, File: file, Kept: keptBeside(file), now: text}
		if plan.Kept != "" {
			plan.Step = HookRestore
		}
		return plan, nil
	}
	plan := HookPlan{Step: HookNothing, File: filepath.Join(dir, HookName)}
	if _, err := os.Lstat(plan.File); errors.Is(err, fs.ErrNotExist) {
		if plan.Kept = keptBeside(plan.File); plan.Kept != "" {
			plan.Step = HookRestore
		}
	}
	return plan, nil
}
