package alert

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// slack is an incoming webhook of Slack:
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
//
// All text is of type plain_text, in which Slack looks for no mark-up and no mentions,
// and is escaped besides:
// https://docs.slack.dev/messaging/formatting-message-text#escaping
type slack struct{ version string }

// The limits of blocks: https://docs.slack.dev/reference/block-kit/blocks
// Lengths are in characters, counted as they are escaped.
const (
	slackBlocks   = 50
	slackHeader   = 150
	slackSection  = 3000
	slackElements = 10
	slackElement  = 2000
	slackFallback = 4000 // https://docs.slack.dev/reference/methods/chat.postMessage
	slackURL      = 3000
	// slackAlerts is how many alerts of one message are told each by itself.
	slackAlerts = 15
	// slackReport is how much of a diagnosis is shown.
	slackReport = 1500
)

// slackText is a text object, and slackBlock a block.
type (
	slackText struct {
		Type  string `json:"type"`
		Text  string `json:"text"`
		Emoji bool   `json:"emoji"`
	}
	slackButton struct {
		Type string    `json:"type"`
		Text slackText `json:"text"`
		URL  string    `json:"url"`
	}
	slackBlock struct {
		Type     string     `json:"type"`
		Text     *slackText `json:"text,omitempty"`
		Elements []any      `json:"elements,omitempty"`
	}
	slackMessage struct {
		Text   string       `json:"text"`
		Blocks []slackBlock `json:"blocks"`
	}
)

var slackEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// plain is a text object of at most that many characters once it is escaped, and never
// with half an escape in it.
func plain(s string, most int) slackText {
	return slackText{Type: "plain_text", Text: slackClip(s, most)}
}

func slackClip(s string, most int) string {
	out := slackEscape.Replace(s)
	if utf8.RuneCountInString(out) <= most {
		if out == "" {
			return " " // an empty text is refused
		}
		return out
	}
	var b strings.Builder
	room := most - 1
	for _, r := range s {
		piece := slackEscape.Replace(string(r))
		if room -= utf8.RuneCountInString(piece); room < 0 {
			break
		}
		b.WriteString(piece)
	}
	return b.String() + "…"
}

func (s slack) request(m message, l drift.Letter, _ time.Time, _ http.Header) ([]byte, error) {
	body, err := json.Marshal(s.blocks(m, l))
	if err != nil {
		return nil, fmt.Errorf("writing the blocks: %w", err)
	}
	return body, nil
}

func (s slack) blocks(m message, l drift.Letter) slackMessage {
	head := m.headline()
	out := slackMessage{Text: slackClip(head, slackFallback)}
	add := func(kind, words string, most int) {
		t := plain(words, most)
		out.Blocks = append(out.Blocks, slackBlock{Type: kind, Text: &t})
	}
	small := func(words ...string) {
		b := slackBlock{Type: "context"}
		for _, w := range words[:min(len(words), slackElements)] {
			b.Elements = append(b.Elements, plain(w, slackElement))
		}
		out.Blocks = append(out.Blocks, b)
	}
	add("header", head, slackHeader)
	shown := m.Alerts[:min(len(m.Alerts), slackAlerts)]
	for _, e := range shown {
		words := bodyOf(e, slackSection)
		if len(m.Alerts) > 1 {
			words = labelOf(e) + "\n" + text(e.Message, slackSection)
		}
		if e.Fix != "" && e.State == drift.AlertFiring {
			words = strings.TrimSpace(clipBytes(words, 2000) + "\nFix: " + line(e.Fix, 500) + "\n" + line(e.Command, 200))
		}
		if words != "" {
			add("section", words, slackSection)
		}
		if d := details(e); len(d) > 0 {
			small(d...)
		}
		if e.Report != "" && len(m.Alerts) == 1 {
			add("section", text(e.Report, slackReport), slackSection)
		}
	}
	if n := len(m.Alerts) + m.More - len(shown); n > 0 {
		add("section", fmt.Sprintf("and %d more: godrift monitor alerts lists them", n), slackSection)
	}
	if u, err := url.Parse(m.Alerts[0].Link); err == nil && (u.Scheme == "https" || u.Scheme == "http") && len(m.Alerts[0].Link) <= slackURL {
		out.Blocks = append(out.Blocks, slackBlock{Type: "actions", Elements: []any{
			slackButton{Type: "button", Text: plain("Open the page", 75), URL: m.Alerts[0].Link},
		}})
	}
	small(footer(m, l, s.version))
	return out
}

// taken: Slack answers "ok", or says in one word what is wrong.
func (slack) taken(_ int, body []byte) answer {
	return answer{said: "Slack answers " + strings.TrimSpace(string(body))}
}
