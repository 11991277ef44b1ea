package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const whole = `# mine
[history]
age = "90d"

[monitor]
workspaces = ["~/src/app", {path = "/srv/b/", name = "b"}]
machine = false
listen = "127.0.0.1:0"
poll = "5m"
full-check = "2d"
token-file = "~/.token"
tls-cert = "/c.pem"
tls-key = "/k.pem"
metrics-open = true
health-open = true
hosts = ["build.example.org", "::1"]

[[probe]]
name = "libc"
files = ["/etc/os-release", "~/lib/*.so"]
command = ["ldd", "--version"]
timeout = "3s"
every = "1h"
workspace = "b"

[[probe]]
name = "quota"
command = ["~/bin/quota"]
metric = true
`

func TestMonitor(t *testing.T) {
	got, err := Parse([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		History: History{90 * 24 * time.Hour, DefaultHistory.Moments, DefaultHistory.Fixes},
		Monitor: Monitor{
			Workspaces: []Workspace{{Path: "~/src/app"}, {Path: "/srv/b", Name: "b"}},
			Listen:     "127.0.0.1:0", Poll: 5 * time.Minute, FullCheck: 48 * time.Hour,
			TokenFile: "~/.token", TLSCert: "/c.pem", TLSKey: "/k.pem", MetricsOpen: true, HealthOpen: true, Hosts: []string{"build.example.org", "::1"},
		},
		Probes: []Probe{
			{Name: "libc", Files: []string{"/etc/os-release", "~/lib/*.so"}, Command: []string{"ldd", "--version"}, Timeout: 3 * time.Second, Every: time.Hour, Workspace: "b"},
			{Name: "quota", Command: []string{"~/bin/quota"}, Timeout: defaultTimeout, Metric: true},
		},
	}
	if diff := cmp.Diff(want.Monitor, got.Monitor); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want.Probes, got.Probes); diff != "" {
		t.Error(diff)
	}
	if got.History != want.History {
		t.Errorf("%+v", got.History)
	}
	if nothing, err := Parse(nil); err != nil || !cmp.Equal(nothing.Monitor, DefaultMonitor()) || nothing.Probes != nil {
		t.Errorf("nothing written: %+v %v", nothing, err)
	}
}

