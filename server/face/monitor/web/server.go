package web

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"godrift.dev/shared"
)

// Server is the monitor's HTTP server.
type Server struct {
	opts   Options
	limits Limits
	log    *slog.Logger
	key    key
	cert   *tls.Config // nil without TLS
	assets *assets
	hub    *hub
	gate   *gate
	rate   *bucket
	asking chan struct{}
	acting chan struct{}
	seal   [32]byte // what previews are signed with

	hosts hostList

	life context.Context // done when the server ends
	end  context.CancelFunc
	busy sync.WaitGroup // streams and changes, which http.Server does not wait for

	mu    sync.Mutex
	addr  net.Addr // once it listens
	ended bool
}

// New makes a Server. It reads the token and the certificate, and listens to
// nothing yet.
func New(opts Options) (*Server, error) {
	if opts.Listen == "" {
		opts.Listen = DefaultListen
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Page == nil {
		opts.Page = shared.Page()
	}
	if opts.Source == nil {
		return nil, errors.New("the monitor's server has nothing to show")
	}
	if _, _, err := net.SplitHostPort(opts.Listen); err != nil {
		return nil, fmt.Errorf("the monitor cannot listen on %q: write HOST:PORT, such as %s: %w", opts.Listen, DefaultListen, err)
	}
	s := &Server{opts: opts, limits: opts.Limits.withDefaults(), log: opts.Log}
	s.life, s.end = context.WithCancel(context.Background())
	var err error
	if s.key, err = newKey(opts.Token, opts.TokenFile); err != nil {
		return nil, err
	}
	if s.cert, err = certificate(opts.TLSCert, opts.TLSKey); err != nil {
		return nil, err
	}
	if s.hosts, err = newHostList(opts.Listen, opts.Hosts); err != nil {
		return nil, err
	}
	if s.assets, err = newAssets(opts.Page); err != nil {
		return nil, err
	}
	if _, err := rand.Read(s.seal[:]); err != nil {
		return nil, fmt.Errorf("make a key for previews: %w", err)
	}
	s.hub = newHub(rand.Text())
	s.gate = newGate(s.limits.Connections, s.limits.PerRemote)
	s.rate = newBucket(s.limits.Rate, s.limits.Burst)
	s.asking = make(chan struct{}, s.limits.Asking)
	s.acting = make(chan struct{}, 1)
	return s, nil
}

// certificate is the TLS configuration for a certificate and its key; nil if
// there is none.
func certificate(cert, keyFile string) (*tls.Config, error) {
	if cert == "" && keyFile == "" {
		return nil, nil
	}
	if cert == "" || keyFile == "" {
		return nil, errors.New("TLS needs both files, the certificate and its key: tls-cert and tls-key")
	}
	pair, err := tls.LoadX509KeyPair(cert, keyFile)
	if err != nil {
		return nil, fmt.Errorf("read the certificate %s and its key %s: %w", cert, keyFile, err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}, nil
}

// ErrNotLoopback refuses to listen where others can read what is sent.
var ErrNotLoopback = errors.New("other machines can reach that address, and without TLS they can read the token and all that is shown: give tls-cert and tls-key, listen on 127.0.0.1, or allow it with --insecure-listen")

// Listen opens the address of the Options. The listener is for Serve.
func (s *Server) Listen(ctx context.Context) (net.Listener, error) {
	host, _, err := net.SplitHostPort(s.opts.Listen)
	if err == nil && s.cert == nil && !s.opts.InsecureListen && !isLoopback(host) {
		return nil, fmt.Errorf("listen on %s: %w", s.opts.Listen, ErrNotLoopback)
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", s.opts.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s (another program may have the port; --listen takes another address): %w", s.opts.Listen, err)
	}
	s.mu.Lock()
	s.addr = l.Addr()
	s.mu.Unlock()
	return l, nil
}

// Serve answers until ctx is done; then what is under way gets a little time to
// end. It closes the listener.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if addr, ok := l.Addr().(*net.TCPAddr); s.cert == nil && !s.opts.InsecureListen && (!ok || !addr.IP.IsLoopback()) {
		_ = l.Close()
		return fmt.Errorf("listen on %s: %w", l.Addr(), ErrNotLoopback)
	}
	s.mu.Lock()
	s.addr = l.Addr()
	s.mu.Unlock()
	noted := &errorLog{log: s.log, bucket: newBucket(1, 10)}
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: s.limits.HeadTime,
		ReadTimeout:       s.limits.ReadTime,
		WriteTimeout:      s.limits.WriteTime,
		IdleTimeout:       s.limits.IdleTime,
		MaxHeaderBytes:    s.limits.Header,
		ErrorLog:          slog.NewLogLogger(noted, slog.LevelWarn),
		ConnContext:       withConn,
		// OPTIONS * is answered like everything else: not at all.
		DisableGeneralOptionsHandler: true,
	}
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	guarded := s.gate.listener(l)
	if s.cert != nil {
		guarded = tls.NewListener(guarded, s.cert)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(guarded) }()
	select {
	case err := <-failed:
		s.stop()
		s.busy.Wait()
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	s.stop()
	// ctx is done already: the time to end is counted from here.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		s.log.Warn("requests that did not end were cut off", "error", err)
		_ = server.Close()
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		s.log.Warn("the server did not end as it should", "error", err)
	}
	s.busy.Wait()
	return nil
}

// begin counts something that Serve waits for; busy.Done ends it. It is false if
// the server ends already.
func (s *Server) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.ended {
		s.busy.Add(1)
	}
	return !s.ended
}

// stop has streams and changes end.
func (s *Server) stop() {
	s.mu.Lock()
	s.ended = true
	s.mu.Unlock()
	s.end()
}

// shutdownTime is what a request that is under way gets to end.
const shutdownTime = 5 * time.Second

// URL is where a person can look at the page. It holds the token if that was
// made at random, since nobody else knows it; whoever has put it into a file
// does. Print it once, and log it nowhere.
func (s *Server) URL() string {
	u := url.URL{Scheme: "http", Host: s.host(), Path: "/"}
	if s.cert != nil {
		u.Scheme = "https"
	}
	if s.key.random {
		u.RawQuery = url.Values{"token": {s.key.token}}.Encode()
	}
	return u.String()
}

// host is the address that a browser on this machine can use.
func (s *Server) host() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	host, port, _ := net.SplitHostPort(s.opts.Listen)
	if addr, ok := s.addr.(*net.TCPAddr); ok {
		port = strconv.Itoa(addr.Port)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// port is the port it listens on.
func (s *Server) port() string {
	_, port, _ := net.SplitHostPort(s.host())
	return port
}

// Changed tells everybody who looks that there is news of a workspace. It never
// blocks.
func (s *Server) Changed(root string) { s.hub.changed("changed", root) }

// AlertsChanged tells everybody who looks that alerts have changed. It never
// blocks.
func (s *Server) AlertsChanged() { s.hub.changed("alerts", "") }
