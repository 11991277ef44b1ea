package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

func sample() drift.Record {
	return drift.Record{
		Version: 1, Time: time.Date(2026, 5, 4, 3, 2, 1, 987e6, time.UTC), Root: "/home/me/a work", Of: "editor",
		Values: map[string]string{
			"go.selected": "go1.26.8", "score": "100",
			"env.CC": "gcc \\ \"x\" \xff\n", "env.CC@layer": "process",
			"env.GOFLAGS": "-a=b", "env.GOFLAGS@layer": "goenv /home/me/.config/go/env",
			"pin.a=b/go.mod:go.mod:go": "1.26.0", "host.os": "Zürich \u202e <&>",
		},
	}
}

func TestText(t *testing.T) {
	r := sample()
	want := `#SNAPSHOT v1 2026-05-04T03:02:01.987Z
#root /home/me/a work
#of editor
#id ` + r.ID() + `
env.CC=gcc \\ "x" \xff\n
env.CC@layer=process
env.GOFLAGS=-a=b
env.GOFLAGS@layer=goenv /home/me/.config/go/env
go.selected=go1.26.8
host.os=Zürich \xe2\x80\xae <&>
pin.a\x3db/go.mod:go.mod:go=1.26.0
score=100
`
	if diff := cmp.Diff(want, string(Text(r))); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
}

func TestBothEncodings(t *testing.T) { both(t, sample()) }

type fataler interface{ Fatalf(string, ...any) }

// both holds a record to the law: each encoding gives it back.
func both(t fataler, r drift.Record) {
	got, err := DecodeText(Text(r))
	if err != nil {
		t.Fatalf("text: %v\n%s", err, Text(r))
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Fatalf("text gives another record:\n%s", diff)
	}
	text, err := JSON(r)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if bytes.ContainsAny(text, "\n") {
		t.Fatalf("JSON has more than one line: %q", text)
	}
	if got, err = DecodeJSON(text); err != nil {
		t.Fatalf("JSON: %v\n%s", err, text)
	}
	if diff := cmp.Diff(r, got); diff != "" {
		t.Fatalf("JSON gives another record:\n%s", diff)
	}
}

// Both encodings hold every record that may be stored.
func TestEncodingLaws(t *testing.T) {
	anything := rapid.OneOf(
		rapid.String(),
		rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")) }),
		rapid.StringMatching(`[\\=\n\r\t #x0-9a-f]{0,12}`))
	rapid.Check(t, func(t *rapid.T) {
		r := drift.Record{
			Version: 1, Time: time.UnixMilli(rapid.Int64Range(0, 250e12).Draw(t, "time")).UTC(),
			Root: anything.Draw(t, "root"), Of: rapid.SampledFrom([]string{"cli", "editor", "login shell", "", "a\nb"}).Draw(t, "of"),
			Values: map[string]string{},
		}
		for range rapid.IntRange(0, 8).Draw(t, "facts") {
			key := rapid.SampledFrom([]string{
				"env.GOFLAGS", "env.CC", "env.GOROOT", "go.selected", "go.error", "score", "host.shell", "tool.gopls", "print.gosum",
				"pin.go.mod:go.mod:go", "pin.a=b\\c:dockerfile:from#2", "pin.ü\u202e:x",
			}).Draw(t, "key")
			r.Values[key] = anything.Draw(t, "value")
			if name, ok := drift.KeyVariable(key); ok {
				r.Values[drift.LayerKey(name)] = anything.Draw(t, "layer")
			}
		}
		if r.Check() != nil {
			t.Skip("it is none that may be stored")
		}
		both(t, r)
	})
}

