package alert

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// hostile are texts that mean something somewhere: to Slack, to WeCom, to Markdown, to a
// desktop, to a terminal, to a shell, to whoever counts bytes.
var hostile = []string{
	"<!channel>", "<@U123>", "<https://evil.example|click>", "&amp;<b>", "*bold* _it_ ~no~ `code`", "@everyone", "<@all>",
	"[click](https://evil.example)", "<font color=\"warning\">", "\x1b[31mred\x1b[0m", "\u202eright to left", "\ufeff", "a\nb\r\nc\td",
	"$(touch /tmp/x)`id`;|&", "--help", "-u", "\xff\xfe\x00", strings.Repeat("é", 3000), strings.Repeat("<", 4000), strings.Repeat("&", 151), "\"\\", "```\n# x", ":smile:", "{{.}}", "%s%n", "最新🚀",
}

func hostileText(t *rapid.T, label string) string {
	parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(hostile), rapid.String()), 0, 3).Draw(t, label)
	return strings.Join(parts, " ")
}

// hostileEvent is an alert whose every text comes from outside.
func hostileEvent(t *rapid.T) Event {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	e := Event{
		Schema: tell.SchemaAlert, Version: 1, ID: "id", Kind: rapid.SampledFrom([]tell.AlertKind{tell.AlertFinding, tell.AlertSummary, tell.AlertTest, tell.AlertNotice}).Draw(t, "kind"),
		State: rapid.SampledFrom([]drift.AlertState{drift.AlertFiring, drift.AlertResolved}).Draw(t, "state"),
		Level: rapid.SampledFrom([]drift.Severity{drift.SeverityError, drift.SeverityHint}).Draw(t, "level"),
		Time:  at, Since: at, Repeated: rapid.Bool().Draw(t, "repeated"),
		Line: rapid.IntRange(0, 1<<40).Draw(t, "line"),
	}
	for _, to := range []*string{&e.Rule, &e.Workspace, &e.Root, &e.Host, &e.Title, &e.Message, &e.File, &e.Before, &e.After, &e.Cause, &e.Fix, &e.Command, &e.Report} {
		*to = hostileText(t, "text")
	}
	e.Link = rapid.SampledFrom([]string{"", "http://127.0.0.1:9494/", "javascript:alert(1)", "https://" + strings.Repeat("x", 4000)}).Draw(t, "link")
	return e
}

func hostileMessage(t *rapid.T) message {
	m := message{More: rapid.SampledFrom([]int{0, 0, 12345}).Draw(t, "more")}
	for range rapid.IntRange(1, 50).Draw(t, "n") {
		m.Alerts = append(m.Alerts, hostileEvent(t))
	}
	return m
}

// checkSlackText holds a text object to Slack's limits.
func checkSlackText(t *rapid.T, x any, most int) {
	o, ok := x.(map[string]any)
	if !ok || o["type"] != "plain_text" {
		t.Fatalf("%v is no plain text: it could hold mark-up", x)
	}
	s, _ := o["text"].(string)
	if n := utf8.RuneCountInString(s); n < 1 || n > most {
		t.Fatalf("a text of %d characters, at most %d are taken", n, most)
	}
	if strings.ContainsAny(s, "<>") {
		t.Fatalf("%q is not escaped", s)
	}
	for rest := s; ; {
		_, after, found := strings.Cut(rest, "&")
		if !found {
			break
		}
		if !strings.HasPrefix(after, "amp;") && !strings.HasPrefix(after, "lt;") && !strings.HasPrefix(after, "gt;") {
			t.Fatalf("%q is not escaped", s)
		}
		rest = after
	}
	harmless(t, s)
	if o["emoji"] != false {
		t.Fatalf("%v: names of pictures would become pictures", o)
	}
}

// harmless refuses what steers a terminal, or turns the direction of writing.
func harmless(t *rapid.T, s string) {
	if !utf8.ValidString(s) {
		t.Fatalf("%q is no UTF-8", s)
	}
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' || r == '\u202e' || r == '\ufeff' {
			t.Fatalf("%q holds %U", s, r)
		}
	}
}

// Whatever an alert holds, what goes to Slack keeps to its limits and means nothing.
func TestSlackLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := hostileMessage(t)
		body, err := slack{"v1"}.request(m, drift.Letter{Key: "key", Unsure: rapid.Bool().Draw(t, "unsure")}, time.Now(), http.Header{})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Text   string           `json:"text"`
			Blocks []map[string]any `json:"blocks"`
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.Blocks) == 0 || len(got.Blocks) > 50 {
			t.Fatalf("%d blocks", len(got.Blocks))
		}
		checkSlackText(t, map[string]any{"type": "plain_text", "text": got.Text, "emoji": false}, 4000)
		for i, b := range got.Blocks {
			elements, _ := b["elements"].([]any)
			switch b["type"] {
			case "header":
				checkSlackText(t, b["text"], 150)
			case "section":
				checkSlackText(t, b["text"], 3000)
			case "context":
				if len(elements) < 1 || len(elements) > 10 {
					t.Fatalf("%d elements in block %d", len(elements), i)
				}
				for _, e := range elements {
					checkSlackText(t, e, 2000)
				}
			case "actions":
				if len(elements) != 1 {
					t.Fatalf("%v", b)
				}
				button := elements[0].(map[string]any)
				checkSlackText(t, button["text"], 75)
				if u := button["url"].(string); u != "http://127.0.0.1:9494/" {
					t.Fatalf("a button leads to %.80q", u)
				}
			default:
				t.Fatalf("a block of type %v", b["type"])
			}
		}
	})
}

