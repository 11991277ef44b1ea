package lsp

import (
	"context"
	"encoding/json"

	"go.lsp.dev/protocol"
)

// settingsIn reads the settings in initializationOptions; those that are left
// out have their defaults.
func settingsIn(options []byte) Settings {
	set := DefaultSettings()
	if _, err := decodeInto(options, &InitializeOptions{Settings: &set}); err != nil {
		return DefaultSettings()
	}
	return set
}

// fetchSettings asks the client for its settings.
func (s *server) fetchSettings(ctx context.Context) {
	values, err := s.client.Configuration(ctx, &protocol.ConfigurationParams{
		Items: []protocol.ConfigurationItem{{Section: ptr("godrift")}},
	})
	if err != nil {
		s.log.Warn("the client did not tell its settings", "error", err)
		values = nil
	}
	if len(values) == 1 {
		s.configure(json.RawMessage(values[0]))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.askLogin()
}

// configure takes settings; what they leave out has its default.
func (s *server) configure(raw json.RawMessage) {
	settings := DefaultSettings()
	if len(raw) > 0 && string(raw) != "null" {
		if err := json.Unmarshal(raw, &settings); err != nil {
			s.log.Warn("the settings cannot be read and are ignored", "error", err)
			return
		}
	}
	s.mu.Lock()
	changed := s.settings != settings
	s.settings = settings
	s.level.Set(logLevel(settings.LogLevel))
	switch {
	case settings.LoginShell && s.login == nil:
		s.askLogin()
	case !settings.LoginShell && s.login != nil:
		s.login = nil
		for _, f := range s.folders {
			s.tellLogin(f)
		}
	}
	s.mu.Unlock()
	if changed {
		s.pub.refresh()
	}
}

// DidChangeConfiguration implements protocol.Server. Clients send either the
// settings or a mere hint to fetch them.
func (s *server) DidChangeConfiguration(_ context.Context, params *protocol.DidChangeConfigurationParams) error {
	all, err := decode[map[string]json.RawMessage](params.Settings)
	if err != nil {
		return err
	}
	if raw, ok := all["godrift"]; ok {
		s.configure(raw)
		return nil
	}
	s.mu.Lock()
	fetch := s.can.configuration
	s.mu.Unlock()
	if fetch {
		s.background(s.fetchSettings)
	}
	return nil
}
