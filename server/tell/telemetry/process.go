package telemetry

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// goVersion is the Go that built this program, without experiments.
func goVersion() string { return versionLabel(runtime.Version()) }

// process tells what this process takes of the machine.
func (t *Telemetry) process(tell func(sample)) {
	// runtime/metrics would tell it without stopping the world for some microseconds, and
	// is made ready at each start of the program, for which every command would wait.
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	tell(series(processHeap, float64(memory.HeapAlloc)))
	tell(series(processGoroutines, float64(runtime.NumGoroutine())))
	tell(series(processStart, seconds(t.started)))
	if rss, ok := residentBytes(); ok {
		tell(series(processMemory, rss))
	}
	if files, ok := openFiles(); ok {
		tell(series(processFiles, files))
	}
	if cpu, ok := cpuSeconds(); ok {
		tell(series(processCPU, cpu))
	}
}

// residentBytes is the second number of /proc/self/statm, in pages; see proc(5). Elsewhere
// than on Linux it is not told.
func residentBytes() (float64, bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize()), err == nil
}

// openFiles counts /proc/self/fd, without the one that counting opens.
func openFiles() (float64, bool) {
	dir, err := os.Open("/proc/self/fd")
	if err != nil {
		return 0, false
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	return float64(len(names) - 1), err == nil
}
