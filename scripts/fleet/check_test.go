//go:build fleet

package fleet

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"godrift.dev/scripts/fleet/server"
)

// What a CI job found reaches the same place as what monitors see, under the name of the
// job.
func TestCheckThroughCollector(t *testing.T) {
	env, _ := certificate(t, t.TempDir())
	p := newPipeline(t, "network, written", env...)
	workspace := workspaceOf(t, "app", "module example.com/app\n\ngo 1.99.0\n")
	cmd := exec.CommandContext(t.Context(), godrift(t), "check", "--otlp="+strings.Replace(p.OTLP, "http://", "https://", 1))
	cmd.Dir = workspace
	cmd.Env = append(append(os.Environ(), server.Environ(t.TempDir())...),
		"CI=true", "GITHUB_ACTIONS=true", "GITHUB_REPOSITORY=example/app", "GITHUB_WORKFLOW=build", "GITHUB_JOB=test", "GITHUB_REF_NAME=main",
		"OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20fleet-token", env[3])
	out, err := cmd.CombinedOutput()
	// It finds that no go can run, whether that was sent or not.
	var ended *exec.ExitError
	if !errors.As(err, &ended) || ended.ExitCode() != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	found := sample(t, p.prometheus, `godrift_findings{job="godrift",workspace="app",rule="toolchain-unavailable",severity="error"} == 1`)
	of := `{job="godrift",instance="` + found[0].Labels["instance"] + `"}`
	job := sample(t, p.prometheus, "target_info"+of)[0].Labels
	for name, want := range map[string]string{
		"ci_system": "github", "ci_repository": "example/app", "ci_workflow": "build", "ci_job": "test", "ci_ref": "main", "host_name": "",
	} {
		if job[name] != want {
			t.Errorf("%s is %q, want %q", name, job[name], want)
		}
	}
	sample(t, p.prometheus, "godrift_score"+of)
	sample(t, p.prometheus, "godrift_build_info"+of)
}
