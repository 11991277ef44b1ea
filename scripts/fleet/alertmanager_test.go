package fleet

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestAlertmanagerConfig(t *testing.T) {
	file, err := filepath.Abs(filepath.Join(observability, "prometheus", "alertmanager.yml"))
	if err != nil {
		t.Fatal(err)
	}
	run(t, ".", "amtool", "check-config", file)
	for labels, receiver := range map[string]string{
		"alertname=GodriftGoBlocked severity=error":           "godrift-now",
		"alertname=GodriftDriftOld severity=warning":          "godrift-day",
		"alertname=GodriftReportsSlow severity=info":          "godrift-nowhere",
		"alertname=NodeDown severity=error instance=a job=no": "godrift-day",
	} {
		args := []string{"config", "routes", "test", "--config.file", file, "--verify.receivers", receiver}
		run(t, ".", "amtool", append(args, strings.Fields(labels)...)...)
	}
}
