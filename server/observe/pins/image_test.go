package pins

import (
	"fmt"
	"testing"

	"godrift.dev/server/drift"
)

func TestReadImage(t *testing.T) {
	const none = "none"
	for ref, want := range map[string]string{
		"golang":                                "golang latest [why: no tag]",
		"library/golang":                        "golang latest [why: no tag]",
		"golang:":                               "golang latest [why: no tag]",
		"golang:1.26.8":                         "1.26.8 exact 1.26.8",
		"golang:1.26":                           "1.26 line 1.26",
		"golang:1":                              "1 latest 1",
		"golang:1-alpine":                       "1 latest 1 [variant: alpine]",
		"golang:latest":                         "latest latest",
		"golang:alpine3.22":                     "alpine3.22 latest [variant: alpine3.22]",
		"golang:bookworm":                       "bookworm latest [variant: bookworm]",
		"golang:windowsservercore-ltsc2022":     "windowsservercore-ltsc2022 latest [variant: windowsservercore-ltsc2022]",
		"golang:tip-trixie":                     "tip-trixie unknown [why: development branch]",
		"golang:rc-alpine":                      "rc-alpine unknown [why: newest pre-release]",
		"golang:1.26rc2-alpine3.22":             "1.26rc2 exact 1.26rc2 [variant: alpine3.22]",
		"golang:1.26-rc-alpine":                 "1.26 line 1.26 [variant: rc-alpine]",
		"golang:1.26.8-alpine3.22@sha256:01ab":  "1.26.8 exact 1.26.8 [digest: true] [variant: alpine3.22]",
		"golang@sha256:01ab":                    "golang unknown [digest: true] [why: no tag, only a digest]",
		"golang:v1.26.8":                        "v1.26.8 invalid 1.26.8 [why: the tags of the golang image have no prefix: write 1.26.8]",
		"golang:1.26.x":                         "1.26.x invalid 1.26 [why: the golang image has no such tag: a tag names one version, such as 1.25 or 1.25.3]",
		"docker.io/library/golang:1.26.8":       "1.26.8 exact 1.26.8",
		"mirror.example.com:5000/a/golang:1.26": "1.26 line 1.26",
		"localhost:5000/golang":                 "golang latest [why: no tag]",
		"public.ecr.aws/docker/library/golang:1.26-alpine":                  "1.26 line 1.26 [variant: alpine]",
		"mcr.microsoft.com/oss/go/microsoft/golang:1.22.4-1-cbl-mariner2.0": "1.22.4 exact 1.22.4 [variant: 1-cbl-mariner2.0]",
		"cimg/go:1.26.8-node":                                                     "1.26.8 exact 1.26.8 [variant: node]",
		"circleci/golang:1.13":                                                    "1.13 line 1.13",
		"cgr.dev/chainguard/go:latest-dev":                                        "latest latest [variant: dev]",
		"cgr.dev/example.com/go-fips:1.26":                                        "1.26 line 1.26",
		"registry.access.redhat.com/ubi9/go-toolset:1.21.9-1.1719":                "1.21.9 exact 1.21.9 [variant: 1.1719]",
		"ghcr.io/goreleaser/goreleaser-cross:v1.22.3":                             "v1.22.3 exact 1.22.3",
		"quay.io/prometheus/golang-builder:1.26-base":                             "1.26 line 1.26 [variant: base]",
		"mcr.microsoft.com/devcontainers/go:1":                                    "1 latest [why: 1 is the version of the image]",
		"mcr.microsoft.com/devcontainers/go:1-bookworm":                           "1 latest [variant: bookworm] [why: 1 is the version of the image]",
		"mcr.microsoft.com/devcontainers/go:1-1.26-bookworm":                      "1.26 line 1.26 [variant: bookworm]",
		"mcr.microsoft.com/devcontainers/go:2.0.3-1.26.1-trixie":                  "1.26.1 exact 1.26.1 [variant: trixie]",
		"mcr.microsoft.com/devcontainers/go:dev-1.26-bookworm":                    "1.26 line 1.26 [variant: bookworm]",
		"mcr.microsoft.com/devcontainers/go:1.26":                                 "1.26 line 1.26",
		"mcr.microsoft.com/devcontainers/go:1.2":                                  "1.2 latest [why: 1.2 is the version of the image]",
		"mcr.microsoft.com/devcontainers/go":                                      "go latest [why: no tag]",
		"mcr.microsoft.com/vscode/devcontainers/go:0-1.19":                        "1.19 line 1.19",
		"registry.ci.openshift.org/ocp/builder:rhel-9-golang-1.22-openshift-4.17": "1.22 line 1.22",
		"registry.ci.openshift.org/openshift/release:rhel-9-release-golang-1.22":  "1.22 line 1.22",
		"registry.k8s.io/build-image/kube-cross:v1.33.0-go1.24.2-bullseye.0":      "1.24.2 exact 1.24.2",
		"techknowlogick/xgo:go-1.22.x":                                            "1.22.x line 1.22",
		"golangci/golangci-lint:v1.59":                                            none,
		"foo/golang-tools:1.22":                                                   none,
		"localhost:5000/mygolang:1.22":                                            none,
		"golang/tools:1.22":                                                       none,
		"foo/go:1.22":                                                             none,
		"mygolang":                                                                none,
		"tinygo/tinygo:0.30.0":                                                    none,
		"hugo:1.22":                                                               none,
		"":                                                                        none,
		"@":                                                                       none,
		":1.22":                                                                   none,
		"the golang:1.22 image":                                                   none,
		"ocp/builder:rhel-9":                                                      none,
	} {
		got := none
		if r, ok := readImage(literalTemplate(ref, 0)); ok {
			got = ref[r.start:r.end] + " " + string(r.meaning)
			if r.version != "" {
				got += " " + r.version
			}
			for _, key := range []string{"digest", "variant", "why"} {
				if v := r.extra[key]; v != "" {
					got += fmt.Sprintf(" [%s: %s]", key, v)
				}
			}
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", ref, got, want)
		}
	}
}

func FuzzReadImage(f *testing.F) {
	f.Add("localhost:5000/golang:1.26.8-alpine@sha256:01")
	f.Add("devcontainers/go:1-\x00-x")
	f.Add("ocp/builder:go-\x00")
	f.Fuzz(func(t *testing.T, ref string) {
		var text template
		for i := range len(ref) {
			if ref[i] == missingMark {
				text.use("X", nil, i, i+1)
				continue
			}
			text.literal(ref[i:i+1], i)
		}
		doc := document("/w/x", []byte(ref))
		if pin, ok := imagePin(doc, "x", drift.RoleShip, text); ok {
			sound(t, drift.Document{File: doc.File, Text: []byte(ref)}, []drift.Pin{pin}, nil)
		}
	})
}
