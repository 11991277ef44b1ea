package alert

import (
	"context"
	"errors"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// sender is one way to tell.
type sender interface {
	// send makes one attempt. What it says of an error holds no secret.
	send(ctx context.Context, m message, l drift.Letter, now time.Time) answer
	close()
}

func (a *Alerts) sender(c config.Channel) sender {
	switch c.Kind {
	case config.ChannelSlack, config.ChannelWeCom, config.ChannelWebhook:
		return newPoster(c, a.o)
	case config.ChannelLog:
		return logger{c, a.o}
	case config.ChannelCommand:
		return command{c, a.o}
	case config.ChannelDesktop:
		return desktop{c, a.o}
	}
	return unknown{c.Kind}
}

// unknown is a channel of a kind that this godrift does not know.
type unknown struct{ kind string }

func (u unknown) send(context.Context, message, drift.Letter, time.Time) answer {
	return answer{err: errors.New("there is no channel of kind " + u.kind)}
}
func (unknown) close() {}
