package pins

import (
	"bytes"
	"strings"

	"godrift.dev/server/drift"
)

// imageKind says how the tags of an image name a Go version.
type imageKind int

const (
	noGoImage         imageKind = iota
	officialImage               // golang: 1.25.3-alpine3.22
	goTaggedImage               // other images whose tags are Go versions, some with a v
	devcontainerImage           // devcontainers/go: 1-1.25-bookworm, dev-1.25
	embeddedImage               // a Go version somewhere in the tag: rhel-9-golang-1.25-openshift-4.21
)

// taggedImages are images of other names whose tags are Go versions, and those
// that hold one within their tag.
var taggedImages = map[string]imageKind{
	"cloud-builders/go": goTaggedImage,
	"cimg/go":           goTaggedImage, "chainguard/go": goTaggedImage,
	"devcontainers/go":            devcontainerImage,
	"dockercore/golang-cross":     goTaggedImage,
	"troian/golang-cross":         goTaggedImage,
	"goreleaser/goreleaser-cross": goTaggedImage,
	"beats-dev/golang-crossbuild": goTaggedImage,
	"prometheus/golang-builder":   goTaggedImage,
	"crazymax/goxx":               goTaggedImage,
	"techknowlogick/xgo":          embeddedImage,
	"ocp/builder":                 embeddedImage,
	"openshift/release":           embeddedImage,
	"build-image/kube-cross":      embeddedImage,
	"kubermatic/build":            embeddedImage,
}

// kindOfImage looks at the name of an image, registry and folders included.
// A mirror keeps the last part of the name: localhost:5000/golang.
func kindOfImage(name string) imageKind {
	name = name[strings.LastIndexByte(name, missingMark)+1:]
	dir, base := "", name
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		dir, base = name[:i], name[i+1:]
	}
	switch base {
	case "golang":
		return officialImage
	case "go-toolset", "dhi-golang":
		return goTaggedImage
	case "go", "go-fips", "go-msft-fips":
		if strings.HasPrefix(name, "cgr.dev/") {
			return goTaggedImage
		}
	}
	return taggedImages[dir[strings.LastIndexByte(dir, '/')+1:]+"/"+base]
}

// readImage finds the Go version in an image reference,
// [registry/]name[:tag][@digest], see github.com/distribution/reference. It
// reports false for images that are not Go's.
func readImage(t template) (reading, bool) {
	var none reading
	text := t.text
	digest := ""
	name := len(text)
	if i := bytes.IndexByte(text, '@'); i >= 0 {
		name, digest = i, "true"
	}
	tag := -1
	slash := bytes.LastIndexByte(text[:name], '/')
	if i := bytes.IndexByte(text[slash+1:name], ':'); i >= 0 {
		tag = slash + 1 + i + 1
	}
	end := name
	if tag >= 0 {
		name = tag - 1
	}
	for _, c := range text[:name] {
		if c <= ' ' && c != missingMark || c == '"' || c == '\'' || c == '$' {
			return none, false
		}
	}
	kind := kindOfImage(string(text[:name]))
	if kind == noGoImage {
		return none, false
	}
	if tag < 0 || tag == end {
		start := bytes.LastIndexAny(text[:name], "/\x00") + 1
		r := reading{start: start, end: name, meaning: drift.MeaningLatest, extra: extra("why", "no tag")}
		switch {
		case digest != "":
			r.meaning, r.extra = drift.MeaningUnknown, extra("digest", digest, "why", "no tag, only a digest")
		case kind == embeddedImage:
			return none, false
		}
		return r, true
	}
	r, ok := readTag(t.slice(tag, end), kind)
	if !ok {
		return none, false
	}
	r.start, r.end = r.start+tag, r.end+tag
	if digest != "" {
		r.extra = with(r.extra, "digest", digest)
	}
	return r, true
}

// readTag finds the Go version in the tag of an image.
func readTag(t template, kind imageKind) (reading, bool) {
	switch kind {
	case devcontainerImage:
		return readDevcontainerTag(t), true
	case embeddedImage:
		return readEmbeddedTag(t)
	}
	r := readVersion(t)
	raw := string(t.text[r.start:r.end])
	switch {
	case r.meaning == drift.MeaningUnresolved:
	case kind == officialImage && (strings.HasPrefix(raw, "v") || strings.HasPrefix(raw, "go")):
		r.meaning = drift.MeaningInvalid
		r.extra = with(r.extra, "why", "the tags of the golang image have no prefix: write "+r.version)
	case kind == officialImage && (strings.HasSuffix(raw, ".x") || strings.HasSuffix(raw, ".*")):
		r.meaning = drift.MeaningInvalid
		r.extra = with(r.extra, "why", "the golang image has no such tag: a tag names one version, such as 1.25 or 1.25.3")
	}
	return r, true
}

