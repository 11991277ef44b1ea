package rules

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

var update = flag.Bool("update", false, "write what the rules find into the cases")

// TestCases runs every testdata/<code>/*.txtar: the findings, with what their
// fixes do, must be those in the section "want". In a case whose name begins
// with "silent" the rule has nothing to say.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases found: %v", err)
	}
	for _, file := range files {
		code := filepath.Base(filepath.Dir(file))
		t.Run(code+"/"+filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := buildCase(t, archive)
			findings := Run(context.Background(), in)
			checkSanity(t, in, findings)
			has := slices.ContainsFunc(findings, func(f drift.Finding) bool { return f.Code == code })
			if silent := strings.HasPrefix(filepath.Base(file), "silent"); has == silent {
				t.Errorf("%s found: %v; the name of the case says %v", code, has, !silent)
			}
			got := render(in, findings)
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
			if *update {
				if i < 0 {
					archive.Files, i = append(archive.Files, txtar.File{Name: "want"}), len(archive.Files)
				}
				archive.Files[i].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if i < 0 {
				t.Fatal("the case has no section want; run go test -update and read what it writes")
			}
			if diff := cmp.Diff(string(archive.Files[i].Data), got); diff != "" {
				t.Errorf("findings differ (-want +got):\n%s", diff)
			}
		})
	}
}

// render writes findings so that a person can judge them.
func render(in Input, findings []drift.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s %s", f.Severity, f.Code, in.at(f.Place))
		if doc, ok := in.Snapshot.Documents[f.Place.File]; ok {
			fmt.Fprintf(&b, " %q", doc.Text[f.Place.Span.Start:f.Place.Span.End])
		}
		fmt.Fprintf(&b, "\n  %s\n", f.Message)
		for _, r := range f.Related {
			fmt.Fprintf(&b, "  also %s: %s\n", in.at(r.Place), r.Message)
		}
		for _, fix := range f.Fixes {
			mark := "-"
			if fix.Preferred {
				mark = "*"
			}
			fmt.Fprintf(&b, "  %s %s\n", mark, fix.Title)
			if fix.Kind == drift.FixAccept {
				continue // TestAcceptSilences holds what they must do
			}
			if fix.Note != "" {
				fmt.Fprintf(&b, "      %s\n", fix.Note)
			}
			for _, a := range fix.Actions {
				fmt.Fprintf(&b, "      %s%s\n", a.Kind, renderAction(in, a))
			}
		}
	}
	return b.String()
}

func renderAction(in Input, a drift.Action) string {
	switch a.Kind {
	case drift.ActionTrimCache:
		return " " + a.File + " to " + drift.Bytes(a.Limit)
	case drift.ActionMove:
		return " " + a.File + " to " + a.To
	case drift.ActionPrependShell:
		return " " + a.Variable + ": " + a.Value + a.Toolchain
	case drift.ActionInstallToolchain, drift.ActionInstallSDK:
		return " " + a.Toolchain
	case drift.ActionRebuildTool:
		return fmt.Sprintf(" %s: %s@%s with %s", a.File, a.Package, a.Version, a.Toolchain)
	case drift.ActionEdit:
		text := " " + in.rel(a.File)
		for _, e := range a.Edits {
			text += fmt.Sprintf(" %q -> %q", in.Snapshot.Documents[a.File].Text[e.Span.Start:e.Span.End], e.New)
		}
		return text
	}
	return " " + a.Variable + "=" + a.Value
}

// checkSanity holds what is true of every finding.
func checkSanity(t *testing.T, in Input, findings []drift.Finding) {
	t.Helper()
	ids := map[string]bool{}
	for _, f := range findings {
		if f.Severity.Rank() == 0 || f.Message == "" || !strings.ContainsAny(f.Message[max(0, len(f.Message)-1):], ".?") {
			t.Errorf("%s: severity %q, message %q", f.Code, f.Severity, f.Message)
		}
		preferred := 0
		for _, fix := range f.Fixes {
			if fix.ID == "" || ids[fix.ID] {
				t.Errorf("%s: the ID %q of %q is empty or not its own", f.Code, fix.ID, fix.Title)
			}
			ids[fix.ID] = true
			if fix.Preferred {
				preferred++
			}
			for _, a := range fix.Actions {
				if a.Kind == drift.ActionEdit && !a.Create && (a.Hash == "" || a.Hash != in.Snapshot.Documents[a.File].Hash) {
					t.Errorf("%s: the edit of %s has not the hash of what was read", f.Code, a.File)
				}
				sets := a.Kind == drift.ActionSetGOENV || a.Kind == drift.ActionSetEditor || a.Kind == drift.ActionSetShell
				if sets && loosens(a.Variable, a.Value) {
					t.Errorf("%s: %q weakens checks", f.Code, fix.Title)
				}
			}
		}
		if preferred > 1 {
			t.Errorf("%s: %d fixes are preferred", f.Code, preferred)
		}
	}
	again := Run(context.Background(), in)
	if diff := cmp.Diff(findings, again); diff != "" {
		t.Errorf("a second run differs:\n%s", diff)
	}
}

