package web

import (
	"container/list"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"syscall"
)

// gate bounds the connections. When there are as many as there may be, the one
// that has been without a request for longest makes room: a thousand connections
// that say nothing do not keep out one that does. Those that are being served are
// never cut.
type gate struct {
	most, perRemote int

	mu      sync.Mutex
	all     int
	remotes map[string]int
	waiting *list.List // of *conn, that without a request for longest first
}

func newGate(most, perRemote int) *gate {
	return &gate{most: most, perRemote: perRemote, remotes: map[string]int{}, waiting: list.New()}
}

func (g *gate) listener(l net.Listener) net.Listener { return &gateListener{l, g} }

type gateListener struct {
	net.Listener
	gate *gate
}

// Accept implements net.Listener. It never returns a connection too many.
func (l *gateListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if errors.Is(err, syscall.EMFILE) && l.gate.shed() {
			continue // the process has as many open files as it may: one that waits makes room
		}
		if err != nil {
			return nil, err
		}
		if admitted := l.gate.admit(c); admitted != nil {
			return admitted, nil
		}
		_ = c.Close()
	}
}

// conn is a connection that the gate counts.
type conn struct {
	net.Conn
	gate   *gate
	remote string // empty for this machine

	// Under the gate's lock.
	closed  bool
	serving int
	place   *list.Element // in waiting; nil while it is served
}

// admit counts a connection in; nil if there is no room.
func (g *gate) admit(nc net.Conn) net.Conn {
	c := &conn{Conn: nc, gate: g}
	if addr, ok := nc.RemoteAddr().(*net.TCPAddr); ok && !addr.IP.IsLoopback() {
		c.remote = addr.IP.String()
	}
	g.mu.Lock()
	var old *conn
	switch {
	case c.remote != "" && g.remotes[c.remote] >= g.perRemote:
		old = g.oldest(func(o *conn) bool { return o.remote == c.remote })
	case g.all >= g.most:
		old = g.oldest(func(*conn) bool { return true })
	default:
		g.count(c, 1)
		g.mu.Unlock()
		return c
	}
	if old == nil {
		g.mu.Unlock()
		return nil
	}
	g.drop(old)
	g.count(c, 1)
	g.mu.Unlock()
	_ = old.Conn.Close()
	return c
}

// shed closes the connection that has been without a request for longest, if there
// is one.
func (g *gate) shed() bool {
	g.mu.Lock()
	old := g.oldest(func(*conn) bool { return true })
	if old != nil {
		g.drop(old)
	}
	g.mu.Unlock()
	return old != nil && old.Conn.Close() == nil
}

// count adds a connection or takes it away; the lock is held.
func (g *gate) count(c *conn, by int) {
	g.all += by
	if c.remote != "" {
		if g.remotes[c.remote] += by; g.remotes[c.remote] <= 0 {
			delete(g.remotes, c.remote)
		}
	}
	if by > 0 {
		c.place = g.waiting.PushBack(c)
	}
}

// oldest finds the connection that has been without a request for longest; the
// lock is held.
func (g *gate) oldest(will func(*conn) bool) *conn {
	for e := g.waiting.Front(); e != nil; e = e.Next() {
		if c := e.Value.(*conn); will(c) {
			return c
		}
	}
	return nil
}

// drop forgets a connection; the lock is held.
func (g *gate) drop(c *conn) {
	if c.closed {
		return
	}
	c.closed = true
	g.count(c, -1)
	if c.place != nil {
		g.waiting.Remove(c.place)
		c.place = nil
	}
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.gate.mu.Lock()
	c.gate.drop(c)
	c.gate.mu.Unlock()
	return c.Conn.Close()
}

// serve says that a request of this connection is being answered, until the
// returned function is called.
func (c *conn) serve() (done func()) {
	g := c.gate
	g.mu.Lock()
	defer g.mu.Unlock()
	c.serving++
	if c.place != nil {
		g.waiting.Remove(c.place)
		c.place = nil
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if c.serving--; c.serving == 0 && !c.closed {
			c.place = g.waiting.PushBack(c)
		}
	}
}

type connKey struct{}

// withConn has requests know their connection.
func withConn(ctx context.Context, nc net.Conn) context.Context {
	if secure, ok := nc.(*tls.Conn); ok {
		nc = secure.NetConn()
	}
	return context.WithValue(ctx, connKey{}, nc)
}

// served marks the connection of a request as being served.
func served(r *http.Request) (done func()) {
	if c, ok := r.Context().Value(connKey{}).(*conn); ok {
		return c.serve()
	}
	return func() {}
}
