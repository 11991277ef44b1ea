package tell

import (
	"bytes"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// The part of SARIF 2.1.0 that is written. The names are the standard's.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool               sarifTool                `json:"tool"`
		OriginalURIBaseIDs map[string]sarifArtifact `json:"originalUriBaseIds"`
		ColumnKind         string                   `json:"columnKind"`
		Results            []sarifResult            `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		InformationURI string      `json:"informationUri"`
		Version        string      `json:"version,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string          `json:"id"`
		ShortDescription *sarifMessage   `json:"shortDescription,omitempty"`
		Help             *sarifMessage   `json:"help,omitempty"`
		Default          sarifRuleConfig `json:"defaultConfiguration"`
	}
	sarifRuleConfig struct {
		Level   string `json:"level"`
		Enabled bool   `json:"enabled"`
	}
	sarifMessage struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifMessage      `json:"message"`
		Locations           []sarifLocation   `json:"locations"`
		RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
		Fixes               []sarifFix        `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID       *int           `json:"id,omitempty"`
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
		Message  *sarifMessage  `json:"message,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifLogical struct {
		Name string `json:"name"`
		Kind string `json:"kind"`
	}
	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId,omitempty"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Description sarifMessage  `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion   `json:"deletedRegion"`
		Inserted *sarifContent `json:"insertedContent,omitempty"`
	}
	sarifContent struct {
		Text string `json:"text"`
	}
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifRoot   = "%SRCROOT%"
)

// SARIF writes findings as SARIF 2.1.0, one run for each workspace. Files inside
// the workspace are named relative to it.
func SARIF(w io.Writer, reports []*drift.Report, opts Options) error {
	log := sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{}}
	for _, r := range reports {
		log.Runs = append(log.Runs, sarifRunOf(r, opts))
	}
	return JSON(w, log)
}

func sarifRunOf(r *drift.Report, opts Options) sarifRun {
	s := sarifWriter{root: r.Snapshot.Root, texts: TextsOf(r.Snapshot), index: map[string]int{}}
	for _, rule := range opts.Rules {
		s.rule(rule)
	}
	run := sarifRun{
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
		OriginalURIBaseIDs: map[string]sarifArtifact{
			sarifRoot: {URI: strings.TrimSuffix(fileURI(r.Snapshot.Root), "/") + "/"},
		},
	}
	ids := IDs(s.root, r.Findings, s.texts)
	for i, f := range r.Findings {
		run.Results = append(run.Results, s.result(f, ids[i]))
	}
	run.Tool.Driver = sarifDriver{Name: "godrift", InformationURI: "https://godrift.dev", Version: opts.Version, Rules: s.rules}
	return run
}

// sarifWriter turns the findings of one workspace into results.
type sarifWriter struct {
	root  string
	texts Texts
	rules []sarifRule
	index map[string]int
}

func (s *sarifWriter) rule(r Rule) int {
	out := sarifRule{ID: r.Code, Default: sarifRuleConfig{Level: sarifLevel(r.Severity), Enabled: r.Severity != drift.SeverityOff}}
	if r.Title != "" {
		out.ShortDescription = &sarifMessage{Text: r.Title}
	}
	if r.Help != "" {
		out.Help = &sarifMessage{Text: r.Title, Markdown: r.Help}
		if r.Title == "" {
			out.Help.Text = r.Code
		}
	}
	s.rules = append(s.rules, out)
	s.index[r.Code] = len(s.rules) - 1
	return len(s.rules) - 1
}

