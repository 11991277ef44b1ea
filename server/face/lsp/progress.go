package lsp

import (
	"context"
	"fmt"

	"go.lsp.dev/protocol"
)

// bar is one progress bar in the client. The zero value shows nothing.
type bar struct {
	s       *server
	ctx     context.Context
	token   protocol.ProgressToken
	percent uint32
	text    string
	stop    func()
}

// begunProgress starts a progress bar: under the token that came with the
// request, or one of the server's own. The context it returns ends when the
// person cancels.
func (s *server) begunProgress(ctx context.Context, title string, token protocol.ProgressToken) (context.Context, *bar) {
	s.mu.Lock()
	can := s.can.workDoneProgress
	s.tokens++
	own := protocol.String(fmt.Sprintf("godrift-%d", s.tokens))
	s.mu.Unlock()
	if token == nil {
		if !can {
			return ctx, &bar{}
		}
		token = own
		if err := s.client.WorkDoneProgressCreate(ctx, &protocol.WorkDoneProgressCreateParams{Token: token}); err != nil {
			s.log.Debug("the client shows no progress", "error", err)
			return ctx, &bar{}
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	key := tokenKey(token)
	s.mu.Lock()
	s.progress[key] = cancel
	s.mu.Unlock()
	b := &bar{s: s, ctx: ctx, token: token, stop: func() {
		s.mu.Lock()
		delete(s.progress, key)
		s.mu.Unlock()
		cancel()
	}}
	b.send(protocol.WorkDoneProgressBegin{Kind: "begin", Title: title, Cancellable: ptr(true), Percentage: ptr(uint32(0))})
	return ctx, b
}

func tokenKey(token protocol.ProgressToken) string { return fmt.Sprintf("%T %v", token, token) }

// report shows how far the work is; total is 0 while it is not known. Only
// what a person would see is sent: a new text, or another percentage.
func (b *bar) report(text string, done, total int64) {
	if b.s == nil {
		return
	}
	percent := b.percent
	if total > 0 {
		percent = uint32(min(100, max(0, done*100/total))) //nolint:gosec // 0 to 100
	}
	if percent == b.percent && text == b.text {
		return
	}
	b.percent, b.text = percent, text
	b.send(protocol.WorkDoneProgressReport{Kind: "report", Message: ptr(text), Percentage: ptr(percent)})
}

func (b *bar) end() {
	if b.s == nil {
		return
	}
	b.send(protocol.WorkDoneProgressEnd{Kind: "end"})
	b.stop()
}

func (b *bar) send(value any) {
	var raw []byte
	var err error
	switch v := value.(type) {
	case protocol.WorkDoneProgressBegin:
		raw, err = protocol.Marshal(&v)
	case protocol.WorkDoneProgressReport:
		raw, err = protocol.Marshal(&v)
	case protocol.WorkDoneProgressEnd:
		raw, err = protocol.Marshal(&v)
	}
	if err == nil {
		// The end must reach the client also when the work was cancelled.
		err = b.s.client.Progress(context.WithoutCancel(b.ctx), &protocol.ProgressParams{Token: b.token, Value: protocol.LSPAny(raw)})
	}
	if err != nil {
		b.s.log.Debug("progress was not shown", "error", err)
	}
}

// WorkDoneProgressCancel implements protocol.Server.
func (s *server) WorkDoneProgressCancel(_ context.Context, params *protocol.WorkDoneProgressCancelParams) error {
	s.mu.Lock()
	cancel := s.progress[tokenKey(params.Token)]
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
	return nil
}
