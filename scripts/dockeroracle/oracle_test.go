// Package dockeroracle checks what godrift sees in Dockerfiles against BuildKit.
// It is a module of its own, so that BuildKit and all it needs stay out of
// godrift's. Run it with
//
//	cd scripts/dockeroracle && go test ./...
package dockeroracle

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// outline is what BuildKit sees: instructions with their lines, flags and
// heredocs, and stages with the images they come from.
func outline(text []byte) (string, error) {
	result, err := parser.Parse(bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, node := range result.AST.Children {
		fmt.Fprintf(&b, "%d %s", node.StartLine, strings.ToUpper(node.Value))
		if strings.EqualFold(node.Value, "ONBUILD") {
			b.WriteByte('\n')
			continue
		}
		for _, f := range node.Flags {
			b.WriteString(" " + f)
		}
		for _, h := range node.Heredocs {
			fmt.Fprintf(&b, " <<%d", strings.Count(h.Content, "\n"))
		}
		b.WriteByte('\n')
	}
	err = stages(&b, result)
	return b.String(), err
}

func stages(b *strings.Builder, result *parser.Result) error {
	all, meta, err := instructions.Parse(result.AST, linter.New(&linter.Config{}))
	if err != nil {
		return err
	}
	lex := shell.NewLex(result.EscapeToken)
	env := []string{
		"BUILDPLATFORM=linux/amd64", "BUILDOS=linux", "BUILDARCH=amd64", "BUILDVARIANT=",
		"TARGETPLATFORM=linux/amd64", "TARGETOS=linux", "TARGETARCH=amd64", "TARGETVARIANT=",
	}
	for _, m := range meta {
		for _, arg := range m.Args {
			if arg.Value == nil {
				continue
			}
			value, _, err := lex.ProcessWord(*arg.Value, shell.EnvsFromSlice(env))
			if err != nil {
				return err
			}
			env = append(env, arg.Key+"="+value)
		}
	}
	names := map[string]int{}
	for i, s := range all {
		image, _, err := lex.ProcessWord(s.BaseName, shell.EnvsFromSlice(env))
		if err != nil {
			return err
		}
		fmt.Fprintf(b, "stage %d %q from %q", i, s.Name, image)
		if base, ok := names[strings.ToLower(image)]; ok {
			fmt.Fprintf(b, " (stage %d)", base)
		}
		b.WriteByte('\n')
		if s.Name != "" {
			names[s.Name] = i
		}
	}
	return nil
}

func TestOutline(t *testing.T) {
	files, err := filepath.Glob("../../server/observe/pins/testdata/docker/*.Dockerfile")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		ours, err := os.ReadFile(strings.TrimSuffix(file, ".Dockerfile") + ".outline")
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := outline(text)
		if err != nil {
			t.Errorf("%s: BuildKit refuses it: %v", file, err)
			continue
		}
		if string(ours) != theirs {
			t.Errorf("%s: BuildKit sees\n%sgodrift sees\n%s", file, theirs, ours)
		}
	}
}
