package alert

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// wecom is the robot of a WeCom group:
// https://developer.work.weixin.qq.com/document/path/91770
type wecom struct{ version string }

// wecomLimit is the largest content of a Markdown message, in bytes of UTF-8.
const wecomLimit = 4096

// WeCom's Markdown has no escapes. What has a meaning in it is written with another
// character that looks alike, so that nobody is mentioned (<@name>), nothing is a link
// and nothing is coloured.
var wecomEscape = strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "`", "ˋ", "*", "∗", "#", "＃", "@", "＠", `\`, "＼", "_", "＿")

func (w wecom) request(m message, l drift.Letter, _ time.Time, _ http.Header) ([]byte, error) {
	body, err := json.Marshal(map[string]any{"msgtype": "markdown", "markdown": map[string]string{"content": w.content(m, l)}})
	if err != nil {
		return nil, fmt.Errorf("writing the message: %w", err)
	}
	return body, nil
}

func (w wecom) content(m message, l drift.Letter) string {
	foot := "\n<font color=\"comment\">" + wecomEscape.Replace(footer(m, l, w.version)) + "</font>"
	var b strings.Builder
	b.WriteString("**" + wecomEscape.Replace(m.headline()) + "**\n")
	left := len(m.Alerts) + m.More
	const rest = 80 // bytes for what says how many more there are
	for _, e := range m.Alerts {
		piece := w.piece(e, len(m.Alerts) > 1)
		if room := wecomLimit - b.Len() - len(foot) - rest; len(piece) > room {
			if left < len(m.Alerts)+m.More || room < 500 {
				break
			}
			piece = clipLines(piece, room)
		}
		b.WriteString(piece)
		left--
	}
	if left > 0 {
		fmt.Fprintf(&b, "and %d more: godrift monitor alerts lists them\n", left)
	}
	return b.String() + foot
}

// piece is one alert. Every line is a quote.
func (w wecom) piece(e Event, many bool) string {
	var b strings.Builder
	quote := func(s string) {
		for l := range strings.Lines(s) {
			if l = strings.TrimRight(l, "\n"); l != "" {
				b.WriteString("> " + wecomEscape.Replace(l) + "\n")
			}
		}
	}
	if many {
		color := "comment"
		switch {
		case e.State == drift.AlertResolved:
			color = "info"
		case e.Level == drift.SeverityError || e.Level == drift.SeverityWarning:
			color = "warning"
		}
		b.WriteString("\n<font color=\"" + color + "\">" + wecomEscape.Replace(labelOf(e)) + "</font>\n")
		quote(text(e.Message, 800))
	} else {
		quote(bodyOf(e, 800))
	}
	quote(strings.Join(details(e), " · "))
	if e.Fix != "" && e.State == drift.AlertFiring {
		quote("Fix: " + line(e.Fix, 300))
		quote(line(e.Command, 200))
	}
	if e.Report != "" && !many {
		quote(text(e.Report, 1500))
	}
	return b.String()
}

// clipLines keeps the first whole lines.
func clipLines(s string, most int) string {
	if len(s) <= most {
		return s
	}
	s = s[:most]
	return s[:strings.LastIndexByte(s, '\n')+1]
}

// What WeCom answers, always with status 200:
// https://developer.work.weixin.qq.com/document/path/90313
const (
	wecomBusy      = -1
	wecomTooMany   = 45009
	wecomTooManyIn = 45033
)

func (wecom) taken(_ int, body []byte) answer {
	var said struct {
		Code    *int   `json:"errcode"`
		Message string `json:"errmsg"`
	}
	if err := json.Unmarshal(body, &said); err != nil || said.Code == nil {
		return answer{err: errors.New("the answer is not WeCom's"), unsure: true}
	}
	text := fmt.Sprintf("WeCom answers %d %s", *said.Code, said.Message)
	switch *said.Code {
	case 0:
		return answer{said: text}
	case wecomBusy, wecomTooMany, wecomTooManyIn:
		return answer{err: errors.New(text), busy: true}
	}
	return answer{err: errors.New(text), final: true}
}
