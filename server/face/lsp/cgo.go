package lsp

import (
	"context"
	"fmt"

	"godrift.dev/server/drift/ports"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// cgo answers godrift/cgo. The person can give it up: a compiler for every target takes its time.
func (s *server) cgo(ctx context.Context, params []byte) (any, error) {
	p, err := decode[CgoParams](params)
	if err != nil {
		return nil, err
	}
	f, err := s.folderOf(params)
	if err != nil {
		return nil, err
	}
	var targets []ports.Port
	for _, name := range p.Targets {
		port, ok := ports.Parse(name)
		if !ok || !ports.Ever(port) {
			return nil, fmt.Errorf("%w: %q is no target; write it as linux/arm64", errParams, name)
		}
		targets = append(targets, port)
	}
	if _, err := s.settled(ctx, f); err != nil {
		return nil, err
	}
	ctx, bar := s.begunProgress(ctx, "Trying C compilers", nil)
	defer bar.end()
	answer, err := f.engine.Cgo(ctx, engine.CgoRequest{
		Targets:  targets,
		Progress: func(done, all int) { bar.report(fmt.Sprintf("%d of %d targets", done, all), int64(done), int64(all)) },
	}, p.All && len(targets) == 0)
	if err != nil {
		return nil, failed(err)
	}
	doc := tell.NewCgo(f.engine.Root(), answer.Go, answer.Targets).WithPicture(answer.Picture).WithNeeds(answer.Building.String(), answer.Needs, answer.Effects)
	return encode(doc)
}
