package tell

import (
	"encoding/xml"
	"io"
	"strings"

	"godrift.dev/server/drift"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	Classname string        `xml:"classname,attr"`
	File      string        `xml:"file,attr,omitempty"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure,omitempty"`
	Output    string        `xml:"system-out,omitempty"`
}

type junitFailure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes findings as a JUnit report: one suite for each workspace, one
// failed case for each finding that fails the run; the others are cases that
// passed and have something to say. A workspace without findings is one case
// that passed, because readers take a report without cases for a broken one.
func JUnit(w io.Writer, reports []*drift.Report, opts Options) error {
	all := junitSuites{Name: "godrift"}
	for _, r := range reports {
		texts := TextsOf(r.Snapshot)
		suite := junitSuite{Name: clean(r.Snapshot.Root)}
		for _, f := range r.Findings {
			at := texts.Range(f.Place)
			c := junitCase{
				Name: f.Code + " " + clean(opts.at(at)), Classname: "godrift." + f.Code,
				File: clean(Relative(opts.Dir, f.Place.File)), Line: at.Line,
			}
			message := clean(drift.MaskText(f.Message))
			head, _, _ := strings.Cut(message, "\n")
			if opts.fails(f.Severity) {
				c.Failure = &junitFailure{Type: string(f.Severity), Message: head, Text: message}
				suite.Failures++
			} else {
				c.Output = string(f.Severity) + ": " + message
			}
			suite.Cases = append(suite.Cases, c)
		}
		if len(suite.Cases) == 0 {
			suite.Cases = []junitCase{{Name: "no findings", Classname: "godrift"}}
		}
		suite.Tests = len(suite.Cases)
		all.Tests += suite.Tests
		all.Failures += suite.Failures
		all.Suites = append(all.Suites, suite)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
