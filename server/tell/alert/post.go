package alert

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpproxy"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// The bounds of what a server may answer.
const (
	mostHeader   = 64 << 10
	mostAnswer   = 16 << 10
	mostRedirect = 3
)

// poster sends to an address: of Slack, of WeCom, or of a webhook.
type poster struct {
	channel config.Channel
	o       Options
	client  *http.Client
	format  form
}

// form is what one kind of address understands.
type form interface {
	// request is the body, and adds headers.
	request(m message, l drift.Letter, now time.Time, header http.Header) ([]byte, error)
	// taken looks at an answer of status 200 to 299.
	taken(status int, body []byte) answer
}

func newPoster(c config.Channel, o Options) *poster {
	proxy := (&httpproxy.Config{
		HTTPProxy: either(o.Environ, "HTTP_PROXY"), HTTPSProxy: either(o.Environ, "HTTPS_PROXY"), NoProxy: either(o.Environ, "NO_PROXY"),
	}).ProxyFunc()
	p := &poster{channel: c, o: o}
	p.client = &http.Client{
		Transport: &http.Transport{
			Proxy:                  func(r *http.Request) (*url.URL, error) { return proxy(r.URL) },
			DialContext:            (&net.Dialer{Timeout: c.Timeout, KeepAlive: -1}).DialContext,
			TLSHandshakeTimeout:    c.Timeout,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
			ForceAttemptHTTP2:      true,
			MaxResponseHeaderBytes: mostHeader,
			// Alerts are rare: a connection that is kept would be dead by the next one.
			DisableKeepAlives: true,
		},
		CheckRedirect: p.redirected,
	}
	switch c.Kind {
	case config.ChannelSlack:
		p.format = slack{o.Version}
	case config.ChannelWeCom:
		p.format = wecom{o.Version}
	default:
		p.format = webhook{c, o}
	}
	return p
}

func either(environ map[string]string, name string) string {
	if v := environ[name]; v != "" {
		return v
	}
	return environ[strings.ToLower(name)]
}

func (p *poster) close() { p.client.CloseIdleConnections() }

// errRedirect is why a redirect is not followed.
var errRedirect = errors.New("it is not followed")

// redirected follows a redirect that keeps the message, on the same host and never from
// https to http: what is sent may be read by whoever has it.
func (p *poster) redirected(req *http.Request, via []*http.Request) error {
	first := via[0]
	switch {
	case len(via) > mostRedirect:
		return fmt.Errorf("the server redirects more than %d times: %w", mostRedirect, errRedirect)
	case req.URL.Host != first.URL.Host:
		return fmt.Errorf("the server redirects to another host, %s: %w", drift.ClipTo(tell.Flat(req.URL.Hostname()), 80), errRedirect)
	case req.URL.Scheme != first.URL.Scheme:
		return fmt.Errorf("the server redirects from %s to %s: %w", first.URL.Scheme, drift.ClipTo(req.URL.Scheme, 20), errRedirect)
	case req.Method != first.Method:
		return fmt.Errorf("the server redirects in a way that loses the message: %w", errRedirect)
	}
	return nil
}

func (p *poster) send(ctx context.Context, m message, l drift.Letter, now time.Time) answer {
	address, err := p.channel.URL.Reveal(p.o.Environ)
	if err == nil {
		err = config.CheckURL(address, p.channel.Insecure)
	}
	if err != nil {
		// Somebody will put it right, and then it is sent.
		return answer{err: fmt.Errorf("the address of the channel: %w", err), busy: true}
	}
	ctx, cancel := context.WithTimeout(ctx, p.channel.Timeout)
	defer cancel()
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	header := http.Header{}
	body, err := p.format.request(m, l, now, header)
	if err != nil {
		return answer{err: p.clean(err, address), final: false, busy: true}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return answer{err: errors.New("the address of the channel is none"), busy: true}
	}
	req.Header = header
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("User-Agent", "godrift/"+p.o.Version)
	req.Header.Set("Idempotency-Key", l.Key)
	resp, err := p.client.Do(req)
	if err != nil {
		final := errors.Is(err, errRedirect)
		return answer{err: p.clean(err, address), final: final, unsure: wrote.Load() && !final, busy: !final}
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		if err != nil && p.channel.Kind == config.ChannelWeCom {
			return answer{err: p.clean(fmt.Errorf("reading the answer: %w", err), address), unsure: true}
		}
		ans := p.format.taken(resp.StatusCode, said)
		if ans.err != nil {
			ans.err = p.clean(ans.err, address)
		}
		ans.said = p.text(ans.said, address)
		return ans
	}
	return p.refused(resp, said, address)
}

// refused judges an answer that says no.
func (p *poster) refused(resp *http.Response, said []byte, address string) answer {
	text := fmt.Sprintf("the server answers %d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	if words := p.text(string(said), address); words != "" {
		text += ": " + words
	}
	ans := answer{err: errors.New(text), response: resp}
	switch code := resp.StatusCode; {
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		ans.busy = true
	case code == http.StatusRequestTimeout, code == http.StatusTooEarly:
	case code >= 500:
		ans.unsure = true
	default:
		ans.final = true
	}
	return ans
}

// clean takes the address out of an error, which is secret in every part but the host.
func (p *poster) clean(err error, address string) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
		if u.Timeout() {
			err = fmt.Errorf("no answer within %s", p.channel.Timeout)
		}
	}
	return errors.New(p.text(err.Error(), address))
}

// text is what a server or the system said, short and without secrets.
func (p *poster) text(s, address string) string {
	s = strings.ReplaceAll(s, address, drift.Masked)
	if u, err := url.Parse(address); err == nil {
		for _, part := range []string{u.RequestURI(), u.RawQuery, u.Path} {
			if len(part) > 3 {
				s = strings.ReplaceAll(s, part, drift.Masked)
			}
		}
		for _, part := range strings.FieldsFunc(u.EscapedPath()+"&"+u.RawQuery, func(r rune) bool { return strings.ContainsRune("/&=", r) }) {
			if len(part) >= 8 {
				s = strings.ReplaceAll(s, part, drift.Masked)
			}
		}
	}
	for _, value := range p.channel.Headers {
		if len(value) > 3 {
			s = strings.ReplaceAll(s, value, drift.Masked)
		}
	}
	return drift.ClipTo(tell.Flat(drift.MaskText(drift.ClipTo(s, 2000))), 200)
}