// What does not validate is refused, with the reason.
func TestRefused(t *testing.T) {
	text := string(Text(sample()))
	for name, c := range map[string]struct{ old, new, want string }{
		"no header":       {"#SNAPSHOT", "#SNAP", "not a snapshot"},
		"another version": {"#SNAPSHOT v1", "#SNAPSHOT v2", "knows version 1"},
		"time":            {"2026-05-04T03:02:01.987Z", "yesterday", "no time like"},
		"edited":          {"score=100", "score=90", "changed or damaged"},
		"twice":           {"score=100\n", "score=100\nscore=100\n", "none stands twice"},
		"breaks off":      {"score=100\n", "score=100", "breaks off"},
		"escape":          {`\xff`, `\xfg`, "two digits"},
		"unknown escape":  {`\xff`, `\q`, "not written so"},
		"secret":          {"-a=b", "https://me:hunter2@x.example", "secret"},
		"no fact":         {"score=100", "score", "key=value"},
	} {
		t.Run("text/"+name, func(t *testing.T) {
			broken := strings.Replace(text, c.old, c.new, 1)
			if broken == text {
				t.Fatal("nothing was broken")
			}
			_, err := DecodeText([]byte(broken))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	good, err := JSON(sample())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ old, new, want string }{
		"another version": {`"version":1`, `"version":2`, "maximum"},
		"another schema":  {`godrift/snapshot`, `godrift/check`, "enum"},
		"unknown field":   {`"version":1`, `"version":1,"more":1`, "more"},
		"no id":           {`"id":"`, `"id":"x`, "pattern"},
		"edited":          {`"score":"100"`, `"score":"90"`, "changed or damaged"},
		"scope edited":    {`"of":"editor"`, `"of":"cli"`, "checksum"},
		"number":          {`"score":"100"`, `"score":100`, "type"},
		"truncated":       {`"sha256"`, ``, "invalid character"},
		"secret":          {"-a=b", "https://me:hunter2@x.example", "secret"},
	} {
		t.Run("json/"+name, func(t *testing.T) {
			broken := strings.Replace(string(good), c.old, c.new, 1)
			if broken == string(good) {
				t.Fatal("nothing was broken")
			}
			_, err := DecodeJSON([]byte(broken))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestMoment(t *testing.T) {
	want := drift.Moment{
		Time: time.UnixMilli(1777863721987).UTC(), Root: "/w\xff", Of: "editor", After: strings.Repeat("0a", 32),
		Cause: drift.Cause{Kind: drift.CauseBranch, Text: "main → feature"}, By: drift.Actor{Kind: drift.ActorEditor, Name: "Visual Studio Code"},
	}
	text, err := MomentJSON(want)
	if err != nil {
		t.Fatal(err)
	}
	line, err := DecodeLine(text)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, line.Moment); diff != "" {
		t.Error(diff)
	}
	for _, broken := range []string{
		strings.Replace(string(text), "branch-switch", "magic", 1),
		strings.Replace(string(text), "main → feature", "ghp_0123456789abcdefghijABCDEFGHIJ012345", 1),
		strings.Replace(string(text), "0a0a", "0A0A", 1),
		`{"schema":"godrift/other"}`, `[]`, ``, `{`,
	} {
		if _, err := DecodeLine([]byte(broken)); err == nil {
			t.Errorf("%s is accepted", broken)
		}
	}
}

func FuzzDecodeText(f *testing.F) {
	f.Add(Text(sample()))
	f.Add([]byte("#SNAPSHOT v1 2026-05-04T03:02:01.987Z\n#root \n#of \n#id x\n"))
	f.Add([]byte("score=\\x00\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, err := DecodeText(text); err == nil {
			if !bytes.Equal(Text(r), text) {
				t.Fatalf("%q is accepted, but is written %q", text, Text(r))
			}
			both(t, r)
		}
	})
}

func FuzzDecodeLine(f *testing.F) {
	text, err := JSON(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	moment, err := MomentJSON(drift.Moment{After: strings.Repeat("0", 64), Time: time.Unix(0, 0), Cause: drift.Cause{Kind: drift.CauseFile}, By: drift.Actor{Kind: drift.ActorUser}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(moment)
	f.Fuzz(func(t *testing.T, text []byte) {
		line, err := DecodeLine(text)
		if err == nil && line.Record != nil {
			both(t, *line.Record)
		}
		if err == nil && line.Moment != nil {
			if again, err := MomentJSON(*line.Moment); err != nil || !json.Valid(again) {
				t.Fatalf("%v %s", err, again)
			}
		}
	})
}

// A snapshot of 1,000 variables.
func thousand() drift.Record {
	r := sample()
	r.Values = map[string]string{}
	for i := range 1000 {
		r.Values[drift.EnvKey(fmt.Sprintf("GOVARIABLE%d", i))] = fmt.Sprintf("value-%d", i)
	}
	return r
}

func BenchmarkText(b *testing.B) {
	r := thousand()
	b.ReportAllocs()
	for b.Loop() {
		b.ReportMetric(float64(len(Text(r))), "bytes")
	}
}

func BenchmarkDecodeText(b *testing.B) {
	text := Text(thousand())
	for b.Loop() {
		if _, err := DecodeText(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJSON(b *testing.B) {
	r := thousand()
	b.ReportAllocs()
	for b.Loop() {
		text, err := JSON(r)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(text)), "bytes")
	}
}
