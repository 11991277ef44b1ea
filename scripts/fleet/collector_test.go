//go:build fleet

package fleet

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"godrift.dev/scripts/fleet/emulate"
	"godrift.dev/scripts/fleet/server"
	"godrift.dev/server/config"
)

// collectorFiles are the configurations that go together, by what they are for.
var collectorFiles = map[string][]string{
	"scraped":          {"collector.yaml"},
	"written":          {"collector.yaml", "remote-write.yaml"},
	"network, scraped": {"collector.yaml", "network.yaml"},
	"network, written": {"collector.yaml", "network.yaml", "remote-write.yaml"},
}

func collectorConfigs(names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, filepath.Join(observability, "collector", name))
	}
	return all
}

func TestCollectorConfigs(t *testing.T) {
	env, _ := certificate(t, t.TempDir())
	for name, files := range collectorFiles {
		t.Run(name, func(t *testing.T) {
			args := []string{"validate"}
			for _, file := range collectorConfigs(files...) {
				args = append(args, "--config", file)
			}
			cmd := exec.CommandContext(t.Context(), collectorProgram(t), args...)
			cmd.Env = append(os.Environ(), env...)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %v\n%s", args, err, out)
			}
		})
	}
}

// certificate makes a certificate for loopback and a token, and the environment that
// network.yaml and a sender find them by.
func certificate(t *testing.T, dir string) (env []string, trusted *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "collector"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name, kind string, der []byte) string {
		path := filepath.Join(dir, name)
		write(t, path, string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})))
		return path
	}
	crt := file("tls.crt", "CERTIFICATE", made)
	token := filepath.Join(dir, "otlp.token")
	write(t, token, "fleet-token\n")
	trusted = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(made)
	if err != nil {
		t.Fatal(err)
	}
	trusted.AddCert(parsed)
	return []string{"GODRIFT_TLS_CERT=" + crt, "GODRIFT_TLS_KEY=" + file("tls.key", "EC PRIVATE KEY", private), "GODRIFT_TOKEN_FILE=" + token, "SSL_CERT_FILE=" + crt}, trusted
}

// pipeline is a collector and the Prometheus that gets what it takes.
type pipeline struct {
	*server.Collector
	prometheus *server.Prometheus
}

// newPipeline starts both, the collector with one of the sets of configurations.
func newPipeline(t *testing.T, kind string, env ...string) pipeline {
	t.Helper()
	dir := prometheusDir(t)
	address, err := server.Address()
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "GODRIFT_REMOTE_WRITE=http://"+address+"/api/v1/write")
	c, err := server.StartCollector(t.Context(), collectorProgram(t), t.TempDir(), env, collectorConfigs(collectorFiles[kind]...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Stop)
	config := filepath.Join(dir, "prometheus.yml")
	edit(t, config, map[string]string{`127\.0\.0\.1:8889`: c.Metrics, `_interval: 1m`: "_interval: 1s", `_timeout: 45s`: "_timeout: 1s"})
	p, err := server.StartPrometheusAt(t.Context(), address, config, "--web.enable-remote-write-receiver")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return pipeline{c, p}
}

// What Prometheus holds of a host is the same whether it scrapes the host or a collector
// shows it or writes it: the names, the labels, and the job and the instance.
func TestThroughCollector(t *testing.T) {
	for _, kind := range []string{"scraped", "written"} {
		t.Run(kind, func(t *testing.T) {
			p := newPipeline(t, kind)
			settings := config.DefaultTelemetry()
			settings.OTLP, settings.Interval = p.OTLP, time.Second
			h, err := emulate.New(t.Context(), 1, emulate.Options{Telemetry: settings, Changes: 1, Now: time.Now})
			if err != nil {
				t.Fatal(err)
			}
			defer h.Close(t.Context())
			of := fmt.Sprintf("{job=%q,instance=%q}", "godrift", h.ID)
			sample(t, p.prometheus, "godrift_build_info"+of)
			sample(t, p.prometheus, `godrift_otlp_exports_total{signal="metrics",result="sent",job="godrift"} > 0`)
			if got := sample(t, p.prometheus, "target_info"+of); got[0].Labels["host_name"] != h.Name {
				t.Errorf("target_info does not name the host: %v", got[0].Labels)
			}
			want := exposed(scrape(t, h))
			have := stored(t, p.prometheus, h.ID)
			for _, name := range slices.Sorted(maps.Keys(want)) {
				if !have[name] {
					t.Errorf("%s does not arrive", name)
				}
			}
			for _, name := range slices.Sorted(maps.Keys(have)) {
				if !want[name] {
					t.Errorf("%s arrives and is not at /metrics", name)
				}
			}
		})
	}
}

// exposed are the series of an answer of /metrics, as name and sorted labels.
func exposed(text string) map[string]bool {
	label := regexp.MustCompile(`(\w+)="((?:[^"\\]|\\.)*)"`)
	all := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		id := line[:strings.LastIndexByte(line, ' ')]
		name, _, _ := strings.Cut(id, "{")
		labels := map[string]string{}
		for _, m := range label.FindAllStringSubmatch(strings.TrimPrefix(id, name), -1) {
			labels[m[1]] = m[2]
		}
		all[seriesID(name, labels)] = true
	}
	return all
}

