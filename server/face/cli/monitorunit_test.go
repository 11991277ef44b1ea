package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// strange is a folder whose name means something in every kind of unit.
const strange = `/srv/a b/%n$HOME"'\x<&>]]>--{{`

func unit(t *testing.T, kind, program string, environ []string, dirs ...string) string {
	t.Helper()
	var out bytes.Buffer
	c := &Command{Environ: environ, Dir: "/", Version: "v1", out: bufio.NewWriter(&out)}
	if err := c.unit(kind, program, dirs); err != nil {
		t.Fatal(err)
	}
	if err := c.out.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// systemd itself reads the unit, and starts what is meant.
func TestSystemdUnit(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("systemd is Linux's")
	}
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, `go drift%n$x`)
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "godrift.service")
	check := func(text string) string {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(analyze, "verify", "--user", "--man=no", file)
		cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		var about []string // other units of this machine are none of our business
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "godrift") || strings.Contains(line, program) {
				about = append(about, line)
			}
		}
		return strings.Join(about, "")
	}
	good := unit(t, "systemd", program, []string{"PATH=/usr/bin:relative:/a b%n", "HOME=/home/me"}, strange)
	if said := check(good); said != "" {
		t.Errorf("systemd says:\n%s\nof\n%s", said, good)
	}
	for _, bad := range []string{strings.Replace(good, "NoNewPrivileges=yes", "NoNewPrivilege=yes", 1), strings.Replace(good, "go drift", "go nodrift", 1)} {
		if check(bad) == "" {
			t.Errorf("systemd accepts\n%s", bad)
		}
	}
	if !strings.Contains(good, `Environment="PATH=/usr/bin:/a b%%n"`+"\n") {
		t.Errorf("the PATH is not that of the shell:\n%s", good)
	}
	if line := `ExecStart="` + strings.ReplaceAll(program, "%", "%%") + `" "monitor" "/srv/a b/%%n$$HOME\"'\\x<&>]]>--{{"` + "\n"; !strings.Contains(good, line) {
		t.Errorf("without %s\n%s", line, good)
	}
}

// plist reads a property list as far as ours has it.
func plist(t *testing.T, text string) map[string]any {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	var value func(start xml.StartElement) any
	children := func(name string) (list []any) {
		for {
			token, err := d.Token()
			if err != nil {
				t.Fatalf("%v in\n%s", err, text)
			}
			switch token := token.(type) {
			case xml.StartElement:
				list = append(list, value(token))
			case xml.EndElement:
				if token.Name.Local == name {
					return list
				}
			}
		}
	}
	value = func(start xml.StartElement) any {
		switch start.Name.Local {
		case "dict":
			list, out := children("dict"), map[string]any{}
			for i := 0; i+1 < len(list); i += 2 {
				out[list[i].(string)] = list[i+1]
			}
			return out
		case "array":
			return children("array")
		case "true", "false":
			children(start.Name.Local)
			return start.Name.Local == "true"
		}
		var s string
		if err := d.DecodeElement(&s, &start); err != nil {
			t.Fatal(err)
		}
		return s
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			t.Fatal("there is no dict")
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "dict" {
			out := value(start).(map[string]any)
			for err == nil { // the rest is whole, too
				_, err = d.Token()
			}
			if !errors.Is(err, io.EOF) {
				t.Fatalf("%v in\n%s", err, text)
			}
			return out
		}
	}
}

func TestLaunchAgent(t *testing.T) {
	got := plist(t, unit(t, "launchd", "/opt/go drift", []string{"PATH=/usr/bin" + string(filepath.ListSeparator) + "/a&b", "HOME=/Users/m<e"}, strange))
	want := map[string]any{
		"Label":                   "dev.godrift.monitor",
		"ProgramArguments":        []any{"/opt/go drift", "monitor", strange},
		"EnvironmentVariables":    map[string]any{"PATH": "/usr/bin" + string(filepath.ListSeparator) + "/a&b"},
		"WorkingDirectory":        "/Users/m<e",
		"RunAtLoad":               true,
		"KeepAlive":               map[string]any{"SuccessfulExit": false},
		"ThrottleInterval":        "15",
		"ExitTimeOut":             "20",
		"ProcessType":             "Background",
		"LowPriorityBackgroundIO": true,
		"Umask":                   "63",
		"StandardOutPath":         "/Users/m<e/Library/Logs/godrift-monitor.log",
		"StandardErrorPath":       "/Users/m<e/Library/Logs/godrift-monitor.log",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// The words of the exec form are JSON, or the builder takes the line for a shell's.
func TestContainerfile(t *testing.T) {
	text := unit(t, "container", "/opt/godrift", nil, strange, "/work")
	for name, want := range map[string][]string{
		"ENTRYPOINT": {"godrift", "monitor", "--listen", "0.0.0.0:9494", "--insecure-listen", "--log-format", "json"},
		"CMD":        {strange, "/work"},
	} {
		var got []string
		for line := range strings.Lines(text) {
			if rest, ok := strings.CutPrefix(line, name+" "); ok {
				if err := json.Unmarshal([]byte(rest), &got); err != nil {
					t.Errorf("%s: %v", line, err)
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if strings.Contains(unit(t, "container", "/opt/godrift", nil), "CMD []") {
		t.Error("without folders it watches none")
	}
}

// A name that breaks a line could bring an instruction of its own.
func TestUnitLines(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		dir := "/" + rapid.String().Draw(rt, "dir")
		for _, kind := range []string{"systemd", "launchd", "container"} {
			var out bytes.Buffer
			c := &Command{Environ: []string{"PATH=/bin", "HOME=/h"}, Dir: "/", Version: "v1", out: bufio.NewWriter(&out)}
			err := c.unit(kind, "/p", []string{dir})
			if strings.ContainsAny(filepath.Clean(dir), "\n\r\x00") != (err != nil) {
				rt.Fatalf("%s %q: %v", kind, dir, err)
			}
			if err != nil {
				continue
			}
			if err := c.out.Flush(); err != nil {
				rt.Fatal(err)
			}
			more := 0
			if kind == "launchd" {
				more = 1 // each argument has a line
			}
			if got, want := strings.Count(out.String(), "\n"), strings.Count(unit(t, kind, "/p", []string{"PATH=/bin", "HOME=/h"}), "\n")+more; got != want {
				rt.Fatalf("%s %q: %d lines, not %d:\n%s", kind, dir, got, want, out.String())
			}
		}
	})
}
