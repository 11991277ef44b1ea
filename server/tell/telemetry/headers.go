package telemetry

import (
	"fmt"
	"io"
	"maps"
	"os"
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
	text, err := readSmall(file)
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

func readSmall(file string) (string, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return "", err
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is no regular file", file)
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxHeadersFile+1))
	switch {
	case err != nil:
		return "", err
	case len(text) > maxHeadersFile:
		return "", fmt.Errorf("%s is larger than %d KB", file, maxHeadersFile>>10)
	}
	return string(text), nil
}
