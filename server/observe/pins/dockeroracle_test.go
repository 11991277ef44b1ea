package pins

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dockerOutline is what a Dockerfile consists of as the lexer sees it:
// instructions with their lines, flags and heredocs, and stages with the images
// they come from.
func dockerOutline(text []byte) string {
	doc := document("/w/Dockerfile", text)
	p := &dockerParser{doc: doc, text: string(doc.Text), dialect: dockerfileDialect}
	p.all, p.escape = lexDockerfile(p.text)
	p.stages = p.findStages()
	var b, stages strings.Builder
	stage := 0
	for _, in := range p.all {
		name := in.name
		if fields := strings.Fields(in.line.text); len(fields) > 0 && strings.EqualFold(fields[0], "ONBUILD") {
			fmt.Fprintf(&b, "%d ONBUILD\n", 1+bytes.Count(doc.Text[:in.line.offset(0)], []byte("\n")))
			continue
		}
		fmt.Fprintf(&b, "%d %s", 1+bytes.Count(doc.Text[:in.line.offset(0)], []byte("\n")), name)
		for _, f := range in.flags {
			fmt.Fprintf(&b, " %s", in.line.word(f))
		}
		for _, body := range in.bodies {
			fmt.Fprintf(&b, " <<%d", bytes.Count(doc.Text[body.start:body.end], []byte("\n")))
		}
		b.WriteByte('\n')
		if name == "FROM" {
			w := fromImage(in)
			image := p.expander(in, p.global).expand(w.start, w.end)
			s := p.stages[stage]
			fmt.Fprintf(&stages, "stage %d %q from %q", stage, strings.ToLower(s.name), strings.ReplaceAll(string(image.text), string(missingMark), ""))
			if s.base >= 0 {
				fmt.Fprintf(&stages, " (stage %d)", s.base)
			}
			stages.WriteByte('\n')
			stage++
		}
	}
	return b.String() + stages.String()
}

// TestDockerOutline holds what the lexer sees in odd Dockerfiles. That BuildKit
// sees the same is checked by the module in scripts/dockeroracle, which reads
// the same files.
func TestDockerOutline(t *testing.T) {
	files, err := filepath.Glob("testdata/docker/*.Dockerfile")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.TrimSuffix(file, ".Dockerfile") + ".outline"
		got := dockerOutline(text)
		if *update {
			if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(want)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(have) {
			t.Errorf("%s: got\n%swant\n%s", file, got, have)
		}
	}
}
