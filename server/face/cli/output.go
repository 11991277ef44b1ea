package cli

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// format is the value of --format.
type format struct {
	value   string
	allowed []string
}

func (f *format) String() string { return f.value }
func (f *format) Type() string   { return strings.Join(f.allowed, "|") }

func (f *format) Set(s string) error {
	if !slices.Contains(f.allowed, s) {
		return usagef("must be one of %s", strings.Join(f.allowed, ", "))
	}
	f.value = s
	return nil
}

// formatFlag adds --format; text and json are always there.
func formatFlag(cmd *cobra.Command, more ...string) *format {
	f := &format{value: "text", allowed: append([]string{"text", "json"}, more...)}
	cmd.Flags().Var(f, "format", "how to print the result")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(completions(f.allowed), cobra.ShellCompDirectiveNoFileComp))
	return f
}

func completions(words []string) []cobra.Completion {
	return append([]cobra.Completion{}, words...)
}

// severityFlag is the value of --fail-on.
type severityFlag struct{ value drift.Severity }

var severityWords = []string{"error", "warning", "info", "hint", "never"}

func (f *severityFlag) String() string { return string(f.value) }
func (f *severityFlag) Type() string   { return strings.Join(severityWords, "|") }

func (f *severityFlag) Set(s string) error {
	if !slices.Contains(severityWords, s) {
		return usagef("must be one of %s", strings.Join(severityWords, ", "))
	}
	f.value = drift.Severity(s)
	return nil
}

// fails reports whether a finding makes the command fail.
func (f *severityFlag) fails(s drift.Severity) bool {
	least := f.value.Rank() // 0 for "never"
	return least > 0 && s.Rank() >= least
}

// isTerminal reports whether a stream is a terminal that a person looks at.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// options are those of the renderers.
func (c *Command) options() tell.Options {
	opts := tell.Options{
		Dir: c.Dir, Home: c.getenv("HOME"), Version: c.build().Godrift,
		Color: isTerminal(c.Stdout) && c.getenv("NO_COLOR") == "" && c.getenv("TERM") != "dumb",
	}
	if opts.Home == "" {
		opts.Home = c.getenv("USERPROFILE")
	}
	if opts.Color {
		if width, _, err := term.GetSize(int(c.Stdout.(*os.File).Fd())); err == nil {
			opts.Width = width
		}
	}
	return opts
}

// catalogue is the rule catalogue as reports tell it.
func catalogue() []tell.Rule {
	rules := engine.Rules()
	out := make([]tell.Rule, 0, len(rules))
	for _, r := range rules {
		out = append(out, tell.Rule{Code: r.Code, Title: r.Title, Severity: r.Severity})
	}
	return out
}

// print writes a document as JSON or as text.
func (c *Command) print(format string, document any, text func(w io.Writer) error) error {
	if format == "json" {
		return tell.JSON(c.out, document)
	}
	return text(c.out)
}
