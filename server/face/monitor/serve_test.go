//go:build unix

package monitor_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// page is where a monitor that runs is reached.
type page struct {
	t           *testing.T
	base, token string
	client      *http.Client
}

// page reads the address that a monitor prints.
func (p *process) page() page {
	p.t.Helper()
	select {
	case line := <-p.out:
		address, ok := strings.CutPrefix(line, "godrift monitor: ")
		if !ok {
			p.t.Fatalf("it prints %q", line)
		}
		base, token, _ := strings.Cut(address, "/?token=")
		client := &http.Client{Transport: &http.Transport{}, Timeout: patience}
		p.t.Cleanup(client.CloseIdleConnections)
		return page{p.t, strings.TrimSuffix(base, "/"), token, client}
	case <-time.After(patience):
		p.t.Fatal("it never says where it is")
	}
	panic("not reached")
}

func (g page) get(path, token string) (int, string) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, g.base+path, nil)
	if err != nil {
		g.t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := g.client.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// What is watched is served, to those who have the token.
func TestServes(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	p := h.start(h.path("a"), h.path("missing"))
	p.await("the workspace cannot be looked at; it comes back by itself", "workspace", "missing")
	p.await("a change is remembered", "workspace", "a")
	site := p.page()
	if len(site.token) < 20 {
		t.Fatalf("the token is %q", site.token)
	}
	if code, text := site.get("/metrics", ""); code != http.StatusUnauthorized {
		t.Errorf("/metrics without the token: %d %s", code, text)
	}
	for path, want := range map[string]string{
		"/metrics":                          `godrift_score{workspace="a"} `,
		"/api/workspaces":                   `"name": "missing"`,
		"/api/now?root=" + h.path("a"):      `"name": "a"`,
		"/api/report?root=" + h.path("a"):   `"godrift/check"`,
		"/api/moments?root=" + h.path("a"):  `first-sight`,
		"/api/timeline?root=" + h.path("a"): `"godrift/page-timeline"`,
		"/healthz":                          `"ok"`,
		"/health/build":                     `v0.0.0-test`,
	} {
		if code, text := site.get(path, site.token); code != http.StatusOK || !strings.Contains(text, want) {
			t.Errorf("%s: %d, without %s:\n%s", path, code, want, text)
		}
	}
	if _, text := site.get("/metrics", site.token); !regexp.MustCompile(`(?m)^godrift_history_moments [1-9]`).MatchString(text) {
		t.Errorf("the metrics do not tell how long the history is:\n%s", text)
	}
	// A folder that is not there has been looked at.
	for deadline := time.Now().Add(patience); ; {
		code, text := site.get("/readyz", site.token)
		if code == http.StatusOK {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("/readyz: %d %s", code, text)
		}
	}
	note, _ := h.note()
	if note.URL != site.base+"/" {
		t.Errorf("others are told of %q, not %q", note.URL, site.base+"/")
	}
	p.signal(syscall.SIGTERM)
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, r := range p.seen {
		if strings.Contains(r.String(), site.token) {
			t.Errorf("the log has the token: %v", r)
		}
	}
	text, err := os.ReadFile(h.path("state/godrift/monitor.json"))
	if err != nil || strings.Contains(string(text), site.token) {
		t.Errorf("the state folder has the token: %s %v", text, err)
	}
}

// A reload begins and ends the series of workspaces.
func TestServesWhatIsWatched(t *testing.T) {
	h := newHome(t)
	h.write("a/go.mod", module)
	h.write("b/go.mod", module)
	h.config("[monitor]\nworkspaces = [\"~/a\"]\nhealth-open = true\n")
	p := h.start()
	p.await("a change is remembered", "workspace", "a")
	site := p.page()
	if health, _ := site.get("/healthz", ""); health != http.StatusOK {
		t.Errorf("without the token /healthz answers %d", health)
	}
	if metrics, _ := site.get("/metrics", ""); metrics != http.StatusUnauthorized {
		t.Errorf("without the token /metrics answers %d", metrics)
	}
	h.config("[monitor]\nworkspaces = [\"~/b\"]\nhealth-open = true\n")
	p.await("a change is remembered", "workspace", "b")
	_, text := site.get("/metrics", site.token)
	if !strings.Contains(text, `godrift_score{workspace="b"}`) || strings.Contains(text, `workspace="a"`) {
		t.Errorf("the metrics are\n%s", text)
	}
	var list struct{ Workspaces []struct{ Name string } }
	if _, text = site.get("/api/workspaces", site.token); json.Unmarshal([]byte(text), &list) != nil || len(list.Workspaces) != 2 || list.Workspaces[0].Name != "b" {
		t.Errorf("the workspaces are\n%s", text)
	}
	h.config("[monitor]\nworkspaces = [\"~/b\"]\nmetrics-open = true\n")
	p.await("where the monitor listens, and for whom, changes when it is started again")
	p.signal(syscall.SIGTERM)
	p.end()
}

// An address that cannot be had, or must not, is told in one line with the exit code for it.
func TestCannotListen(t *testing.T) {
	h := newHome(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for listen, want := range map[string]string{
		taken.Addr().String(): "3 listen on",
		"0.0.0.0:0":           "2 other machines can reach that address",
		"127.0.0.1:x":         `2 --listen: "x" is no port`,
		"192.0.2.1:0":         "2 other machines can reach that address",
	} {
		cmd := exec.Command(os.Args[0], filepath.Join(h.dir, "a"))
		for name, value := range h.environ() {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		cmd.Env = append(cmd.Env, "GODRIFT_TEST_MONITOR=1", "GODRIFT_TEST_LISTEN="+listen)
		out, _ := cmd.CombinedOutput()
		if got := fmt.Sprintf("%d %s", cmd.ProcessState.ExitCode(), strings.TrimPrefix(string(out), "godrift: ")); !strings.Contains(strings.ReplaceAll(got, "listen on "+listen+": ", ""), want) {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
	if note, runs := h.note(); runs || note.Ended.IsZero() {
		t.Errorf("it has ended by itself, but says %+v %v", note, runs)
	}
}

// What is found is told to the channels of the user's configuration, and that it is mended;
// with a workspace that is not watched any more its alerts end.
func TestAlerts(t *testing.T) {
	told := make(chan map[string]any, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var alert map[string]any
		if json.NewDecoder(r.Body).Decode(&alert) == nil {
			told <- alert
		}
	}))
	defer receiver.Close()
	await := func(state, workspace, rule string) map[string]any {
		t.Helper()
		for limit := time.After(patience); ; {
			select {
			case a := <-told:
				if a["state"] == state && a["workspace"] == workspace && a["rule"] == rule {
					return a
				}
			case <-limit:
				t.Fatalf("nobody was told that %s of %s is %s", rule, workspace, state)
			}
		}
	}
	h := newHome(t)
	h.write("a/go.mod", module)
	h.write("b/go.mod", module)
	config := "[alert]\ngroup-wait = \"0s\"\nresolve-wait = \"0s\"\n[[alert.channel]]\nname = \"here\"\nkind = \"webhook\"\nurl = \"" + receiver.URL + "\"\n"
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\", \"~/b\"]\n" + config)
	p := h.start()
	first := p.await("a change is remembered", "cause", "first sight")["workspace"]
	if p.await("a change is remembered", "cause", "first sight")["workspace"] == first {
		t.Errorf("%v was seen for the first time twice", first)
	}
	site := p.page()
	h.write("a/.go-version", "1.19\n")
	fired := await("firing", "a", "pin-below-floor")
	if fired["link"] != site.base+"/" || fired["root"] != h.path("a") {
		t.Errorf("the alert is %v", fired)
	}
	if _, text := site.get("/api/alerts", site.token); !strings.Contains(text, fired["id"].(string)) {
		t.Errorf("/api/alerts without %v:\n%s", fired["id"], text)
	}
	if err := os.Remove(h.path("a/.go-version")); err != nil {
		t.Fatal(err)
	}
	if mended := await("resolved", "a", "pin-below-floor"); mended["id"] != fired["id"] {
		t.Errorf("%v is mended, not %v", mended["id"], fired["id"])
	}
	h.write("b/.go-version", "1.19\n")
	fired = await("firing", "b", "pin-below-floor")
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n" + config)
	if ended := await("resolved", "b", "pin-below-floor"); ended["id"] != fired["id"] {
		t.Errorf("%v has ended, not %v", ended["id"], fired["id"])
	}
	p.signal(syscall.SIGTERM)
	p.end()
}

// Where measurements go can be changed while it runs.
func TestMeasurementsAreSent(t *testing.T) {
	sent := make(chan string, 100)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { sent <- r.URL.Path }))
	defer collector.Close()
	h := newHome(t)
	h.write("a/go.mod", module)
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n")
	p := h.start()
	p.await("a change is remembered", "workspace", "a")
	h.config("[monitor]\nmachine = false\nworkspaces = [\"~/a\"]\n[telemetry]\notlp = \"" + collector.URL + "\"\n")
	p.await("the configuration was read again")
	h.write("a/go.mod", strings.ReplaceAll(module, "1.25", "1.24"))
	p.await("a change is remembered", "cause", "go.mod")
	p.signal(syscall.SIGTERM) // what was not sent yet is sent at the end
	p.end()
	close(sent)
	got := map[string]bool{}
	for path := range sent {
		got[path] = true
	}
	if !got["/v1/metrics"] || !got["/v1/traces"] {
		t.Errorf("the collector got %v", got)
	}
}
