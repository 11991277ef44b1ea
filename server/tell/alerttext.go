package tell

import (
	"fmt"
	"io"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// mostMessage is how much of a message one line shows, in characters.
const mostMessage = 100

// AlertsText writes what stands, what is silenced, what waits and what was given up.
func AlertsText(w io.Writer, d AlertsDocument, now time.Time, opts Options) error {
	t := newText(w, opts)
	if len(d.Channels) == 0 {
		t.printf("There is no channel: nothing is told. [[alert.channel]] in your own config.toml names one.\n")
	}
	for _, c := range d.Channels {
		t.printf("%s  %s", t.paint(t.strong, pad(clean(c.Name), 16)), pad(kindWord(c.Kind), 9))
		t.printf("  %s", drift.Plural(c.Sent, "message")+" sent in a week")
		if c.Queued > 0 {
			t.printf(", %s", t.paint(t.warning, fmt.Sprintf("%d waiting", c.Queued)))
		}
		if c.Dead > 0 {
			t.printf(", %s", t.paint(t.failed, fmt.Sprintf("%d given up", c.Dead)))
		}
		t.printf("\n")
	}
	if len(d.Firing) == 0 {
		t.printf("\nNothing stands.\n")
	} else {
		t.printf("\n%s\n", t.paint(t.strong, "Standing"))
	}
	for _, f := range d.Firing {
		state := "told " + clean(strings.Join(f.Told, ", "))
		switch {
		case f.Silenced:
			state = "silenced"
		case len(f.Told) == 0:
			state = "not told"
		}
		t.printf("  %s  %s  %s: %s\n", t.paint(t.severity(f.Level), pad(string(f.Level), 7)), clean(f.Workspace), clean(f.Rule), drift.ClipTo(Flat(drift.MaskText(f.Message)), mostMessage))
		t.printf("           %s\n", t.paint(t.faint, "for "+ago(now, f.Since)+", "+state))
	}
	if len(d.Silences) > 0 {
		t.printf("\n%s\n", t.paint(t.strong, "Silences"))
	}
	for _, s := range d.Silences {
		t.printf("  %s\n", silenceText(s, now))
	}
	t.letters("Waiting", d.Queued, now)
	t.letters("Given up", d.Dead, now)
	if len(d.Dead) > 0 {
		t.printf("\ngodrift monitor alerts --resend ID sends one again, --resend all does all.\n")
	}
	return t.err
}

func kindWord(kind string) string {
	if kind == "" {
		return "not in config.toml"
	}
	return clean(kind)
}

func (t *textWriter) letters(title string, list []AlertLetter, now time.Time) {
	if len(list) == 0 {
		return
	}
	t.printf("\n%s\n", t.paint(t.strong, title))
	for _, l := range list {
		t.printf("  %5d  %s  %s\n", l.ID, pad(clean(l.Channel), 12), drift.ClipTo(Flat(l.Title), mostMessage))
		words := []string{ago(now, l.Created) + " old"}
		if l.Attempts > 0 {
			words = append(words, drift.Plural(l.Attempts, "attempt"))
		}
		if l.Next != nil && l.Next.After(now) {
			words = append(words, "next in "+lasting(l.Next.Sub(now)))
		}
		if l.Error != "" {
			words = append(words, Flat(drift.MaskText(l.Error)))
		}
		t.printf("         %s\n", t.paint(t.faint, strings.Join(words, ", ")))
	}
}

// silenceText is one silence on one line.
func silenceText(s AlertSilence, now time.Time) string {
	name := "config.toml"
	if s.ID > 0 {
		name = fmt.Sprint(s.ID)
	}
	what := strings.Join(s.Rules, ", ")
	if len(s.Rules) == 0 {
		what = "everything"
	}
	if len(s.Workspaces) > 0 {
		what += " in " + strings.Join(s.Workspaces, ", ")
	}
	text := pad(name, 4) + "  " + Flat(what)
	if s.Until != nil {
		text += fmt.Sprintf(", until %s (%s more)", s.Until.Local().Format("2006-01-02 15:04"), lasting(s.Until.Sub(now)))
	}
	if s.Reason != "" {
		text += ": " + Flat(s.Reason)
	}
	return text
}

// SilencesText writes the silences that hold.
func SilencesText(w io.Writer, list []AlertSilence, now time.Time, opts Options) error {
	t := newText(w, opts)
	if len(list) == 0 {
		t.printf("Nothing is silenced.\n")
	}
	for _, s := range list {
		t.printf("%s\n", silenceText(s, now))
	}
	return t.err
}

// AlertTestText writes how a test went.
func AlertTestText(w io.Writer, d AlertTestDocument, opts Options) error {
	t := newText(w, opts)
	for _, c := range d.Channels {
		word, style := "taken", t.good
		if !c.Sent {
			word, style = "failed", t.failed
		}
		t.printf("%s  %s  %s  %s %s\n", t.paint(style, pad(word, 6)), t.paint(t.strong, pad(clean(c.Channel), 12)), pad(clean(c.Kind), 8),
			Flat(drift.MaskText(c.Answer)), t.paint(t.faint, fmt.Sprintf("(%d ms)", c.Milliseconds)))
	}
	return t.err
}

// ago is how long something is past, in one or two words.
func ago(now, then time.Time) string { return lasting(now.Sub(then)) }

// lasting is a length of time in its largest unit.
func lasting(d time.Duration) string {
	switch d = max(d, 0).Round(time.Second); {
	case d >= 48*time.Hour:
		return drift.Plural(int(d/(24*time.Hour)), "day")
	case d >= 2*time.Hour:
		return drift.Plural(int(d/time.Hour), "hour")
	case d >= 2*time.Minute:
		return drift.Plural(int(d/time.Minute), "minute")
	}
	return drift.Plural(int(d/time.Second), "second")
}
