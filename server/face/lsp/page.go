package lsp

import (
	"context"
	"errors"
	"fmt"

	"godrift.dev/server/engine"
)

// page answers godrift/page.
func (s *server) page(ctx context.Context, params []byte) (any, error) {
	p, err := decode[PageParams](params)
	if err != nil {
		return nil, err
	}
	f, _, err := s.find(p.Folder)
	if err != nil {
		return nil, err
	}
	s.begin() // a client may ask before it says initialized
	if err := f.failure(); err != nil {
		return nil, failed(err)
	}
	answer, err := f.page.Ask(ctx, p.Question)
	switch {
	case errors.Is(err, engine.ErrAsk), errors.Is(err, engine.ErrRef), errors.Is(err, engine.ErrNoRecord):
		return nil, fmt.Errorf("%w: %w", errParams, err)
	case err != nil:
		return nil, failed(err)
	}
	return encode(answer)
}
