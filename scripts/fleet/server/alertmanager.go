package server

import (
	"context"
	"path/filepath"
)

// Alertmanager is one that runs.
type Alertmanager struct {
	*Process
	Address string
}

// StartAlertmanager starts Alertmanager with a configuration file, whose folder becomes
// its own.
func StartAlertmanager(ctx context.Context, config string) (*Alertmanager, error) {
	address, err := Address()
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(config)
	a := &Alertmanager{Address: address}
	a.Process, err = start(
		ctx, dir, question{url: "http://" + address + "/-/ready"}, "prometheus-alertmanager", nil,
		"--config.file="+config, "--storage.path="+filepath.Join(dir, "alertmanager"), "--web.listen-address="+address,
		"--cluster.listen-address=", "--log.level=warn",
	)
	return a, err
}
