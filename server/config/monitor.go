package config

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Monitor says what godrift monitor watches, and where it listens.
type Monitor struct {
	// Workspaces are the folders to watch; none means the folder it is started in.
	Workspaces []Workspace
	// Machine has it watch the machine's own environment besides.
	Machine bool
	// Listen is the address of its page, HOST:PORT; NoListen for none.
	Listen string
	// Poll is how long it relies on being told of changes before it looks by itself, and
	// FullCheck how often it reads modules, tools and a part of the build cache again.
	Poll, FullCheck time.Duration
	// TokenFile holds the token of the page, TLSCert and TLSKey its certificate; empty
	// for none. They may begin with ~, see Expand.
	TokenFile, TLSCert, TLSKey string
	// MetricsOpen opens /metrics to those who have no token, and HealthOpen /healthz
	// and /readyz.
	MetricsOpen, HealthOpen bool
	// Hosts are the names by which browsers may call it besides its address.
	Hosts []string
}

// Workspace is a folder to watch. Its path may begin with ~, see Expand.
type Workspace struct {
	Path string
	Name string // empty for the folder's own
}

// NoListen is the address of a monitor that has no page.
const NoListen = "none"

// MostWorkspaces is how many workspaces one monitor watches: each has metrics of its own,
// whose number must be bounded.
const MostWorkspaces = 64

// The limits of what can be asked for.
const (
	leastPoll    = time.Second
	longestPoll  = 24 * time.Hour
	leastCheck   = time.Minute
	longestCheck = 30 * 24 * time.Hour
	mostHosts    = 32
)

// DefaultMonitor is what the monitor does if the user's configuration says nothing.
func DefaultMonitor() Monitor {
	return Monitor{Machine: true, Listen: "127.0.0.1:9494", Poll: 10 * time.Minute, FullCheck: 24 * time.Hour}
}

// monitorTable is [monitor] as it is written.
type monitorTable struct {
	Workspaces  []any    `toml:"workspaces"`
	Machine     *bool    `toml:"machine"`
	Listen      *string  `toml:"listen"`
	Poll        *string  `toml:"poll"`
	FullCheck   *string  `toml:"full-check"`
	TokenFile   string   `toml:"token-file"`
	TLSCert     string   `toml:"tls-cert"`
	TLSKey      string   `toml:"tls-key"`
	MetricsOpen bool     `toml:"metrics-open"`
	HealthOpen  bool     `toml:"health-open"`
	Hosts       []string `toml:"hosts"`
}

func (t monitorTable) parse() (Monitor, error) {
	m := DefaultMonitor()
	m.MetricsOpen, m.HealthOpen = t.MetricsOpen, t.HealthOpen
	wrong := func(key string, at int, err error) (Monitor, error) {
		return DefaultMonitor(), mistake{table: "monitor", key: key, at: at, err: err}
	}
	if t.Machine != nil {
		m.Machine = *t.Machine
	}
	if len(t.Workspaces) > MostWorkspaces {
		return wrong("workspaces", -1, fmt.Errorf("there are %d; one monitor watches at most %d", len(t.Workspaces), MostWorkspaces))
	}
	for i, written := range t.Workspaces {
		w, err := parseWorkspace(written)
		if err != nil {
			return wrong("workspaces", i, err)
		}
		m.Workspaces = append(m.Workspaces, w)
	}
	if t.Listen != nil {
		m.Listen = *t.Listen
		if err := CheckListen(m.Listen); err != nil {
			return wrong("listen", -1, err)
		}
	}
	var err error
	if m.Poll, err = span(t.Poll, m.Poll, leastPoll, longestPoll); err != nil {
		return wrong("poll", -1, err)
	}
	if m.FullCheck, err = span(t.FullCheck, m.FullCheck, leastCheck, longestCheck); err != nil {
		return wrong("full-check", -1, err)
	}
	for _, f := range []struct {
		key, path string
		to        *string
	}{{"token-file", t.TokenFile, &m.TokenFile}, {"tls-cert", t.TLSCert, &m.TLSCert}, {"tls-key", t.TLSKey, &m.TLSKey}} {
		if f.path == "" {
			continue
		}
		if err := checkPath(f.path); err != nil {
			return wrong(f.key, -1, err)
		}
		*f.to = f.path
	}
	switch {
	case m.TLSCert != "" && m.TLSKey == "":
		return wrong("tls-cert", -1, errors.New("tls-key is missing: a certificate is of no use without its key"))
	case m.TLSKey != "" && m.TLSCert == "":
		return wrong("tls-key", -1, errors.New("tls-cert is missing: a key is of no use without its certificate"))
	case len(t.Hosts) > mostHosts:
		return wrong("hosts", -1, fmt.Errorf("there are %d; at most %d are taken", len(t.Hosts), mostHosts))
	}
	for i, host := range t.Hosts {
		if !hostName().MatchString(host) && net.ParseIP(host) == nil {
			return wrong("hosts", i, fmt.Errorf("%q is no name of a host", host))
		}
		m.Hosts = append(m.Hosts, host)
	}
	return m, nil
}

