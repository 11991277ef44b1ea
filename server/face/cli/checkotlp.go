package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
	"godrift.dev/server/tell/telemetry"
)

// otlpFlags are those of check that send what was found.
type otlpFlags struct {
	address  string // configured for the one of the user's own configuration
	insecure bool
}

// configured stands for the address in the user's own configuration.
const configured = "config.toml"

func (f *otlpFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.address, "otlp", "", "send what was found to the collector at `URL`, or to that of [telemetry] in your own config.toml")
	cmd.Flags().Lookup("otlp").NoOptDefVal = configured
	cmd.Flags().BoolVar(&f.insecure, "otlp-insecure", false, "let --otlp send unencrypted to another machine")
}

// collector is where --otlp sends: what was typed, or what the user's own configuration
// says. Nothing else names an address, no file of the repository and no variable. It is nil
// if nothing is to be sent.
func (c *Command) collector(flags otlpFlags) (*config.Telemetry, error) {
	if flags.address == "" {
		if flags.insecure {
			return nil, usagef("--otlp-insecure is for --otlp")
		}
		return nil, nil //nolint:nilnil // nothing is sent, and nothing is wrong
	}
	own, err := config.Read(config.File(c.here().Environ))
	if err != nil {
		return nil, usageError{err}
	}
	to := own.Telemetry
	if flags.address == configured {
		if to.OTLP == "" {
			return nil, usagef("--otlp needs an address: --otlp=https://collector.example.com:4318, or otlp in [telemetry] of %s", orWord(config.File(c.here().Environ), "your config.toml"))
		}
	} else {
		address, err := config.CheckOTLP(flags.address, flags.insecure)
		if err != nil {
			return nil, usagef("--otlp: %w", insecureFlag(err))
		}
		if !telemetry.SameCollector(address, to.OTLP) {
			// Headers are secrets of one collector.
			to.Headers, to.HeadersFile = nil, ""
		}
		to.OTLP = address
	}
	given, err := headersOf(c.getenv("OTEL_EXPORTER_OTLP_HEADERS"))
	if err != nil {
		return nil, usagef("OTEL_EXPORTER_OTLP_HEADERS: %w", err)
	}
	if len(given) > 0 {
		all := config.Headers{}
		maps.Copy(all, to.Headers)
		maps.Copy(all, given)
		to.Headers = all
	}
	return &to, nil
}

// insecureFlag names the flag where the error names the setting.
func insecureFlag(err error) error {
	return fmt.Errorf("%s", strings.ReplaceAll(err.Error(), "insecure = true", "--otlp-insecure"))
}

func orWord(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// headersOf reads headers as OpenTelemetry has them in a variable, where a CI system keeps
// a secret: name=value,name=value, with %XX. They go only where a person has said.
func headersOf(text string) (config.Headers, error) {
	out := config.Headers{}
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, errors.New("write name=value, with commas between several")
		}
		name = strings.TrimSpace(name)
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if err != nil {
			return nil, fmt.Errorf("the value of %.80q holds a %% that is not followed by two digits", name)
		}
		if err := config.CheckHeader(name, value); err != nil {
			return nil, err
		}
		out[name] = value
	}
	return out, nil
}

// export sends what was found. A check is worth as much without it.
func (c *Command) export(ctx context.Context, to *config.Telemetry, reports []*drift.Report) {
	if to == nil {
		return
	}
	o := telemetry.Options{Version: c.build().Godrift, Telemetry: *to, Environ: c.here().Environ}
	if err := telemetry.Once(ctx, o, reports); err != nil {
		fmt.Fprintf(c.Stderr, "godrift: what was found could not be sent, which changes nothing else: %s\n", tell.Clean(drift.MaskText(err.Error())))
	}
}
