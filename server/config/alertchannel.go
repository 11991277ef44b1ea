package config

import (
	"errors"
	"fmt"
	"net/textproto"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The kinds of channel.
const (
	ChannelSlack   = "slack"
	ChannelWeCom   = "wecom"
	ChannelWebhook = "webhook"
	ChannelLog     = "log"
	ChannelDesktop = "desktop"
	ChannelCommand = "command"
)

// ChannelKinds lists them.
var ChannelKinds = []string{ChannelSlack, ChannelWeCom, ChannelWebhook, ChannelLog, ChannelDesktop, ChannelCommand}

// Channel is one way to tell an alert.
type Channel struct {
	Name, Kind string
	// URL is where to send to: of slack, wecom and webhook.
	URL Secret
	// Key signs what goes to a webhook; it may be empty.
	Key Secret
	// Headers go with every message to a webhook.
	Headers Headers
	// Insecure allows http to other machines than this one.
	Insecure bool
	// File is the log's; MaxSize is in megabytes, MaxFiles counts the old ones.
	File     string
	MaxSize  int
	MaxFiles int
	// Command is the program with its arguments.
	Command []string
	// Timeout is how long one attempt may take.
	Timeout time.Duration
}

// Secret says where something stands that is never shown: here, in a file, or in a
// variable of the environment.
type Secret struct{ value, file, env string }

// String is how it is shown.
func (s Secret) String() string {
	switch {
	case s.value != "":
		return "(in config.toml)"
	case s.file != "":
		return "in " + s.file
	case s.env != "":
		return "in $" + s.env
	}
	return ""
}

// GoString is what %#v shows.
func (s Secret) GoString() string { return s.String() }

// IsZero reports whether there is none.
func (s Secret) IsZero() bool { return s == Secret{} }

// channelTable is [[alert.channel]] as it is written.
type channelTable struct {
	Name       string            `toml:"name"`
	Kind       string            `toml:"kind"`
	URL        string            `toml:"url"`
	URLFile    string            `toml:"url-file"`
	URLEnv     string            `toml:"url-env"`
	SecretFile string            `toml:"secret-file"`
	SecretEnv  string            `toml:"secret-env"`
	Headers    map[string]string `toml:"headers"`
	Insecure   bool              `toml:"insecure"`
	File       string            `toml:"file"`
	MaxSize    *int64            `toml:"max-size"`
	MaxFiles   *int64            `toml:"max-files"`
	Command    []string          `toml:"command"`
	Timeout    *string           `toml:"timeout"`
}

// DefaultTimeout is how long one attempt to tell may take.
const DefaultTimeout = 30 * time.Second

func parseChannels(tables []channelTable) ([]Channel, error) {
	if len(tables) > mostChannels {
		return nil, mistake{table: "alert", key: "channel", at: -1, err: fmt.Errorf("there may be %d at most", mostChannels)}
	}
	var out []Channel
	for i, t := range tables {
		c, err := t.parse()
		if err == nil && slices.ContainsFunc(out, func(o Channel) bool { return o.Name == c.Name }) {
			err = errors.New("there are two of that name")
		}
		if err != nil {
			return nil, mistake{table: "alert.channel", item: i, at: -1, err: fmt.Errorf("%q: %w", shorten(t.Name), err)}
		}
		out = append(out, c)
	}
	return out, nil
}

func (t channelTable) parse() (Channel, error) {
	c := Channel{Name: t.Name, Kind: t.Kind, Insecure: t.Insecure, File: t.File, Command: t.Command, Timeout: DefaultTimeout, MaxSize: 10, MaxFiles: 5}
	if !isName(t.Name) {
		return c, errors.New("name: write from 1 to 40 letters, digits, dots, dashes and underscores")
	}
	if !slices.Contains(ChannelKinds, t.Kind) {
		return c, fmt.Errorf("kind = %q: it must be one of %s", shorten(t.Kind), strings.Join(ChannelKinds, ", "))
	}
	if err := t.foreign(); err != nil {
		return c, err
	}
	var err error
	if c.Timeout, err = span(t.Timeout, c.Timeout, 100*time.Millisecond, 10*time.Minute); err != nil {
		return c, fmt.Errorf("timeout: %w", err)
	}
	switch t.Kind {
	case ChannelSlack, ChannelWeCom, ChannelWebhook:
		return c, t.sender(&c)
	case ChannelLog:
		return c, t.log(&c)
	case ChannelCommand:
		if len(t.Command) == 0 || t.Command[0] == "" {
			return c, errors.New(`command: write the program and its arguments, such as ["/usr/local/bin/page", "--low"]`)
		}
		if len(t.Command) > 100 || len(strings.Join(t.Command, " ")) > longestText || slices.ContainsFunc(t.Command, hasNUL) {
			return c, errors.New("command: it is too long, or holds a byte 0")
		}
	}
	return c, nil
}

// foreign refuses what another kind of channel understands: it would look as if it
// did something.
func (t channelTable) foreign() error {
	sends := []string{ChannelSlack, ChannelWeCom, ChannelWebhook}
	for _, k := range []struct {
		key   string
		there bool
		kinds []string
	}{
		{"url", t.URL != "", sends},
		{"url-file", t.URLFile != "", sends},
		{"url-env", t.URLEnv != "", sends},
		{"insecure", t.Insecure, sends},
		{"secret-file", t.SecretFile != "", []string{ChannelWebhook}},
		{"secret-env", t.SecretEnv != "", []string{ChannelWebhook}},
		{"headers", len(t.Headers) > 0, []string{ChannelWebhook}},
		{"file", t.File != "", []string{ChannelLog}},
		{"max-size", t.MaxSize != nil, []string{ChannelLog}},
		{"max-files", t.MaxFiles != nil, []string{ChannelLog}},
		{"command", t.Command != nil, []string{ChannelCommand}},
		{"timeout", t.Timeout != nil, []string{ChannelSlack, ChannelWeCom, ChannelWebhook, ChannelDesktop, ChannelCommand}},
	} {
		if k.there && !slices.Contains(k.kinds, t.Kind) {
			return fmt.Errorf("a channel of kind %s has no %s", t.Kind, k.key)
		}
	}
	return nil
}

func (t channelTable) sender(c *Channel) error {
	ways := 0
	for _, way := range []string{t.URL, t.URLFile, t.URLEnv} {
		if way != "" {
			ways++
		}
	}
	if ways != 1 {
		return errors.New("write one of url, url-file and url-env")
	}
	if t.SecretFile != "" && t.SecretEnv != "" {
		return errors.New("write one of secret-file and secret-env")
	}
	c.URL, c.Key = Secret{t.URL, t.URLFile, t.URLEnv}, Secret{file: t.SecretFile, env: t.SecretEnv}
	for _, file := range []string{t.URLFile, t.SecretFile} {
		if file == "" {
			continue
		}
		if err := checkPath(file); err != nil {
			return fmt.Errorf("%q: %w", shorten(file), err)
		}
	}
	if t.URL != "" {
		if err := CheckURL(t.URL, t.Insecure); err != nil {
			return fmt.Errorf("url: %w", err)
		}
	}
	if len(t.Headers) > mostHeaders {
		return fmt.Errorf("headers: there may be %d at most", mostHeaders)
	}
	for name, value := range t.Headers {
		if canonical := textproto.CanonicalMIMEHeaderKey(name); slices.Contains(ownHeaders, canonical) || strings.HasPrefix(canonical, "Godrift-") {
			return fmt.Errorf("headers: %s is set by godrift", canonical)
		}
		if err := CheckHeader(name, value); err != nil {
			return fmt.Errorf("headers: %w", err)
		}
	}
	if len(t.Headers) > 0 {
		c.Headers = t.Headers
	}
	return nil
}

// ownHeaders are those that belong to the message, besides what CheckHeader refuses.
var ownHeaders = []string{"Idempotency-Key", "User-Agent"}

func (t channelTable) log(c *Channel) error {
	if err := checkPath(t.File); err != nil {
		return fmt.Errorf("file: %w", err)
	}
	for _, n := range []struct {
		key   string
		value *int64
		to    *int
		most  int64
	}{{"max-size", t.MaxSize, &c.MaxSize, 1024}, {"max-files", t.MaxFiles, &c.MaxFiles, 1000}} {
		if n.value == nil {
			continue
		}
		if *n.value < 1 || *n.value > n.most {
			return fmt.Errorf("%s = %d: it must be from 1 to %d", n.key, *n.value, n.most)
		}
		*n.to = int(*n.value)
	}
	return nil
}

// CheckURL refuses an address that nothing should be sent to. The error does not
// hold the address.
func CheckURL(text string, insecure bool) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Hostname() == "" || len(text) > longestText {
		return errors.New("it is no address such as https://example.org/hook")
	}
	switch {
	case u.User != nil:
		return errors.New("it holds a name or a password; write those as a header")
	case u.Scheme == "https":
		return nil
	case u.Scheme != "http":
		return errors.New("it must begin with https://")
	case insecure || loopback(u.Hostname()):
		return nil
	}
	return errors.New("http can be read on the way: write https://, or set insecure = true")
}

func hasNUL(s string) bool { return strings.ContainsRune(s, 0) }

func isName(s string) bool {
	return s != "" && len(s) <= 40 && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	})
}