// The same for WeCom: 4096 bytes, and no mark-up but its own.
func TestWeComLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := hostileMessage(t)
		body, err := wecom{"v1"}.request(m, drift.Letter{Key: "key", Unsure: true}, time.Now(), http.Header{})
		if err != nil {
			t.Fatal(err)
		}
		var got struct {
			Type     string `json:"msgtype"`
			Markdown struct {
				Content string `json:"content"`
			} `json:"markdown"`
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatal(err)
		}
		s := got.Markdown.Content
		if got.Type != "markdown" || len(s) == 0 || len(s) > 4096 {
			t.Fatalf("%s of %d bytes", got.Type, len(s))
		}
		harmless(t, s)
		for _, own := range []string{`<font color="comment">`, `<font color="info">`, `<font color="warning">`, "</font>"} {
			s = strings.ReplaceAll(s, own, "")
		}
		lines := strings.Split(s, "\n")
		lines[0] = strings.TrimSuffix(strings.TrimPrefix(lines[0], "**"), "**")
		for _, l := range lines {
			if l = strings.TrimPrefix(l, "> "); strings.ContainsAny(l, "<>[]`*#@\\") {
				t.Fatalf("%q means something", l)
			}
		}
		if n := strings.Count(got.Markdown.Content, "<font"); n != strings.Count(got.Markdown.Content, "</font>") {
			t.Fatalf("a colour is left open:\n%s", got.Markdown.Content)
		}
	})
}

// A desktop gets texts as arguments behind the end of options, and no markup.
func TestDesktopArguments(t *testing.T) {
	environ := map[string]string{"XDG_RUNTIME_DIR": "/run/user/1"}
	rapid.Check(t, func(t *rapid.T) {
		m := hostileMessage(t)
		for _, goos := range []string{"linux", "darwin"} {
			argv, err := notification(goos, environ, m)
			if err != nil {
				t.Fatal(err)
			}
			n := len(argv)
			if argv[n-3] != "--" {
				t.Fatalf("%q: a text could be taken for an option", argv)
			}
			for _, text := range argv[n-2:] {
				harmless(t, text)
				if len(text) > 8000 {
					t.Fatalf("%d bytes", len(text))
				}
			}
			if goos == "linux" && strings.ContainsAny(argv[n-1], "<>") {
				t.Fatalf("%q holds markup", argv[n-1])
			}
			if goos == "darwin" && fmt.Sprint(argv[:n-3]) != "[/usr/bin/osascript -e on run argv -e display notification (item 2 of argv) with title (item 1 of argv) -e end run]" {
				t.Fatalf("%q: the script depends on the alert", argv)
			}
		}
	})
	if _, err := notification("linux", nil, message{Alerts: []Event{{}}}); err == nil {
		t.Error("there is no desktop here")
	}
	if _, err := notification("windows", nil, message{Alerts: []Event{{}}}); err == nil || !strings.Contains(err.Error(), "kind command") {
		t.Error(err)
	}
}

// A webhook and the log get one line of JSON that reads as it was, whatever it holds.
func TestDocumentsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := hostileEvent(t)
		body, err := webhook{}.request(message{Alerts: []Event{e}}, drift.Letter{Attempts: 1}, time.Unix(1, 0), http.Header{})
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(string(body), "\n\r\x1b") {
			t.Fatalf("%q is not one line", body)
		}
		var back Event
		if err := json.Unmarshal(body, &back); err != nil {
			t.Fatal(err)
		}
		if back.Message != strings.ToValidUTF8(e.Message, "\ufffd") && utf8.ValidString(e.Message) {
			t.Fatalf("%q became %q", e.Message, back.Message)
		}
	})
}

// What comes from a report is masked and bounded before it is kept.
func TestEventsAreMasked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drift.Finding{
			Code: "go-missing", Severity: drift.SeverityError, Subject: "GOPROXY", Value: "https://ada:hunter2@proxy.example",
			Message: "GOPROXY=https://ada:hunter2@proxy.example " + hostileText(t, "message"),
			Fixes:   []drift.Fix{{Title: "set https://ada:hunter2@proxy.example", Kind: drift.FixRepair}},
		}
		r := report("/w", f)
		r.Snapshot.Selection.Error = "go: https://ada:hunter2@proxy.example: no"
		moments := []drift.Moment{{Changes: []drift.Change{{Key: drift.EnvKey("GOPROXY"), Old: "https://ada:hunter2@old.example", New: "https://ada:hunter2@new.example"}}, Cause: drift.Cause{Text: "https://ada:hunter2@x"}}}
		for _, e := range eventsOf(sighting{name: "app", report: r, recent: moments}, "", "", func(string) time.Time { return time.Unix(0, 0) }) {
			body, err := json.Marshal(e)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(body), "hunter2") {
				t.Fatalf("a password comes out: %s", body)
			}
			if len(body) > 200_000 {
				t.Fatalf("%d bytes", len(body))
			}
		}
	})
}
