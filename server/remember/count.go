package remember

import (
	"context"
	"fmt"
)

// CountMoments is how many moments the history holds of all workspaces.
func (s *Store) CountMoments(ctx context.Context) (int, error) {
	n, err := s.numbers(ctx, "SELECT count(*) FROM moments")
	if err != nil || len(n) == 0 {
		return 0, fmt.Errorf("counting the moments in %s: %w", s.file(), err)
	}
	return int(n[0]), nil
}
