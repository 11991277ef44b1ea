package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// sight is what a command about the past has to do with: a workspace, what is
// remembered of it, and the present if it is needed.
type sight struct {
	*Command
	root   string
	opts   engine.Options
	mender *engine.Mender
	memory *engine.Memory
}

// sight prepares a command about the past of the workspace that dir is in.
func (c *Command) sight(name, root string) *sight {
	s := &sight{Command: c, root: root, opts: c.engineOptions(root, false)}
	s.mender, s.memory = c.memory(name)
	return s
}

func (s *sight) close() { s.mender.Close() }

// present is the record of what the workspace is now.
func (s *sight) present(ctx context.Context) (drift.Record, error) {
	opts := s.opts
	opts.Memory = s.memory
	report, err := engine.Evaluate(ctx, opts)
	if err != nil {
		return drift.Record{}, fmt.Errorf("cannot look at %s: %w", s.root, err)
	}
	return s.memory.Present(opts.World, report)
}

func (c *Command) snapshotCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "snapshot [DIR]",
		Short: "Print what godrift remembers of a workspace, as it is now",
		Long: `Print the present state of the workspace as it would be remembered: the Go that
runs, every variable of the go command with its layer, every pin, the machine, and
fingerprints. Secrets are masked. The text has one fact a line, sorted, so that two
of them can be compared with diff; the JSON validates against snapshot.schema.json.
Nothing is stored.`,
		Example: `  godrift snapshot
  godrift snapshot > here.txt && ssh build godrift snapshot src/app | diff here.txt -
  godrift snapshot --format json | jq -r .id`,
		Args: atMostOne,
	}
	f := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		s := c.sight("godrift snapshot", c.workspaceOf(dir))
		defer s.close()
		r, err := s.present(cmd.Context())
		if err != nil {
			return err
		}
		return c.print(f.value, record.NewDocument(r), func(w io.Writer) error {
			_, err := w.Write(record.Text(r))
			return err
		})
	}
	return cmd
}

// logFlags choose entries of the history.
type logFlags struct {
	of, cause    string
	since, until string
	root         string
	limit        int
	audit        bool
	format       *format
}