// parseWorkspace reads a path, or a table with a path and a name.
func parseWorkspace(written any) (Workspace, error) {
	var w Workspace
	switch v := written.(type) {
	case string:
		w.Path = v
	case map[string]any:
		for key, value := range v {
			text, ok := value.(string)
			if !ok {
				return w, fmt.Errorf("%s must be a text", key)
			}
			switch key {
			case "path":
				w.Path = text
			case "name":
				w.Name = text
				if err := CheckName(text); err != nil {
					return w, err
				}
			default:
				return w, fmt.Errorf("there is no setting %s for a workspace; there are path and name", key)
			}
		}
	default:
		return w, errors.New(`write a path, or {path = "~/src/app", name = "app"}`)
	}
	if err := checkPath(w.Path); err != nil {
		return w, err
	}
	if w.Path != "~" {
		w.Path = filepath.Clean(w.Path)
	}
	return w, nil
}

// CheckName says why a name cannot be that of a workspace: it is a label of metrics and a
// word in alerts.
func CheckName(name string) error {
	if !workspaceName().MatchString(name) {
		return fmt.Errorf("the name %q must be 1 to 64 letters, digits, dots, dashes, spaces or underscores, and begin with a letter or a digit", name)
	}
	return nil
}

// CheckListen says why an address cannot be listened at.
func CheckListen(address string) error {
	if address == NoListen {
		return nil
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf(`%q is no address: write "127.0.0.1:9494", or "none" for no page`, address)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is no port: write a number from 1 to 65535, or 0 for any that is free", port)
	}
	if host != "" && net.ParseIP(host) == nil && !hostName().MatchString(host) {
		return fmt.Errorf("%q is no address of this machine", host)
	}
	return nil
}

// span reads a length of time, as in 90s, 10m, 24h or 2d.
func span(text *string, otherwise, least, longest time.Duration) (time.Duration, error) {
	if text == nil {
		return otherwise, nil
	}
	d, err := time.ParseDuration(*text)
	if days, ok := strings.CutSuffix(*text, "d"); ok {
		n, derr := strconv.Atoi(days)
		if err = derr; derr == nil && n >= 0 && n <= int(longest/(24*time.Hour)) {
			d = time.Duration(n) * 24 * time.Hour
		} else if derr == nil {
			d = longest + 1
		}
	}
	if err != nil {
		return 0, fmt.Errorf(`%q is no length of time: write a number and a unit, such as "90s", "10m", "24h" or "2d"`, *text)
	}
	if d < least || d > longest {
		return 0, fmt.Errorf("%q: it must be from %s to %s", *text, short(least), short(longest))
	}
	return d, nil
}

// short writes a length of time without its zeros.
func short(d time.Duration) string {
	text := d.String()
	for _, zeros := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zeros) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// Patterns are compiled when they are first needed: no start of godrift pays for them.
func hostName() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?){0,10}$`)
}

func workspaceName() *regexp.Regexp {
	return regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._ -]{0,63}$`)
}