func (s *sarifWriter) result(f drift.Finding, id string) sarifResult {
	index, ok := s.index[f.Code]
	if !ok {
		index = s.rule(Rule{Code: f.Code, Severity: f.Severity})
	}
	out := sarifResult{
		RuleID: f.Code, RuleIndex: index, Level: sarifLevel(f.Severity), Message: sarifMessage{Text: drift.MaskText(f.Message)},
		Locations: []sarifLocation{s.location(f.Place)}, PartialFingerprints: map[string]string{"godrift/v1": id},
	}
	for i, r := range f.Related {
		l := s.location(r.Place)
		l.ID, l.Message = &i, &sarifMessage{Text: drift.MaskText(r.Message)}
		out.RelatedLocations = append(out.RelatedLocations, l)
	}
	for _, x := range SortFixes(f.Fixes) {
		// SARIF can tell of changes to text only, and accepting is no repair.
		if x.Kind != drift.FixRepair || !x.EditsOnly() {
			continue
		}
		if fix, ok := s.fix(x); ok {
			out.Fixes = append(out.Fixes, fix)
		}
	}
	return out
}

func (s *sarifWriter) fix(x drift.Fix) (sarifFix, bool) {
	out := sarifFix{Description: sarifMessage{Text: drift.MaskText(x.Title)}}
	for _, a := range x.Actions {
		if a.Create {
			return out, false
		}
		change := sarifChange{Artifact: s.artifact(a.File)}
		for _, e := range a.Edits {
			region := s.region(drift.Place{File: a.File, Span: e.Span})
			if region == nil {
				return out, false
			}
			rep := sarifReplacement{Deleted: *region}
			if e.New != "" {
				rep.Inserted = &sarifContent{Text: e.New}
			}
			change.Replacements = append(change.Replacements, rep)
		}
		if len(change.Replacements) == 0 {
			return out, false
		}
		out.Changes = append(out.Changes, change)
	}
	return out, true
}

func (s *sarifWriter) location(p drift.Place) sarifLocation {
	if p.File == "" {
		return sarifLocation{Logical: []sarifLogical{{Name: "environment", Kind: "process environment"}}}
	}
	l := sarifLocation{Physical: &sarifPhysical{Artifact: s.artifact(p.File)}}
	if p.Span != (drift.Span{}) {
		l.Physical.Region = s.region(p)
	}
	return l
}

func (s *sarifWriter) artifact(file string) sarifArtifact {
	if file != s.root && drift.Within(s.root, file) {
		rel := (&url.URL{Path: Relative(s.root, file)}).String()
		return sarifArtifact{URI: rel, URIBaseID: sarifRoot}
	}
	return sarifArtifact{URI: fileURI(file)}
}

// region is nil if the text is not at hand.
func (s *sarifWriter) region(p drift.Place) *sarifRegion {
	doc, ok := s.texts(p.File)
	if !ok {
		return nil
	}
	start := drift.PositionOf(doc.Text, p.Span.Start)
	end := drift.PositionOf(doc.Text, max(p.Span.Start, p.Span.End))
	return &sarifRegion{
		StartLine: start.Line, StartColumn: 1 + units(doc.Text, p.Span.Start),
		EndLine: end.Line, EndColumn: 1 + units(doc.Text, max(p.Span.Start, p.Span.End)),
	}
}

// units counts the UTF-16 code units between the start of a line and offset.
func units(text []byte, offset int) int {
	offset = max(0, min(offset, len(text)))
	line := text[bytes.LastIndexByte(text[:offset], '\n')+1 : offset]
	n := 0
	for len(line) > 0 {
		r, size := utf8.DecodeRune(line)
		n += utf16.RuneLen(r)
		line = line[size:]
	}
	return n
}

func sarifLevel(s drift.Severity) string {
	switch s {
	case drift.SeverityError:
		return "error"
	case drift.SeverityWarning:
		return "warning"
	case drift.SeverityInfo, drift.SeverityHint:
		return "note"
	}
	return "none"
}

// fileURI is file as a URI; bytes that are no UTF-8 are escaped as they are.
func fileURI(file string) string {
	p := filepath.ToSlash(file)
	switch {
	case strings.HasPrefix(p, "//"): // \\host\share
		host, rest, _ := strings.Cut(p[2:], "/")
		return (&url.URL{Scheme: "file", Host: host, Path: "/" + rest}).String()
	case !strings.HasPrefix(p, "/"): // C:\
		p = "/" + p
	}
	return (&url.URL{Scheme: "file", Path: p}).String()
}
