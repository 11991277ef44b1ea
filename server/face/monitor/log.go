package monitor

import (
	"fmt"
	"io"
	"log/slog"

	"godrift.dev/server/drift"
)

// newLog logs to w, one line for each record. What is logged is masked: environments and
// messages can hold credentials.
func newLog(w io.Writer, format string) (*slog.Logger, error) {
	opts := &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch v := a.Value.Any().(type) {
		case string:
			a.Value = slog.StringValue(drift.MaskText(v))
		case error:
			a.Value = slog.StringValue(drift.MaskText(v.Error()))
		}
		return a
	}}
	switch format {
	case "", "text":
		return slog.New(slog.NewTextHandler(w, opts)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, opts)), nil
	}
	return nil, fmt.Errorf("there is no log format %q: text or json", format)
}
