package policy

import "time"

// The limits that count without a [baseline] table.
const (
	DefaultGrace    = 15 * time.Minute
	DefaultShare    = 0.05
	DefaultDistance = 0.3
)

// maxGrace bounds a grace period: what is held back longer is never told.
const maxGrace = 7 * 24 * time.Hour

// limits is a [baseline] table made ready for use; nil stands for the default.
type limits struct {
	grace           *time.Duration
	share, distance *float64
}

// Grace is how long a change that somebody made on purpose is held back.
func (p *Policy) Grace() time.Duration {
	if p.limit.grace == nil {
		return DefaultGrace
	}
	return *p.limit.grace
}

// Limits are the share of the watched values that must have changed, and the
// distance that the changes must make, before env-drift speaks.
func (p *Policy) Limits() (share, distance float64) {
	share, distance = DefaultShare, DefaultDistance
	if p.limit.share != nil {
		share = *p.limit.share
	}
	if p.limit.distance != nil {
		distance = *p.limit.distance
	}
	return share, distance
}

func (c *compiler) baseline(n *node, cfg Baseline) {
	if v := child(n, "grace"); v != nil && v.kind == text {
		switch d, err := time.ParseDuration(cfg.Grace); {
		case err != nil || d < 0:
			c.tree.problem(inside(v), `%q is no length of time. Write it as in "15m", "1h30m" or "0s".`, clip(cfg.Grace))
		case d > maxGrace:
			c.tree.problem(inside(v), "%s is more than a week; nobody would ever be told. Allow the variable instead.", clip(cfg.Grace))
		default:
			c.policy.limit.grace = &d
		}
	}
	c.policy.limit.share = c.part(child(n, "share"), "share", cfg.Share)
	c.policy.limit.distance = c.part(child(n, "distance"), "distance", cfg.Distance)
}

// part is a number from 0 to 1, nil if it is none.
func (c *compiler) part(n *node, key string, value *float64) *float64 {
	if n == nil || value == nil {
		return nil
	}
	if !(*value >= 0 && *value <= 1) { // in this form it is not true of NaN
		c.tree.problem(n.span, "%s must be from 0 to 1.", key)
		return nil
	}
	return value
}
