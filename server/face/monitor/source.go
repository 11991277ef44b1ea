package monitor

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"runtime/debug"

	"godrift.dev/server/config"
	"godrift.dev/server/engine"
	"godrift.dev/server/face/monitor/web"
	"godrift.dev/server/tell"
	"godrift.dev/shared"
)

// listen takes the address, unless the configuration has none. What it returns serves it until
// ctx ends.
func (m *monitor) listen(ctx context.Context) (serve func(), err error) {
	c := m.config.Monitor
	if c.Listen == config.NoListen {
		return func() {}, nil
	}
	info, _ := debug.ReadBuildInfo() // nil where there is none
	server, err := web.New(web.Options{
		Listen: c.Listen, InsecureListen: m.opts.InsecureListen, TokenFile: c.TokenFile, TLSCert: c.TLSCert, TLSKey: c.TLSKey,
		MetricsOpen: c.MetricsOpen, HealthOpen: c.HealthOpen, Hosts: c.Hosts, Metrics: m.telemetry.Handler(),
		Build: tell.NewBuild(m.opts.Version, info), Page: shared.Page(), Source: source{m}, Log: m.log,
	})
	if err != nil {
		return nil, configError{err}
	}
	listener, err := server.Listen(ctx)
	if errors.Is(err, web.ErrNotLoopback) {
		return nil, configError{err}
	}
	if err != nil {
		return nil, err
	}
	m.server = server
	return func() {
		m.work.Go(func() {
			if err := server.Serve(ctx, listener); err != nil {
				m.log.Error("the page is not served any more", "error", err)
			}
		})
		fmt.Fprintf(m.opts.Out, "godrift monitor: %s\n", server.URL())
		m.note.at(withoutToken(server.URL()))
	}, nil
}

// withoutToken is an address that everybody may know.
func withoutToken(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.RawQuery, u.User = "", nil
	return u.String()
}

// news tells those who look at the page that there is something new. It never blocks.
func (m *monitor) news(root string) {
	if m.server != nil {
		m.server.Changed(root)
	}
}

// fixed says what of a new configuration counts only from the next start on.
func (m *monitor) fixed(c config.Config) {
	before, now := m.config.Monitor, c.Monitor
	for _, m := range []*config.Monitor{&before, &now} {
		m.Workspaces, m.Machine, m.Poll, m.FullCheck = nil, false, 0, 0
	}
	if !reflect.DeepEqual(before, now) {
		m.log.Warn("where the monitor listens, and for whom, changes when it is started again")
	}
}

// source is what the server shows.
type source struct{ m *monitor }

// Workspaces implements web.Source.
func (s source) Workspaces() []web.Workspace {
	var out []web.Workspace
	for _, w := range s.m.list() {
		w.mu.Lock()
		if w.engine != nil {
			out = append(out, web.Workspace{Name: w.name, Root: w.root, Engine: w.engine, Options: w.options, Mender: s.m.mender, Page: w.page})
		}
		w.mu.Unlock()
	}
	return out
}

// Ready implements web.Source. A folder that is not there has been looked at: that it is
// missing is what there is to say.
func (s source) Ready(ctx context.Context) (bool, []string) {
	var reasons []string
	for _, w := range s.m.list() {
		if p := w.present(); p.Looked.IsZero() && p.Problem == "" {
			reasons = append(reasons, p.Name+" has not been looked at yet")
		}
	}
	if _, err := s.m.memory.History(ctx, engine.HistoryFilter{Limit: 1}); err != nil {
		reasons = append(reasons, "the history cannot be read")
	}
	return len(reasons) == 0, reasons
}
