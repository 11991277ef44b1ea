package rules

import "strconv"

// causes joins findings that share one of two reasons, and those that share one
// with any of them: findings are numbered in the order of join.
type causes struct {
	parent []int
	first  map[string]int // the first finding with a reason
}

// join adds the next finding with its reasons.
func (c *causes) join(reasons ...string) {
	if c.first == nil {
		c.first = map[string]int{}
	}
	i := len(c.parent)
	c.parent = append(c.parent, i)
	for _, r := range reasons {
		if j, ok := c.first[r]; ok {
			a, b := c.root(i), c.root(j)
			c.parent[max(a, b)] = min(a, b)
		} else {
			c.first[r] = i
		}
	}
}

func (c *causes) root(i int) int {
	for c.parent[i] != i {
		c.parent[i] = c.parent[c.parent[i]]
		i = c.parent[i]
	}
	return i
}

// of is what Found.Cause takes for finding i.
func (c *causes) of(i int) string { return "cause " + strconv.Itoa(c.root(i)) }