func (c *Command) logCommand() *cobra.Command {
	var flags logFlags
	cmd := &cobra.Command{
		Use:   "log [WHAT…]",
		Short: "List when the environment of this workspace changed, and why",
		Long: `List when what is remembered of this workspace changed, newest first, with its
cause. WHAT is a variable, a file with pins, a tool, or one of go, env, pins, tool,
host, health; without it everything counts. The editor remembers every saved state,
and so does godrift check.`,
		Example: `  godrift log
  godrift log GOFLAGS GOPROXY --since 2w
  godrift log go.mod --cause branch-switch
  godrift log --audit                  who fixed, undid, rolled back and accepted what
  godrift log --format json | jq -r '.moments[].time'
  godrift log export > history.jsonl   as lines of JSON, for another machine
  godrift log import history.jsonl`,
		Args: cobra.ArbitraryArgs,
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().StringVar(&flags.of, "of", "", "only this environment: editor, cli, ci, …")
	cmd.Flags().StringVar(&flags.cause, "cause", "", "only this cause: "+strings.Join(causeWords, ", "))
	cmd.Flags().StringVar(&flags.since, "since", "", "not before this time: 2026-05-04, \"2026-05-04 15:04\", 2h, 3d, 2w")
	cmd.Flags().StringVar(&flags.until, "until", "", "not after this time")
	cmd.Flags().StringVar(&flags.root, "root", "", "the history of this workspace folder, also if it is on another machine")
	cmd.Flags().IntVarP(&flags.limit, "limit", "n", 50, "how many entries at most")
	cmd.Flags().BoolVar(&flags.audit, "audit", false, "list what was done with godrift: by whom, how long it took, how it ended")
	_ = cmd.RegisterFlagCompletionFunc("cause", cobra.FixedCompletions(completions(causeWords), cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.log(cmd.Context(), flags, args) }
	cmd.AddCommand(c.exportCommand(), c.importCommand())
	return cmd
}

var causeWords = []string{
	string(drift.CauseFirst), string(drift.CauseFile), string(drift.CauseEnvironment), string(drift.CauseBranch), string(drift.CauseGoGet),
	string(drift.CauseGoEnv), string(drift.CauseVariable), string(drift.CauseGodrift), string(drift.CauseMachine), string(drift.CauseOther),
}

// period reads --since and --until.
func (f logFlags) period(now time.Time) (since, until time.Time, err error) {
	var ok bool
	if f.since != "" {
		if since, ok = engine.ParseTime(f.since, now); !ok {
			return since, until, usagef("--since %q is no time: write 2026-05-04, \"2026-05-04 15:04\", 2h, 3d or 2w", f.since)
		}
	}
	if f.until != "" {
		if until, ok = engine.ParseTime(f.until, now); !ok {
			return since, until, usagef("--until %q is no time: write 2026-05-04, \"2026-05-04 15:04\", 2h, 3d or 2w", f.until)
		}
	}
	return since, until, nil
}

func (c *Command) log(ctx context.Context, flags logFlags, words []string) error {
	since, until, err := flags.period(time.Now())
	if err != nil {
		return err
	}
	if flags.limit < 1 || flags.limit > 100_000 {
		return usagef("--limit must be from 1 to 100000")
	}
	if flags.cause != "" && !slices.Contains(causeWords, flags.cause) {
		return usagef("--cause must be one of %s", strings.Join(causeWords, ", "))
	}
	root := flags.root
	if root == "" {
		root = c.workspaceOf(c.Dir)
	}
	s := c.sight("godrift log", root)
	defer s.close()
	if flags.audit {
		deeds, err := s.memory.Audit(ctx, root, since, until, flags.limit)
		if err != nil {
			return err
		}
		doc := tell.NewAudit(root, deeds)
		return c.print(flags.format.value, doc, func(w io.Writer) error { return tell.AuditText(w, doc, c.options(), time.Local) })
	}
	filter := engine.HistoryFilter{Root: root, Of: flags.of, Cause: drift.CauseKind(flags.cause), Since: since, Until: until, Limit: flags.limit + 1}
	for _, word := range words {
		filter.Keys = append(filter.Keys, engine.HistoryKeys(word)...)
	}
	moments, err := s.memory.History(ctx, filter)
	if err != nil {
		return err
	}
	doc := tell.NewLog(root, moments, flags.limit)
	folder := c.folderAmong(words)
	if len(moments) == 0 {
		if moments, err = s.memory.History(ctx, engine.HistoryFilter{Root: root, Limit: 1}); err != nil {
			return err
		}
	}
	return c.print(flags.format.value, doc, func(w io.Writer) error {
		if len(doc.Moments) == 0 && (len(moments) > 0 || folder != "") {
			return tell.NothingFitsText(w, root, folder, c.options())
		}
		return tell.LogText(w, doc, c.options(), time.Local)
	})
}

// folderAmong is the first of the words that is a folder; empty if none is.
func (c *Command) folderAmong(words []string) string {
	for _, word := range words {
		if info, err := os.Stat(c.absolute(word)); err == nil && info.IsDir() {
			return word
		}
	}
	return ""
}

func (c *Command) exportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "export",
		Short: "Write the history of this workspace as lines of JSON",
		Long: `Write the history of this workspace as lines of JSON, oldest first: snapshots, which
validate against snapshot.schema.json, and entries that name them, which validate
against moment.schema.json. Secrets are not in it.`,
		Example: `  godrift log export > history.jsonl`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s := c.sight("godrift log export", c.workspaceOf(c.Dir))
			defer s.close()
			return s.memory.Export(cmd.Context(), s.root, func(line []byte) error {
				_, err := c.out.Write(append(line, '\n'))
				return err
			})
		},
	}
}

func (c *Command) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Add an exported history to what is remembered",
		Long: `Add an exported history to what is remembered; - is standard input. Every line is
checked first: if one of them does not validate, nothing is stored. What is there
already is passed by. A history from the future is refused.`,
		Example: `  godrift log import history.jsonl
  godrift log --root /the/folder/over/there`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("%s takes one file; see %s --help", cmd.CommandPath(), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in := c.Stdin
			if args[0] != "-" {
				f, err := os.Open(c.absolute(args[0]))
				if err != nil {
					return usagef("cannot read the export: %w", err)
				}
				defer f.Close()
				in = f
			}
			lines, err := readLines(in)
			if err != nil {
				return usagef("nothing was imported: %s: %w", args[0], err)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
			defer stop()
			s := c.sight("godrift log import", c.workspaceOf(c.Dir))
			defer s.close()
			n, err := s.memory.Import(ctx, s.root, lines)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.Stderr, "%d new entries; godrift log --root FOLDER lists those of a folder.\n", n)
			return nil
		},
	}
}

// maxLine bounds a line of an export: a snapshot of a large workspace has
// hundreds of kilobytes.
const maxLine = 16 << 20

// readLines decodes all lines of an export, and refuses all if one is wrong.
func readLines(in io.Reader) ([]record.Line, error) {
	var lines []record.Line
	scan := bufio.NewScanner(in)
	scan.Buffer(make([]byte, 64<<10), maxLine)
	known := map[string]bool{}
	for number := 1; scan.Scan(); number++ {
		line, err := record.DecodeLine(scan.Bytes())
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		if line.Record != nil {
			known[line.Record.ID()] = true
		} else if !known[line.Moment.After] || line.Moment.Before != "" && !known[line.Moment.Before] {
			return nil, fmt.Errorf("line %d: the snapshot that it names does not come before it", number)
		}
		lines = append(lines, line)
	}
	if err := scan.Err(); err != nil {
		return nil, fmt.Errorf("line %d: %w", len(lines)+1, err)
	}
	if len(lines) == 0 {
		return nil, fmt.Errorf("it is empty")
	}
	return lines, nil
}
