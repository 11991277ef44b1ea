package config

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestTelemetry(t *testing.T) {
	with := func(change func(*Telemetry)) Telemetry {
		c := DefaultTelemetry()
		change(&c)
		return c
	}
	for text, want := range map[string]Telemetry{
		"":                                 DefaultTelemetry(),
		"otlp = \"http://127.0.0.1:4318\"": with(func(c *Telemetry) { c.OTLP = "http://127.0.0.1:4318" }),
		"otlp = \"http://[::1]:4318/\"":    with(func(c *Telemetry) { c.OTLP = "http://[::1]:4318" }),
		"otlp = \"http://localhost:4318\"": with(func(c *Telemetry) { c.OTLP = "http://localhost:4318" }),
		"otlp = \"https://o.example/base/\"\ntimeout = \"2s\"\ninterval = \"15s\"\ntraces = false": with(func(c *Telemetry) {
			c.OTLP, c.Timeout, c.Interval, c.Traces = "https://o.example/base", 2*time.Second, 15*time.Second, false
		}),
		"otlp = \"http://collector:4318\"\ninsecure = true": with(func(c *Telemetry) { c.OTLP = "http://collector:4318" }),
		"headers = {X-Token = \"s3cret\"}\nheaders-file = \"~/otlp\"\nproxy = \"http://proxy:3128\"": with(func(c *Telemetry) {
			c.Headers, c.HeadersFile, c.Proxy = Headers{"X-Token": "s3cret"}, "~/otlp", "http://proxy:3128"
		}),
		"attributes = {team = \"build\"}": with(func(c *Telemetry) { c.Attributes = map[string]string{"team": "build"} }),
	} {
		c, err := Parse([]byte("[telemetry]\n" + text + "\n"))
		if err != nil || !reflect.DeepEqual(c.Telemetry, want) {
			t.Errorf("%q: %+v %v, want %+v", text, c.Telemetry, err, want)
		}
	}
	for text, want := range map[string]string{
		"otlp = \"http://collector:4318\"":              "line 2: telemetry.otlp: to collector it would go unencrypted",
		"\notlp = \"http://10.0.0.1\"":                  "line 3: telemetry.otlp: to 10.0.0.1 it would",
		"otlp = \"http://127.0.0.1.example.com\"":       "unencrypted",
		"otlp = \"https://me:s3cret@o.example\"":        "a URL is no place for a password",
		"otlp = \"ftp://o.example\"":                    "begins with http://",
		"otlp = \"o.example:4318\"":                     "begins with http://",
		"otlp = \"https://o.example?x=1\"":              "without ? and #",
		"otlp = \"https://[::1\"":                       "it is no URL",
		"otlp = 4318":                                   "line 2:",
		"endpoint = \"https://o.example\"":              "line 2: there is no setting telemetry.endpoint",
		"interval = \"0s\"":                             "it must be from 1s to 1h",
		"timeout = \"2m\"":                              "it must be from 100ms to 1m",
		"timeout = \"soon\"":                            "is no length of time",
		"headers-file = \"otlp\"":                       "write the whole path",
		"proxy = \"proxy\"":                             "no address of a proxy",
		"\nheaders = {\"a b\" = \"s3cret\"}":            "line 3: telemetry.headers.a b: \"a b\" is no name of a header",
		"[telemetry.headers]\nX = \"a\"\nY = \"\\n\"":   "line 4: telemetry.headers.Y: the value of Y cannot be",
		"headers = {Host = \"elsewhere\"}":              "Host is not for you to set",
		"attributes = {\"bad key\" = \"x\"}":            "no name of an attribute",
		"attributes = {key = \"\\u001b[31m\"}":          "holds a control character",
		"headers = {A = 1}":                             "line 2:",
		"otlp = \"https://o.example/\\u0000\"":          "no URL",
		"otlp = \"https://" + strings.Repeat("o", 3000): "line 2:",
	} {
		c, err := Parse([]byte("[telemetry]\n" + text + "\n"))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v %v, want %q", text, c.Telemetry, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: the error tells a secret: %v", text, err)
		}
		if c.Telemetry.OTLP != "" {
			t.Errorf("%q: something is sent to %s", text, c.Telemetry.OTLP)
		}
	}
}

func TestHeadersStayHidden(t *testing.T) {
	c := DefaultTelemetry()
	c.Headers = Headers{"X-Token": "s3cret", "A": "b4d"}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%v %s %#v", c.Headers, c.Headers, c.Headers), string(text)} {
		if strings.Contains(shown, "s3cret") || strings.Contains(shown, "b4d") || !strings.Contains(shown, "X-Token") {
			t.Errorf("%s shows a secret, or no name", shown)
		}
	}
}

func FuzzTelemetry(f *testing.F) {
	f.Add("https://o.example:4318/base", "15s", "X-Token", "secret")
	f.Add("http://127.0.0.1:4318", "1h", "a", "b")
	f.Add("http://[fe80::1%25eth0]:1", "", "", "\x00")
	f.Fuzz(func(t *testing.T, address, interval, name, value string) {
		c, err := telemetryTable{OTLP: address, Interval: &interval, Headers: map[string]string{name: value}}.parse()
		if err != nil {
			if c.OTLP != "" {
				t.Errorf("%q is refused (%v) and used", address, err)
			}
			return
		}
		if c.Interval < leastInterval || c.Interval > longestSend || strings.ContainsAny(value, "\r\n\x00") {
			t.Errorf("%q %q %q gives %+v", address, interval, value, c)
		}
		if c.OTLP == "" {
			return
		}
		again, err := CheckOTLP(c.OTLP, false)
		if err != nil || again != c.OTLP {
			t.Errorf("%q is used as %q, which is %q %v", address, c.OTLP, again, err)
		}
		if strings.HasPrefix(c.OTLP, "http://") {
			u, _ := checkURL(c.OTLP)
			if !loopback(u.Hostname()) {
				t.Errorf("%q goes unencrypted to %s", address, u.Hostname())
			}
		}
	})
}
