package web

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/coder/websocket"
)

// socket tells of changes through a WebSocket (RFC 6455). Where it comes from was
// looked at before: browsers let every page open one to everywhere. Clients have
// nothing to say: one that does is cut off.
func (s *Server) socket(w http.ResponseWriter, r *http.Request, _ proof) error {
	after, leave, err := s.join(r)
	if err != nil {
		return err
	}
	defer leave()
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{OriginPatterns: []string{r.Host}})
	if err != nil {
		return nil // it has been answered
	}
	c.SetReadLimit(512)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer cancel()
		// Pings, pongs and the end are taken care of in here; a message ends it, too.
		_, _, _ = c.Reader(ctx)
	}()
	defer func() {
		cancel()
		_ = c.CloseNow() // no words of farewell: a client that does not read would hold them up
		<-read
	}()
	return s.follow(ctx, after, func(news []notice) bool {
		timed, cancel := context.WithTimeout(ctx, s.limits.SlowTime)
		defer cancel()
		if len(news) == 0 {
			return c.Ping(timed) == nil // whoever does not answer is not there, or does not read
		}
		for _, n := range news {
			data, err := json.Marshal(n)
			if err != nil || c.Write(timed, websocket.MessageText, data) != nil {
				return false
			}
		}
		return true
	})
}
