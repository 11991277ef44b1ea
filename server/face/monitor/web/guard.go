package web

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// hostList says by which names this server may be called. A page that was made
// to lead here by its own name (DNS rebinding) calls it by that name.
type hostList struct {
	names []string // lower case, with or without a port
}

func newHostList(listen string, more []string) (hostList, error) {
	var list hostList
	if host, _, err := net.SplitHostPort(listen); err == nil && host != "" && !net.ParseIP(host).IsUnspecified() {
		list.names = append(list.names, strings.ToLower(host))
	}
	for _, name := range more {
		host, port := splitHost(name)
		if host == "" || strings.Contains(host, "*") {
			return hostList{}, fmt.Errorf("%q is no name of a host: write a name or an address, with :PORT if it matters", name)
		}
		if port != "" {
			host = net.JoinHostPort(host, port)
		}
		list.names = append(list.names, host)
	}
	return list, nil
}

// allows reports whether a request may call the server by this name. local is
// the address at which the connection ends: nobody's name leads to a page that
// has an address for its name, so calling a server by its address is harmless.
func (l hostList) allows(host string, local net.Addr) bool {
	name, port := splitHost(host)
	if name == "" {
		return false
	}
	if isLoopback(name) || slices.Contains(l.names, name) || port != "" && slices.Contains(l.names, net.JoinHostPort(name, port)) {
		return true
	}
	addr, ok := local.(*net.TCPAddr)
	ip := net.ParseIP(name)
	return ok && ip != nil && ip.Equal(addr.IP)
}

// splitHost takes a Host header apart: the name in lower case without brackets,
// and the port. The name is empty if it is none.
func splitHost(host string) (name, port string) {
	if strings.ContainsAny(host, "/?#@\\ ") {
		return "", ""
	}
	u, err := url.Parse("//" + host)
	if err != nil || u.Host != host {
		return "", ""
	}
	return strings.ToLower(u.Hostname()), u.Port()
}

// isLoopback reports whether a host is this machine and nobody else's name.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// ownOrigin reports whether an Origin header names this server as the request
// calls it. A proxy that speaks TLS has an https page before an http server.
func (s *Server) ownOrigin(origin string, r *http.Request) bool {
	scheme, host, ok := strings.Cut(origin, "://")
	if !ok || !strings.EqualFold(host, r.Host) {
		return false
	}
	return scheme == "https" || scheme == "http" && s.cert == nil
}

// foreign says why a request comes from another page; empty if it does not. The
// Host was looked at before. mustTell refuses a browser that does not say where
// it comes from: all of them do with what changes something.
func (s *Server) foreign(r *http.Request, who proof, mustTell bool) string {
	const meant = "; use the page of this monitor, or a program that sends the token and no Origin"
	origins := r.Header.Values("Origin")
	if len(origins) > 1 {
		return "the request names several pages that it comes from" + meant
	}
	if len(origins) == 1 && !s.ownOrigin(origins[0], r) {
		return "the request comes from another page" + meant
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); site {
	case "", "same-origin":
	case "none": // typed by a person, or a bookmark
		if mustTell {
			return "the request comes from no page" + meant
		}
	default:
		return "the request comes from another page" + meant
	}
	if mustTell && len(origins) == 0 && who != byToken {
		return "the request does not say from which page it comes" + meant
	}
	return ""
}

// policy allows what the page is made of, and nothing that somebody could bring
// in: no inline script or style, no frame, no form, no other host, and no text that
// becomes markup (Trusted Types).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// harden sets the headers that every answer has.
func harden(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("Cache-Control", "no-store")
	// No Strict-Transport-Security: it would count for every port of this host, and
	// that may be localhost.
}
