package config

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const wholeAlert = `
[alert]
group-wait = "10s"
resolve-wait = "2m"
repeat = "1d"
flap-limit = 2
flap-window = "30m"
give-up = "2d"
queue = 50
quiet = {from = "22:00", to = "07:30", except = ["error"]}

[[alert.channel]]
name = "team"
kind = "slack"
url = "https://hooks.slack.com/services/T0/B0/very-secret-word"

[[alert.channel]]
name = "pager"
kind = "webhook"
url-env = "PAGER_URL"
secret-file = "~/.config/godrift/pager.key"
headers = {Authorization = "Bearer very-secret-word", x-team = "go"}
timeout = "5s"

[[alert.channel]]
name = "file"
kind = "log"
file = "~/alerts.log"
max-size = 1
max-files = 2

[[alert.channel]]
name = "bell"
kind = "command"
command = ["/bin/bell", "--loud"]

[[alert.channel]]
name = "screen"
kind = "desktop"

[[alert.route]]
level = "error"
channels = ["pager", "team"]

[[alert.route]]
rules = ["policy-*"]
channels = []

[[alert.route]]
level = "hint"
workspaces = ["app*"]

[[alert.silence]]
rules = ["pin-*"]
until = 2026-12-01T00:00:00Z
reason = "the great move"
`

func TestAlert(t *testing.T) {
	c, err := Parse([]byte(wholeAlert))
	if err != nil {
		t.Fatal(err)
	}
	a := c.Alert
	if a.GroupWait != 10*time.Second || a.ResolveWait != 2*time.Minute || a.Repeat != 24*time.Hour || a.FlapLimit != 2 ||
		a.FlapWindow != 30*time.Minute || a.GiveUp != 48*time.Hour || a.Queue != 50 {
		t.Errorf("%+v", a)
	}
	if a.Quiet.From != 22*60 || a.Quiet.To != 7*60+30 || a.Quiet.Except[0] != "error" {
		t.Errorf("%+v", a.Quiet)
	}
	if len(a.Channels) != 5 || len(a.Routes) != 3 || len(a.Silences) != 1 {
		t.Fatalf("%+v", a)
	}
	if r := a.Routes[0]; r.Level != "error" || len(r.Channels) != 2 {
		t.Errorf("%+v", r)
	}
	if r := a.Routes[1]; r.Level != "warning" || r.Channels == nil || len(r.Channels) != 0 {
		t.Errorf("%+v: an empty list is nowhere", r)
	}
	if a.Routes[2].Channels != nil {
		t.Errorf("%+v: no list is everywhere", a.Routes[2])
	}
	// However it is printed, no secret comes out.
	for _, text := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%+v", a.Channels)} {
		if strings.Contains(text, "very-secret-word") {
			t.Errorf("a secret comes out: %s", text)
		}
	}
	if url, err := a.Channels[0].URL.Reveal(nil); err != nil || url != "https://hooks.slack.com/services/T0/B0/very-secret-word" {
		t.Error(url, err)
	}
	if c, err := Parse(nil); err != nil || len(c.Alert.Channels) != 0 || c.Alert.GroupWait != DefaultAlert.GroupWait {
		t.Errorf("%+v %v", c.Alert, err)
	}
}

