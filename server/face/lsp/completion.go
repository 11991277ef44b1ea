package lsp

import (
	"context"
	"fmt"
	"go/version"
	"path/filepath"
	"strconv"
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// maxVersions bounds one list of completions; typing on narrows it.
const maxVersions = 100

// slot is a place in a text where a version can stand.
type slot struct {
	span   drift.Span // what is there now
	prefix string     // "go" where versions are written with it
}

// Completion implements protocol.Server: versions, newest first. It looks at
// the text itself, because half-typed text holds no pin yet.
func (s *server) Completion(_ context.Context, params *protocol.CompletionParams) (protocol.CompletionResult, error) {
	file, err := fileOf(params.TextDocument.URI)
	if err != nil {
		return &protocol.CompletionList{Items: []protocol.CompletionItem{}}, nil //nolint:nilerr // nothing to complete there
	}
	s.mu.Lock()
	doc, enc := s.docs[file], s.can.encoding
	s.mu.Unlock()
	list := &protocol.CompletionList{Items: []protocol.CompletionItem{}}
	if doc == nil {
		return list, nil
	}
	m := newMapper(doc.text, enc, false)
	at := m.offset(params.Position)
	slot, ok := slotAt(filepath.Base(file), doc.text, at)
	if !ok {
		return list, nil
	}
	typed := string(doc.text[slot.span.Start:at])
	bare := strings.TrimPrefix(typed, slot.prefix)
	where := m.exact(slot.span)
	for _, name := range releases.All() {
		v := strings.TrimPrefix(name, "go")
		if !strings.HasPrefix(v, bare) {
			continue
		}
		if pre := strings.ContainsAny(strings.TrimPrefix(v, version.Lang(name)[2:]), "rb"); pre && !strings.ContainsAny(bare, "rb") {
			continue // release candidates only for those who type on
		}
		if len(list.Items) == maxVersions {
			list.IsIncomplete = true
			break
		}
		item := protocol.CompletionItem{
			Label:    slot.prefix + v,
			Kind:     protocol.CompletionItemKindConstant,
			Detail:   protocol.NewOptional(standing(name)),
			SortText: protocol.NewOptional(fmt.Sprintf("%04d", len(list.Items))),
			TextEdit: &protocol.TextEdit{Range: where, NewText: slot.prefix + v},
		}
		// Clients compare with what is typed: "1.2" must find "go1.26.2".
		if !strings.HasPrefix(typed, slot.prefix) {
			item.FilterText = protocol.NewOptional(v)
		}
		list.Items = append(list.Items, item)
	}
	return list, nil
}

// standing says in a few words how a release stands.
func standing(name string) string {
	var words []string
	if releases.NewestPatch(name) == name {
		words = append(words, "newest patch")
	}
	if releases.Supported(name) {
		words = append(words, "supported")
	} else {
		words = append(words, "not supported any more")
	}
	return strings.Join(words, ", ")
}

// slotAt finds the place for a version around an offset.
func slotAt(base string, text []byte, at int) (slot, bool) {
	start := strings.LastIndexByte(string(text[:at]), '\n') + 1
	end := len(text)
	if n := strings.IndexByte(string(text[at:]), '\n'); n >= 0 {
		end = at + n
	}
	line := strings.TrimRight(string(text[start:end]), "\r")
	skip := 0
	prefix := ""
	switch {
	case base == ".go-version":
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			return slot{}, false
		}
		skip = len(strings.TrimSuffix(line, strings.TrimLeft(line, "\ufeff \t")))
	case base == "go.work" || strings.HasSuffix(base, ".mod"):
		rest := strings.TrimLeft(line, " \t\ufeff")
		word, after, ok := cutSpace(rest)
		if !ok || word != "go" && word != "toolchain" {
			return slot{}, false
		}
		if word == "toolchain" {
			prefix = "go"
		}
		skip = len(line) - len(after)
	default:
		return slot{}, false
	}
	token := line[skip:]
	if n := strings.IndexAny(token, " \t"); n >= 0 {
		token = token[:n]
	}
	if n := strings.Index(token, "//"); n >= 0 {
		token = token[:n]
	}
	span := drift.Span{Start: start + skip, End: start + skip + len(token)}
	if at < span.Start || at > span.End {
		return slot{}, false
	}
	if base == ".go-version" && strings.HasPrefix(token, "go") {
		prefix = "go"
	}
	return slot{span: span, prefix: prefix}, true
}

// cutSpace splits off the first word and the blanks behind it.
func cutSpace(s string) (word, after string, ok bool) {
	n := strings.IndexAny(s, " \t")
	if n < 0 {
		return "", "", false
	}
	return s[:n], strings.TrimLeft(s[n:], " \t"), true
}

// releaseNotes is where a version is described; empty for one that is not
// known.
func releaseNotes(v string) string {
	full := "go" + strings.TrimPrefix(v, "go")
	lang := version.Lang(full)
	if lang == "" || releases.NewestPatch(lang) == "" {
		return ""
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(full, lang), ".")
	if patch, err := strconv.Atoi(rest); err == nil && patch > 0 && releases.Known(full) {
		return "https://go.dev/doc/devel/release#" + full
	}
	return "https://go.dev/doc/" + lang
}