// readVersion reads a text that starts with a version and may go on with the
// name of a variant: 1.25.3, 1.25-alpine3.22, latest-dev, alpine.
func readVersion(t template) reading {
	text := t.text
	end := bytes.IndexAny(text, "-_+")
	if i := bytes.IndexByte(text, missingMark); i >= 0 && (end < 0 || i < end) {
		// What is missing may end in the middle: ${GO_VERSION}-alpine.
		end = bytes.IndexAny(text[i:], "-_+")
		if end >= 0 {
			end += i
		}
	}
	if end < 0 {
		end = len(text)
	}
	variant := ""
	if end < len(text) {
		variant = t.slice(end+1, len(text)).shown()
	}
	head := string(text[:end])
	r := reading{end: end, extra: extra("variant", variant)}
	switch {
	case strings.IndexByte(head, missingMark) >= 0:
		r.meaning = drift.MeaningUnresolved
		return r
	case head == "latest":
		r.meaning = drift.MeaningLatest
		return r
	case head == "stable":
		r.meaning = drift.MeaningStable
		return r
	case head == "oldstable":
		r.meaning = drift.MeaningOldStable
		return r
	}
	meaning, v := release(head)
	if m, pre := release(string(text)); meaning != drift.MeaningExact && m == drift.MeaningExact {
		r.end, r.extra, meaning, v = len(text), nil, m, pre // 1.25.0-rc.1
	}
	switch {
	case v != "":
		r.meaning, r.version = meaning, v
	case floatingTag(head):
		r.end = len(text)
		r.meaning, r.extra = drift.MeaningLatest, extra("variant", string(text))
	default:
		r.end = len(text)
		r.meaning = drift.MeaningUnknown
		why := "no Go version can be read from this"
		switch head {
		case "tip", "master", "main", "nightly", "edge":
			why = "development branch"
		case "rc", "beta":
			why = "newest pre-release"
		}
		r.extra = extra("why", why)
	}
	return r
}

// floatingTag reports whether a tag of the golang image names only what the
// image is built upon, so that its Go is the newest.
func floatingTag(head string) bool {
	for _, base := range []string{
		"alpine", "trixie", "bookworm", "bullseye", "buster", "stretch", "jessie", "wheezy", "forky",
		"windowsservercore", "nanoserver", "onbuild", "cross", "slim",
	} {
		if rest, ok := strings.CutPrefix(head, base); ok && strings.Trim(rest, "0123456789.") == "" {
			return true
		}
	}
	return false
}

// readDevcontainerTag reads a tag of mcr.microsoft.com/devcontainers/go:
// [version of the image-][dev-]version of Go[-variant], see
// github.com/devcontainers/images/tree/main/src/go.
func readDevcontainerTag(t template) reading {
	whole := string(t.text)
	at := 0
	if rest, ok := strings.CutPrefix(whole, "dev-"); ok {
		at = len(whole) - len(rest)
	}
	first, rest, more := strings.Cut(whole[at:], "-")
	if own := ownVersion(first); own {
		second, _, _ := strings.Cut(rest, "-")
		if !more || !startsWithDigit(second) && !strings.HasPrefix(second, "\x00") {
			return reading{
				start: at, end: at + len(first), meaning: drift.MeaningLatest,
				extra: extra("variant", rest, "why", first+" is the version of the image"),
			}
		}
		at += len(first) + 1
	}
	r := readVersion(t.slice(at, len(t.text)))
	r.start, r.end = r.start+at, r.end+at
	return r
}

// ownVersion reports whether a number is the version of a devcontainer's image
// or feature, whose minors are small, and not that of a Go, whose are not.
func ownVersion(s string) bool {
	major, rest, more := strings.Cut(s, ".")
	if major == "" || strings.Trim(major, "0123456789") != "" {
		return false
	}
	if !more {
		return true
	}
	minor, _, _ := strings.Cut(rest, ".")
	return major != "1" || len(minor) == 1
}

// readEmbeddedTag finds golang-1.25, go-1.25 or go1.25.3 within a tag.
func readEmbeddedTag(t template) (reading, bool) {
	text := t.text
	for _, prefix := range []string{"golang-", "go-", "go"} {
		for at := 0; ; {
			i := bytes.Index(text[at:], []byte(prefix))
			if i < 0 {
				break
			}
			start := at + i + len(prefix)
			at = start
			if i := start - len(prefix); i > 0 && text[i-1] != '-' && text[i-1] != '_' {
				continue
			}
			end := start
			for end < len(text) && text[end] != '-' && text[end] != '_' {
				end++
			}
			if bytes.IndexByte(text[start:end], missingMark) < 0 && !bytes.HasPrefix(text[start:end], []byte("1.")) {
				continue
			}
			r := readVersion(t.slice(start, end))
			r.start, r.end = r.start+start, r.end+start
			return r, r.meaning != drift.MeaningUnknown
		}
	}
	return reading{}, false
}

// imagePin is the pin of an image reference; false if it is no image of Go. Text
// without variables is given as [literalTemplate].
func imagePin(doc drift.Document, source drift.Source, role drift.Role, t template) (drift.Pin, bool) {
	r, ok := readImage(t)
	if !ok {
		return drift.Pin{}, false
	}
	return t.pin(doc, source, role, r), true
}
