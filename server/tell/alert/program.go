package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// command hands the document of each alert to a program of the user's own
// configuration, on its standard input.
type command struct {
	channel config.Channel
	o       Options
}

func (command) close() {}

func (c command) send(ctx context.Context, m message, l drift.Letter, _ time.Time) answer {
	document, err := json.Marshal(m.Alerts[0])
	if err != nil {
		return answer{err: fmt.Errorf("writing the document: %w", err), final: true}
	}
	environ := maps.Clone(c.o.Environ)
	if environ == nil {
		environ = map[string]string{}
	}
	environ["GODRIFT_IDEMPOTENCY_KEY"], environ["GODRIFT_ATTEMPT"] = l.Key, strconv.Itoa(l.Attempts)
	return start(ctx, c.o, c.channel.Command, environ, append(document, '\n'), c.channel.Timeout)
}

// start runs a program and makes an answer of how it ended. Nothing of an alert is ever
// a part of its command line but where a program takes it as a plain text.
func start(ctx context.Context, o Options, argv []string, environ map[string]string, input []byte, limit time.Duration) answer {
	if o.Run == nil {
		return answer{err: errors.New("no program can be started here"), busy: true}
	}
	said, failed, timedOut, err := o.Run(ctx, argv, environ, input, limit)
	said = drift.ClipTo(tell.Flat(drift.MaskText(strings.TrimSpace(said))), 200)
	switch {
	case err != nil:
		return answer{err: fmt.Errorf("starting the program: %w", err), unsure: ctx.Err() != nil, busy: true}
	case timedOut:
		return answer{err: fmt.Errorf("the program did not end within %s: %s", limit, said), unsure: true}
	case failed:
		return answer{err: fmt.Errorf("the program failed: %s", said), unsure: true}
	}
	return answer{said: strings.TrimSuffix("the program has taken it: "+said, ": ")}
}

// desktop shows a notification on the user's screen.
type desktop struct {
	channel config.Channel
	o       Options
}

func (desktop) close() {}

func (d desktop) send(ctx context.Context, m message, _ drift.Letter, _ time.Time) answer {
	argv, err := notification(runtime.GOOS, d.o.Environ, m)
	if err != nil {
		return answer{err: err, final: true}
	}
	ans := start(ctx, d.o, argv, d.o.Environ, nil, d.channel.Timeout)
	if ans.err == nil {
		ans.said = "shown by " + argv[0]
	}
	return ans
}

// notification is the command line that shows a message. What comes from an alert is an
// argument of its own, behind the end of the options; the script for macOS is constant
// and takes it as its arguments.
func notification(goos string, environ map[string]string, m message) ([]string, error) {
	title, text := m.headline(), m.brief()
	switch goos {
	case "linux", "freebsd", "openbsd", "netbsd", "dragonfly":
		if environ["DBUS_SESSION_BUS_ADDRESS"] == "" && environ["XDG_RUNTIME_DIR"] == "" {
			return nil, errors.New("there is no desktop: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set")
		}
		urgency := "normal"
		if m.Alerts[0].Level == drift.SeverityError && m.Alerts[0].State == drift.AlertFiring {
			urgency = "critical"
		}
		// The text, unlike the title, may hold markup:
		// https://specifications.freedesktop.org/notification/latest/markup.html
		return []string{"notify-send", "--app-name=godrift", "--urgency=" + urgency, "--", title, markup.Replace(text)}, nil
	case "darwin":
		return []string{
			"/usr/bin/osascript", "-e", "on run argv", "-e", "display notification (item 2 of argv) with title (item 1 of argv)", "-e", "end run",
			"--", title, text,
		}, nil
	}
	return nil, fmt.Errorf("there is no desktop notification on %s; a channel of kind command can show one", goos)
}

var markup = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
