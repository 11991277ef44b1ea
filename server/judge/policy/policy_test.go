package policy

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pelletier/go-toml/v2"

	"godrift.dev/server/drift"
)

const file = "/w/godrift.toml"

func parse(text string) (*Policy, []string) {
	p, problems := Parse(drift.Document{File: file, Text: []byte(text)})
	var list []string
	for _, problem := range problems {
		at := drift.PositionOf([]byte(text), problem.Place.Span.Start)
		list = append(list, fmt.Sprintf("%d:%d %q %s", at.Line, at.Column, text[problem.Place.Span.Start:problem.Place.Span.End], problem.Message))
	}
	return p, list
}

const full = `# every key there is
[go]
version = "1.25.3"

[severity]
toolchain-drift = "error"
pin-disagrees = "off"

[distance.toolchain-drift]
major = "error"
minor = "warning"
patch = "off"

[[path]]
glob = "examples/**"
severity = { pin-invalid = "info", "*" = "off" }

[[pin]]
path = "go.toolchain.rev"
pattern = '^go(1\.\S+)$'

[[pin]]
path = "package.json"
key = "engines.go"
role = "develop"
meaning = "exact"

[[allow]]
rule = "env-leftover"
path = "a/*.mod"
variable = "GOFLAGS"
value = "-mod=mod"
reason = "It is so."

[[allow]]
rule = "env-leftover"
variable = "GOPROXY"
pattern = 'https://.*'
reason = "It is so."
until = "2026-12-31"

[contract]
go = ">=1.25.3 <1.27"
forbid = ["GOEXPERIMENT", "GOSUMDB=off"]

[contract.require]
CGO_ENABLED = "0"

[contract.os.windows]
go = "1.26"
require = { CGO_ENABLED = "1" }
forbid = ["CC"]

[baseline]
grace = "30m"
share = 0.1
distance = 0.5

[cache]
quota = "20GiB"
keep = "3d"
`

// TestStructIsTheTruth holds that the reader takes exactly the keys that the
// struct has, from which the schema is made.
func TestStructIsTheTruth(t *testing.T) {
	p, problems := parse(full)
	if len(problems) > 0 {
		t.Fatalf("problems: %q", problems)
	}
	var want Config
	if err := toml.Unmarshal([]byte(full), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, p.Config); diff != "" {
		t.Errorf("go-toml reads it differently (-go-toml +ours):\n%s", diff)
	}
	seen := map[string]bool{}
	var walk func(ty reflect.Type)
	walk = func(ty reflect.Type) {
		switch ty.Kind() {
		case reflect.Slice, reflect.Map:
			walk(ty.Elem())
		case reflect.Struct:
			for field := range ty.Fields() {
				key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
				if key == "" || key != strings.ToLower(field.Name) {
					t.Errorf("%s.%s has the key %q", ty.Name(), field.Name, key)
				}
				seen[key] = true
				walk(field.Type)
			}
		}
	}
	walk(reflect.TypeFor[Config]())
	for key := range seen {
		if !strings.Contains(full, key) {
			t.Errorf("the example shows every key but %q", key)
		}
	}
}

