package pins

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// isBazel matches the files of Bazel that can say which Go SDK to use.
func isBazel(rel string) bool {
	name := path.Base(rel)
	switch name {
	case "MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel", "WORKSPACE.bzlmod":
		return true
	}
	return strings.HasSuffix(name, ".bzl") || strings.HasSuffix(name, ".MODULE.bazel")
}

// bazelParser collects the pins of one file.
type bazelParser struct {
	doc    drift.Document
	tokens []starToken
	// values are the strings that names stand for at the top of the file.
	values map[string]starToken
	// extensions are the names of the extension go_sdk of rules_go.
	extensions map[string]bool
	used       map[string]bool
	pins       []drift.Pin
}

// ParseBazel reads which SDK rules_go takes: go_sdk.download, host and
// from_file in a MODULE.bazel
// (https://github.com/bazel-contrib/rules_go/blob/master/docs/go/core/bzlmod.md#go-sdks),
// go_register_toolchains and go_download_sdk in a WORKSPACE or a .bzl file
// (https://github.com/bazel-contrib/rules_go/blob/master/go/toolchains.rst).
func ParseBazel(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	problems := encodingProblems(doc)
	if !bytes.Contains(doc.Text, []byte("go_sdk")) && !bytes.Contains(doc.Text, []byte("go_register_toolchains")) && !bytes.Contains(doc.Text, []byte("go_download_sdk")) && !bytes.Contains(doc.Text, []byte("go_host_sdk")) {
		return nil, problems
	}
	if len(doc.Text) > maxScript {
		return nil, append(problems, drift.Problem{Place: drift.Place{File: doc.File}, Message: "the file is larger than 4 MiB, so it is not read"})
	}
	p := &bazelParser{
		doc: doc, tokens: lexStarlark(string(doc.Text)), values: map[string]starToken{}, used: map[string]bool{},
		extensions: map[string]bool{"go_sdk": true},
	}
	p.assignments()
	for i := 0; i < len(p.tokens) && len(p.pins) < maxPins; i++ {
		if p.interesting(i) {
			if call, ok := starlarkCall(p.tokens, i); ok {
				p.call(call)
			}
		}
	}
	p.variables()
	slices.SortStableFunc(p.pins, func(a, b drift.Pin) int { return a.Place.Span.Start - b.Place.Span.Start })
	p.pins = slices.CompactFunc(p.pins, func(a, b drift.Pin) bool { return a.Place.Span.Start == b.Place.Span.Start })
	return p.pins, problems
}

// assignments finds NAME = "text" and NAME = use_extension(…, "go_sdk").
func (p *bazelParser) assignments() {
	for i := 0; i+2 < len(p.tokens); i++ {
		name, equals, value := p.tokens[i], p.tokens[i+1], p.tokens[i+2]
		if name.kind != starName || equals.kind != starMark || equals.text != "=" || !p.lineStart(name.start) {
			continue
		}
		switch {
		case value.kind == starString:
			if _, have := p.values[name.text]; !have {
				p.values[name.text] = value
			}
		case value.text == "use_extension":
			if call, ok := starlarkCall(p.tokens, i+2); ok && call.args["1"].text == "go_sdk" {
				p.extensions[name.text] = true
			}
		}
	}
}

// lineStart reports whether a line starts at an offset, without any blanks.
func (p *bazelParser) lineStart(at int) bool { return at == 0 || p.doc.Text[at-1] == '\n' }

func (p *bazelParser) interesting(i int) bool {
	t := p.tokens[i]
	if t.kind != starName {
		return false
	}
	switch t.text {
	case "download", "host", "from_file":
		return i >= 2 && p.tokens[i-1].text == "." && p.extensions[p.tokens[i-2].text]
	case "go_register_toolchains", "go_download_sdk", "go_host_sdk":
		return i == 0 || p.tokens[i-1].text != "def" && p.tokens[i-1].text != "."
	}
	return false
}

func (p *bazelParser) call(call starCall) {
	whole := starToken{text: string(p.doc.Text[call.start:call.end]), start: call.start, end: call.end}
	switch call.function {
	case "download":
		p.version(drift.SourceBazelDownload, call, "version", whole)
	case "host":
		p.add(drift.SourceBazelHost, whole, drift.MeaningSystem, "")
	case "go_host_sdk":
		p.add(drift.SourceBazelHostSDK, whole, drift.MeaningSystem, "")
	case "from_file":
		for _, name := range []string{"go_mod", "go_work", "go_version", "0"} {
			if label := call.args[name]; label.kind == starString && label.text != "" {
				p.add(drift.SourceBazelFromFile, label, drift.MeaningRef, "")
				return
			}
		}
	case "go_download_sdk":
		p.version(drift.SourceBazelDownloadSDK, call, "version", starToken{})
	case "go_register_toolchains":
		for _, name := range []string{"version", "go_version", "0"} {
			if _, ok := call.args[name]; ok {
				p.version(drift.SourceBazelRegister, call, name, starToken{})
				return
			}
		}
	}
}

// version reads the argument that holds the version. Without one, whole is the
// pin, if it is given: the newest release is downloaded.
func (p *bazelParser) version(source drift.Source, call starCall, name string, whole starToken) {
	arg, ok := call.args[name]
	if !ok {
		if _, own := call.args["sdks"]; !own && whole.end > 0 {
			p.add(source, whole, drift.MeaningLatest, "").Extra = extra("why", "no version")
		}
		return
	}
	switch {
	case arg.kind == starString:
		if arg.text == "" {
			return
		}
		p.literal(source, arg)
	case arg.kind == starName && arg.text != "None":
		value, known := p.values[arg.text]
		_, v := release(value.text)
		if !known || v == "" {
			p.add(source, arg, drift.MeaningUnresolved, "").Extra = extra("name", arg.text)
			return
		}
		p.used[arg.text] = true
		p.add(source, arg, drift.MeaningVar, v).Extra = extra("name", arg.text, "fromLine", lineOf(p.doc, value.start))
	case arg.kind == starMark && arg.end > arg.start:
		arg.text = string(p.doc.Text[arg.start:arg.end])
		p.add(source, arg, drift.MeaningUnresolved, "").Extra = extra("name", arg.text)
	}
}

func (p *bazelParser) literal(source drift.Source, arg starToken) *drift.Pin {
	meaning, v := release(arg.text)
	pin := p.add(source, arg, meaning, v)
	switch {
	case arg.text == "host":
		pin.Meaning = drift.MeaningSystem
	case arg.text == "latest":
		pin.Meaning = drift.MeaningLatest
	case v == "":
		pin.Extra = extra("why", "no Go version can be read from this")
	case !startsWithDigit(arg.text):
		pin.Meaning = drift.MeaningInvalid
		pin.Extra = extra("why", "rules_go wants the version without a prefix: write "+v)
	}
	return pin
}

// variables adds the names from which a version was read, and those that say
// that they hold one.
func (p *bazelParser) variables() {
	for name, value := range p.values {
		if _, v := release(value.text); v != "" && (p.used[name] || goVariable(name)) {
			p.literal(drift.SourceBazelVariable, value).Extra = extra("name", name)
		}
	}
}

func (p *bazelParser) add(source drift.Source, t starToken, meaning drift.Meaning, v string) *drift.Pin {
	p.pins = append(p.pins, drift.Pin{
		Source: source, Role: drift.RoleBuild, Raw: t.text, Meaning: meaning, Version: v,
		Place: drift.Place{File: p.doc.File, Span: drift.Span{Start: t.start, End: t.end}},
	})
	return &p.pins[len(p.pins)-1]
}
