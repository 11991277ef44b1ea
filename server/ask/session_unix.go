//go:build unix

package ask

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// ownSession has the program lead a session of its own, which has no terminal:
// what asks for one is refused instead of taking over the person's.
func ownSession(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// endSession kills the program and everything in its session: fish gives every
// job a group of its own. What has left the session, as an agent does that is
// there to stay, lives on.
func endSession(cmd *exec.Cmd) {
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
	for range 3 {                                       // one that is killed may have started another
		found := false
		for _, pid := range inSession(cmd.Process.Pid) {
			found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
		}
		if !found {
			return
		}
	}
}

// inSession lists the living processes of a session, where /proc tells them.
func inSession(leader int) []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		// pid (name) state parent group session …; a name can hold anything.
		f := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
		if len(f) > 3 && f[3] == strconv.Itoa(leader) && f[0] != "Z" {
			pids = append(pids, pid)
		}
	}
	return pids
}
