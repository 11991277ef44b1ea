package alert

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// The headers of a webhook.
const (
	headerTimestamp = "Godrift-Timestamp"
	headerSignature = "Godrift-Signature"
	headerAttempt   = "Godrift-Attempt"
)

// webhook is a server of the user's own, which gets the document of one alert.
//
// With a key it is signed: Godrift-Timestamp holds the seconds since 1970, and
// Godrift-Signature "v1=" and the hexadecimal HMAC-SHA256, with the key, of the
// timestamp, a full stop and the body. Who checks it compares in constant time, and
// refuses what is older than some minutes, so that nothing is played back.
type webhook struct {
	channel config.Channel
	o       Options
}

func (w webhook) request(m message, l drift.Letter, now time.Time, header http.Header) ([]byte, error) {
	body, err := json.Marshal(m.Alerts[0])
	if err != nil {
		return nil, fmt.Errorf("writing the document: %w", err)
	}
	for name, value := range w.channel.Headers {
		header.Set(name, value)
	}
	header.Set(headerAttempt, strconv.Itoa(l.Attempts))
	timestamp := strconv.FormatInt(now.Unix(), 10)
	header.Set(headerTimestamp, timestamp)
	if w.channel.Key.IsZero() {
		return body, nil
	}
	key, err := w.channel.Key.Reveal(w.o.Environ)
	if err != nil {
		return nil, fmt.Errorf("the key of the channel: %w", err)
	}
	header.Set(headerSignature, "v1="+Sign([]byte(key), timestamp, body))
	return body, nil
}

// Sign is the signature of a webhook's body.
func Sign(key []byte, timestamp string, body []byte) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(timestamp))
	h.Write([]byte{'.'})
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func (webhook) taken(status int, _ []byte) answer {
	return answer{said: fmt.Sprintf("the server answers %d %s", status, http.StatusText(status))}
}
