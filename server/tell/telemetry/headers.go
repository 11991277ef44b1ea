package telemetry

import (
	"fmt"
	"maps"
	"strings"

	"godrift.dev/server/config"
)

// maxHeadersFile is the largest file with headers that is read.
const maxHeadersFile = 64 << 10

// headersOf are the headers of a configuration with those of its file, which count more.
// No error tells a value.
func headersOf(c config.Telemetry, environ map[string]string) (config.Headers, error) {
	all := config.Headers{}
	maps.Copy(all, c.Headers)
	if c.HeadersFile == "" {
		return all, nil
	}
	file := config.Expand(c.HeadersFile, environ)
	text, err := config.ReadPrivate(file, maxHeadersFile)
	if err != nil {
		return nil, fmt.Errorf("telemetry.headers-file: %w", err)
	}
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf(`%s: line %d: write a header as "Name: value"`, file, i+1)
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if err := config.CheckHeader(name, value); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", file, i+1, err)
		}
		all[name] = value
	}
	return all, nil
}
