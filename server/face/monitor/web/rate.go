package web

import (
	"context"
	"log/slog"
	"math"
	"strings"
	"sync"
	"time"
)

// bucket bounds how often something happens: a number of times at once, and so
// many times a second after that.
type bucket struct {
	rate, burst float64

	mu   sync.Mutex
	left float64
	at   time.Time
}

func newBucket(rate float64, burst int) *bucket {
	return &bucket{rate: rate, burst: float64(burst), left: float64(burst), at: time.Now()}
}

// take reports whether it may happen now; if not, it says in how many seconds it
// is worth asking again.
func (b *bucket) take() (ok bool, again int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.left = min(b.burst, b.left+b.rate*now.Sub(b.at).Seconds())
	b.at = now
	if b.left >= 1 {
		b.left--
		return true, 0
	}
	return false, int(math.Ceil((1 - b.left) / b.rate))
}

// errorLog takes what net/http complains about. Every line is somebody else's
// doing, so that there must not be too many of them.
type errorLog struct {
	log    *slog.Logger
	bucket *bucket
}

// Enabled implements slog.Handler.
func (e *errorLog) Enabled(ctx context.Context, level slog.Level) bool {
	return e.log.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (e *errorLog) Handle(ctx context.Context, r slog.Record) error {
	if ok, _ := e.bucket.take(); !ok {
		return nil
	}
	if strings.HasPrefix(r.Message, "http: Accept error") {
		e.log.WarnContext(ctx, "no more clients can connect for the moment", "error", r.Message)
		return nil
	}
	e.log.DebugContext(ctx, "a connection failed", "error", r.Message)
	return nil
}

// WithAttrs implements slog.Handler.
func (e *errorLog) WithAttrs([]slog.Attr) slog.Handler { return e }

// WithGroup implements slog.Handler.
func (e *errorLog) WithGroup(string) slog.Handler { return e }
