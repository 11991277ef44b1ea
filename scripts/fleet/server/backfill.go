package server

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Backfill gathers samples of the past, which promtool makes blocks of that
// Prometheus reads like its own.
type Backfill struct {
	file *os.File
	out  *bufio.Writer
	err  error
}

// NewBackfill gathers in a file.
func NewBackfill(file string) (*Backfill, error) {
	f, err := os.Create(file)
	if err != nil {
		return nil, fmt.Errorf("gather samples: %w", err)
	}
	return &Backfill{file: f, out: bufio.NewWriter(f)}, nil
}

// Scrape adds an answer of /metrics as if it had been scraped then; labels are those
// of the target, written as `job="godrift",instance="a"`.
func (b *Backfill) Scrape(text, labels string, at time.Time) {
	stamp := strconv.FormatFloat(float64(at.UnixMilli())/1000, 'f', 3, 64)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		space := strings.LastIndexByte(line, ' ')
		name, value := line[:space], line[space+1:]
		if bare, with, ok := strings.Cut(name, "{"); ok {
			name = bare + "{" + labels + "," + with
		} else {
			name += "{" + labels + "}"
		}
		if _, err := fmt.Fprintf(b.out, "%s %s %s\n", name, value, stamp); err != nil && b.err == nil {
			b.err = err
		}
	}
}

// Blocks makes the blocks in the folder of a Prometheus that does not run.
func (b *Backfill) Blocks(ctx context.Context, data string) error {
	if _, err := b.out.WriteString("# EOF\n"); err != nil && b.err == nil {
		b.err = err
	}
	if err := b.out.Flush(); err != nil && b.err == nil {
		b.err = err
	}
	if err := b.file.Close(); err != nil && b.err == nil {
		b.err = err
	}
	if b.err != nil {
		return fmt.Errorf("gather samples: %w", b.err)
	}
	return promtool(ctx, "tsdb", "create-blocks-from", "openmetrics", "--quiet", b.file.Name(), data)
}

// BackfillRules has promtool evaluate recording rules over the past that a Prometheus
// holds. The blocks are in the folder; Prometheus sees them when it starts again.
func (p *Prometheus) BackfillRules(ctx context.Context, from, to time.Time, step time.Duration, files ...string) error {
	args := []string{
		"tsdb", "create-blocks-from", "rules", "--url=http://" + p.Address, "--start=" + from.Format(time.RFC3339), "--end=" + to.Format(time.RFC3339),
		"--eval-interval=" + step.String(), "--output-dir=" + p.Data,
	}
	return promtool(ctx, append(args, files...)...)
}

func promtool(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, "promtool", args...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("promtool %s: %w\n%s", strings.Join(args[:3], " "), err, out)
	}
	return nil
}

// Copy copies the files of a folder into another, as promtool and Prometheus want
// them beside each other.
func Copy(to, from string) error {
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return os.WriteFile(filepath.Join(to, "godrift.token"), []byte("secret"), 0o600)
}
