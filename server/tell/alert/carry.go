package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// answer is how one attempt to send a letter ended.
type answer struct {
	// err is nil if it was taken, said is what was answered, in a few words without
	// secrets.
	err  error
	said string
	// final says that trying again would not help.
	final bool
	// unsure says that it may have arrived nevertheless.
	unsure bool
	// busy says that the channel takes nothing now, whatever it is.
	busy bool
	// response is that of a server, for its Retry-After.
	response *http.Response
	// traceID is that of the message.
	traceID string
}

// The pauses between two attempts, before some chance is added, the longest that a
// server can ask for, and the least number of attempts before anything is given up.
const (
	leastPause    = 2 * time.Second
	longestPause  = 30 * time.Minute
	longestAsked  = 6 * time.Hour
	leastAttempts = 10
	leaseMargin   = 30 * time.Second
)

// pause is how long to wait after an attempt: as long as the server asks for, or twice
// as long as the last time; and up to a quarter more, so that many machines do not
// come back at once.
func pause(attempts int, response *http.Response, chance float64) time.Duration {
	d := retryablehttp.DefaultBackoff(leastPause, longestPause, max(0, attempts-1), response)
	d = max(min(d, longestAsked), leastPause)
	return d + time.Duration(chance*float64(d)/4)
}

// carry sends what lies in the outbox for one channel, one after the other, until ctx
// ends. bell rings when something new lies there.
func (a *Alerts) carry(ctx context.Context, channel config.Channel, giveUp time.Duration, bell <-chan struct{}) {
	sender := a.sender(channel)
	defer sender.close()
	timer := time.NewTimer(0)
	defer timer.Stop()
	failed := time.Duration(0)
	var asked time.Time // the server wants nothing before; what is new waits for that, too
	for {
		select {
		case <-ctx.Done():
			return
		case <-bell:
		case <-timer.C:
		}
		wait := longestWait
		for {
			if now := a.o.Now(); asked.After(now) && asked.Before(now.Add(2*longestAsked)) { // else the clock was set back
				wait = min(wait, asked.Sub(now))
				break
			}
			worked, next, patience, err := a.carryOne(ctx, channel, giveUp, sender)
			asked = patience
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				failed = min(max(2*failed, time.Second), longestWait)
				wait = failed
				a.o.Log.ErrorContext(ctx, "messages cannot be read or written", "channel", channel.Name, "error", err, "again", wait)
				break
			}
			failed = 0
			if worked {
				continue
			}
			if !next.IsZero() {
				wait = max(time.Millisecond, min(wait, next.Sub(a.o.Now())))
			}
			break
		}
		timer.Reset(wait)
	}
}

// carryOne tries the letter that is due, if there is one; else it says when the next
// one is. asked is until when the server wants to be left alone, zero if it did not say.
func (a *Alerts) carryOne(ctx context.Context, channel config.Channel, giveUp time.Duration, sender sender) (worked bool, next, asked time.Time, err error) {
	now := a.o.Now()
	l, next, err := a.o.Outbox.Claim(ctx, channel.Name, a.owner, now, now.Add(channel.Timeout+leaseMargin), longestAsked*2)
	if err != nil || l == nil {
		return false, next, time.Time{}, err
	}
	begun := time.Now()
	ans := deliver(ctx, sender, *l, now)
	took := time.Since(begun)
	// How it went is written even when everything ends: else it would be sent again.
	writing, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	done, hold := a.judge(*l, ans, giveUp, ctx.Err() != nil)
	if err := a.o.Outbox.Finish(writing, done, a.owner, hold); err != nil && !errors.Is(err, drift.ErrNoLetter) {
		return false, time.Time{}, time.Time{}, err
	}
	if !hold.IsZero() && ans.response != nil && ans.response.Header.Get("Retry-After") != "" {
		asked = hold
	}
	tell := func(result string) {
		a.o.Told(channel.Name, result, took)
		if ans.traceID != "" {
			a.o.Delivered(ans.traceID, channel.Name, result, took)
		}
	}
	if ans.traceID != "" {
		ctx = drift.WithTrace(ctx, drift.Trace{TraceID: ans.traceID})
	}
	log := a.o.Log.With("channel", channel.Name, "message", l.ID, "attempt", l.Attempts)
	switch done.State {
	case drift.LetterSent:
		tell("sent")
		log.InfoContext(ctx, "alert sent", "took", took)
	case drift.LetterDead:
		tell("dead")
		log.ErrorContext(ctx, "alert given up; godrift monitor alerts shows it", "error", done.Error)
	default:
		tell("failed")
		log.WarnContext(ctx, "alert not sent", "error", done.Error, "again", done.Next)
	}
	a.o.Changed()
	a.mu.Lock()
	full := a.full[channel.Name] != nil
	a.mu.Unlock()
	if full {
		ring(a.wake) // there may be room again
	}
	return true, time.Time{}, asked, nil
}

// deliver makes one attempt.
func deliver(ctx context.Context, s sender, l drift.Letter, now time.Time) answer {
	var m message
	if err := json.Unmarshal(l.Body, &m); err != nil || len(m.Alerts) == 0 {
		return answer{err: fmt.Errorf("the message cannot be read: %w", errors.Join(err, errors.New("it is empty"))), final: true}
	}
	ans := s.send(ctx, m, l, now)
	ans.traceID = m.Alerts[0].TraceID
	return ans
}

// judge says what becomes of a letter after an attempt, and until when the others of
// its channel have to wait.
func (a *Alerts) judge(l drift.Letter, ans answer, giveUp time.Duration, stopped bool) (done drift.Letter, hold time.Time) {
	now := a.o.Now()
	l.Unsure = l.Unsure || ans.unsure
	if ans.err == nil {
		l.State, l.Ended, l.Error = drift.LetterSent, now, ""
		return l, time.Time{}
	}
	l.Error = drift.MaskText(clipBytes(ans.err.Error(), 500))
	switch {
	case stopped: // it was this process that did not wait for the end
		l.State, l.Next = drift.LetterPending, now
		return l, time.Time{}
	case ans.final, l.Attempts >= leastAttempts && now.Sub(l.First) > giveUp:
		l.State, l.Ended = drift.LetterDead, now
		return l, time.Time{}
	}
	l.State, l.Next = drift.LetterPending, now.Add(pause(l.Attempts, ans.response, rand.Float64()))
	if ans.busy {
		hold = l.Next
	}
	return l, hold
}

// post wakes the carrier of a channel.
func (a *Alerts) post(channel string) {
	a.mu.Lock()
	bell := a.posted[channel]
	a.mu.Unlock()
	if bell != nil {
		ring(bell)
	}
}
