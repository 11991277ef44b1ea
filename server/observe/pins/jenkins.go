package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// maxJenkins bounds what is read of a Jenkinsfile; the longest are a few
// thousand lines.
const maxJenkins = 1 << 20

func matchJenkins(rel string) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return strings.HasPrefix(base, "Jenkinsfile") || strings.HasSuffix(base, ".jenkinsfile") || strings.HasSuffix(base, ".Jenkinsfile")
}

// ParseJenkins reads a Jenkinsfile (https://www.jenkins.io/doc/book/pipeline/syntax/):
// images of Go in its strings, those of pods written in YAML too, tools of the
// type go, whose names people choose (https://plugins.jenkins.io/golang/), what
// sh runs, and variables. It is a program, so only what stands there literally is read.
func ParseJenkins(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !containsAny(doc.Text, "golang", "GOTOOLCHAIN", "GO_VER", "GOVER", "GOLANG", "goVer", "/go:", "tool", "go-toolset", "go.dev/dl", "gimme") {
		return nil, nil
	}
	j := &jenkins{ciFile: &ciFile{yamlFile: &yamlFile{file: doc.File, text: doc.Text, problems: encodingProblems(doc)}, doc: doc, next: nextGroovy}}
	text := string(doc.Text[:min(len(doc.Text), maxJenkins)])
	if len(text) < len(doc.Text) {
		j.problem(drift.Span{Start: len(text), End: len(doc.Text)}, "the file is larger than 1 MiB, and what follows was not read")
	}
	j.strings(text)
	return j.result()
}

// nextGroovy finds the first ${name} or $name of a text.
func nextGroovy(text string) (start, end int, expr string, ok bool) {
	start, end, expr, ok = nextPipelineVariable(text)
	return start, end, strings.TrimPrefix(strings.TrimPrefix(expr, "env."), "params."), ok
}

type jenkins struct {
	*ciFile
	scope *ciScope
}

// strings goes through the string literals of a program, with the code that
// stands before each on its line.
func (j *jenkins) strings(text string) {
	j.scope = newCIScope()
	lineStart := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\n':
			lineStart = i + 1
		case strings.HasPrefix(text[i:], "//"):
			if n := strings.IndexByte(text[i:], '\n'); n >= 0 {
				i += n - 1
			} else {
				return
			}
		case strings.HasPrefix(text[i:], "/*"):
			n := strings.Index(text[i+2:], "*/")
			if n < 0 {
				return
			}
			i += n + 3
		case c == '"' || c == '\'':
			start, end, after := groovyString(text, i)
			j.literal(text[max(lineStart, i-200):i], text, start, end)
			i = after - 1
			if n := strings.LastIndexByte(text[start:end], '\n'); n >= 0 {
				lineStart = start + n + 1
			}
		}
	}
}

// groovyString is where the content of a literal starts and ends, and where the
// program goes on.
func groovyString(text string, at int) (start, end, after int) {
	quote := text[at : at+1]
	if triple := strings.Repeat(quote, 3); strings.HasPrefix(text[at:], triple) {
		if n := strings.Index(text[at+3:], triple); n >= 0 {
			return at + 3, at + 3 + n, at + 6 + n
		}
		return at + 3, len(text), len(text)
	}
	for i := at + 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote[0]:
			return at + 1, i, i + 1
		case '\n':
			return at + 1, i, i
		}
	}
	return at + 1, len(text), len(text)
}

// literal reads one string; before is the code that stands before it.
func (j *jenkins) literal(before, text string, start, end int) {
	s := yamlScalar{text: text[start:end], span: drift.Span{Start: start, End: end}, verbatim: true, source: j.text}
	words := strings.FieldsFunc(before, func(r rune) bool { return !isNameByte(byte(r)) || r > 0x7e })
	last := ""
	if len(words) > 0 {
		last = words[len(words)-1]
	}
	before = strings.TrimRight(before, " \t(")
	switch {
	case last == "go" && (strings.HasSuffix(before, "go") || strings.HasSuffix(before, ":")) && !strings.Contains(s.text, " "):
		j.tool(s)
		return
	case (last == "tool" || last == "name") && strings.Contains(before, "tool") && strings.HasPrefix(strings.ToLower(s.text), "go"):
		j.tool(s)
		return
	case strings.HasSuffix(before, "=") || strings.HasSuffix(before, ":"):
		if last == "GOTOOLCHAIN" || goVariable(last) {
			j.assigned(last, s)
			return
		}
	case last == "sh" || last == "script" && strings.HasSuffix(before, ":"):
		j.shell(s)
		return
	case strings.Contains(s.text, "="):
		j.assignment(s, 0, len(s.text), drift.SourceJenkinsEnv, drift.SourceJenkinsGotoolchain, drift.RoleBuild)
	}
	at := 0
	for at < len(s.text) {
		from := at + len(s.text[at:]) - len(strings.TrimLeft(s.text[at:], " \t\r\n\"'`=,()\\"))
		to := cut(s.text, from, " \t\r\n\"'`,()\\")
		at = max(to, at+1)
		if to == from || to-from > 512 {
			continue
		}
		v := j.expand(s, from, to, j.shellLookup(j.scope))
		// A word of a sentence is an image only if it has a tag that makes sense.
		r, ok := readImage(v.template)
		if ok && (last == "image" || r.extra["why"] == "" && r.meaning != drift.MeaningUnknown) {
			j.image(v, drift.SourceJenkinsImage, drift.RoleBuild)
		}
	}
}

// shell reads what sh runs.
func (j *jenkins) shell(s yamlScalar) {
	if !scriptMentionsGo([]byte(s.text)) {
		return
	}
	run := &script{doc: j.doc, role: drift.RoleBuild, within: &surroundings{variable: j.shellLookup(j.scope), settle: j.settle}, sources: scriptSources{
		variable: drift.SourceJenkinsScript, image: drift.SourceJenkinsImage, download: drift.SourceJenkinsScript, install: drift.SourceJenkinsScript,
		buildArg: drift.SourceJenkinsBuildArg, gotoolchain: drift.SourceJenkinsGotoolchain,
	}}
	run.read([]scriptPart{{Span: s.span, escapes: !strings.Contains(s.text, "\n")}})
	for _, pin := range run.pins {
		j.add(pin)
	}
}

// assigned reads the value of a variable.
func (j *jenkins) assigned(name string, s yamlScalar) {
	start, end := trimmedYAML(s.text, 0, len(s.text))
	if start == end {
		return
	}
	v := j.expand(s, start, end, j.shellLookup(j.scope))
	switch {
	case name == "GOTOOLCHAIN":
		j.setting(v, drift.SourceJenkinsGotoolchain, drift.RoleBuild)
	case looksLikeVersion(v):
		j.addValue(j.scope, name, name, drift.SourceJenkinsEnv, v)
	}
}

// tool reads the name of an installation of Go: 1.22, go1.22.3, go-1.22,
// golang 1.22. People choose the name, so nothing else is read from it.
func (j *jenkins) tool(s yamlScalar) {
	at := strings.IndexAny(s.text, "0123456789")
	if at < 0 {
		return
	}
	if prefix := strings.Trim(strings.ToLower(s.text[:at]), " -_v"); prefix != "" && prefix != "go" && prefix != "golang" {
		return
	}
	end := cut(s.text, at, " -_")
	v := j.expand(s, at, end, unknownVariable)
	if looksLikeVersion(v) {
		j.version(v, drift.SourceJenkinsTool, drift.RoleBuild, plainVersion)
	}
}
