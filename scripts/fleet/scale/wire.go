package main

import (
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// relay passes connections on to the collector and counts what goes each way, so
// that what hosts send is measured as it is on the wire, headers and all.
type relay struct {
	to       string
	listener net.Listener
	up, down atomic.Int64
}

func newRelay(to string) (*relay, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &relay{to: strings.TrimPrefix(to, "http://"), listener: l}
	go r.serve()
	return r, nil
}

func (r *relay) url() string { return "http://" + r.listener.Addr().String() }

func (r *relay) close() { _ = r.listener.Close() }

func (r *relay) serve() {
	for {
		from, err := r.listener.Accept()
		if err != nil {
			return
		}
		go r.pass(from)
	}
}

func (r *relay) pass(from net.Conn) {
	defer func() { _ = from.Close() }() // one side has closed it already
	to, err := net.Dial("tcp", r.to)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	var both sync.WaitGroup
	one := func(into, out net.Conn, n *atomic.Int64) {
		_, _ = io.Copy(counter{into, n}, out) // it ends with either side
		_ = into.Close()
	}
	both.Go(func() { one(to, from, &r.up) })
	both.Go(func() { one(from, to, &r.down) })
	both.Wait()
}

type counter struct {
	io.Writer
	n *atomic.Int64
}

func (c counter) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	c.n.Add(int64(n))
	return n, err
}

// recorder takes what hosts send and only measures it: the body as it is sent, and
// unpacked.
type recorder struct {
	server           *http.Server
	address          string
	requests         atomic.Int64
	packed, unpacked atomic.Int64
}

func newRecorder() (*recorder, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &recorder{address: "http://" + l.Addr().String()}
	r.server = &http.Server{Handler: http.HandlerFunc(r.take)}
	go func() { _ = r.server.Serve(l) }() // it ends with close
	return r, nil
}

func (r *recorder) take(_ http.ResponseWriter, req *http.Request) {
	if req.URL.Path != "/v1/metrics" {
		return
	}
	packed := &countingReader{from: req.Body}
	z, err := gzip.NewReader(packed)
	if err != nil {
		return
	}
	n, err := io.Copy(io.Discard, z)
	if err != nil {
		return
	}
	r.unpacked.Add(n)
	r.packed.Add(packed.n)
	r.requests.Add(1)
}

func (r *recorder) close() { _ = r.server.Shutdown(context.Background()) }

type countingReader struct {
	from io.Reader
	n    int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.n += int64(n)
	return n, err
}
