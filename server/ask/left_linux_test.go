package ask

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// stillRunning lists the programs whose environment names a home folder, when
// those that were killed had the time to end.
func stillRunning(t *testing.T, home string) []string {
	t.Helper()
	end := time.Now().Add(5 * time.Second)
	var left []string
	for _, pid := range running(t, home) {
		if !endsBefore(t, pid, end) {
			line, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
			left = append(left, fmt.Sprintf("%d %q", pid, line))
		}
	}
	return left
}

// running lists the processes whose environment names a home folder.
func running(t *testing.T, home string) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for _, e := range entries {
		environ, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !strings.Contains("\x00"+string(environ), "\x00HOME="+home+"\x00") {
			continue // not a process, another user's, or gone
		}
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// endsBefore waits for the end of a process that is not a child of this one: a
// pidfd can be read once it has ended (pidfd_open(2)).
func endsBefore(t *testing.T, pid int, end time.Time) bool {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	for {
		left := max(0, time.Until(end))
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		return n > 0
	}
}
