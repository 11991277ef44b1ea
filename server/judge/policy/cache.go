package policy

import (
	"time"

	"godrift.dev/server/drift"
)

// DefaultKeep is how long the go command itself keeps what is not used.
//
// Source: trimLimit in cmd/go/internal/cache/cache.go.
const DefaultKeep = 5 * 24 * time.Hour

// Quota is a [cache] table made ready for use.
type Quota struct {
	// Bytes is how large the build cache may get; 0 stands for no limit.
	Bytes int64
	// Keep is how long what was not used stays in any case.
	Keep time.Duration
}

// Quota is how large the build cache may get.
func (p *Policy) Quota() Quota {
	if p.quota.Keep == 0 {
		return Quota{p.quota.Bytes, DefaultKeep}
	}
	return p.quota
}

// leastKeep is what go's own notes of a use are good for: it makes one at most once an
// hour.
const leastKeep = time.Hour

func (c *compiler) cache(n *node, cfg Cache) {
	if v := child(n, "quota"); v != nil && v.kind == text {
		size, err := drift.ParseBytes(cfg.Quota)
		if err != nil {
			c.tree.problem(inside(v), `%q is no size. Write it as in "500MiB" or "20GiB".`, clip(cfg.Quota))
		} else {
			c.policy.quota.Bytes = size
		}
	}
	if v := child(n, "keep"); v != nil && v.kind == text {
		switch d, err := drift.ParseAge(cfg.Keep); {
		case err != nil:
			c.tree.problem(inside(v), `%q is no length of time. Write it as in "24h" or "5d".`, clip(cfg.Keep))
		case d < leastKeep:
			c.tree.problem(inside(v), "%s is less than an hour, and go notes a use only once an hour: what is in use could go.", clip(cfg.Keep))
		default:
			c.policy.quota.Keep = d
		}
	}
}
