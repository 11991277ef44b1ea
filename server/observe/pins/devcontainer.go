package pins

import (
	"bytes"
	"strings"

	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

// ParseDevcontainer reads a devcontainer.json: its image, the version that the
// feature for Go installs, build arguments, and GOTOOLCHAIN in the environment.
//
// The format is https://containers.dev/implementors/json_reference/; the feature
// is github.com/devcontainers/features/tree/main/src/go. In the image
// devcontainers/go:1 and in the feature go:1, the 1 is a version of their own.
func ParseDevcontainer(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if !mentionsGo(doc.Text) {
		return nil, nil
	}
	d := &devcontainer{jsonFile: readJSONC(doc)}
	root := &d.root
	if t, ok := d.value(d.get(root, "image")); ok {
		if pin, ok := imagePin(doc, drift.SourceDevcontainerImage, drift.RoleDevelop, t); ok {
			d.add(pin)
		}
	}
	d.each(d.get(root, "features"), d.feature)
	for _, key := range []string{"containerEnv", "remoteEnv"} {
		d.each(d.get(root, key), func(name string, _, v *hujson.Value) {
			if t, ok := d.value(v); ok {
				d.variable(name, t, drift.SourceDevcontainerEnv, "")
			}
		})
	}
	build := d.get(root, "build")
	file := d.text(d.get(build, "dockerfile"))
	if file == "" {
		file = d.text(d.get(root, "dockerFile"))
	}
	if file != "" {
		file = otherDockerfile("", file)
	}
	d.each(d.get(build, "args"), func(name string, _, v *hujson.Value) {
		if t, ok := d.value(v); ok {
			d.variable(name, t, drift.SourceDevcontainerBuildArg, file)
		}
	})
	return inOrder(d.pins), d.problems
}

// isDevcontainer matches devcontainer.json wherever it stands.
func isDevcontainer(rel string) bool {
	return strings.HasSuffix(rel, "devcontainer.json") &&
		(len(rel) == len("devcontainer.json") || strings.IndexByte("/.", rel[len(rel)-len("devcontainer.json")-1]) >= 0)
}

type devcontainer struct {
	*jsonFile
	pins []drift.Pin
}

func (d *devcontainer) add(pin drift.Pin) {
	if len(d.pins) < maxContainerPins {
		d.pins = append(d.pins, pin)
	}
}

// value is a string with its ${localEnv:NAME:default} replaced, see
// https://containers.dev/implementors/json_reference/#variables-in-devcontainerjson.
func (d *devcontainer) value(v *hujson.Value) (template, bool) {
	whole, ok := d.str(v)
	if !ok || bytes.IndexByte(whole.text, '$') < 0 {
		return whole, ok && len(whole.text) > 0
	}
	var t template
	for at := 0; at < len(whole.text); {
		rest := whole.text[at:]
		stop := bytes.IndexByte(rest, '}')
		if !bytes.HasPrefix(rest, []byte("${")) || stop < 0 {
			t.add(whole.text[at], whole.from[at])
			at++
			continue
		}
		span := whole.span(at, at+stop+1)
		kind, name, _ := strings.Cut(string(rest[2:stop]), ":")
		name, inline, has := strings.Cut(name, ":")
		switch {
		case has && kind == "localEnv":
			t.inline(name, literalTemplate(inline, span.Start), span.Start, span.End)
		case name == "":
			t.use(kind, nil, span.Start, span.End)
		default:
			t.use(name, nil, span.Start, span.End)
		}
		at += stop + 1
	}
	return t, len(t.text) > 0
}

// feature reads the options of a feature, if it is the one that installs Go. A
// string in their place is the version.
func (d *devcontainer) feature(id string, _, options *hujson.Value) {
	if !isGoFeature(id) {
		return
	}
	v := options
	if _, isString := d.str(options); !isString {
		v = d.get(options, "version")
	}
	t, ok := d.value(v)
	if !ok || string(t.text) == "none" {
		return
	}
	r := plainVersion(t)
	if raw := string(t.text); r.version != "" && (raw[0] == 'v' || strings.HasPrefix(raw, "go")) {
		r.meaning = drift.MeaningInvalid
		r.extra = with(r.extra, "why", "the feature takes a version without a prefix: write "+r.version)
	}
	d.add(t.pin(d.doc, drift.SourceDevcontainerFeature, drift.RoleDevelop, r))
}

// isGoFeature reports whether a feature installs Go: ghcr.io/devcontainers/features/go:1,
// and golang as the first ones were called.
func isGoFeature(id string) bool {
	if id == "golang" || id == "go" {
		return true
	}
	base := id[strings.LastIndexByte(id, '/')+1:]
	if i := strings.IndexAny(base, ":@"); i >= 0 {
		base = base[:i]
	}
	return base == "go" && strings.Contains(id, "/")
}

// variable adds the pin of a variable that names a Go version or an image.
func (d *devcontainer) variable(name string, t template, source drift.Source, dockerfile string) {
	if name == "GOTOOLCHAIN" {
		if pin, ok := toolchainPin(d.doc, drift.SourceDevcontainerToolchain, drift.RoleDevelop, t); ok {
			d.add(pin)
		}
		return
	}
	decl := &declaration{name: name, value: t, known: true, role: drift.RoleDevelop}
	pin, ok := declaredPin(d.doc, decl, source)
	if name == "VARIANT" && source == drift.SourceDevcontainerBuildArg && d.forGo() {
		// The templates give the tag of their image this name.
		r := readDevcontainerTag(t)
		if ok = r.meaning == drift.MeaningLine || r.meaning == drift.MeaningExact || r.meaning == drift.MeaningLatest; ok {
			pin = t.pin(d.doc, source, drift.RoleDevelop, r)
			pin.Extra = named(pin, name)
		}
	}
	if !ok {
		return
	}
	if dockerfile != "" {
		pin.Extra = with(pin.Extra, "dockerfile", dockerfile)
	}
	d.add(pin)
}

// forGo reports whether the container is one for Go, by what the editor is
// told to do in it.
func (d *devcontainer) forGo() bool {
	text := d.doc.Text
	return bytes.Contains(text, []byte(`"golang.go"`)) || bytes.Contains(text, []byte(`"golang.Go"`)) ||
		bytes.Contains(text, []byte(`"go.`)) || d.text(d.get(&d.root, "name")) == "Go"
}
