package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// assets are the files of the page. They are found by their whole names, so that
// no name leads anywhere else.
type assets struct {
	files map[string]*asset // by path, such as "/page.js"; the page itself is "/"
}

type asset struct {
	kind string
	text []byte
	etag string
	gzip func() []byte // nil if that is not shorter
}

// kinds are the types of what a page is made of. (The table that the mime package
// reads from the machine may say anything.)
var kinds = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".svg": "image/svg+xml", ".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".json": "application/json",
	".txt": "text/plain; charset=utf-8", ".webmanifest": "application/manifest+json",
}

func newAssets(page fs.FS) (*assets, error) {
	a := &assets{files: map[string]*asset{}}
	err := fs.WalkDir(page, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		kind, ok := kinds[path.Ext(name)]
		if !ok {
			return nil // a source file, or something else that no browser asks for
		}
		text, err := fs.ReadFile(page, name)
		if err != nil {
			return err
		}
		at := "/" + name
		if name == "index.html" {
			at = "/"
		}
		a.files[at] = newAsset(kind, text)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the files of the page: %w", err)
	}
	return a, nil
}

func newAsset(kind string, text []byte) *asset {
	sum := sha256.Sum256(text)
	return &asset{kind: kind, text: text, etag: hex.EncodeToString(sum[:12]), gzip: sync.OnceValue(func() []byte {
		var b bytes.Buffer
		w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one that there is
		_, _ = w.Write(text)                                  // a Buffer takes everything
		_ = w.Close()
		if b.Len() >= len(text) {
			return nil
		}
		return b.Bytes()
	})}
}

// serve answers with the asset, or with the fact that the client has it already.
func (a *asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	text, etag := a.text, `"`+a.etag+`"`
	h.Set("Vary", "Accept-Encoding")
	// The browser asks each time whether it still has the right one: a new build
	// of godrift has another page under the same names.
	h.Set("Cache-Control", "private, no-cache")
	if short := a.gzip(); short != nil && acceptsGzip(r) {
		text, etag = short, `"`+a.etag+`-gzip"`
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", etag)
	if hasTag(r.Header.Get("If-None-Match"), etag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", a.kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // the client may be gone
}

// acceptsGzip reports whether a client can read gzip. (RFC 9110, 12.5.3; a weight
// of zero says that it cannot.)
func acceptsGzip(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(strings.ReplaceAll(part, " ", ""), ";q=")
		if (name == "gzip" || name == "*") && (weight == "" || strings.Trim(weight, "0.") != "") {
			return true
		}
	}
	return false
}

// hasTag reports whether an If-None-Match header names this tag.
func hasTag(header, etag string) bool {
	return header == "*" || slices.ContainsFunc(strings.Split(header, ","), func(tag string) bool {
		return strings.TrimPrefix(strings.TrimSpace(tag), "W/") == etag
	})
}
