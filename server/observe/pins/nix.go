package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// ParseNix reads a .nix file: the Gos of nixpkgs (go_1_25, buildGo125Module),
// go itself, which is whatever the nixpkgs in use has, devenv's
// languages.go.version, goVersion = ..., and GOTOOLCHAIN.
//
// The language is https://nix.dev/manual/nix/latest/language/syntax; the names
// are those of nixpkgs, pkgs/top-level/all-packages.nix. The file is read by
// its words, not evaluated: comments and the text of strings do not count.
func ParseNix(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if len(doc.Text) > maxDockerfile || !mentionsGo(doc.Text) && !bytes.Contains(doc.Text, []byte("buildGo")) {
		return nil, nil
	}
	n := &nixParser{doc: doc}
	n.tokens = nixTokens(string(doc.Text))
	for i := range n.tokens {
		if len(n.pins) >= maxContainerPins {
			break
		}
		n.token(i)
	}
	return inOrder(n.pins), encodingProblems(doc)
}

type nixParser struct {
	doc    drift.Document
	tokens []nixToken
	pins   []drift.Pin
	// open are the brackets around a token, each with the name it belongs to.
	open []nixOpen
}

type nixOpen struct {
	bracket byte
	name    string
}

// token looks at one word.
func (n *nixParser) token(i int) {
	t := n.tokens[i]
	switch t.kind {
	case '{', '[', '(':
		if len(n.open) < maxJSONDepth {
			n.open = append(n.open, nixOpen{t.kind, n.nameBefore(i)})
		}
		return
	case '}', ']', ')':
		if len(n.open) > 0 {
			n.open = n.open[:len(n.open)-1]
		}
		return
	case 'w':
	default:
		return
	}
	switch v, ok := nixGo(t.text); {
	case n.peek(i+1).kind == '=':
		n.assignment(i)
	case ok:
		n.add(t, drift.MeaningLine, v, "")
	case buildsGo(t.text) != "":
		n.add(t, drift.MeaningLine, buildsGo(t.text), "")
	case t.text == "go" && n.isPackage(i):
		n.add(t, drift.MeaningUnknown, "", "the go of whatever nixpkgs is used")
	}
}

// buildsGo reads buildGo125Module and buildGo125Package.
func buildsGo(name string) string {
	rest, ok := strings.CutPrefix(name, "buildGo1")
	minor := strings.TrimSuffix(strings.TrimSuffix(rest, "Module"), "Package")
	if !ok || minor == "" || minor == rest || len(minor) > 3 || strings.Trim(minor, "0123456789") != "" {
		return ""
	}
	return "1." + minor
}

func (n *nixParser) peek(i int) nixToken {
	if i < 0 || i >= len(n.tokens) {
		return nixToken{}
	}
	return n.tokens[i]
}

// isPackage reports whether a word go is the package: pkgs.go, or an element of
// a list.
func (n *nixParser) isPackage(i int) bool {
	before, after := n.peek(i-1), n.peek(i+1)
	if after.kind == ':' || after.kind == '@' || after.kind == '?' {
		return false
	}
	if before.kind == '.' {
		of := strings.ToLower(n.peek(i - 2).text)
		return strings.HasSuffix(of, "pkgs") || strings.HasSuffix(of, "unstable") || of == "${system}"
	}
	if len(n.open) == 0 {
		return false
	}
	in := n.open[len(n.open)-1]
	return in.bracket == '[' && !strings.HasSuffix(in.name, "plugins") && !strings.HasSuffix(in.name, "grammars") && in.name != "languages"
}

// nameBefore is the name that a bracket belongs to: languages.go = {.
func (n *nixParser) nameBefore(i int) string {
	for i--; i >= 0 && (n.tokens[i].kind == 'w' || n.tokens[i].kind == ';'); i-- {
		// with pkgs; [ ... ] and rec { ... }
		if n.tokens[i].kind == ';' && n.peek(i-2).text != "with" {
			return ""
		}
	}
	if n.peek(i).kind != '=' {
		return ""
	}
	name := n.peek(i - 1).text
	for i -= 2; n.peek(i).kind == '.' && len(name) < 100; i -= 2 {
		name = n.peek(i-1).text + "." + name
	}
	return name
}

// assignment reads name = value.
func (n *nixParser) assignment(i int) {
	name, value := n.tokens[i].text, n.peek(i+2)
	text := value.text
	if value.kind == 'w' && name == "goVersion" && len(text) == 2 && strings.Trim(text, "0123456789") == "" {
		n.add(value, drift.MeaningLine, "1."+text, "", "name", name) // the templates write the minor only
		return
	}
	if value.kind != '"' || text == "" {
		return
	}
	t := literalTemplate(text, value.start)
	switch {
	case name == "GOTOOLCHAIN":
		if pin, ok := toolchainPin(n.doc, drift.SourceNixToolchain, drift.RoleDevelop, t); ok {
			n.pins = append(n.pins, pin)
		}
	case name == "version" && (n.inGo(i) || n.downloads(i)), goVariable(name):
		if r := plainVersion(t); r.meaning != drift.MeaningUnknown {
			r.extra = extra("name", name)
			n.pins = append(n.pins, t.pin(n.doc, drift.SourceNixVariable, drift.RoleDevelop, r))
		}
	}
}

// inGo reports whether the word at i stands in languages.go.
func (n *nixParser) inGo(i int) bool {
	path := ""
	for at := i; n.peek(at-1).kind == '.' && len(path) < 100; {
		at -= 2
		path = n.peek(at).text + "." + path
	}
	for k := len(n.open) - 1; k >= 0 && len(path) < 200; k-- {
		if n.open[k].name == "" {
			break
		}
		path = n.open[k].name + "." + path
	}
	return strings.HasSuffix("."+path, ".languages.go.")
}

// downloads reports whether the version at i is that of an archive of Go which
// the same set fetches: url = "https://go.dev/dl/go${version}.src.tar.gz".
func (n *nixParser) downloads(i int) bool {
	depth, end := 0, n.tokens[i].start
	for k := i; k < len(n.tokens) && k < i+200 && depth >= 0; k++ {
		switch t := n.tokens[k]; t.kind {
		case '{', '[', '(':
			depth++
		case '}', ']', ')':
			depth--
		default:
			end = t.start
		}
	}
	text := n.doc.Text[n.tokens[i].start:min(end+200, len(n.doc.Text))]
	return containsAny(text, "go.dev/dl/go${version}", "golang.org/dl/go${version}", "google.com/go/go${version}")
}

func (n *nixParser) add(t nixToken, meaning drift.Meaning, v, why string, more ...string) {
	role := drift.RoleDevelop
	if strings.HasPrefix(t.text, "build") {
		role = drift.RoleShip
	}
	span := drift.Span{Start: t.start, End: t.start + len(t.text)}
	n.pins = append(n.pins, drift.Pin{
		Source: drift.SourceNixPackage, Role: role, Place: drift.Place{File: n.doc.File, Span: span},
		Raw: t.text, Meaning: meaning, Version: v, Extra: extra(append(more, "why", why)...),
	})
}

// isNix matches the files of Nix.
func isNix(rel string) bool { return strings.HasSuffix(rel, ".nix") }
