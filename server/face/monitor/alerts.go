package monitor

import (
	"context"
	"os"
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/face/monitor/web"
	"godrift.dev/server/tell/alert"
)

// newAlerts makes what tells people of findings. Nothing is told before it runs.
func (m *monitor) newAlerts() error {
	outbox, err := m.memory.Outbox()
	if err != nil {
		return err
	}
	host, _ := os.Hostname() // which is left out then
	link := ""
	if m.server != nil {
		link = withoutToken(m.server.URL())
	}
	m.alerts, err = alert.New(alert.Options{
		Config: m.config.Alert, Outbox: outbox, Environ: m.opts.World.Environ, Version: m.opts.Version, Host: host, Log: m.log, Now: m.opts.Now,
		Told: m.telemetry.Alert, Delivered: m.telemetry.Delivered, Link: link, Run: engine.RunProgram,
		Trace: func(ctx context.Context) string { return drift.TraceOf(ctx).TraceID },
		Changed: func() {
			if m.server != nil {
				m.server.AlertsChanged()
			}
		},
	})
	return err
}

// unwatched ends what stands in workspaces that nobody watches any more.
func (m *monitor) unwatched(ctx context.Context) {
	state, err := m.alerts.State(ctx)
	if err != nil {
		m.log.Warn("which alerts stand cannot be read", "error", err)
		return
	}
	done := map[string]bool{}
	for _, f := range state.Firing {
		if done[f.Root] || m.of(f.Root) != nil {
			continue
		}
		done[f.Root] = true
		m.log.Info("the alerts of a workspace that is not watched any more end", "workspace", f.Workspace, "root", f.Root)
		m.alerts.Unwatched(ctx, f.Workspace, f.Root)
	}
}

// Alerts implements web.Source.
func (s source) Alerts(ctx context.Context) (any, error) { return s.m.alerts.State(ctx) }

// Silence implements web.Source.
func (s source) Silence(ctx context.Context, want web.Silence) (any, error) {
	only := func(text string) []string {
		return slices.DeleteFunc([]string{text}, func(s string) bool { return s == "" })
	}
	if _, err := s.m.alerts.Silence(ctx, only(want.Rule), only(want.Workspace), want.For, drift.MaskText(want.Reason)); err != nil {
		return nil, err
	}
	return s.m.alerts.State(ctx)
}
