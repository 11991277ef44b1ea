//go:build !linux

package pins

import "time"

// clock measures the time that passes.
type clock time.Time

func startClock() clock { return clock(time.Now()) }

func (c clock) stop() time.Duration { return time.Since(time.Time(c)) }