// Every mistake is told with its line, and what it does not concern is there.
func TestMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"[monitor]\nwatch = 1\n":                                                                          "line 2: there is no setting monitor.watch",
		"[monitor]\npoll = 5\n":                                                                           "line 2:",
		"[monitor]\n\npoll = \"often\"\n":                                                                 `line 3: monitor.poll: "often" is no length of time`,
		"[monitor]\npoll = \"1ms\"\n":                                                                     `line 2: monitor.poll: "1ms": it must be from 1s to 24h`,
		"[monitor]\nfull-check = \"99999999999999d\"\n":                                                   `line 2: monitor.full-check: "99999999999999d": it must be from 1m to 720h`,
		"[monitor]\nfull-check = \"-1d\"\n":                                                               "line 2: monitor.full-check",
		"[monitor]\nworkspaces = [\n  \"/a\",\n  # and\n  \"b\",\n]\n":                                    "line 5: monitor.workspaces: write the whole path",
		"[monitor]\nworkspaces = [\n  {path = \"/a\", nam = \"x\"},\n]\n":                                 "line 3: monitor.workspaces: there is no setting nam",
		"[monitor]\nworkspaces = [{path = \"/a\", name = \"a\\nb\"}]\n":                                   "line 2: monitor.workspaces: the name",
		"[monitor]\nworkspaces = [{name = \"a\"}]\n":                                                      "line 2: monitor.workspaces: a path is missing",
		"[monitor]\nworkspaces = [{path = 3}]\n":                                                          "path must be a text",
		"[monitor]\nworkspaces = [3]\n":                                                                   "write a path",
		"[monitor]\nworkspaces = [\"/a\\u0007\"]\n":                                                       "control character",
		"[monitor]\nworkspaces = [" + strings.Repeat("\"/a\",", MostWorkspaces+1) + "]\n":                 "line 2: monitor.workspaces: there are 65",
		"[monitor]\nlisten = \"9494\"\n":                                                                  "line 2: monitor.listen: \"9494\" is no address",
		"[monitor]\nlisten = \"127.0.0.1:http\"\n":                                                        "is no port",
		"[monitor]\nlisten = \"127.0.0.1:70000\"\n":                                                       "is no port",
		"[monitor]\nlisten = \"a b:1\"\n":                                                                 "is no address of this machine",
		"[monitor]\ntls-cert = \"/c\"\n":                                                                  "line 2: monitor.tls-cert: tls-key is missing",
		"[monitor]\ntls-key = \"/c\"\n":                                                                   "line 2: monitor.tls-key: tls-cert is missing",
		"[monitor]\ntoken-file = \"token\"\n":                                                             "line 2: monitor.token-file: write the whole path",
		"[monitor]\nhosts = [\"ok.example\", \"https://x\"]\n":                                            "line 2: monitor.hosts: \"https://x\" is no name",
		"monitor.poll = \"x\"\n":                                                                          "line 1: monitor.poll",
		"monitor = {poll = \"x\"}\n":                                                                      "line 1: monitor.poll",
		"[[probe]]\nname = \"a\"\ncommand = [\"x\"]\n\n[[probe]]\nname = \"a\"\ncommand = [\"x\"]\n":      "line 6: probe.name: there are two",
		"[[probe]]\ncommand = [\"x\"]\n":                                                                  "line 1: probe.name",
		"[[probe]]\nname = \"A b\"\n":                                                                     "line 2: probe.name",
		"[[probe]]\nname = \"a\"\n":                                                                       "line 1: probe.command: it is missing",
		"[[probe]]\nname = \"a\"\ncommand = [\"./x\"]\n":                                                  "line 3: probe.command: \"./x\": write the whole path, from / or from ~/, or a name that PATH finds",
		"[[probe]]\nname = \"a\"\ncommand = [\"x\"]\nfiles = [\"/a/*/b\"]\n":                              "line 4: probe.files: \"/a/*/b\": the last element alone",
		"[[probe]]\nname = \"a\"\ncommand = [\"x\"]\nfiles = [\"/a/[\"]\n":                                "line 4: probe.files",
		"[[probe]]\nname = \"a\"\ncommand = [\"x\"]\ntimeout = \"1h\"\n":                                  "line 4: probe.timeout: \"1h\": it must be from 100ms to 10m",
		"[[probe]]\nname = \"a\"\ncommand = [\"x\"]\nevery = \"0s\"\n":                                    "line 4: probe.every",
		"[[probe]]\nname = \"a\"\ncommand = [\"x\"]\nworkspace = \"\\u0000\"\n":                           "line 4: probe.workspace",
		strings.Repeat("[[probe]]\n", MostProbes+1):                                                       "line 33: probe: there are 33",
		"[history]\nage = \"1y\"\n[monitor]\npoll = \"0s\"\n[[probe]]\nname = \"a\"\ncommand = [\"x\"]\n": "line 4: monitor.poll",
	} {
		c, err := Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q:\n got %v\nwant %q", text, err, want)
		}
		if strings.Contains(text, "[history]") && (c.History.Age != 366*24*time.Hour || len(c.Probes) != 1) {
			t.Errorf("%q: what the mistake does not concern is %+v %+v", text, c.History, c.Probes)
		}
	}
}

func TestExpand(t *testing.T) {
	home := map[string]string{"HOME": "/h"}
	for path, want := range map[string]string{"~/a": "/h/a", "~": "/h", "~x/a": "~x/a", "/a/~": "/a/~", "a": "a"} {
		if got := Expand(path, home); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
	if got := Expand("~/a", map[string]string{"USERPROFILE": "/u"}); got != "/u/a" {
		t.Errorf("Windows: %q", got)
	}
}

func FuzzMonitor(f *testing.F) {
	f.Add(whole)
	f.Add("monitor = {workspaces = [{path = '~'}], hosts = ['a']}\nprobe = [{name = 'a', command = ['x']}]")
	f.Add("[monitor]\npoll = \"x\"\n[[probe]]\n[[probe]]\nevery = \"1h\"")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse([]byte(text))
		m := c.Monitor
		if m.Poll < leastPoll || m.Poll > longestPoll || m.FullCheck < leastCheck || m.FullCheck > longestCheck || m.Listen != NoListen && m.Listen == "" {
			t.Errorf("%q: %+v", text, m)
		}
		if len(m.Workspaces) > MostWorkspaces || len(c.Probes) > MostProbes {
			t.Errorf("%q: too many", text)
		}
		for _, w := range m.Workspaces {
			if checkPath(w.Path) != nil || w.Name != "" && CheckName(w.Name) != nil {
				t.Errorf("%q: workspace %+v", text, w)
			}
		}
		for _, p := range c.Probes {
			if len(p.Command) == 0 || !probeName().MatchString(p.Name) || p.Timeout < leastTimeout || p.Timeout > longestTimeout {
				t.Errorf("%q: probe %+v", text, p)
			}
		}
		if err != nil && strings.Contains(err.Error(), "line 0") {
			t.Errorf("%q: %v", text, err)
		}
	})
}
