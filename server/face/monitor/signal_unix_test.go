//go:build unix

package monitor

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"
)

// Whoever asks for the configuration again and again while the monitor is busy still ends it
// with one signal more.
func TestEndOvertakes(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	m := &monitor{}
	signals, stop := m.signals(ctx)
	defer func() {
		cancel()
		m.work.Wait()
		stop()
	}()
	arrived := make(chan os.Signal, 1)
	signal.Notify(arrived, syscall.SIGHUP, syscall.SIGTERM)
	defer signal.Stop(arrived)
	limit := time.After(30 * time.Second)
	for _, s := range append(make([]syscall.Signal, 20), syscall.SIGTERM) {
		if s == 0 {
			s = syscall.SIGHUP
		}
		if err := syscall.Kill(os.Getpid(), s); err != nil {
			t.Fatal(err)
		}
		select {
		case <-arrived:
		case <-limit:
			t.Fatalf("%v does not arrive", s)
		}
	}
	for reloads := 0; ; reloads++ {
		select {
		case s := <-signals:
			if s == SignalEnd {
				if reloads > 1 {
					t.Errorf("the configuration is read %d times before the end", reloads)
				}
				return
			}
		case <-limit:
			t.Fatal("the end is lost")
		}
	}
}