// stored are the series of one instance that Prometheus holds, without what it adds.
func stored(t *testing.T, p *server.Prometheus, instance string) map[string]bool {
	t.Helper()
	got, err := p.Query(t.Context(), fmt.Sprintf(`{instance=%q,__name__!~".*:.*|target_info|ALERTS.*"}`, instance), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, s := range got {
		labels := maps.Clone(s.Labels)
		delete(labels, "job")
		delete(labels, "instance")
		all[seriesID(labels["__name__"], labels)] = true
	}
	return all
}

func seriesID(name string, labels map[string]string) string {
	var b bytes.Buffer
	b.WriteString(name)
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		if key != "__name__" {
			fmt.Fprintf(&b, " %s=%s", key, labels[key])
		}
	}
	return b.String()
}

// Over a network the collector takes nothing without the token, and nothing that is not
// encrypted.
func TestNetwork(t *testing.T) {
	env, trusted := certificate(t, t.TempDir())
	p := newPipeline(t, "network, scraped", env...)
	secure := strings.Replace(p.OTLP, "http://", "https://", 1) + "/v1/metrics"
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	defer client.CloseIdleConnections()
	for name, of := range map[string]struct {
		url, token string
		want       int
	}{
		"no token":        {secure, "", http.StatusUnauthorized},
		"another token":   {secure, "Bearer guess", http.StatusUnauthorized},
		"the token":       {secure, "Bearer fleet-token", http.StatusOK},
		"not encrypted":   {p.OTLP + "/v1/metrics", "Bearer fleet-token", http.StatusBadRequest},
		"not a collector": {strings.TrimSuffix(secure, "metrics") + "nothing", "Bearer fleet-token", http.StatusNotFound},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, of.url, strings.NewReader(""))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-protobuf")
		if of.token != "" {
			req.Header.Set("Authorization", of.token)
		}
		answer, err := client.Do(req)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		answer.Body.Close()
		if answer.StatusCode != of.want {
			t.Errorf("%s: %s, want %d", name, answer.Status, of.want)
		}
	}
	// A monitor with the token in its headers-file gets through.
	home := t.TempDir()
	headers := filepath.Join(home, "headers")
	write(t, headers, "Authorization: Bearer fleet-token\n")
	t.Setenv("SSL_CERT_FILE", strings.TrimPrefix(env[3], "SSL_CERT_FILE="))
	more := fmt.Sprintf("[telemetry]\notlp = '%s'\nheaders-file = '%s'\ninterval = '1s'\n", strings.TrimSuffix(secure, "/v1/metrics"), headers)
	m, err := server.StartMonitor(t.Context(), godrift(t), home, workspaceOf(t, "app", "module example.com/app\n\ngo 1.21.0\n"), more, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Stop()
	sample(t, p.prometheus, `godrift_score{job="godrift",workspace="app"} > 0`)
	awaitLog(t, p.Log, `"otelcol.signal": "traces"`)
}

// A Prometheus on another machine scrapes over TLS, by a name, with the token.
func TestScrapeOverTLS(t *testing.T) {
	env, trusted := certificate(t, t.TempDir())
	file := func(i int) string { return env[i][strings.IndexByte(env[i], '=')+1:] }
	more := fmt.Sprintf("tls-cert = '%s'\ntls-key = '%s'\nhosts = ['localhost']\n", file(0), file(1))
	m, err := server.StartMonitor(t.Context(), godrift(t), t.TempDir(), workspaceOf(t, "app", "module example.com/app\n\ngo 1.21.0\n"), more, &tls.Config{RootCAs: trusted})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Stop()
	dir := prometheusDir(t)
	_, port, err := net.SplitHostPort(m.Address)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "prometheus.yml")
	// The lines that the example has for this, brought into force.
	edit(t, config, map[string]string{
		`127\.0\.0\.1:9494`: "localhost:" + port, `_interval: 1m`: "_interval: 1s", `_timeout: 45s`: "_timeout: 1s", `# (scheme: https)`: "$1", `# (tls_config:)`: "$1", `# (  ca_file:) \S+`: "$1 " + file(0),
	})
	write(t, filepath.Join(dir, "godrift.token"), m.Token)
	p, err := server.StartPrometheus(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Stop()
	sample(t, p, `godrift_score{job="godrift",workspace="app",instance="localhost:`+port+`"} > 0`)
}

// awaitLog waits until a log tells something.
func awaitLog(t *testing.T, file, part string) {
	t.Helper()
	var text []byte
	err := server.Await(t.Context(), time.Minute, func() (bool, error) {
		var err error
		text, err = os.ReadFile(file)
		return strings.Contains(string(text), part), err
	})
	if err != nil {
		t.Fatalf("%s does not tell %s: %v\n%s", file, part, err, text)
	}
}
