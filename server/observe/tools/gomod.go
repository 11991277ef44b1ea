package tools

import (
	"strconv"
	"strings"
)

// parseGoMod reads the tool lines of a go.mod
// (https://go.dev/ref/mod#go-mod-file-tool), with the version that the require
// lines give their modules. It goes line by line, so that a half-typed file
// yields the rest.
func parseGoMod(p *pinReader) {
	type toolLine struct {
		pkg        string
		start, end int
	}
	var tools []toolLine
	required, replaced := map[string]string{}, map[string]bool{}
	block := ""
	for _, l := range p.lines() {
		text := l.text
		if i := strings.Index(text, "//"); i >= 0 && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t') {
			text = text[:i]
		}
		words := strings.Fields(text)
		switch {
		case len(words) == 0:
			continue
		case words[0] == ")":
			block = ""
			continue
		case len(words) == 2 && words[1] == "(":
			block = words[0]
			continue
		}
		verb, args := block, words
		if block == "" {
			verb, args = words[0], words[1:]
		}
		switch {
		case verb == "tool" && len(args) == 1:
			at := strings.LastIndex(text, args[0])
			tools = append(tools, toolLine{unquote(args[0]), l.start + at, l.start + at + len(args[0])})
		case verb == "require" && len(args) >= 2:
			required[unquote(args[0])] = args[1]
		case verb == "replace" && len(args) >= 3:
			replaced[unquote(args[0])] = true
		}
	}
	for _, t := range tools {
		module := ""
		for m := range required {
			if (t.pkg == m || strings.HasPrefix(t.pkg, m+"/")) && len(m) > len(module) {
				module = m
			}
		}
		v := required[module]
		if replaced[module] {
			v = ""
		}
		p.add("go.mod:tool", program(t.pkg), t.pkg, v, t.start, t.end)
	}
}

func unquote(word string) string {
	if u, err := strconv.Unquote(word); err == nil {
		return u
	}
	return word
}
