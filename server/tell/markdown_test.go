package tell_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// diagnosed is a report with what alerts carry a diagnosis for.
func diagnosed() *drift.Report {
	r := sample()
	r.Snapshot.Time = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	r.Snapshot.Environment.Host = drift.Host{GOOS: "linux", GOARCH: "amd64"}
	r.Snapshot.Selection.Error = "go: errors parsing go.mod:\n```\n/src/app/go.mod:3: invalid go version `<b>`\n"
	r.Snapshot.Cgo = &drift.CgoState{Target: drift.CgoTarget{
		GOOS: "windows", GOARCH: "arm64", Verdict: drift.CgoFails, Why: "a variable says so",
		Enabled:  drift.Variable{Name: "CGO_ENABLED", Layer: drift.Layer{Value: "1"}},
		Compiler: drift.CgoCompiler{Path: "/usr/bin/cc", Version: "cc 14", Machine: "x86_64-linux-gnu"},
		Output:   "# runtime/cgo\n```sh\nrm -rf /\n```\ncc: error: --token=hunter2hunter2hunter2hunter2",
		Problem: &drift.CgoProblem{Cause: drift.CgoOtherMachine, Name: "cc", Line: "cc: error", Remedies: []drift.CgoRemedy{
			{Text: "install a compiler for it", Command: "apt-get install gcc-mingw-w64"}, {Text: "set CC"},
		}},
	}}
	r.Snapshot.Cache = &drift.Cache{Dir: "/home/ada/.cache/go-build", Checked: r.Snapshot.Time, Bad: []drift.CacheBad{
		{Path: "/home/ada/.cache/go-build/00/00-d", Reason: "hash", Detail: "it is not what its name says"},
	}}
	r.Findings = append(r.Findings,
		drift.Finding{Code: "cgo-cannot-build", Severity: drift.SeverityWarning, Message: "cgo is on and windows/arm64 cannot be built."},
		drift.Finding{Code: "gocache-corrupt", Severity: drift.SeverityError, Message: "1 entry is <img src=x> not what it should be.\n[click](http://evil.example) @everyone"},
	)
	return r
}

var history = []drift.Moment{
	{
		Time: time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC), Cause: drift.Cause{Kind: drift.CauseBranch, Text: "main → `feature`"},
		Changes: []drift.Change{{Key: drift.KeyGoPath, Old: "/opt/go/bin/go", New: "/usr/local/go/bin/go"}, {Key: drift.EnvKey("CC"), Old: "gcc", New: "c`c"}},
	},
}

func TestMarkdown(t *testing.T) {
	skipOnWindows(t)
	r := diagnosed()
	clean := &drift.Report{Snapshot: &drift.Snapshot{Root: "/src/other", Selection: drift.Selection{Selected: "go1.26.8"}}, Score: 100}
	for name, f := range map[string]func(io.Writer) error{
		"check.md": func(w io.Writer) error {
			return tell.Markdown(w, []*drift.Report{r}, func(string) []drift.Moment { return history }, options)
		},
		"check.clean.md": func(w io.Writer) error { return tell.Markdown(w, []*drift.Report{clean}, nil, options) },
		"diagnosis.md": func(w io.Writer) error {
			_, err := io.WriteString(w, tell.Diagnosis(r, len(r.Findings)-2, tell.SinceOf(r, r.Findings[len(r.Findings)-2], history), options))
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, f)
			golden(t, name, got)
			if strings.Contains(string(got), "hunter2") {
				t.Error("a secret is shown")
			}
			if strings.ContainsRune(string(got), 0x1b) {
				t.Error("an escape sequence came through")
			}
		})
	}
}

// What a block of code holds cannot end it, whatever stands in it, also when the report is
// cut.
func TestBlocksHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := diagnosed()
		piece := rapid.SampledFrom([]string{"```", "````", "`", "~~~", "\n", "# head\n", "<b>", "x", "\r\n", strings.Repeat("y", 3000), "    ", "|", "\x1b[31m"})
		var b strings.Builder
		for range rapid.IntRange(0, 40).Draw(t, "n") {
			b.WriteString(piece.Draw(t, "piece"))
		}
		r.Snapshot.Cgo.Target.Output = b.String()
		text := tell.Diagnosis(r, len(r.Findings)-2, tell.Since{}, options)
		if len(text) > 21_000 {
			t.Fatalf("%d bytes", len(text))
		}
		open := ""
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			fence := line[:len(line)-len(strings.TrimLeft(line, "`"))]
			switch {
			case open == "" && len(fence) >= 3:
				open = fence
			case open != "" && len(fence) >= len(open) && strings.TrimSpace(line[len(fence):]) == "":
				open = ""
			case open == "" && strings.HasPrefix(line, "#") && !regexp.MustCompile(`^#{1,3} `).MatchString(line):
				t.Fatalf("a heading of its own: %q", line)
			case open == "" && strings.HasPrefix(line, "# head"):
				t.Fatalf("the output left its block: %q", line)
			}
		}
		if open != "" {
			t.Fatalf("a block is left open:\n%s", text)
		}
	})
}

// What has a meaning in Markdown is escaped: a link, HTML, a mention, a list, a table.
func TestEscape(t *testing.T) {
	for text, want := range map[string]string{
		"plain text, nothing else.":      "plain text, nothing else.",
		"a-b c.d (e) 1.25.3":             "a-b c.d (e) 1.25.3",
		"[x](http://evil.example)":       `\[x\]\(http\://evil.example)`,
		"![x](y)":                        `\!\[x\]\(y)`,
		"<script>alert(1)</script>":      `\<script\>alert(1)\</script\>`,
		"*b* _i_ `c` ~s~":                `\*b\* \_i\_ ` + "\\`c\\`" + ` \~s\~`,
		"# head":                         `\# head`,
		"- item":                         `\- item`,
		"1. item":                        `1\. item`,
		"a | b":                          `a \| b`,
		"&lt;":                           `\&lt;`,
		`a\b`:                            `a\\b`,
		"@everyone":                      "@\u2060everyone",
		"two\nlines\r\nthree\tfour":      "two lines three four",
		"\x1b[31mred":                    "\ufffd\\[31mred",
		"https://example.org/a":          `https\://example.org/a`,
		"go: go.mod requires go >= 1.25": `go: go.mod requires go \>= 1.25`,
	} {
		if got := tell.Escape(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		got := tell.Escape(rapid.String().Draw(t, "text"))
		if strings.ContainsAny(got, "\n\r\t") {
			t.Fatalf("%q has lines", got)
		}
		for i := 0; i < len(got); i++ {
			switch got[i] {
			case '\\':
				i++
			case '<', '>', '[', ']', '*', '_', '`', '|', '~', '&', '!':
				t.Fatalf("%q holds %q as it is", got, got[i])
			}
		}
	})
}

// Code shows what it is given, and ends where it ends.
func TestCode(t *testing.T) {
	for text, want := range map[string]string{
		"a": "`a`", "": "` `", "a`b": "``a`b``", "`a`": "`` `a` ``", "a``b": "```a``b```", "a\nb": "`a b`",
	} {
		if got := tell.Code(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