func TestPins(t *testing.T) {
	p, _ := parse(full + "[[pin]]\npath = \"bad\"\n")
	var got []string
	for _, d := range p.Pins() {
		got = append(got, fmt.Sprintf("%s %q %q %s %q", d.Path, d.Pattern, d.Key, d.Role, d.Meaning))
	}
	want := []string{`go.toolchain.rev "^go(1\\.\\S+)$" "" build ""`, `package.json "" "engines.go" develop "exact"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"empty", "", nil},
		{"syntax", "[go]\nversion = \"1.25\"\nx = = 1\n", []string{`3:5 "=" This is not TOML: unexpected character U+003D '=' at start of value. Everything after this place is not read.`}},
		{"unknown key", "gp = 1\n[go]\nversions = 1\n[other]\n", []string{
			`1:1 "gp" There is no key "gp" here; did you mean "go"?`,
			`3:1 "versions" There is no key "versions" in go; did you mean "version"?`,
			`4:2 "other" There is no key "other" here; the keys are go, severity, distance, path, pin, allow, contract, baseline, cache.`,
		}},
		{"version", "[go]\nversion = \"1.x\"\n", []string{`2:12 "1.x" "1.x" is no Go version. Write a release such as "1.25.3", or a minor such as "1.25".`}},
		{"version as number", "[go]\nversion = 1.20\n", []string{`2:11 "1.20" go.version must be text in quotes.`}},
		{"severity", "[severity]\npin-invalid = \"bad\"\nenv-conflict = 1\n", []string{
			`2:16 "bad" "bad" is no severity; write one of error, warning, info, hint, off.`,
			`3:16 "1" severity.env-conflict must be text in quotes.`,
		}},
		{"distance", "[distance.env-leftover]\npatch = \"off\"\n[distance.toolchain-drift]\npatch = \"loud\"\nminir = \"off\"\n", []string{
			`1:11 "env-leftover" "env-leftover" does not look at the distance of versions; toolchain-drift and pin-disagrees do.`,
			`4:10 "loud" "loud" is no severity; write one of error, warning, info, hint, off.`,
			`5:1 "minir" There is no key "minir" in distance.toolchain-drift; did you mean "minor"?`,
		}},
		{"path", "[[path]]\nglob = \"a/[\"\nseverity.x = \"off\"\n[[path]]\n[path]\n", []string{
			`2:9 "a/[" "a/[" is no usable glob: a [ has no ].`,
			`4:3 "path" This [[path]] entry has no glob, so it names no files. Add a line such as glob = "examples/**".`,
			`4:3 "path" This [[path]] entry has no severity, so it changes nothing. Add a line such as severity.pin-disagrees = "off".`,
			`5:2 "path" "path" is already defined above; take one of the two out.`,
		}},
		{"allow", "[[allow]]\nrule = \"x\"\n[[allow]]\nreason = \"because\"\npattern = \"(\"\nuntil = 2026-02-30\nvalue = \"v\"\n", []string{
			`1:3 "allow" This [[allow]] entry has no reason, so it does not count. Add a line reason = "…" for the person who reads this in a year.`,
			`3:3 "allow" This [[allow]] entry has no rule, so it allows nothing. Add a line such as rule = "pin-disagrees".`,
			`5:1 "pattern" This entry has both a value and a pattern; take one of them out.`,
			"5:12 \"(\" This is no regular expression: missing closing ): `(`.",
			`6:9 "2026-02-30" "2026-02-30" is no day. Write it as in until = 2026-12-31.`,
		}},
		{"pin", "[[pin]]\n[[pin]]\npath = \"/x\"\npattern = \"a\"\nkey = \"b\"\n[[pin]]\npath = \"x\"\npattern = \"(a)(b)\"\nrole = \"boss\"\nmeaning = \"latest\"\n[[pin]]\npath = \"x\"\npattern = \"(\"\n[[pin]]\npath = 1\nkey = \"a\"\n", []string{
			`1:3 "pin" This [[pin]] entry has no path, so it names no file. Add a line such as path = "go.toolchain.rev".`,
			`1:3 "pin" This [[pin]] entry does not say where the version stands. Add a line such as pattern = '^go(1\.\S+)$', or key = "engines.go".`,
			`3:9 "/x" "/x" is no usable glob: write it relative to the folder of this file and with /, as in examples/**.`,
			`5:1 "key" This entry has both a pattern and a key; take one of them out.`,
			`8:12 "(a)(b)" This pattern has 2 groups in parentheses; it needs one, around the version. Write (?:…) for the others.`,
			`9:9 "boss" "boss" is no role; write one of floor, build, ship, test, lint, develop, docs.`,
			`10:12 "latest" "latest" is no meaning; write one of exact, line, min, lang, range, setting.`,
			"13:12 \"(\" This is no regular expression: missing closing ): `(`.",
			`15:8 "1" pin.path must be text in quotes.`,
		}},
		{"no list", "allow = \"x\"\npath = {}\n", []string{
			`1:9 "\"x\"" allow must be a list of tables, as in [[allow]].`,
			`2:1 "path" path must be a list of tables, as in [[path]].`,
		}},
		{"twice", "[go]\nversion = \"1.25\"\nversion = \"1.26\"\n[go]\n", []string{
			`3:1 "version" "version" is already defined above; take one of the two out.`,
			`4:2 "go" "go" is already defined above; take one of the two out.`,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, got := parse(test.text)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
			if len(p.Problems) != len(got) {
				t.Error("the policy does not hold its problems")
			}
		})
	}
}

// TestRestCounts holds that a mistake does not take the rest with it.
func TestRestCounts(t *testing.T) {
	p, problems := parse("[severity]\na = \"loud\"\nb = \"off\"\n[go]\nversion = \"go1.25\"\n[[allow]]\nrule = \"c\"\nreason = \"r\"\n[[allow]]\nrule = \"d\"\n= broken\n[severity2]\n")
	if len(problems) != 3 {
		t.Errorf("problems: %q", problems)
	}
	if p.Severity("a", "", drift.SeverityError) != drift.SeverityError || p.Severity("b", "", drift.SeverityError) != drift.SeverityOff {
		t.Error("the severities do not count as they should")
	}
	if p.Config.Go.Version != "1.25" || len(p.Allowances()) != 1 || p.Appendable {
		t.Errorf("version %q, %d allowances, appendable %v", p.Config.Go.Version, len(p.Allowances()), p.Appendable)
	}
}

func TestSeverity(t *testing.T) {
	p, problems := parse(full + "[[path]]\nglob = \"examples/loud/*\"\nseverity.pin-below-floor = \"error\"\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, test := range []struct {
		code, file string
		want       drift.Severity
	}{
		{"toolchain-drift", "/w/go.mod", "warning"}, // its distance is graded
		{"pin-disagrees", "/w/go.mod", "off"},
		{"pin-below-floor", "/w/go.mod", "warning"},
		{"pin-below-floor", "/w/examples/a/b/go.mod", "off"},
		{"pin-below-floor", "/w/examples/loud/go.mod", "error"},
		{"pin-invalid", "/w/examples/a/go.mod", "info"},
		{"pin-invalid", "/other/examples/a/go.mod", "warning"},
		{"pin-invalid", "", "warning"},
	} {
		if got := p.Severity(test.code, test.file, drift.SeverityWarning); got != test.want {
			t.Errorf("%s in %q is %s, want %s", test.code, test.file, got, test.want)
		}
	}
	if d := p.Distances("toolchain-drift"); d != (Distance{"error", "warning", "off"}) {
		t.Errorf("toolchain-drift: %v", d)
	}
	if d := Default().Distances("pin-disagrees"); d != (Distance{"warning", "warning", "info"}) {
		t.Errorf("default: %v", d)
	}
}

func TestAllows(t *testing.T) {
	p, problems := parse(full)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	finding := func(file, variable, value string) drift.Finding {
		return drift.Finding{Code: "env-leftover", Place: drift.Place{File: file}, Subject: variable, Value: value}
	}
	for _, test := range []struct {
		entry int
		f     drift.Finding
		want  bool
	}{
		{0, finding("/w/a/x.mod", "GOFLAGS", "-mod=mod"), true},
		{0, finding("/w/a/b/x.mod", "GOFLAGS", "-mod=mod"), false},
		{0, finding("/w/a/x.mod", "GOFLAGS", "-mod=vendor"), false},
		{0, finding("/w/a/x.mod", "GOWORK", "-mod=mod"), false},
		{0, drift.Finding{Code: "other", Place: drift.Place{File: "/w/a/x.mod"}, Subject: "GOFLAGS", Value: "-mod=mod"}, false},
		{1, finding("/home/me/env", "GOPROXY", "https://proxy"), true},
		{1, finding("/home/me/env", "GOPROXY", "see https://proxy"), false},
	} {
		if got := p.Allowances()[test.entry].Allows(p, test.f); got != test.want {
			t.Errorf("entry %d allows %+v: %v", test.entry, test.f, got)
		}
	}
	last := p.Allowances()[1]
	for _, test := range []struct {
		now  time.Time
		want bool
	}{
		{time.Date(2026, 12, 31, 23, 0, 0, 0, time.UTC), false},
		{time.Date(2026, 12, 31, 23, 0, 0, 0, time.FixedZone("behind", -12*3600)), false},
		{time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC), true},
	} {
		if got := last.Expired(test.now); got != test.want {
			t.Errorf("expired at %v: %v", test.now, got)
		}
	}
	if p.Allowances()[0].Expired(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) {
		t.Error("an entry without an end has expired")
	}
}

// TestHostile feeds what a repository could hold to slow godrift down or to
// crash it.
func TestHostile(t *testing.T) {
	deep := "x = " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "\n"
	for name, text := range map[string]string{
		"deep":       deep,
		"deep table": "x = " + strings.Repeat("{a=", 5000),
		"large":      strings.Repeat("# x\n", 400_000),
		"many":       strings.Repeat("[[allow]]\n", 100_000),
		"stars":      "[[path]]\nglob = \"" + strings.Repeat("**/", 100) + "x\"\nseverity.x = \"off\"\n",
		"choices":    "[[path]]\nglob = \"{a,b}{a,b}{a,b}{a,b}\"\nseverity.x = \"off\"\n",
		"regexp":     "[[allow]]\nrule = \"x\"\nreason = \"r\"\npattern = \"" + strings.Repeat("(a*)*", 500) + "\"\n",
		"repeat":     "[[allow]]\nrule = \"x\"\nreason = \"r\"\npattern = \"((a{100}){100}){100}\"\n",
		"bytes":      "\xff\xfe[\x00g\x00o",
	} {
		start := time.Now()
		_, problems := parse(text)
		if len(problems) == 0 || len(problems) > 100 {
			t.Errorf("%s: %d problems", name, len(problems))
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
}

func TestNearest(t *testing.T) {
	names := []string{"version", "go", "pin-disagrees"}
	for word, want := range map[string]string{"versoin": "version", "gp": "go", "pin-disagree": "pin-disagrees", "something": "", "": ""} {
		if got := Nearest(word, names); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(full)
	f.Add("a.b = 1\n[a]\n")
	f.Add("[[allow]]\nrule = \"\"\"\nx\"\"\"\nreason = 'x'\n[allow.x]\n")
	f.Add("[severity]\r\n\"x y\" = \"off\" # c\r\n")
	f.Add("path = [{glob='**', severity={a='off', b='hint'}}, {}]")
	f.Add("go = { version = \"1.25\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, problems := Parse(drift.Document{File: file, Text: []byte(text)})
		for _, problem := range problems {
			if s := problem.Place.Span; s.Start < 0 || s.Start > s.End || s.End > len(text) || problem.Message == "" {
				t.Fatalf("problem %+v of %q", problem, text)
			}
		}
		if p.GoPlace.Span.End > len(text) {
			t.Fatalf("go version at %+v", p.GoPlace)
		}
		for _, a := range p.Allowances() {
			if a.Reason == "" || a.Rule == "" {
				t.Fatalf("an entry without a reason or rule counts: %+v", a)
			}
		}
		if len(problems) > 0 || strings.Contains(text, "until") || strings.Contains(text, "version") {
			return // go-toml has other ideas about days, and a version is tidied up
		}
		var want Config
		if err := toml.Unmarshal([]byte(text), &want); err != nil {
			t.Fatalf("go-toml refuses what has no problem: %v\n%q", err, text)
		}
	})
}
