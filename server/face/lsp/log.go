package lsp

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"strings"

	"godrift.dev/server/drift"
)

// newLog logs to w as text, one line per record, at level and above. What is
// logged is masked: environments and messages can hold credentials.
func newLog(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Value.Kind() == slog.KindString {
				a.Value = slog.StringValue(drift.MaskText(a.Value.String()))
			} else if a.Value.Kind() == slog.KindAny {
				if err, ok := a.Value.Any().(error); ok {
					a.Value = slog.StringValue(drift.MaskText(err.Error()))
				}
			}
			return a
		},
	}))
}

// logLevel reads the word of a setting; info for one it does not know.
func logLevel(word string) slog.Level {
	switch strings.ToLower(word) {
	case "error":
		return slog.LevelError
	case "warn", "warning":
		return slog.LevelWarn
	case "debug":
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recovered turns a panic into a crash report in the log and an error for the
// client. Deferred, with the place where the error is to go (nil if nowhere).
// The session goes on: every state that outlives a handler is changed in a way
// that a panic cannot leave half done.
func (s *server) recovered(doing string, err *error) {
	v := recover()
	if v == nil {
		return
	}
	s.log.ErrorContext(context.Background(), "godrift has a bug; this is the crash report",
		"doing", doing, "panic", fmt.Sprint(v), "version", s.opts.Version, "stack", stackNames(debug.Stack()))
	if err != nil {
		*err = fmt.Errorf("%s failed because of a bug in godrift; the log has the crash report", doing)
	}
}

// stackNames keeps the functions and lines of a stack and drops the arguments,
// which can hold anything.
func stackNames(stack []byte) string {
	var out []string
	for line := range strings.Lines(string(stack)) {
		line = strings.TrimSpace(line)
		if at := strings.LastIndex(line, "("); at > 0 && !strings.Contains(line, ".go:") {
			line = line[:at]
		}
		if line != "" && !strings.HasPrefix(line, "goroutine ") {
			line, _, _ = strings.Cut(line, " +0x")
			out = append(out, line)
		}
	}
	return strings.Join(out, " < ")
}
