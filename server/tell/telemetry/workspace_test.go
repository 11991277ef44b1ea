package telemetry

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// started makes a Telemetry that ends with the test.
func started(t *testing.T, o Options, more ...any) *Telemetry {
	t.Helper()
	tel, err := begin(t.Context(), o, more...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tel.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return tel
}

// scrape reads /metrics as Prometheus does.
func scrape(t *testing.T, tel *Telemetry) string {
	t.Helper()
	r := httptest.NewRecorder()
	tel.Handler().ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text, err := io.ReadAll(r.Result().Body)
	if err != nil || r.Code != http.StatusOK {
		t.Fatalf("%d %v: %s", r.Code, err, text)
	}
	return string(text)
}

// reportWith is the report of a workspace that is built with a Go.
func reportWith(goroot, version, cgo string) *drift.Report {
	return &drift.Report{
		Score: 80,
		Snapshot: &drift.Snapshot{
			Root: "/src/app",
			Environment: drift.Environment{Of: "monitor", Variables: []drift.Variable{
				{Name: "CGO_ENABLED", Layer: drift.Layer{Value: cgo}}, {Name: "GOROOT", Layer: drift.Layer{Value: goroot}},
			}},
			Selection: drift.Selection{Selected: version, GOROOT: goroot, How: drift.HowLocal},
		},
	}
}

func has(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("there is no line %s in\n%s", line, text)
		}
	}
}

func hasNot(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(text, part) {
			t.Errorf("there is %s in\n%s", part, text)
		}
	}
}

func TestReport(t *testing.T) {
	tel := started(t, Options{Version: "v1.2.3"})
	w := tel.Workspace("app", "/src/app")
	r := reportWith("/usr/local/go", "go1.26.8", "1")
	r.Pinned.Version = "go1.26.8"
	r.Findings = []drift.Finding{{Code: "pin-disagrees", Severity: drift.SeverityWarning}, {Code: "pin-disagrees", Severity: drift.SeverityWarning}}
	r.Snapshot.Pins = []drift.Pin{{Role: drift.RoleFloor, Version: "1.26.0"}, {Role: drift.RoleBuild, Version: "1.26.8"}, {Role: drift.RoleBuild, Version: "1.26.8"}}
	w.Report(r)
	text := scrape(t, tel)
	has(t, text,
		`go_selected_info{agreed="go1.26.8",how="local",version="go1.26.8",workspace="app"} 1`,
		`go_selected_supported{workspace="app"} 1`,
		`go_env_cgo_enabled_state{workspace="app"} 1`,
		`godrift_drift{workspace="app"} 0`,
		`godrift_findings{rule="pin-disagrees",severity="warning",workspace="app"} 2`,
		`godrift_pins{role="build",version="go1.26.8",workspace="app"} 2`,
		`godrift_score{workspace="app"} 80`,
		`go_env_goroot_change_total{workspace="app"} 0`,
		`godrift_build_info{go_version="`+goVersion()+`",version="v1.2.3"} 1`,
	)
	r = reportWith("/home/me/sdk/go1.25.3", "go1.25.3", "0")
	w.Report(r)
	w.Report(r)
	text = scrape(t, tel)
	has(t, text,
		`go_env_goroot_change_total{workspace="app"} 1`,
		`go_build_goroot_migrations_total{from="go1.26.8 system",to="go1.25.3 sdk",workspace="app"} 1`,
		`go_build_cgo_enabled_flips_total{value="0",workspace="app"} 1`,
		`go_build_cgo_enabled_flips_total{value="1",workspace="app"} 0`,
	)
	hasNot(t, text, "pin-disagrees", "/home", "godrift_pins{")
	w.Close()
	hasNot(t, scrape(t, tel), "app")
}

// What changes while the monitor runs shows in reports and, later, in moments; what changed
// before shows in the first moment alone. Neither counts twice.
func TestMovesCountOnce(t *testing.T) {
	const system, sdk = "/usr/local/go", "/home/me/sdk/go1.25.3"
	moved := func(from, to, fromVersion, toVersion, cgo0, cgo1 string) drift.Moment {
		return drift.Moment{Of: "monitor", Before: "a", After: "b", Changes: []drift.Change{
			{Key: drift.EnvKey("CGO_ENABLED"), Kind: drift.ChangeChanged, Old: cgo0, New: cgo1},
			{Key: drift.EnvKey("GOROOT"), Kind: drift.ChangeChanged, Old: from, New: to},
			{Key: drift.KeyGOROOT, Kind: drift.ChangeChanged, Old: from, New: to},
			{Key: drift.KeySelected, Kind: drift.ChangeChanged, Old: fromVersion, New: toVersion},
		}}
	}
	t.Run("while it runs", func(t *testing.T) {
		tel := started(t, Options{})
		w := tel.Workspace("app", "/src/app")
		w.Report(reportWith(system, "go1.26.8", "1"))
		w.Report(reportWith(sdk, "go1.25.3", "0"))
		w.Moment(moved(system, sdk, "go1.26.8", "go1.25.3", "1", "0"))
		w.Report(reportWith(system, "go1.26.8", "1"))
		w.Moment(moved(sdk, system, "go1.25.3", "go1.26.8", "0", "1"))
		has(t, scrape(t, tel),
			`go_env_goroot_change_total{workspace="app"} 2`,
			`go_build_goroot_migrations_total{from="go1.26.8 system",to="go1.25.3 sdk",workspace="app"} 1`,
			`go_build_goroot_migrations_total{from="go1.25.3 sdk",to="go1.26.8 system",workspace="app"} 1`,
			`go_build_cgo_enabled_flips_total{value="0",workspace="app"} 1`,
			`go_build_cgo_enabled_flips_total{value="1",workspace="app"} 1`)
	})
	t.Run("before it ran", func(t *testing.T) {
		tel := started(t, Options{})
		w := tel.Workspace("app", "/src/app")
		w.Report(reportWith(sdk, "go1.25.3", "0"))
		w.Moment(moved(system, sdk, "go1.26.8", "go1.25.3", "1", "0"))
		has(t, scrape(t, tel),
			`go_env_goroot_change_total{workspace="app"} 1`,
			`go_build_goroot_migrations_total{from="go1.26.8 system",to="go1.25.3 sdk",workspace="app"} 1`,
			`go_build_cgo_enabled_flips_total{value="0",workspace="app"} 1`)
	})
	t.Run("of another's environment", func(t *testing.T) {
		tel := started(t, Options{})
		w := tel.Workspace("app", "/src/app")
		w.Report(reportWith(sdk, "go1.25.3", "0"))
		m := moved(system, sdk, "go1.26.8", "go1.25.3", "1", "0")
		m.Of = "editor"
		w.Moment(m)
		has(t, scrape(t, tel), `go_env_goroot_change_total{workspace="app"} 0`)
	})
	t.Run("a go that stops in between", func(t *testing.T) {
		tel := started(t, Options{})
		w := tel.Workspace("app", "/src/app")
		w.Report(reportWith(system, "go1.26.8", "1"))
		w.Report(reportWith("", "", ""))
		w.Report(reportWith(system, "go1.26.8", "1"))
		has(t, scrape(t, tel), `go_env_goroot_change_total{workspace="app"} 0`)
	})
}
