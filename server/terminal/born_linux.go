package terminal

import (
	"bytes"
	"os"
	"strconv"
)

// born is when a process was started, in ticks since the machine was: field 22
// of /proc/PID/stat (proc_pid_stat(5)). The second field is the program's name,
// which may hold anything, and ends with the last parenthesis.
func born(process int) string {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(process) + "/stat")
	if err != nil {
		return ""
	}
	const afterName = 22 - 3 // the third field is the first after the name
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) <= afterName {
		return ""
	}
	return string(fields[afterName])
}
