package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func (c *Command) lspCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Speak the language server protocol on standard input and output",
		Long: `Speak the language server protocol on standard input and output. Editors start
it; there is nothing to see for a person.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.Serve == nil {
				return errors.New("this build has no language server")
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("which program this is cannot be told: %w", err)
			}
			c.code = c.Serve(cmd.Context(), Server{
				In: c.Stdin, Out: c.Stdout, Err: c.Stderr, World: c.here(), Version: c.build().Godrift, StateDir: c.StateDir,
				Reply: []string{program, replyCommand},
			})
			return nil
		},
	}
	// Clients add it to say that they speak through pipes, which is all there is.
	cmd.Flags().Bool("stdio", true, "use standard input and output")
	_ = cmd.Flags().MarkHidden("stdio")
	return cmd
}
