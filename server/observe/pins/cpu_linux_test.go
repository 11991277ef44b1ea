package pins

import (
	"runtime"
	"syscall"
	"time"
)

// clock measures what a test itself computes: the processor time of its thread,
// which does not grow because the machine is busy with other things.
type clock time.Duration

func startClock() clock {
	runtime.LockOSThread()
	return clock(threadTime())
}

func (c clock) stop() time.Duration {
	defer runtime.UnlockOSThread()
	return threadTime() - time.Duration(c)
}

func threadTime() time.Duration {
	const rusageThread = 1 // RUSAGE_THREAD of getrusage(2)
	var usage syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
