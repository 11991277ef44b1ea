package tell_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

func TestWhyNamesGosAbsolutely(t *testing.T) {
	skipOnWindows(t)
	doc := tell.WhyDocument{Selection: tell.Selection{Dir: "/src/app", Selected: "go1.26.2", How: drift.HowLocal, GOROOT: "/src/oldgo"}}
	doc.Toolchains = []tell.Go{{Path: "/src/oldgo/bin/go", Version: "go1.26.2"}, {Path: "/home/ada/sdk/go/bin/go", Version: "go1.25.0"}}
	got := string(render(t, func(w io.Writer) error {
		return tell.WhyText(w, doc, false, tell.Options{Dir: "/src", Home: "/home/ada"})
	}))
	for _, want := range []string{"from /src/oldgo", " /src/oldgo/bin/go", " ~/sdk/go/bin/go"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func TestReportsOfferNoFixThatOnlyAnEditorCanDo(t *testing.T) {
	r := &drift.Report{Snapshot: &drift.Snapshot{Root: "/w"}, Findings: []drift.Finding{{
		Code: "x", Severity: drift.SeverityError, Message: "Wrong.",
		Fixes: []drift.Fix{
			{ID: "1", Title: "Only here", Kind: drift.FixRepair, Preferred: true, Actions: []drift.Action{{Kind: drift.ActionSetEditor}}},
			{ID: "2", Title: "Anywhere", Kind: drift.FixRepair, Actions: []drift.Action{{Kind: drift.ActionUnsetGOENV}}},
		},
	}}}
	for i := range 30 {
		r.Findings[0].Related = append(r.Findings[0].Related, drift.Related{Place: drift.Place{File: fmt.Sprintf("/w/m%d/go.mod", i)}, Message: "too"})
	}
	for name, f := range map[string]func(io.Writer, []*drift.Report, tell.Options) error{
		"github": tell.GitHub, "junit": tell.JUnit, "sarif": tell.SARIF, "text": tell.CheckText,
	} {
		var b bytes.Buffer
		if err := f(&b, []*drift.Report{r}, tell.Options{Dir: "/w"}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "Only here") {
			t.Errorf("%s offers it:\n%s", name, b.String())
		}
		if name == "github" && !strings.HasSuffix(b.String(), "%0Aand 10 more places%0AFix: Anywhere\n") {
			t.Errorf("github: %s", b.String())
		}
	}
}

func TestANameOutlivesAMove(t *testing.T) {
	a := drift.Finding{Code: "x", Place: drift.Place{File: "/w/go.mod"}}
	b := drift.Finding{Code: "x", Place: drift.Place{File: "/w/m/go.mod"}, Origin: a.Place}
	texts := tell.TextsOf(nil)
	if x, y := tell.IDs("/w", []drift.Finding{a}, texts)[0], tell.IDs("/w", []drift.Finding{b}, texts)[0]; x != y {
		t.Errorf("%s became %s", x, y)
	}
}
