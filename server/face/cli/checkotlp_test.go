package cli_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	"google.golang.org/protobuf/proto"

	"godrift.dev/server/face/cli"
)

// A CI job tells a collector what it found, once, and nothing that counts from its beginning.
func TestCheckOTLP(t *testing.T) {
	type message struct {
		header  http.Header
		metrics *metricspb.ExportMetricsServiceRequest
	}
	var came []message
	status := http.StatusOK
	release := make(chan struct{})
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			t.Error(err)
			return
		}
		text, err := io.ReadAll(z)
		m := &metricspb.ExportMetricsServiceRequest{}
		if err != nil || proto.Unmarshal(text, m) != nil || r.URL.Path != "/v1/metrics" {
			t.Errorf("%s: %v, or no message", r.URL, err)
		}
		came = append(came, message{r.Header, m})
		if status == 0 {
			<-release
			return
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(collector.Close)
	t.Cleanup(func() { close(release) })

	home := t.TempDir()
	dir := filepath.Join(t.TempDir(), "app")
	for file, text := range map[string]string{
		filepath.Join(dir, "go.mod"):                             "module example.com/m\n\ngo 1.26.2\n",
		filepath.Join(dir, ".go-version"):                        "1.25.1\n",
		filepath.Join(dir, ".env"):                               "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9\n",
		filepath.Join(home, ".config", "godrift", "config.toml"): "[telemetry]\notlp = \"http://127.0.0.1:9\"\nheaders = {X-Own = \"s3cret\"}\ntimeout = \"1s\"\nattributes = {team = \"build\"}\n",
		filepath.Join(dir, ".vscode", "settings.json"):           `{"godrift.otlp": "http://127.0.0.1:9"}`,
	} {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	gobin := filepath.Join(t.TempDir(), "go1.26.2")
	if err := plantGo(gobin, "go1.26.2"); err != nil {
		t.Fatal(err)
	}
	check := func(args ...string) (code int, stdout, stderr string) {
		var out, errs bytes.Buffer
		c := cli.Command{
			Stdout: &out, Stderr: &errs, Dir: dir, Version: "v0.0.0-test", StateDir: filepath.Join(home, "state"),
			Environ: []string{
				"HOME=" + home, "PATH=" + filepath.Join(gobin, "bin"), "CI=true", "GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=me/app", "GITHUB_WORKFLOW=test",
				"GITHUB_JOB=go", "GITHUB_RUN_ID=1", "OTEL_EXPORTER_OTLP_HEADERS=X-Token=a%20b,X-Scope-OrgID=ci", "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9",
			},
		}
		code = c.Main(append([]string{"check", "--summary"}, args...))
		return code, out.String(), errs.String()
	}
	plainCode, plainOut, _ := check()
	code, out, errs := check("--otlp=" + collector.URL)
	if code != plainCode || out != plainOut || errs != "" || len(came) != 1 {
		t.Fatalf("%d (%d without), %q, %q, %d messages", code, plainCode, out, errs, len(came))
	}
	if h := came[0].header; h.Get("X-Token") != "a b" || h.Get("X-Scope-OrgID") != "ci" || h.Get("X-Own") != "" {
		t.Errorf("headers %v: a secret of another collector is sent, or none of this one", h)
	}
	resource := came[0].metrics.ResourceMetrics[0].Resource.String()
	for _, want := range []string{"me/app", "ci.job", "build", `"github"`} {
		if !strings.Contains(resource, want) {
			t.Errorf("the resource does not tell %s: %s", want, resource)
		}
	}
	var names []string
	for _, m := range came[0].metrics.ResourceMetrics[0].ScopeMetrics[0].Metrics {
		names = append(names, m.Name)
		if m.GetGauge() == nil {
			t.Errorf("%s is no gauge", m.Name)
		}
	}
	for _, want := range []string{"go_selected_info", "godrift_findings", "godrift_score", "godrift_pins", "godrift_check_timestamp_seconds", "go_env_cgo_enabled_state"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not told, but %v", want, names)
		}
	}
	if strings.Contains(came[0].metrics.String(), home) || strings.Contains(came[0].metrics.String(), dir) {
		t.Error("a path is told")
	}
	// However the collector fails, the check counts.
	for _, status = range []int{http.StatusInternalServerError, 0} {
		begun := time.Now()
		code, out, errs = check("--otlp=" + collector.URL)
		if code != plainCode || out != plainOut || strings.Count(errs, "\n") != 1 || !strings.Contains(errs, "could not be sent, which changes nothing else") {
			t.Errorf("%d: %d, %q, %q", status, code, out, errs)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%d: it took %s", status, took)
		}
	}
}
