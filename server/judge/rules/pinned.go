package rules

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// Pinned is the Go that is agreed upon in a folder of the workspace. The first
// of these that names one counts:
//
//  1. [go] version in godrift.toml;
//  2. the nearest file at or above the folder that says which Go to develop with;
//     within one folder .go-version, then .tool-versions, mise and the like, then
//     others, and last what describes an environment: a dev container, Gitpod,
//     devbox, Nix;
//  3. the toolchain line of the go.work in effect;
//  4. without a go.work in effect, the toolchain line of the module's go.mod.
//
// A go line is a floor and pins nothing: it says the least that will do. A
// toolchain line that is lower than the go line beside it has no effect, so it
// pins nothing either.
func Pinned(s *drift.Snapshot, p *policy.Policy, dir string) drift.Pinned {
	if p == nil {
		p = policy.Default()
	}
	return Input{Snapshot: s, Policy: p}.indexed().pinned(dir)
}

func (in Input) pinned(dir string) drift.Pinned {
	p, ok := in.index.pinned[dir]
	if !ok {
		p = in.findPinned(dir)
		in.index.pinned[dir] = p
	}
	return p
}

func (in Input) findPinned(dir string) drift.Pinned {
	if pin, ok := in.policyPin(); ok {
		return in.agree(pin, "it is written in godrift.toml, which comes before every other place")
	}
	if pin, ok := in.nearest(dir); ok {
		return in.agree(pin, whyNearest(pin))
	}
	m, ok := in.holder(dir)
	if !ok {
		return drift.Pinned{}
	}
	file, why := m.File, "it is the module's toolchain line, and nothing else names a Go"
	if m.Work != "" {
		file, why = m.Work, "it is the toolchain line of the go.work in effect, which go.mod cannot overrule"
	}
	if pin, ok := in.index.toolchains[file]; ok && !in.belowGoLine(pin) {
		return in.agree(pin, why)
	}
	return drift.Pinned{}
}

func (in Input) agree(pin drift.Pin, why string) drift.Pinned {
	what := "exactly this release"
	if pin.Meaning == drift.MeaningLine {
		what = "any patch of this minor"
	}
	return drift.Pinned{
		Version: "go" + pin.Version,
		Pin:     pin,
		Reason:  fmt.Sprintf("%s says go%s (%s): %s.", in.at(pin.Place), pin.Version, what, why),
	}
}

// policyPin is [go] version as a pin.
func (in Input) policyPin() (drift.Pin, bool) {
	v := in.Policy.Config.Go.Version
	if v == "" {
		return drift.Pin{}, false
	}
	meaning := drift.MeaningExact
	if isLanguage(v) {
		meaning = drift.MeaningLine
	}
	raw := v
	if doc, ok := in.Snapshot.Documents[in.Policy.GoPlace.File]; ok && in.Policy.GoPlace.Span.End <= len(doc.Text) {
		raw = string(doc.Text[in.Policy.GoPlace.Span.Start:in.Policy.GoPlace.Span.End])
	}
	return drift.Pin{
		Source: drift.SourcePolicy, Role: drift.RoleDevelop, Place: in.Policy.GoPlace,
		Raw: raw, Meaning: meaning, Version: v,
	}, true
}

// nearest is the pin for developers that comes first, toolchain lines aside, in the folder
// or the nearest one above it, up to the root.
func (in Input) nearest(dir string) (drift.Pin, bool) {
	for {
		if pin, ok := in.index.develop[dir]; ok {
			return pin, true
		}
		if dir == in.Snapshot.Root || dir == filepath.Dir(dir) {
			return drift.Pin{}, false
		}
		dir = filepath.Dir(dir)
	}
}

// namesVersion reports whether the pin says one version or one minor.
func namesVersion(pin drift.Pin) bool {
	return pin.Version != "" && (pin.Meaning == drift.MeaningExact || pin.Meaning == drift.MeaningLine)
}

// isToolchainLine tells the toolchain lines of go.mod and go.work from the
// other pins for developers: the go command obeys them, and only them.
func isToolchainLine(pin drift.Pin) bool {
	return strings.HasSuffix(string(pin.Source), ":toolchain")
}
