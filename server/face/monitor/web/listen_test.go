package web

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// certified writes a certificate for this machine and its key.
func certified(t *testing.T) (cert, keyFile string, roots *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, BasicConstraintsValid: true, IsCA: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(parsed)
	return cert, keyFile, roots
}

func TestTLS(t *testing.T) {
	cert, keyFile, roots := certified(t)
	s := newSite(t, nil, func(o *Options) { o.TLSCert, o.TLSKey = cert, keyFile })
	if !strings.HasPrefix(s.server.URL(), "https://127.0.0.1:") {
		t.Error(s.server.URL())
	}
	secure := &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true, ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots},
	}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := secure.Get(s.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	cookie := answer.Header.Get("Set-Cookie")
	if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(cookie, "__Host-godrift-") || !strings.Contains(cookie, "; Secure") || answer.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("%d %v", answer.StatusCode, answer.Header)
	}
	if answer.Proto != "HTTP/1.1" {
		t.Errorf("%s is spoken", answer.Proto) // with another protocol the limits would be others
	}
	// The page's own socket is let in, and one of the same name without TLS is not.
	for origin, ok := range map[string]bool{s.base: true, strings.Replace(s.base, "https", "http", 1): false} {
		c, _, err := websocket.Dial(t.Context(), strings.Replace(s.base, "https", "wss", 1)+"/api/ws", &websocket.DialOptions{ //nolint:bodyclose // what is left of the answer is the socket
			HTTPClient: &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: roots}}},
			HTTPHeader: http.Header{"Cookie": {s.server.cookieName() + "=" + s.server.key.cookie}, "Origin": {origin}},
		})
		if (err == nil) != ok {
			t.Errorf("a socket of %s: %v", origin, err)
		}
		if err == nil {
			c.CloseNow()
		}
	}
	// Without TLS there is nothing but a word from net/http, and an old TLS is none.
	plain, err := http.Get(strings.Replace(s.base, "https", "http", 1) + "/healthz")
	if err == nil {
		if plain.Body.Close(); plain.StatusCode != http.StatusBadRequest {
			t.Errorf("plain: %d", plain.StatusCode)
		}
	}
	if c, err := tls.Dial("tcp", strings.TrimPrefix(s.base, "https://"), &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS11}); err == nil {
		c.Close()
		t.Error("TLS 1.1 is spoken")
	}
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for _, o := range []Options{{TLSCert: cert}, {TLSKey: keyFile}, {TLSCert: cert, TLSKey: cert}, {TLSCert: cert, TLSKey: keyFile + "x"}} {
		o.Source = &source{}
		if _, err := New(o); err == nil {
			t.Errorf("taken: %+v", o)
		}
	}
}

// Where others can read what is sent, TLS or a word of the person is asked for.
func TestListen(t *testing.T) {
	for listen, ok := range map[string]bool{
		"127.0.0.1:0": true, "localhost:0": true, "[::1]:0": true, "127.8.9.1:0": true,
		":0": false, "0.0.0.0:0": false, "[::]:0": false, "192.0.2.1:0": false, "example.invalid:0": false,
	} {
		s, err := New(Options{Listen: listen, Source: &source{}})
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Listen(t.Context())
		if err == nil {
			l.Close()
		}
		if listen == "[::1]:0" && err != nil && !errors.Is(err, ErrNotLoopback) {
			continue // a machine without IPv6
		}
		if (err == nil) != ok || !ok && !errors.Is(err, ErrNotLoopback) {
			t.Errorf("%s: %v", listen, err)
		}
	}
	for _, listen := range []string{"127.0.0.1", "9494", "localhost:x:y"} {
		if _, err := New(Options{Listen: listen, Source: &source{}}); err == nil {
			t.Errorf("%q is taken for an address", listen)
		}
	}
	// A listener that somebody else opened is looked at, too.
	s, err := New(Options{Source: &source{}})
	if err != nil {
		t.Fatal(err)
	}
	all, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(t.Context(), all); !errors.Is(err, ErrNotLoopback) {
		t.Error(err)
	}
	if _, err := all.Accept(); err == nil {
		t.Error("it is still open")
	}
	taken := newSite(t, nil, nil)
	again, err := New(Options{Listen: taken.address(), Source: &source{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.Listen(t.Context()); err == nil || !strings.Contains(err.Error(), "another program may have the port") {
		t.Error(err)
	}
}

// With a word of the person it listens everywhere; whoever calls it by its own
// address is answered.
func TestEverywhere(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Listen, o.InsecureListen = "0.0.0.0:0", true })
	s.get("/api/changes").want(t, 200, "")
	s.get("/api/changes", "Host: 192.0.2.1").want(t, 421, "")
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := strings.Cut(s.address(), ":")
	for _, a := range addrs {
		ip, ok := a.(*net.IPNet)
		if !ok || ip.IP.To4() == nil || ip.IP.IsLoopback() {
			continue
		}
		r := s.asking(t.Context(), "/api/changes")
		r.URL.Host = net.JoinHostPort(ip.IP.String(), port)
		r.Host = ""
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s: %d", ip.IP, answer.StatusCode)
		}
	}
}

