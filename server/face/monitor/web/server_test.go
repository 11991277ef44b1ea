package web

import (
	"bufio"
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"godrift.dev/server/tell"
)

var drifted = map[string]string{
	"go.mod":     "module example.com/a\n\ngo 1.24.0\n\ntoolchain go1.24.0\n",
	"Dockerfile": "FROM golang:1.23.0\n",
}

func TestRoutes(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	s.get("/healthz").want(t, 200, `"ok"`)
	s.get("/readyz").want(t, 200, `"ready": true`)
	s.get("/health/build").want(t, 200, `"godrift/build"`)
	s.get("/metrics").want(t, 200, "godrift_build_info 1")
	s.get("/api/workspaces").want(t, 200, ws.Root)
	s.get("/api/report").want(t, 200, `"godrift/check"`)
	s.get("/api/report?root="+ws.Root).want(t, 200, `"pin-below-floor"`)
	s.get("/api/report?root=/etc").want(t, 404, "does not watch that folder")
	s.get("/api/alerts").want(t, 200, `"firing": 0`)
	for _, ask := range tell.PageAsks {
		if ask != tell.PageAskMoment && ask != tell.PageAskCompare && ask != tell.PageAskCgo { // which need to be told of what, or a compiler
			s.get("/api/"+string(ask)+"?root="+ws.Root).want(t, 200, `"godrift/`)
		}
	}
	// Before the first moment is written there is no baseline; that is written beside the reports.
	if a := s.get("/api/compare?a=baseline&b=now"); a.StatusCode != http.StatusOK {
		a.want(t, 404, "has no baseline yet")
	}
	remembered(t, ws)
	s.get("/api/compare?a=baseline&b=now").want(t, 200, `"godrift/diff"`)
	s.get("/api/compare?a=last~9&b=now").want(t, 404, "does not reach back")
	s.get("/api/compare?a=nothing&b=now").want(t, 400, "names no snapshot")
	s.get("/api/secrets").want(t, 400, "is none of")
	s.get("/api/timeline?since=yesterday").want(t, 400, "is no time")
	s.get("/api/timeline?width=1&width=2").want(t, 400, "more than once")
	s.get("/api/").want(t, 404, "")
	s.get("/nothing").want(t, 404, "there is nothing here")
	s.get("/").want(t, 200, "<title>page</title>")
	s.get("/page.ts").want(t, 404, "")
	s.get("/a/b.css").want(t, 200, "p{}")
	s.post("/api/silence", `{"rule":"r","for":"2h"}`).want(t, 200, `"firing": 1`)
	s.post("/api/silence", `{"rule":"r","for":"soon"}`).want(t, 400, "for how long")
	s.source.mu.Lock()
	s.source.reasons = []string{"b has not been looked at yet"}
	s.source.mu.Unlock()
	s.get("/readyz").want(t, 503, "b has not been looked at yet")
}

// A client that waits hears of a change, whichever of the three ways it has.
func TestChanges(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Limits.Heartbeat = 50 * time.Millisecond })
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.base+"/api/events", nil)
	r.Header.Set("Authorization", "Bearer "+s.server.key.token)
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	scanner := bufio.NewScanner(answer.Body)
	until := func(text string) string {
		t.Helper()
		for scanner.Scan() {
			if strings.Contains(scanner.Text(), text) {
				return scanner.Text()
			}
		}
		t.Fatalf("the stream ended before %q: %v", text, scanner.Err())
		return ""
	}
	until("retry")
	until(": here")

	c, _, err := websocket.Dial(ctx, strings.Replace(s.base, "http", "ws", 1)+"/api/ws", &websocket.DialOptions{ //nolint:bodyclose // what is left of the answer is the socket
		HTTPClient: client, HTTPHeader: http.Header{"Authorization": {"Bearer " + s.server.key.token}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()

	s.server.Changed("/srv/a\nb")
	id := strings.TrimPrefix(until("id: "), "id: ")
	const want = `{"kind":"changed","root":"/srv/a\nb","seq":1}`
	if got := until("data"); got != "data: "+want {
		t.Errorf("event: %s", got)
	}
	if _, got, err := c.Read(ctx); err != nil || string(got) != want {
		t.Errorf("WebSocket: %s, %v", got, err)
	}
	s.server.AlertsChanged()
	until(`"alerts"`)
	s.get("/api/changes").want(t, 200, `"seq": 2`)
	if a := s.get("/api/changes?after=1"); strings.Contains(a.body, "changed\"") || !strings.Contains(a.body, `"alerts"`) {
		t.Errorf("after 1: %s", a.body)
	}
	s.get("/api/changes?after=1&run=another").want(t, 200, `"changed"`)
	s.get("/api/changes?after=x").want(t, 400, "after=NUMBER")

	// Whoever comes back is told what there was meanwhile.
	again, err := client.Do(func() *http.Request { r := r.Clone(ctx); r.Header.Set("Last-Event-ID", id); return r }())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Body.Close()
	scanner = bufio.NewScanner(again.Body)
	until(`"alerts"`)
}

// Without another one it is the page of this build, with everything it loads.
func TestPage(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Page = nil })
	index := s.get("/")
	index.want(t, 200, "<title>godrift</title>")
	for _, m := range regexp.MustCompile(`(?:src|href)="(/[^"]*)"`).FindAllStringSubmatch(index.body, -1) {
		s.get(m[1], "Accept-Encoding: gzip").want(t, 200, "")
	}
	if strings.Contains(index.body, "<style") || regexp.MustCompile(`<script(?:>| [^>]*>[^<])`).MatchString(index.body) {
		t.Errorf("the policy stops a part of the page: %s", index.body)
	}
}
