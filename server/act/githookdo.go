package act

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Do carries a plan out. There is a hook at every moment, the one from before or
// the new one; a process that is killed leaves at most a second name of the
// former, which the next call goes on from.
func (p HookPlan) Do() error {
	switch p.Step {
	case HookInstall, HookChain, HookUpdate:
		return p.install()
	case HookRemove:
		if err := p.unchanged(); err != nil {
			return err
		}
		if err := os.Remove(p.File); err != nil {
			return fmt.Errorf("removing %s: %w", p.File, err)
		}
		return syncDir(filepath.Dir(p.File))
	case HookRestore:
		if err := p.unchanged(); err != nil {
			return err
		}
		if err := os.Rename(p.Kept, p.File); err != nil {
			return fmt.Errorf("putting %s back: %w", p.File, err)
		}
		return syncDir(filepath.Dir(p.File))
	}
	return nil
}

// unchanged fails if the hook is not as it was looked at.
func (p HookPlan) unchanged() error {
	now, err := hookContent(p.File)
	if err != nil {
		return err
	}
	if same(now, p.now) {
		return nil
	}
	return changed(p.File, now, p.now)
}

func (p HookPlan) install() error {
	dir := filepath.Dir(p.File)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("making the folder of %s: %w", p.File, err)
	}
	tmp, err := writeHook(dir, p.Text)
	if err != nil {
		return err
	}
	defer os.Remove(tmp) //nolint:errcheck // it is gone if all went well
	if err := p.unchanged(); err != nil {
		return err
	}
	if p.Step == HookInstall {
		// A link fails if somebody was faster; there are file systems without.
		err := os.Link(tmp, p.File)
		if err == nil {
			return syncDir(dir)
		}
		if _, seen := os.Lstat(p.File); errors.Is(err, fs.ErrExist) || seen == nil {
			return changed(p.File, nil, nil)
		}
	}
	if p.Step == HookChain {
		if err := keepHook(p.File, p.Kept); err != nil {
			return err
		}
	}
	if err := os.Rename(tmp, p.File); err != nil {
		return fmt.Errorf("writing %s: %w", p.File, err)
	}
	return syncDir(dir)
}

// keepHook gives a hook a second name. Some systems follow a symbolic link when they
// link, and some file systems have no links: then the first name goes for the
// moment that it takes to write the new hook.
func keepHook(file, kept string) error {
	before, err := os.Lstat(file)
	if err != nil {
		return fmt.Errorf("keeping %s: %w", file, err)
	}
	if now, err := os.Lstat(kept); err == nil && os.SameFile(before, now) {
		return nil // an earlier call was killed here
	}
	if before.Mode().IsRegular() {
		err := os.Link(file, kept)
		if err == nil {
			return nil
		}
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("keeping %s: %w: %s", file, ErrHookTwice, kept)
		}
	}
	if _, err := os.Lstat(kept); err == nil {
		return fmt.Errorf("keeping %s: %w: %s", file, ErrHookTwice, kept)
	}
	if err := os.Rename(file, kept); err != nil {
		return fmt.Errorf("keeping %s: %w", file, err)
	}
	return nil
}

// writeHook writes an executable file beside the hook and returns its name.
func writeHook(dir, text string) (string, error) {
	for n := range 100 {
		tmp := filepath.Join(dir, fmt.Sprintf(".%s.godrift-%d", HookName, n))
		f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o777)
		if errors.Is(err, fs.ErrExist) {
			continue // another process is at work, or was killed
		}
		if err != nil {
			return "", fmt.Errorf("writing %s: %w", filepath.Join(dir, HookName), errors.Unwrap(err))
		}
		_, err = f.WriteString(text)
		if err == nil {
			err = f.Sync()
		}
		if err := errors.Join(err, f.Close()); err != nil {
			os.Remove(tmp) //nolint:errcheck // the first error counts
			return "", fmt.Errorf("writing %s: %w", filepath.Join(dir, HookName), err)
		}
		return tmp, nil
	}
	return "", fmt.Errorf("writing %s: delete the files .%s.godrift-* beside it", filepath.Join(dir, HookName), HookName)
}
