package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// isHCL matches files of Terraform, Packer and Nomad. Those of bake come before.
func isHCL(rel string) bool {
	return strings.HasSuffix(rel, ".tf") || strings.HasSuffix(rel, ".tfvars") || strings.HasSuffix(rel, ".hcl") || strings.HasSuffix(rel, ".nomad")
}

// ParseHCL reads variables of Terraform and Packer that hold a Go version, the
// runtimes of Google's cloud functions (runtime = "go125"), and images of Nomad
// jobs and other resources
// (https://developer.hashicorp.com/terraform/language/values/variables,
// https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/cloudfunctions2_function).
// A number 1.20 is the number 1.2.
func ParseHCL(doc drift.Document) ([]drift.Pin, []drift.Problem) {
	if len(doc.Text) > maxDockerfile || !containsAny(doc.Text, "golang", "go_ver", "gover", "goVer", "GO_VER", "GOVER", "GOTOOLCHAIN", `"go1`) {
		return nil, nil
	}
	h := &hclFile{bake{doc: doc, text: string(doc.Text), vars: map[string]*declaration{}}}
	reader := &hclReader{text: h.text}
	h.attributes(reader.body(), 0)
	return inOrder(h.pins), encodingProblems(doc)
}

type hclFile struct{ bake }

func (h *hclFile) attributes(attrs []hclAttr, depth int) {
	if depth > maxHCLDepth {
		return
	}
	for _, a := range attrs {
		name := a.name
		if a.block && name == "variable" {
			for _, v := range a.value.attrs {
				if v.name == "default" {
					h.attribute(a.label, v.value)
				}
			}
			continue
		}
		h.attribute(name, a.value)
		h.attributes(a.value.attrs, depth+1)
		for _, item := range a.value.items {
			h.attributes(item.attrs, depth+1)
		}
	}
}

// attribute reads name = value.
func (h *hclFile) attribute(name string, value hclValue) {
	if value.kind != '"' && value.kind != 'w' {
		return
	}
	t, ok := h.value(value, nil)
	if !ok || len(t.text) == 0 || t.text[0] == missingMark {
		return
	}
	text := string(t.text)
	switch {
	case name == "GOTOOLCHAIN":
		if pin, ok := toolchainPin(h.doc, drift.SourceHCLToolchain, drift.RoleBuild, t); ok {
			h.add(pin)
		}
	case name == "runtime" && strings.HasPrefix(text, "go1") && strings.Trim(text[2:], "0123456789.") == "":
		h.add(t.pin(h.doc, drift.SourceHCLRuntime, drift.RoleShip, appEngineRuntime(t)))
	case goVariable(name):
		if r := plainVersion(t); r.meaning == drift.MeaningExact || r.meaning == drift.MeaningLine || r.meaning == drift.MeaningRange {
			pin := t.pin(h.doc, drift.SourceHCLVariable, drift.RoleBuild, r)
			pin.Extra = with(pin.Extra, "name", name)
			h.add(pin)
		}
	case name == "image" || imageVariable(name):
		if pin, ok := imagePin(h.doc, drift.SourceHCLImage, drift.RoleBuild, t); ok && pin.Extra["why"] != "no tag" {
			h.add(pin)
		}
	}
}
