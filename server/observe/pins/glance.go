package pins

import "bytes"

// hintsAtGo reports whether a text can be about a version of Go: whether it holds
// golang, go1, go-version, GO_VERSION, cimg/go:, xgo: and the like. It is the one
// look at most YAML of a repository, of which there is a lot, so it tells words
// such as google, good and cargo, and https://golang.org, apart from these.
func hintsAtGo(text []byte) bool {
	if describesAPI(text) {
		return false
	}
	for i := 0; ; i += len("go") {
		at := bytes.Index(text[i:], []byte("go"))
		if at < 0 {
			break
		}
		if i += at; hintAt(text, i) {
			return true
		}
	}
	for i := 0; ; i++ {
		at := bytes.IndexByte(text[i:], 'G')
		if at < 0 {
			return false
		}
		if i += at; capitalHintAt(text[i+1:]) {
			return true
		}
	}
}

// hintAt judges one place where the two letters stand.
func hintAt(text []byte, i int) bool {
	if i > 0 && isLower(text[i-1]) && text[i-1] != 'x' { // xgo is an image
		return false
	}
	rest := text[i+len("go"):]
	if i > 0 && text[i-1] == '.' && !bytes.HasPrefix(rest, []byte("-")) { // main.go, but .go-version
		return false
	}
	if len(rest) == 0 {
		return true
	}
	switch c := rest[0]; {
	case c == '/' || c == ',' || c == '.' && (len(rest) < 2 || rest[1] != 'v'):
		return false
	case c == ' ' || c == '\t':
		rest = bytes.TrimLeft(rest, " \t")
		return len(rest) > 0 && !isLetter(rest[0])
	case !isLower(c): // goVersion too
		return true
	}
	if after, ok := bytes.CutPrefix(rest, []byte("lang")); ok {
		return len(after) == 0 || !isLetter(after[0]) && after[0] != '.' && after[0] != '/'
	}
	for _, more := range [...]string{"xx", "releaser-", "tool", "sdk"} {
		if bytes.HasPrefix(rest, []byte(more)) {
			return true
		}
	}
	return isVer(rest)
}

// isVer reports whether a text starts with ver, of version and not of govern.
func isVer(text []byte) bool {
	return len(text) >= 3 && bytes.EqualFold(text[:3], []byte("ver")) && (len(text) == 3 || text[3]|0x20 != 'n')
}

// describesAPI reports whether a text is a description of an API by OpenAPI
// (https://spec.openapis.org/oas/latest.html), which is long and runs nothing.
func describesAPI(text []byte) bool {
	head := text[:min(len(text), 4<<10)]
	for _, key := range [...]string{"swagger:", "openapi:"} {
		if i := bytes.Index(head, []byte(key)); i == 0 || i > 0 && head[i-1] == '\n' {
			return true
		}
	}
	return false
}

// capitalHintAt judges what follows a capital G.
func capitalHintAt(rest []byte) bool {
	if len(rest) < 2 || rest[0]|0x20 != 'o' {
		return false
	}
	for _, more := range [...]string{"lang", "tool", "sdk"} {
		if len(rest) > len(more) && bytes.EqualFold(rest[1:1+len(more)], []byte(more)) {
			return true
		}
	}
	c := rest[1]
	return isVer(rest[1:]) || c == '_' || c == '-' || '0' <= c && c <= '9' || rest[0] == 'o' && 'A' <= c && c <= 'Z'
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isLetter(c byte) bool { return isLower(c | 0x20) }
