package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"godrift.dev/server/config"
)

// leastToken is how long a token from a file has to be: 128 bits as hex digits.
const leastToken = 32

// mostToken bounds what is read as a token.
const mostToken = 1024

// key is the secret that a client shows, and what is made from it.
type key struct {
	token  string
	random bool
	// cookie is what a browser keeps in the token's place. Cookies are sent to
	// every port of a host, so that another server on this machine can see it; it
	// opens nothing after the token has changed, and the token cannot be had from
	// it.
	cookie string
	// action is what the page shows besides the cookie to change something. A browser
	// keeps it for the page of this very port and sends it nowhere by itself.
	action string
}

func newKey(token, file string) (key, error) {
	k := key{token: token}
	switch {
	case token != "" && file != "":
		return key{}, errors.New("give the token or the file that holds it, not both")
	case file != "":
		text, err := readToken(file)
		if err != nil {
			return key{}, err
		}
		k.token = text
	case token == "":
		var b [32]byte
		if _, err := rand.Read(b[:]); err != nil {
			return key{}, fmt.Errorf("make a token: %w", err)
		}
		k.token, k.random = base64.RawURLEncoding.EncodeToString(b[:]), true
	}
	if err := checkToken(k.token); err != nil {
		return key{}, fmt.Errorf("the token %w", err)
	}
	k.cookie, k.action = k.derived("cookie"), k.derived("action")
	return k, nil
}

// derived is a secret that the token makes and that does not tell the token.
func (k key) derived(use string) string {
	mac := hmac.New(sha256.New, []byte(k.token))
	mac.Write([]byte("godrift monitor " + use))
	return hex.EncodeToString(mac.Sum(nil))
}

// readToken reads a token from a file that nobody else can read.
func readToken(file string) (string, error) {
	fail := func(err error) (string, error) {
		return "", fmt.Errorf("read the token from a file: %w (make one with: umask 077; head -c 32 /dev/urandom | base64 > %s)", err, file)
	}
	text, err := config.ReadPrivate(file, mostToken+2) // a line's end is no part of it
	if err != nil {
		return fail(err)
	}
	token := strings.TrimRight(text, "\r\n")
	if err := checkToken(token); err != nil {
		return fail(fmt.Errorf("%s %w", file, err))
	}
	return token, nil
}

// checkToken looks at a token that a person chose.
func checkToken(token string) error {
	switch {
	case len(token) < leastToken:
		return fmt.Errorf("has fewer than %d characters", leastToken)
	case len(token) > mostToken:
		return fmt.Errorf("has more than %d characters", mostToken)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return errors.New("holds something else than printable ASCII without spaces")
	}
	return nil
}

// equal compares secrets in a time that tells nothing of where they differ.
func equal(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// proof is how a client has shown who it is.
type proof int

const (
	unknown  proof = iota
	byCookie       // a browser, whichever page made it ask
	byToken        // a program that knows the token
)

// proofOf looks for the token in a request. A wrong one counts, even beside a
// right cookie: whoever sends it means to be known by it.
func (s *Server) proofOf(r *http.Request) proof {
	if header := r.Header.Values("Authorization"); len(header) > 0 {
		scheme, token, _ := strings.Cut(header[0], " ")
		if len(header) == 1 && strings.EqualFold(scheme, "Bearer") && equal(strings.TrimSpace(token), s.key.token) {
			return byToken
		}
		return unknown
	}
	for _, c := range r.CookiesNamed(s.cookieName()) {
		if equal(c.Value, s.key.cookie) {
			return byCookie
		}
	}
	return unknown
}

// actionHeader carries the page's key for changes, and pageAt is the address at which the
// page gets it: what follows the # is sent to no server, and the page takes it away.
const actionHeader = "Godrift-Action-Key"

func (k key) pageAt() string { return "/#key=" + k.action }

// mayChange reports whether a client may change something. The cookie alone is not
// enough: a browser shows it to every server on this machine that a person visits.
func (s *Server) mayChange(r *http.Request, who proof) bool {
	return who == byToken || who == byCookie && equal(r.Header.Get(actionHeader), s.key.action)
}

// cookieName holds the port, since cookies do not: two monitors on one machine
// would overwrite each other's.
func (s *Server) cookieName() string {
	name := "godrift-" + s.port()
	if s.cert != nil {
		return "__Host-" + name // RFC 6265bis: only as it was set here, and only under TLS
	}
	return name
}

// cookie is what a browser gets for the token. It ends with the browser.
func (s *Server) cookie() *http.Cookie {
	return &http.Cookie{
		Name: s.cookieName(), Value: s.key.cookie, Path: "/",
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: s.cert != nil,
	}
}
