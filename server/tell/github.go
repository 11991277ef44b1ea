package tell

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// GitHub writes findings as workflow commands, which GitHub Actions turns into
// annotations. Dir of the options must be the root of the checkout.
//
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func GitHub(w io.Writer, reports []*drift.Report, opts Options) error {
	for _, r := range reports {
		texts := TextsOf(r.Snapshot)
		for _, f := range r.Findings {
			if _, err := io.WriteString(w, annotation(f, texts, opts)+"\n"); err != nil {
				return err
			}
		}
	}
	return nil
}

// mostAnnotated is how many related places one annotation names: GitHub cuts
// long messages off.
const mostAnnotated = 20

func annotation(f drift.Finding, texts Texts, opts Options) string {
	command := "notice"
	switch f.Severity {
	case drift.SeverityError:
		command = "error"
	case drift.SeverityWarning:
		command = "warning"
	}
	message := strings.TrimRight(f.Message, "\n")
	var properties []string
	add := func(name, value string) {
		properties = append(properties, name+"="+githubProperty.Replace(clean(value)))
	}

	r := texts.Range(f.Place)
	if f.Place.File != "" && drift.Within(opts.Dir, f.Place.File) {
		rel, err := filepath.Rel(opts.Dir, f.Place.File)
		if err != nil {
			rel = f.Place.File
		}
		add("file", filepath.ToSlash(rel))
		if r.Line > 0 {
			add("line", fmt.Sprint(r.Line))
			add("endLine", fmt.Sprint(r.EndLine))
			if r.Line == r.EndLine {
				// Columns count only within one line; the end is inclusive.
				add("col", fmt.Sprint(r.Column))
				add("endColumn", fmt.Sprint(max(r.Column, r.EndColumn-1)))
			}
		}
	} else if f.Place.File != "" {
		message += "\n" + opts.at(r)
	}
	add("title", "godrift "+f.Code)
	for i, rel := range f.Related {
		if i == mostAnnotated {
			message += "\nand " + drift.Plural(len(f.Related)-i, "more place")
			break
		}
		message += "\n" + opts.at(texts.Range(rel.Place)) + ": " + rel.Message
	}
	if fixes := slices.DeleteFunc(SortFixes(f.Fixes), drift.Fix.NeedsEditor); len(fixes) > 0 && fixes[0].Kind == drift.FixRepair {
		message += "\nFix: " + fixes[0].Title
	}
	return "::" + command + " " + strings.Join(properties, ",") + "::" + githubMessage.Replace(clean(drift.MaskText(message)))
}

// What the runner's parser unescapes.
var (
	githubMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
