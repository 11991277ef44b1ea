package web

import (
	"cmp"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"godrift.dev/server/tell"
)

// DefaultListen is where the monitor listens if nothing else is said.
const DefaultListen = "127.0.0.1:9494"

// Options says what to serve, where, and to whom. Source is required.
type Options struct {
	// Listen is HOST:PORT; DefaultListen if empty. Without a host it is every
	// address of the machine.
	Listen string
	// InsecureListen allows an address other machines can reach without TLS. The
	// token and everything shown then travel readable for all in between.
	InsecureListen bool
	// TLSCert and TLSKey are files in PEM; both or none.
	TLSCert, TLSKey string
	// Token is the secret that clients show, and TokenFile the file that holds it.
	// With neither a random one is made, which URL tells.
	Token, TokenFile string
	// Hosts are further names, with or without a port, by which clients may call
	// this server: that of a proxy before it, for example.
	Hosts []string
	// MetricsOpen answers /metrics without the token, and HealthOpen /healthz and
	// /readyz.
	MetricsOpen, HealthOpen bool
	// Metrics answers /metrics; nil if there are none.
	Metrics http.Handler
	// Build is what /health/build says.
	Build tell.BuildDocument
	// Page holds index.html and what it loads; if nil, it is the one in shared.
	Page fs.FS
	// Source is what is shown and changed.
	Source Source
	// Log takes what went wrong. No token, no address that was asked for and no
	// text of a client is written there. It may be nil.
	Log *slog.Logger
	// Limits replace the defaults where they are not zero.
	Limits Limits
}

// Limits bound what clients can take.
type Limits struct {
	// Connections is how many there may be at once, and PerRemote how many from
	// one address that is not this machine's own. At the limit the connection that
	// has been without a request for longest makes room for a new one.
	Connections, PerRemote int
	// Streams is how many clients may be told of changes at once, by WebSocket and
	// Server-Sent Events together.
	Streams int
	// Header is how many bytes the head of a request may have, URL how many its
	// address, and Body its body.
	Header, URL int
	Body        int64
	// HeadTime is how long the head of a request may take, ReadTime the whole of
	// it, WriteTime the answer, and IdleTime the wait for the next one.
	HeadTime, ReadTime, WriteTime, IdleTime time.Duration
	// ActTime is how long it may take to carry something out: it may have to
	// download a toolchain.
	ActTime time.Duration
	// Heartbeat is after how long without news a stream says that it lives, and
	// SlowTime how long a client may take to read what it is sent.
	Heartbeat, SlowTime time.Duration
	// Rate is how many questions are answered in a second, after Burst at once,
	// and Asking how many at the same time.
	Rate   float64
	Burst  int
	Asking int
}

// many is a number of open files that is no limit here.
const many = 1 << 20

func (l Limits) withDefaults() Limits {
	// Half of what may be open is for the files that are looked at.
	connections := cmp.Or(l.Connections, max(16, min(2048, descriptors()/2)))
	return Limits{
		Connections: connections,
		PerRemote:   cmp.Or(l.PerRemote, 256),
		Streams:     cmp.Or(l.Streams, connections/2),
		Header:      cmp.Or(l.Header, 16<<10),
		URL:         cmp.Or(l.URL, 4<<10),
		Body:        cmp.Or(l.Body, 64<<10),
		HeadTime:    cmp.Or(l.HeadTime, 5*time.Second),
		ReadTime:    cmp.Or(l.ReadTime, 15*time.Second),
		WriteTime:   cmp.Or(l.WriteTime, 30*time.Second),
		IdleTime:    cmp.Or(l.IdleTime, time.Minute),
		ActTime:     cmp.Or(l.ActTime, 20*time.Minute),
		Heartbeat:   cmp.Or(l.Heartbeat, 20*time.Second),
		SlowTime:    cmp.Or(l.SlowTime, 10*time.Second),
		Rate:        cmp.Or(l.Rate, 100),
		Burst:       cmp.Or(l.Burst, 200),
		Asking:      cmp.Or(l.Asking, 8),
	}
}
