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
	leave, err := s.join()
	if err != nil {
		return err
	}
	defer leave()
	after, err := s.resumed(r)
	if err != nil {
		return err
	}
	c, err := websocket.Accept(w, r, &websocket.AcceptOptions{OriginPatterns: []string{r.Host}})
	if err != nil {
		return nil // it has been answered
	}
	defer func() { _ = c.CloseNow() }()
	c.SetReadLimit(512)
	ctx := c.CloseRead(context.WithoutCancel(r.Context()))
	err = s.follow(ctx, after, func(news []notice) bool {
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
	select {
	case <-s.life.Done():
		_ = c.Close(websocket.StatusGoingAway, "the monitor ends") // it waits for five seconds at most
	default:
	}
	return err
}