func TestAlertMistakes(t *testing.T) {
	channel := func(lines string) string { return "\n[[alert.channel]]\nname = \"c\"\n" + lines + "\n" }
	for text, want := range map[string]string{
		"[alert]\ngroup-wait = \"soon\"":                                                         `line 2: alert.group-wait: "soon" is no length of time`,
		"[alert]\ngroup-wait = \"-1s\"":                                                          "line 2: alert.group-wait",
		"[alert]\nrepeat = \"5s\"":                                                               "line 2: alert.repeat: it must be 1m at least",
		"[alert]\nrepeat = \"400d\"":                                                             "it must be from 0s to 8784h",
		"[alert]\n\nqueue = 0":                                                                   "line 3: alert.queue: 0: it must be from 1",
		"[alert]\nflap-limit = 1001":                                                             "line 2: alert.flap-limit",
		"[alert]\nquiet = {from = \"22:00\", to = \"25:00\"}":                                    "line 2: alert.quiet: to = \"25:00\"",
		"[alert]\nquiet = {from = \"22\", to = \"7\"}":                                           "line 2: alert.quiet: from",
		"[alert]\nquiet = {from = \"1:00\", to = \"2:00\", except=[\"x\"]}":                      "must be one of error, warning, info, hint",
		"[alert]\nfrequency = 1":                                                                 "line 2: there is no setting alert.frequency",
		channel(`kind = "carrier pigeon"`):                                                       `line 2: alert.channel: "c": kind = "carrier pigeon"`,
		channel(`kind = "slack"`):                                                                "write one of url, url-file and url-env",
		channel("kind = \"slack\"\nurl = \"https://x\"\nurl-env = \"X\""):                        "write one of url, url-file and url-env",
		channel("kind = \"slack\"\nurl = \"http://example.org/secret1\""):                        "http can be read on the way",
		channel("kind = \"slack\"\nurl = \"ftp://example.org/secret1\""):                         "must begin with https://",
		channel("kind = \"slack\"\nurl = \"https://a:secret1@b/\""):                              "a name or a password",
		channel("kind = \"slack\"\nurl = \"secret1\""):                                           "it is no address",
		channel("kind = \"slack\"\nurl-file = \"x\""):                                            "write the whole path",
		channel("kind = \"log\""):                                                                "file: ",
		channel("kind = \"log\"\nfile = \"/x\"\nmax-size = 0"):                                   "max-size = 0: it must be from 1 to 1024",
		channel("kind = \"log\"\nfile = \"/x\"\nurl = \"https://x\""):                            "a channel of kind log has no url",
		channel("kind = \"slack\"\nurl-env = \"X\"\nheaders = {a = \"b\"}"):                      "a channel of kind slack has no headers",
		channel("kind = \"webhook\"\nurl-env = \"X\"\nheaders = {Host = \"b\"}"):                 "Host is not for you to set",
		channel("kind = \"webhook\"\nurl-env = \"X\"\nheaders = {\"a b\" = \"b\"}"):              "is no name of a header",
		channel("kind = \"webhook\"\nurl-env = \"X\"\nheaders = {A = \"b\\r\\nC: d\"}"):          "cannot be that of a header",
		channel("kind = \"webhook\"\nurl-env = \"X\"\nheaders = {godrift-signature = \"b\"}"):    "is set by godrift",
		channel("kind = \"webhook\"\nurl-env = \"X\"\nsecret-env = \"a\"\nsecret-file = \"/b\""): "one of secret-file and secret-env",
		channel("kind = \"command\""):                                                            "command: write the program",
		channel("kind = \"command\"\ncommand = [\"\"]"):                                          "command: write the program",
		channel("kind = \"command\"\ncommand = \"rm -rf\""):                                      "line 5:",
		channel("kind = \"desktop\"\ntimeout = \"1ms\""):                                         "timeout: \"1ms\": it must be from 100ms",
		channel(`kind = "desktop"`) + channel(`kind = "desktop"`):                                "line 6: alert.channel: \"c\": there are two of that name",
		"[[alert.channel]]\nname = \"a b\"\nkind = \"desktop\"":                                  "name: write from 1 to 40",
		"[[alert.route]]\nlevel = \"bad\"":                                                       "line 1: alert.route: level = \"bad\"",
		"[[alert.route]]\n[[alert.route]]\nchannels = [\"x\"]":                                   "line 2: alert.route: there is no channel \"x\"",
		"[[alert.route]]\nrules = [\"[\"]":                                                       "\"[\" is no pattern",
		"[[alert.route]]\nrules = [\"\"]":                                                        "a pattern must have",
		"[[alert.silence]]\nreason = \"x\"":                                                      "say what",
		"[[alert.silence]]\nrules = [\"x\"]\nuntil = \"later\"":                                  "line 3:",
	} {
		c, err := Parse([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v, want %q", text, err, want)
		} else if strings.Contains(err.Error(), "secret1") {
			t.Errorf("%s\nthe message shows an address: %v", text, err)
		}
		if err != nil && len(c.Alert.Channels) != 0 {
			t.Errorf("%s\na part of what is wrong counts: %+v", text, c.Alert)
		}
	}
}

func TestReveal(t *testing.T) {
	home := t.TempDir()
	file := filepath.Join(home, "url")
	write := func(text string, mode os.FileMode) {
		t.Helper()
		os.Remove(file)
		if err := os.WriteFile(file, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	environ := map[string]string{"HOME": home, "URL": " https://e.org/x \n"}
	write("https://example.org/hook\n", 0o600)
	for s, want := range map[Secret]string{
		{file: "~/url"}: "https://example.org/hook", {file: file}: "https://example.org/hook", {env: "URL"}: "https://e.org/x", {value: "v"}: "v",
	} {
		if got, err := s.Reveal(environ); err != nil || got != want {
			t.Errorf("%s: %q %v", s, got, err)
		}
	}
	for _, c := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{"x", 0o644, "others may read it (0644); chmod 600"},
		{"", 0o600, "it is empty"},
		{"a\nb", 0o600, "more than one line"},
		{strings.Repeat("x", maxSecret+1), 0o600, "larger than 16 KB"},
	} {
		if runtime.GOOS == "windows" && c.mode != 0o600 {
			continue
		}
		write(c.text, c.mode)
		if got, err := (Secret{file: file}).Reveal(environ); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %v, want %q", got, err, c.want)
		}
	}
	for _, s := range []Secret{{file: filepath.Join(home, "none")}, {file: home}, {env: "NONE"}} {
		if got, err := s.Reveal(environ); err == nil {
			t.Errorf("%s: %q", s, got)
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		patterns []string
		texts    []string
		want     bool
	}{
		{nil, []string{"x"}, true},
		{[]string{"pin-*"}, []string{"pin-floating"}, true},
		{[]string{"pin-*"}, []string{"toolchain-drift"}, false},
		{[]string{"/srv/*"}, []string{"b", "/srv/b"}, true},
		{[]string{"/srv/*"}, []string{"b", "/srv/b/c"}, false},
		{[]string{"a", "b"}, []string{"b"}, true},
	} {
		if got := Fits(c.patterns, c.texts...); got != c.want {
			t.Errorf("%v %v: %v", c.patterns, c.texts, got)
		}
	}
}

// Whatever the file holds, what comes out of it is within its limits, and no message
// about a mistake shows an address.
func FuzzAlert(f *testing.F) {
	f.Add(wholeAlert)
	f.Add("[alert]\nquiet = {from = \"22:00\", to = \"07:00\"}\n")
	f.Add("alert.channel = [{name = \"c\", kind = \"desktop\"}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse([]byte(text))
		a := c.Alert
		if err != nil {
			return
		}
		if a.Queue < 1 || a.FlapLimit < 1 || a.GroupWait < 0 || a.FlapWindow < time.Second || len(a.Channels) > mostChannels ||
			a.Quiet.From < 0 || a.Quiet.From >= 24*60 || a.Quiet.To < 0 || a.Quiet.To >= 24*60 {
			t.Errorf("%q gives %+v", text, a)
		}
		names := map[string]bool{}
		for _, ch := range a.Channels {
			if names[ch.Name] || ch.Timeout <= 0 {
				t.Errorf("%q gives %+v", text, ch)
			}
			names[ch.Name] = true
		}
		for _, r := range a.Routes {
			for _, n := range r.Channels {
				if !names[n] {
					t.Errorf("%q routes to %q", text, n)
				}
			}
		}
	})
}