func TestTokenFile(t *testing.T) {
	dir := t.TempDir()
	good := strings.Repeat("0123456789abcdef", 2)
	file := func(name, text string, mode os.FileMode) string {
		f := filepath.Join(dir, name)
		if err := os.WriteFile(f, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(f, mode); err != nil {
			t.Fatal(err)
		}
		return f
	}
	s := newSite(t, nil, func(o *Options) { o.TokenFile = file("good", good+"\n", 0o600) })
	s.get("/api/changes", "Authorization: Bearer "+good).want(t, 200, "")
	if strings.Contains(s.server.URL(), good) {
		t.Error("the token of a file is told")
	}
	for name, f := range map[string]string{
		"others can read": file("read", good, 0o644), "the group can write": file("write", good, 0o620), "short": file("short", good[1:], 0o600),
		"empty": file("empty", "", 0o600), "long": file("long", strings.Repeat("x", mostToken+1), 0o600), "two lines": file("lines", good+"\n"+good, 0o600),
		"not ASCII": file("ascii", good+"ä", 0o600), "a folder": dir, "missing": filepath.Join(dir, "missing"), "a device": os.DevNull,
	} {
		_, err := New(Options{Source: &source{}, TokenFile: f})
		if err == nil || !strings.Contains(err.Error(), "head -c 32") || strings.Contains(err.Error(), good) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, o := range map[string]Options{"both": {Token: good, TokenFile: file("both", good, 0o600)}, "short": {Token: "x"}} {
		o.Source = &source{}
		if _, err := New(o); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	one, err := New(Options{Source: &source{}})
	if err != nil {
		t.Fatal(err)
	}
	two, err := New(Options{Source: &source{}})
	if err != nil {
		t.Fatal(err)
	}
	if one.key.token == two.key.token || one.key.cookie == two.key.cookie {
		t.Error("two have the same token")
	}
}

// remoteConn is a connection from an address of somebody's choice.
type remoteConn struct {
	net.Conn
	from net.IP
}

func (c remoteConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: c.from, Port: 1} }

// crowded is a listener in a process that has no descriptor left.
type crowded struct {
	net.Listener
	fails int
}

func (l *crowded) Accept() (net.Conn, error) {
	if l.fails--; l.fails >= 0 {
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", syscall.EMFILE)}
	}
	here, there := net.Pipe()
	here.Close()
	return there, nil
}

// Where no more files can be opened, connections that wait make room; and where
// there are none, the server is told.
func TestOutOfDescriptors(t *testing.T) {
	g := newGate(10, 10)
	l := &crowded{}
	for range 3 {
		if _, err := g.listener(l).Accept(); err != nil {
			t.Fatal(err)
		}
	}
	l.fails = 2
	c, err := g.listener(l).Accept()
	if err != nil || g.all != 2 {
		t.Errorf("%v, %d connections", err, g.all)
	}
	defer c.Close()
	l.fails = 10
	if _, err := g.listener(l).Accept(); !errors.Is(err, syscall.EMFILE) || g.all != 0 {
		t.Errorf("%v, %d connections", err, g.all)
	}
	if l := (Limits{}).withDefaults(); l.Connections < 16 || l.Connections > 2048 || l.Streams > l.Connections {
		t.Errorf("%+v", l)
	}
}

// One address cannot take the room of the others, and those that are served are
// left alone.
func TestGate(t *testing.T) {
	g := newGate(6, 2)
	var ends []net.Conn
	admit := func(ip string) *conn {
		here, there := net.Pipe()
		ends = append(ends, here, there)
		c, _ := g.admit(remoteConn{there, net.ParseIP(ip)}).(*conn)
		return c
	}
	closed := func(c *conn) bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return c.closed
	}
	defer func() {
		for _, c := range ends {
			c.Close()
		}
	}()
	a, b := admit("192.0.2.1"), admit("192.0.2.1")
	other := admit("192.0.2.2")
	third := admit("192.0.2.1")
	if !closed(a) || closed(b) || closed(other) || third == nil {
		t.Error("the oldest of the same address makes room")
	}
	done := b.serve()
	doneThird := third.serve()
	if admit("192.0.2.1") != nil {
		t.Error("an address whose connections are all served gets another one")
	}
	done()
	fourth := admit("192.0.2.1")
	if fourth == nil || !closed(b) || closed(third) {
		t.Error("what is not served any more makes room")
	}
	b.serve()() // it ended while it was served: nothing is counted twice
	for range 10 {
		if admit("127.0.0.1") == nil {
			t.Error("there is room while somebody waits")
		}
	}
	if g.all != 6 || closed(third) || !closed(other) {
		t.Errorf("%d connections", g.all)
	}
	doneThird()
	third.Close()
	third.Close()
	if _, err := third.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) || g.all != 5 || g.remotes["192.0.2.1"] != 0 {
		t.Errorf("%v, %d, %v", err, g.all, g.remotes)
	}
}
