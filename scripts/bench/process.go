package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// took runs a program to its end and returns its time on the wall and on the
// processors.
func (b *bench) took(dir, name string, args ...string) (wall, cpu time.Duration, err error) {
	cmd := exec.CommandContext(b.ctx, name, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout = &out
	start := time.Now()
	err = cmd.Run()
	wall = time.Since(start)
	if cmd.ProcessState == nil {
		return 0, 0, fmt.Errorf("run %s: %w", name, err)
	}
	// A check that finds something exits with 1; that is no failure here.
	if code := cmd.ProcessState.ExitCode(); code > 1 {
		return 0, 0, fmt.Errorf("%s: exit code %d", cmd, code)
	}
	return wall, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

// side is what one program took, run by run.
type side struct{ wall, cpu times }

// inTurn runs two programs in turn, n times each after one run that does not
// count.
func (b *bench) inTurn(dir string, a, bb []string) (sa, sb side, err error) {
	for i := range b.n + 1 {
		for _, one := range []struct {
			args []string
			to   *side
		}{{a, &sa}, {bb, &sb}} {
			wall, cpu, err := b.took(dir, one.args[0], one.args[1:]...)
			if err != nil {
				return sa, sb, err
			}
			if i > 0 {
				one.to.wall, one.to.cpu = append(one.to.wall, wall), append(one.to.cpu, cpu)
			}
		}
	}
	return sa, sb, nil
}

// rss is the resident memory of a process, in KiB; 0 where /proc is missing.
func rss(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n
		}
	}
	return 0
}

// cpuSoFar is the time that a running process has taken on the processors, to
// a hundredth of a second; 0 where /proc is missing.
func cpuSoFar(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name of the program comes in parentheses and may hold spaces.
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
