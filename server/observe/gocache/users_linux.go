package gocache

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// clockTick is how many ticks a second has in /proc/PID/stat: USER_HZ, which is 100 on
// every system that Go runs on.
const clockTick = 100

// bootSlack is how wrong the time of a process's begin can be: the machine's own is told in
// whole seconds.
const bootSlack = 2 * time.Second

// Users names the processes that use a cache or may: those that have a file of it open,
// run a program in it, or have it for their GOCACHE; and every go command of the user with
// that home that began before the given time, when the cache was the one in use. What
// cannot be looked at, since it is another user's, is left out.
//
// Source: proc_pid_stat(5), proc_pid_environ(5).
func Users(dir, home string, before time.Time) []string {
	return users("/proc", os.Getpid(), dir, home, before)
}

func users(proc string, self int, dir, home string, before time.Time) []string {
	list, err := os.ReadDir(proc)
	if err != nil {
		return nil
	}
	boot := bootTime(proc)
	real := dir
	if r, err := filepath.EvalSymlinks(dir); err == nil {
		real = r
	}
	var found []string
	for _, entry := range list {
		pid, err := strconv.Atoi(entry.Name())
		if err != nil || pid == self {
			continue
		}
		base := filepath.Join(proc, entry.Name())
		name, ticks, ok := processStat(base)
		if !ok {
			continue
		}
		environ, err := os.ReadFile(filepath.Join(base, "environ"))
		if err != nil {
			continue
		}
		chosen, chose := variableOf(environ, "GOCACHE")
		theirs, _ := variableOf(environ, "HOME")
		switch began := boot.Add(time.Duration(ticks) * time.Second / clockTick); {
		case opens(base, dir, real):
			found = append(found, fmt.Sprintf("%s (process %d) has it open", name, pid))
		case chose && leadsTo(chosen, dir, real):
			found = append(found, fmt.Sprintf("%s (process %d) has GOCACHE=%s", name, pid, chosen))
		case !chose && name == "go" && theirs == home && !boot.IsZero() && began.Before(before.Add(bootSlack)):
			found = append(found, fmt.Sprintf("go (process %d) was started when it was the cache in use", pid))
		}
	}
	return found
}

// leadsTo reports whether a value of GOCACHE is a name of a folder, of which real is
// the one without links.
func leadsTo(chosen, dir, real string) bool {
	if chosen = filepath.Clean(chosen); chosen == filepath.Clean(dir) || chosen == real {
		return true
	}
	followed, err := filepath.EvalSymlinks(chosen)
	return err == nil && filepath.IsAbs(chosen) && followed == real
}

// opens reports whether a process has something below a folder open, or is something below it.
func opens(base string, dirs ...string) bool {
	links := []string{filepath.Join(base, "exe"), filepath.Join(base, "cwd")}
	if fds, err := os.ReadDir(filepath.Join(base, "fd")); err == nil {
		for _, fd := range fds {
			links = append(links, filepath.Join(base, "fd", fd.Name()))
		}
	}
	for _, link := range links {
		file, err := os.Readlink(link)
		if err != nil {
			continue
		}
		for _, dir := range dirs {
			if file == dir || strings.HasPrefix(file, dir+string(filepath.Separator)) {
				return true
			}
		}
	}
	return false
}

// processStat reads a process's name, and when it began in ticks since the machine did.
func processStat(base string) (name string, ticks int64, ok bool) {
	text, err := os.ReadFile(filepath.Join(base, "stat"))
	if err != nil {
		return "", 0, false
	}
	// The name stands in brackets, and can hold brackets itself.
	from, to := bytes.IndexByte(text, '('), bytes.LastIndexByte(text, ')')
	if from < 0 || to < from {
		return "", 0, false
	}
	fields := strings.Fields(string(text[to+1:])) // from the third on
	if len(fields) < 20 {
		return "", 0, false
	}
	ticks, err = strconv.ParseInt(fields[19], 10, 64)
	return string(text[from+1 : to]), ticks, err == nil
}

// bootTime is when the machine was started; zero if it does not say.
func bootTime(proc string) time.Time {
	text, err := os.ReadFile(filepath.Join(proc, "stat"))
	if err != nil {
		return time.Time{}
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "btime "); ok {
			if seconds, err := strconv.ParseInt(strings.TrimSpace(rest), 10, 64); err == nil {
				return time.Unix(seconds, 0)
			}
		}
	}
	return time.Time{}
}

// variableOf finds a variable in an environment as the kernel shows it.
func variableOf(environ []byte, name string) (string, bool) {
	for entry := range bytes.SplitSeq(environ, []byte{0}) {
		if value, ok := bytes.CutPrefix(entry, []byte(name+"=")); ok {
			return string(value), len(value) > 0
		}
	}
	return "", false
}