// TestAcceptSilences applies the accept fix of every finding of every case: the
// finding must be gone, and the policy must be without a mistake.
func TestAcceptSilences(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		in := buildCase(t, archive)
		before := Run(context.Background(), in)
		for _, f := range before {
			i := slices.IndexFunc(f.Fixes, func(fix drift.Fix) bool { return fix.Kind == drift.FixAccept })
			if i < 0 {
				continue
			}
			accepted++
			after := in
			edit := f.Fixes[i].Actions[0]
			had := in.Snapshot.Documents[edit.File].Text
			text := append(slices.Clone(had), edit.Edits[0].New...)
			if edit.Edits[0].Span.Start != len(had) {
				t.Errorf("%s: %s: the entry is not added at the end", file, f.Code)
			}
			var problems []drift.Problem
			after.Policy, problems = policy.Parse(drift.Document{File: edit.File, Text: text})
			if len(problems) > len(in.Policy.Problems) {
				t.Errorf("%s: %s: the entry is wrong: %v\n%s", file, f.Code, problems, text)
			}
			for _, left := range Run(context.Background(), after) {
				if left.Code == f.Code && left.Place == f.Place && left.Subject == f.Subject {
					t.Errorf("%s: %s is still there after it was accepted: %s\n%s", file, f.Code, left.Message, edit.Edits[0].New)
				}
				if left.Code == "policy-unused" && left.Place.Span.Start >= len(had) {
					t.Errorf("%s: %s: the new entry is called unused", file, f.Code)
				}
			}
		}
	}
	if accepted < 10 {
		t.Errorf("only %d findings could be accepted", accepted)
	}
}

// TestEveryRule demands of every rule a page, a case that fires and one that is
// silent.
func TestEveryRule(t *testing.T) {
	pages := map[string]string{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			if d, ok := decl.(*ast.GenDecl); ok && d.Tok == token.VAR && d.Doc != nil {
				word, _, _ := strings.Cut(d.Doc.Text(), " ")
				pages[word] = d.Doc.Text()
				if src, err := os.ReadFile(file); err == nil && strings.Contains(word, "-") && strings.Count(string(src), "\n") > 150 {
					t.Errorf("%s has more than 150 lines", file)
				}
			}
		}
	}
	seen := map[string]bool{}
	for _, rule := range Catalog {
		if seen[rule.Code] {
			t.Errorf("%s is listed twice", rule.Code)
		}
		seen[rule.Code] = true
		for _, part := range []string{"reports", "# Why it matters", "# Example", "# How to fix it", "# How to silence it"} {
			if !strings.Contains(pages[rule.Code], part) {
				t.Errorf("the page of %s has no %q", rule.Code, part)
			}
		}
		if rule.Title == "" || rule.Group == "" || rule.Severity.Rank() == 0 && rule.Severity != drift.SeverityOff || rule.Check == nil {
			t.Errorf("%s is not declared in full", rule.Code)
		}
		fires, silent := 0, 0
		cases, err := filepath.Glob("testdata/" + rule.Code + "/*.txtar")
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if strings.HasPrefix(filepath.Base(c), "silent") {
				silent++
			} else {
				fires++
			}
		}
		if fires == 0 || silent == 0 {
			t.Errorf("%s has %d cases in which it fires and %d in which it is silent", rule.Code, fires, silent)
		}
	}
}

// TestFixesMend applies every fix that edits files, in the cases in which the
// files alone decide: what it was offered for must be gone.
func TestFixesMend(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	applied := 0
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if text := txtar.Format(archive); bytes.Contains(text, []byte(`"select"`)) || bytes.Contains(text, []byte(`"pins"`)) {
			continue // what the go command does, or what a pin says, would have to be asked anew
		}
		in := buildCase(t, archive)
		for _, f := range Run(context.Background(), in) {
			for _, fix := range f.Fixes {
				if fix.EditsOnly() && fix.Kind == drift.FixRepair {
					applied++
					mends(t, file, archive, f, fix)
				}
			}
		}
	}
	if applied < 20 {
		t.Errorf("only %d fixes were applied", applied)
	}
}

func mends(t *testing.T, file string, archive *txtar.Archive, f drift.Finding, fix drift.Fix) {
	t.Helper()
	fixed := &txtar.Archive{Files: slices.Clone(archive.Files)}
	for _, a := range fix.Actions {
		rel, err := filepath.Rel(caseRoot, a.File)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(fixed.Files, func(f txtar.File) bool { return f.Name == rel })
		text := string(fixed.Files[i].Data)
		for _, e := range slices.Backward(a.Edits) {
			text = text[:e.Span.Start] + e.New + text[e.Span.End:]
		}
		fixed.Files[i].Data = []byte(text)
	}
	for _, left := range Run(context.Background(), buildCase(t, fixed)) {
		if left.Code == f.Code && left.Place.File == f.Place.File && left.Subject == f.Subject && left.Value == f.Value &&
			(f.Subject != "" || left.Message == f.Message) {
			t.Errorf("%s: %q leaves %s: %s", file, fix.Title, left.Code, left.Message)
		}
		if left.Code == "pin-invalid" && f.Code != "pin-invalid" {
			t.Errorf("%s: %q makes %s", file, fix.Title, left.Message)
		}
	}
}
