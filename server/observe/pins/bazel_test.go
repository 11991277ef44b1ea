package pins

import (
	"strings"
	"testing"
	"time"
)

var bazelCases = []formatCase{
	{"module", "MODULE.bazel", "module(name = \"m\", version = \"1.22.3\")\nbazel_dep(name = \"rules_go\", version = \"1.50.1\")\ngo_sdk = use_extension(\"@rules_go//go:extensions.bzl\", \"go_sdk\")\n# go_sdk.download(version = \"1.19.1\")\ngo_sdk.download(version = \"1.22.3\")\ngo_sdk.download(\n    name = \"old\", # é\n    goos = \"linux\",\n    version = '1.21.0',  # for compat\n)\ngo_sdk.nogo(nogo = \"//:x\")\ngo_sdk.host()\n", `
5:28-34 bazel:go_sdk.download build "1.22.3" exact 1.22.3
9:16-22 bazel:go_sdk.download build "1.21.0" exact 1.21.0
12:1-14 bazel:go_sdk.host build "go_sdk.host()" system
`},
	{"other name", "MODULE.bazel", "sdk_dev = use_extension(\"@io_bazel_rules_go//go:extensions.bzl\", \"go_sdk\", dev_dependency = True)\nsdk_dev.download(name=\"a\", version=\"1.25rc1\", sdks={\"linux_amd64\": [\"go1.25.tar.gz\", \"0\"]})\nother.download(version = \"1.2.3\")\n", `
2:37-44 bazel:go_sdk.download build "1.25rc1" exact 1.25rc1
`},
	{"file", "go.MODULE.bazel", "go_sdk.from_file(go_mod = \"//:go.mod\")\ngo_sdk.from_file(name = \"x\", go_work = \"//a:go.work\")\ngo_deps.from_file(go_mod = \"//:go.mod\")\n", `
1:28-37 bazel:go_sdk.from_file build "//:go.mod" ref
2:41-52 bazel:go_sdk.from_file build "//a:go.work" ref
`},
	{"no version", "MODULE.bazel", "go_sdk.download(name = \"x\")\ngo_sdk.download(sdks = {\"a\": [\"b\"]})\n", `
1:1-28 bazel:go_sdk.download build "go_sdk.download(name = \"x\")" latest [why: no version]
`},
	{"variable", "MODULE.bazel", "GO = \"1.22.3\"\ngo_sdk.download(version = GO)\ngo_sdk.download(version = NO)\ngo_sdk.download(version = \"1.%s\" % X)\n", `
1:7-13 bazel:variable build "1.22.3" exact 1.22.3 [name: GO]
2:27-29 bazel:go_sdk.download build "GO" var 1.22.3 [fromLine: 1] [name: GO]
3:27-29 bazel:go_sdk.download build "NO" unresolved [name: NO]
4:27-37 bazel:go_sdk.download build "\"1.%s\" % X" unresolved [name: "1.%s" % X]
`},
	{"workspace", "WORKSPACE", "load(\"@io_bazel_rules_go//go:deps.bzl\", \"go_register_toolchains\", \"go_rules_dependencies\")\ngo_rules_dependencies()\ngo_register_toolchains(version = '1.22.3')\ngo_register_toolchains(\"1.20\")\ngo_register_toolchains(go_version = \"host\")\ngo_register_toolchains()\ngo_download_sdk(name=\"go_sdk\", version=\"1.21.1\")\ngo_host_sdk(name = \"go_sdk\")\n", `
3:35-41 bazel:go_register_toolchains build "1.22.3" exact 1.22.3
4:25-29 bazel:go_register_toolchains build "1.20" line 1.20
5:38-42 bazel:go_register_toolchains build "host" system
7:41-47 bazel:go_download_sdk build "1.21.1" exact 1.21.1
8:1-29 bazel:go_host_sdk build "go_host_sdk(name = \"go_sdk\")" system
`},
	{"macro", "deps.bzl", "\"\"\"go_register_toolchains(version = \"1.1\")\"\"\"\nGO_VERSION = \"1.22.3\"\nGAZELLE_VERSION = \"1.2.3\"\n\ndef go_register_toolchains(version = None):\n    pass\n\ndef deps():\n    go_register_toolchains(version = GO_VERSION, nogo = \"@//:nogo\")\n", `
2:15-21 bazel:variable build "1.22.3" exact 1.22.3 [name: GO_VERSION]
9:38-48 bazel:go_register_toolchains build "GO_VERSION" var 1.22.3 [fromLine: 2] [name: GO_VERSION]
`},
	{"prefix", "WORKSPACE", "go_register_toolchains(version = \"go1.22.3\")\n", `
1:35-43 bazel:go_register_toolchains build "go1.22.3" invalid 1.22.3 [why: rules_go wants the version without a prefix: write 1.22.3]
`},
	{"half typed", "MODULE.bazel", "go_sdk.download(version = \"1.22.3\ngo_sdk.host()\ngo_sdk.download(version = \"1.21.1\"", `
1:28-34 bazel:go_sdk.download build "1.22.3" exact 1.22.3
2:1-14 bazel:go_sdk.host build "go_sdk.host()" system
3:28-34 bazel:go_sdk.download build "1.21.1" exact 1.21.1
`},
}

func TestBazel(t *testing.T) { runCases(t, ParseBazel, bazelCases) }

func FuzzBazel(f *testing.F) { fuzzCases(f, ParseBazel, bazelCases) }

// TestBazelLinear guards against work that grows with the square of the input.
func TestBazelLinear(t *testing.T) {
	for _, unit := range []string{"go_sdk.download(", "go_sdk.host()\n", "\"\"\"", "x = \"1.2\"\n", "go_sdk.download(version=", "[", "#\n", "go_sdk=use_extension("} {
		doc := document("x", []byte("go_sdk\n"+strings.Repeat(unit, 200_000/len(unit))))
		start := startClock()
		pins, problems := ParseBazel(doc)
		sound(t, doc, pins, problems)
		if took := start.stop(); took > 5*time.Second {
			t.Errorf("%d bytes of %q took %v", len(doc.Text), unit, took)
		}
	}
}
