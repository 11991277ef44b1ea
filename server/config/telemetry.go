package config

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Telemetry says where metrics and traces are sent, besides /metrics of the monitor. The
// address comes from here, or from a flag that a person types, and from nowhere else: an
// environment can be that of a terminal whose editor a repository configures.
type Telemetry struct {
	// OTLP is the base URL of a collector that takes OTLP over HTTP, without a slash at
	// its end: /v1/metrics and /v1/traces are added. Empty if nothing is sent.
	OTLP string
	// Headers go with every request; HeadersFile holds more of them, one "Name: value"
	// a line. It may begin with ~, see Expand.
	Headers     Headers
	HeadersFile string
	// Proxy is the proxy to reach the collector by; empty for none. What the environment
	// says of proxies does not count.
	Proxy string
	// Interval is how often metrics are sent, and Timeout how long one request may take.
	Interval, Timeout time.Duration
	// Traces has spans sent, too.
	Traces bool
	// Attributes are added to the resource that everything belongs to.
	Attributes map[string]string
}

// Headers are HTTP headers whose values are secret: whoever prints them sees the names.
type Headers map[string]string

// String lists the names.
func (h Headers) String() string {
	return strings.Join(slices.Sorted(maps.Keys(h)), ", ")
}

// GoString is String, for %#v.
func (h Headers) GoString() string { return h.String() }

// MarshalText is String, so that no encoder sees a value.
func (h Headers) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// DefaultTelemetry is what counts if the user's configuration says nothing: nothing is sent.
func DefaultTelemetry() Telemetry {
	return Telemetry{Interval: time.Minute, Timeout: 10 * time.Second, Traces: true}
}

// The limits of what can be asked for.
const (
	leastInterval  = time.Second
	longestSend    = time.Hour
	leastSend      = 100 * time.Millisecond
	slowestSend    = time.Minute
	mostHeaders    = 32
	mostAttributes = 32
	maxAddress     = 2048
	maxHeader      = 8 << 10
	maxAttribute   = 256
)

// telemetryTable is [telemetry] as it is written.
type telemetryTable struct {
	OTLP        string            `toml:"otlp"`
	Insecure    bool              `toml:"insecure"`
	Headers     map[string]string `toml:"headers"`
	HeadersFile string            `toml:"headers-file"`
	Proxy       string            `toml:"proxy"`
	Interval    *string           `toml:"interval"`
	Timeout     *string           `toml:"timeout"`
	Traces      *bool             `toml:"traces"`
	Attributes  map[string]string `toml:"attributes"`
}

func (t telemetryTable) parse() (Telemetry, error) {
	c := DefaultTelemetry()
	wrong := func(key string, err error) (Telemetry, error) {
		return DefaultTelemetry(), mistake{table: "telemetry", key: key, at: -1, err: err}
	}
	var err error
	if t.OTLP != "" {
		if c.OTLP, err = CheckOTLP(t.OTLP, t.Insecure); err != nil {
			return wrong("otlp", err)
		}
	}
	if t.Proxy != "" {
		if c.Proxy, err = checkProxy(t.Proxy); err != nil {
			return wrong("proxy", err)
		}
	}
	if len(t.Headers) > mostHeaders {
		return wrong("headers", fmt.Errorf("there are %d; at most %d are sent", len(t.Headers), mostHeaders))
	}
	for _, name := range slices.Sorted(maps.Keys(t.Headers)) {
		if err := CheckHeader(name, t.Headers[name]); err != nil {
			return wrong("headers."+name, err)
		}
	}
	if len(t.Headers) > 0 {
		c.Headers = t.Headers
	}
	if t.HeadersFile != "" {
		if err := checkPath(t.HeadersFile); err != nil {
			return wrong("headers-file", err)
		}
		c.HeadersFile = t.HeadersFile
	}
	if c.Interval, err = span(t.Interval, c.Interval, leastInterval, longestSend); err != nil {
		return wrong("interval", err)
	}
	if c.Timeout, err = span(t.Timeout, c.Timeout, leastSend, slowestSend); err != nil {
		return wrong("timeout", err)
	}
	if t.Traces != nil {
		c.Traces = *t.Traces
	}
	if len(t.Attributes) > mostAttributes {
		return wrong("attributes", fmt.Errorf("there are %d; at most %d are sent", len(t.Attributes), mostAttributes))
	}
	for _, name := range slices.Sorted(maps.Keys(t.Attributes)) {
		if err := checkAttribute(name, t.Attributes[name]); err != nil {
			return wrong("attributes."+name, err)
		}
	}
	if len(t.Attributes) > 0 {
		c.Attributes = t.Attributes
	}
	return c, nil
}

// CheckOTLP says why nothing can be sent to an address, or returns it as it is used. What
// leaves the machine is encrypted, unless somebody says that it need not be.
func CheckOTLP(address string, insecure bool) (string, error) {
	u, err := checkURL(address)
	switch {
	case err != nil:
		return "", err
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", errors.New(`write the URL without ? and #: "https://collector.example.com:4318"`)
	case u.Scheme == "http" && !insecure && !loopback(u.Hostname()):
		return "", fmt.Errorf("to %s it would go unencrypted; write https://, or add insecure = true if that network is to be trusted", u.Hostname())
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return u.String(), nil
}

func checkProxy(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || len(address) > maxAddress || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return "", errors.New(`it is no address of a proxy: write "http://proxy.example.com:3128"`)
	}
	return u.String(), nil
}

func checkURL(address string) (*url.URL, error) {
	if len(address) > maxAddress {
		return nil, errors.New("it is too long for a URL")
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, errors.New("it is no URL") // the error of url.Parse repeats it, with what it may hold
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New(`write a URL that begins with http:// or https://, as in "http://127.0.0.1:4318"`)
	case u.User != nil:
		return nil, errors.New("a URL is no place for a password: put it into headers-file")
	}
	return u, nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

var (
	headerName    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$") })
	attributeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_.-]{0,63}$`) })
)

// CheckHeader says why something cannot be sent as a header. It never tells the value.
func CheckHeader(name, value string) error {
	if !headerName().MatchString(name) {
		return fmt.Errorf("%.80q is no name of a header", name)
	}
	switch strings.ToLower(name) {
	case "content-type", "content-encoding", "content-length", "host", "connection", "transfer-encoding", "trailer", "te", "upgrade":
		return fmt.Errorf("%s is not for you to set", name)
	}
	if len(value) > maxHeader || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
		return fmt.Errorf("the value of %s cannot be that of a header", name)
	}
	return nil
}

func checkAttribute(name, value string) error {
	switch {
	case !attributeName().MatchString(name):
		return fmt.Errorf("%.80q is no name of an attribute: write letters, digits, dots, dashes and underscores", name)
	case len(value) > maxAttribute:
		return fmt.Errorf("the value of %s is longer than %d bytes", name, maxAttribute)
	case strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("the value of %s holds a control character", name)
	}
	return nil
}
