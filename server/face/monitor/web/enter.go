package web

import (
	"io"
	"net/http"
	"strings"
)

// enter takes the token out of the address: the browser gets a cookie for it and
// is sent to the page, so that the token stays in no history and in no picture of
// the screen.
func (s *Server) enter(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return failed(http.StatusMethodNotAllowed, "open this address in a browser")
	}
	tokens := r.URL.Query()["token"]
	if len(tokens) != 1 || !equal(tokens[0], s.key.token) {
		return s.stranger(w, r)
	}
	if framed(r) {
		return failed(http.StatusForbidden, "the page is not shown inside another one")
	}
	http.SetCookie(w, s.cookie())
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		// A redirect that another page began is that page's request, and takes no
		// strict cookie along (RFC 6265bis, 5.2). The next request of this answer is
		// its own.
		return s.note(w, http.StatusOK, `<meta http-equiv="refresh" content="0;url=`+s.key.pageAt()+`">`, "The page opens.")
	}
	http.Redirect(w, r, s.key.pageAt(), http.StatusSeeOther)
	return nil
}

// framed reports whether a browser means to show the answer inside of another
// page. It refuses that itself, too, for the headers say so.
func framed(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Dest") {
	case "iframe", "frame", "embed", "object", "fencedframe":
		return true
	}
	return false
}

// stranger answers who did not show the token: a person in a browser with a few
// words, everybody else with an error.
func (s *Server) stranger(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("WWW-Authenticate", `Bearer realm="godrift monitor"`)
	if r.Method == http.MethodGet && r.URL.Path == "/" && strings.Contains(r.Header.Get("Accept"), "text/html") {
		return s.note(w, http.StatusUnauthorized, "", `This page needs a token. Open the address that <code>godrift monitor</code> printed when it started, `+
			`or, if its token is in a file, this one with <code>?token=…</code> at its end. If you came here by a link from elsewhere: <a href="/">once more</a>.`)
	}
	return failed(http.StatusUnauthorized, "this needs the token: open the address that godrift monitor printed, or send it as Authorization: Bearer TOKEN")
}

// note answers with a page of one sentence.
func (s *Server) note(w http.ResponseWriter, status int, head, body string) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">`+
		head+`<title>godrift monitor</title></head><body><p>`+body+`</p></body></html>`) // the client may be gone
	return nil
}
