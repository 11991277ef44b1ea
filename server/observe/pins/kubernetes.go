package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// ParseKubernetes reads YAML that runs containers: pods, Prow jobs, Tekton
// tasks and pipelines, Argo workflows. Every image of Go under a key image
// counts, wherever it stands, and GOTOOLCHAIN and GO_VERSION in lists of
// environment variables.
//
// The formats are https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container,
// https://docs.prow.k8s.io/docs/jobs/ and https://tekton.dev/docs/pipelines/tasks/,
// whose $(params.NAME) is resolved from the parameters' defaults. A file that is
// no valid YAML is read as far as it goes without a word: it may be a template.
//
// A YAML file of any name can also be a workflow that other repositories get a
// copy of, or describe an image of apko.
func ParseKubernetes(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	switch {
	case !hintsAtGo(doc.Text):
		return nil, nil
	case containsAny(doc.Text, "/setup-go@") && containsAny(doc.Text, "jobs:"):
		pins, _ := ParseWorkflow(doc)
		return pins, nil
	case isApko(doc.Text):
		return parseApko(doc), nil
	case !mentionsGoImage(doc.Text):
		return nil, nil
	}
	return readKubernetes(doc), nil
}

func readKubernetes(doc drift.Document) []drift.Pin {
	k := &kubernetes{ciFile: newCIFile(doc, nextParameter), role: roleOfName(doc.File)}
	if k.role == "" {
		k.role = drift.RoleBuild
	}
	for _, root := range k.roots {
		k.params = map[string]*declaration{}
		k.read = map[string]ciValue{}
		k.order = nil
		k.walk(root, 0, k.declare)
		k.walk(root, 0, k.mapping)
		for _, name := range k.order {
			if d := k.params[name]; d.feeds && !d.part {
				k.ciFile.named(k.version(k.read[name], drift.SourceKubernetesParameter, d.role, readVersion), name)
			}
		}
	}
	pins, _ := k.result()
	return pins
}

type kubernetes struct {
	*ciFile
	role   drift.Role
	params map[string]*declaration
	read   map[string]ciValue
	order  []string
}

// nextParameter finds $(params.NAME), and Helm's {{ ... }}.
func nextParameter(text string) (start, end int, expr string, ok bool) {
	for _, mark := range [][2]string{{"$(", ")"}, {"{{", "}}"}, {"${", "}"}} {
		i := strings.Index(text, mark[0])
		if i < 0 {
			continue
		}
		if j := strings.Index(text[i:], mark[1]); j > 0 {
			return i, i + j + len(mark[1]), strings.TrimSpace(text[i+len(mark[0]) : i+j]), true
		}
	}
	return 0, 0, "", false
}

// resolve is the lookup of parameters.
func (k *kubernetes) resolve(t *template, expr string, start, end int) {
	name := strings.TrimPrefix(strings.TrimPrefix(expr, "inputs."), "params.")
	name = strings.TrimPrefix(name, "parameters.")
	t.use(name, k.params[name], start, end)
}

// walk calls visit for each mapping.
func (k *kubernetes) walk(n *yaml.Node, depth int, visit func(n *yaml.Node)) {
	if n == nil || depth > maxYAMLDepth || !k.step() {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		visit(n)
		for i := 1; i < len(n.Content); i += 2 {
			k.walk(n.Content[i], depth+1, visit)
		}
	case yaml.SequenceNode:
		for _, item := range n.Content {
			k.walk(item, depth+1, visit)
		}
	}
}

// declare notes the parameters of tasks: name with default.
func (k *kubernetes) declare(n *yaml.Node) {
	name := k.value(k.get(n, "name"))
	if name == "" {
		return
	}
	v, ok := k.ciFile.read(k.get(n, "default"), unknownVariable)
	if !ok {
		return
	}
	if k.params[name] == nil {
		k.order = append(k.order, name)
		k.read[name] = v
		k.params[name] = &declaration{name: name, value: v.template, at: v.place.Start, known: true, role: k.role}
	}
}

// mapping looks for an image, an environment variable, and Helm's repository
// with tag.
func (k *kubernetes) mapping(n *yaml.Node) {
	k.repository(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := k.value(n.Content[i])
		if key != "image" && !strings.HasSuffix(key, "Image") {
			continue
		}
		if v, ok := k.ciFile.read(n.Content[i+1], k.resolve); ok {
			k.image(v, drift.SourceKubernetesImage, k.role)
		}
	}
	if name := k.value(k.get(n, "name")); name == "GOTOOLCHAIN" || goVariable(name) {
		if v, ok := k.ciFile.read(k.get(n, "value"), k.resolve); ok {
			k.variable(name, v, containerSources{drift.SourceKubernetesEnv, drift.SourceKubernetesToolchain}, k.role)
		}
	}
}

// repository reads {repository: golang, tag: "1.25"}, the image of a chart of
// Helm, or the source of an image in Concourse
// (https://github.com/concourse/registry-image-resource).
func (k *kubernetes) repository(n *yaml.Node) {
	name := k.value(k.get(n, "repository"))
	kind := kindOfImage(name)
	if name == "" || kind == noGoImage {
		return
	}
	v, ok := k.ciFile.read(k.get(n, "tag"), k.resolve)
	if !ok {
		return
	}
	k.version(v, drift.SourceKubernetesImage, k.role, func(t template) reading {
		r, _ := readTag(t, kind)
		return r
	})
}

// isAnyYAML matches every YAML file; the formats before this one take what is
// theirs.
func isAnyYAML(rel string) bool {
	return strings.HasSuffix(rel, ".yaml") || strings.HasSuffix(rel, ".yml")
}
