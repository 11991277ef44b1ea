package telemetry

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// The limits of one delivery.
const (
	mostTries  = 4
	maxAnswer  = 64 << 10
	firstPause = 500 * time.Millisecond
)

// sender posts to one collector by OTLP over HTTP; see
// https://opentelemetry.io/docs/specs/otlp/#otlphttp. Nothing of the environment counts:
// neither its proxies nor OTEL_EXPORTER_OTLP_*.
type sender struct {
	base    string
	headers http.Header
	client  *http.Client
	timeout time.Duration
	ending  context.Context // when it ends, so does what is under way
	log     *slog.Logger
	told    func(signal string, err error)

	mu     sync.Mutex
	failed map[string]int // deliveries of a signal since one was taken
}

// newSender makes a sender; headers are those of the file, too.
func newSender(ending context.Context, c config.Telemetry, headers config.Headers, version string, log *slog.Logger, told func(string, error)) (*sender, error) {
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
		MaxIdleConns: 2, MaxConnsPerHost: 2, IdleConnTimeout: 90 * time.Second, MaxResponseHeaderBytes: maxAnswer, TLSHandshakeTimeout: c.Timeout,
	}
	if c.Proxy != "" {
		proxy, err := url.Parse(c.Proxy)
		if err != nil {
			return nil, errors.New("telemetry.proxy is no URL")
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	s := &sender{
		base: c.OTLP, headers: http.Header{}, timeout: c.Timeout, ending: ending, log: log, told: told,
		client: &http.Client{
			Transport: transport,
			// A redirect would carry the headers to an address that nobody named.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		failed: map[string]int{},
	}
	for name, value := range headers {
		s.headers.Set(name, value)
	}
	s.headers.Set("Content-Type", "application/x-protobuf")
	s.headers.Set("Content-Encoding", "gzip")
	if s.headers.Get("User-Agent") == "" {
		s.headers.Set("User-Agent", "godrift/"+label(version))
	}
	return s, nil
}

// send delivers one message within the time limit, and tells how that went.
func (s *sender) send(ctx context.Context, signal string, body message) error {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	defer context.AfterFunc(s.ending, cancel)()
	err := s.deliver(ctx, s.base+"/v1/"+signal, packed(body))
	s.told(signal, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		// Once is enough: an absent collector is asked again every minute.
		if s.failed[signal]++; s.failed[signal] == 1 {
			s.log.Warn("telemetry could not be sent; it is tried again, and this is not said again", "signal", signal, "error", err)
		}
	case s.failed[signal] > 0:
		s.log.Info("telemetry is sent again", "signal", signal, "failed", s.failed[signal])
		s.failed[signal] = 0
	}
	return err
}

// deliver posts until the collector takes it, refuses it for good, or ctx ends.
func (s *sender) deliver(ctx context.Context, address string, body []byte) error {
	pause := firstPause
	var before error
	for try := 1; ; try++ {
		err := s.post(ctx, address, body)
		if before != nil && ctx.Err() != nil {
			return before // why it did not arrive, and not only that the time is over
		}
		before = err
		var later laterError
		if err == nil || !errors.As(err, &later) || try == mostTries {
			return err
		}
		wait := max(later.after, pause/2+rand.N(pause/2))
		if until, ok := ctx.Deadline(); ok && time.Until(until) < wait {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		pause *= 2
	}
}

// laterError is one that may pass.
type laterError struct {
	error
	after time.Duration // that the collector asked for
}

func (e laterError) Unwrap() error { return e.error }

func (s *sender) post(ctx context.Context, address string, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("send to %s: %w", address, err)
	}
	req.Header = s.headers.Clone()
	answer, err := s.client.Do(req)
	if err != nil {
		return laterError{error: fmt.Errorf("send to %s: %w", address, plain(err))}
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer)) // the status has said enough
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		// A collector that takes a part says why: partial_success, error_message.
		if why := message(text).field(1).field(2); len(why) > 0 {
			s.log.Warn("the collector did not take all of it", "address", address, "error", string(why))
		}
		return nil
	case code == http.StatusTooManyRequests, code == http.StatusBadGateway, code == http.StatusServiceUnavailable, code == http.StatusGatewayTimeout:
		seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
		return laterError{fmt.Errorf("send to %s: %s", address, answer.Status), time.Duration(max(0, min(seconds, 3600))) * time.Second}
	case code >= 300 && code < 400:
		return fmt.Errorf("send to %s: it leads elsewhere (%s), which is not followed; name the address itself", address, answer.Status)
	case code == http.StatusNotFound:
		return fmt.Errorf("send to %s: %s; is it a collector with OTLP over HTTP? Its port is 4318 as a rule", address, answer.Status)
	default:
		return fmt.Errorf("send to %s: %s: %s", address, answer.Status, reason(answer.Header.Get("Content-Type"), text))
	}
}

// reason is what a collector says of a failure: a google.rpc.Status, or a text.
func reason(contentType string, body message) string {
	if strings.HasPrefix(contentType, "application/x-protobuf") {
		body = body.field(2)
	}
	return drift.MaskText(clean(drift.Clip(strings.TrimSpace(string(body)))))
}

// plain is an error of a request without the URL, which is said already.
func plain(err error) error {
	var of *url.Error
	if errors.As(err, &of) {
		return of.Err
	}
	return err
}

// close ends idle connections.
func (s *sender) close() { s.client.CloseIdleConnections() }
