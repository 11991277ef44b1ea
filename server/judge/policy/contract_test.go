package policy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// terms of a contract, one line each.
func termsOf(p *Policy, goos string) []string {
	var out []string
	for _, t := range p.Contract(goos) {
		switch {
		case t.Variable == "":
			out = append(out, "go "+t.Range.Text)
		case t.Forbidden && t.Value == "":
			out = append(out, "no "+t.Variable)
		case t.Forbidden:
			out = append(out, "no "+t.Variable+"="+t.Value)
		default:
			out = append(out, t.Variable+"="+t.Value)
		}
	}
	return out
}

func TestContractPerSystem(t *testing.T) {
	p, problems := parse(full)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for goos, want := range map[string]string{
		"linux":   "[go >=1.25.3 <1.27 CGO_ENABLED=0 no GOEXPERIMENT no GOSUMDB=off]",
		"windows": "[go 1.26 CGO_ENABLED=1 no CC no GOEXPERIMENT no GOSUMDB=off]",
	} {
		if got := fmt.Sprint(termsOf(p, goos)); got != want {
			t.Errorf("%s: %s, want %s", goos, got, want)
		}
	}
	if share, distance := p.Limits(); p.Grace() != 30*time.Minute || share != 0.1 || distance != 0.5 {
		t.Errorf("limits %v %v %v", p.Grace(), share, distance)
	}
	if share, distance := Default().Limits(); Default().Grace() != DefaultGrace || share != DefaultShare || distance != DefaultDistance {
		t.Errorf("default limits %v %v %v", Default().Grace(), share, distance)
	}
}

// A system can ask for what is forbidden elsewhere.
func TestContractOfOneSystemComesFirst(t *testing.T) {
	p, problems := parse("[contract]\nforbid = [\"GOARCH\"]\n[contract.os.darwin]\nrequire.GOARCH = \"arm64\"\n")
	if got := fmt.Sprint(termsOf(p, "darwin"), termsOf(p, "linux"), problems); got != "[GOARCH=arm64] [no GOARCH] []" {
		t.Error(got)
	}
}

// TestContractRefuses holds what a repository cannot ask for: whoever opens it
// is one click away from it.
func TestContractRefuses(t *testing.T) {
	for _, setting := range []string{
		"CC=evil", "CC=gcc", "CXX=./evil", "AR=x", "FC=x", "GCCGO=x", "PKG_CONFIG=./x", "GOCACHEPROG=evil",
		"GOAUTH=git /tmp", "GOAUTH=off", "GODEBUG=tlsmaxrsasize=1", "GOENV=/tmp/x", "GOVCS=*:all",
		"GOROOT=/w/evil", "GOPATH=/w", "GOBIN=/w/bin", "GOCACHE=/w/.cache", "GOMODCACHE=/w/mod", "GOTMPDIR=/w",
		"GOPROXY=http://evil.example.com", "GOPROXY=direct", "GOPROXY=off", "GOPROXY=https://proxy.golang.org,direct",
		"GOSUMDB=off", "GOSUMDB=evil.example.com", "GOSUMDB=sum.golang.org https://evil.example.com", "GONOSUMDB=*", "GONOSUMCHECK=1",
		"GOINSECURE=*", "GOINSECURE=example.com", "GOPRIVATE=*", "GOPRIVATE=*/*", "GOPRIVATE=*.com", "GOPRIVATE=example.com,*", "GONOPROXY=*",
		"CGO_CFLAGS=-fplugin=evil.so", "CGO_LDFLAGS=-B/w", "CGO_CFLAGS_ALLOW=.*", "CGO_CXXFLAGS=-I/", "CGO_FFLAGS=x", "CGO_CPPFLAGS=x",
		"GOFLAGS=-toolexec=evil", "GOFLAGS=--toolexec=evil", "GOFLAGS=-trimpath -exec=evil", "GOFLAGS=-ldflags=-extld=evil", "GOFLAGS=-gcflags=x",
		"GOFLAGS=-overlay=x.json", "GOFLAGS=-modfile=x.mod", "GOFLAGS=-mod=/w/x", "GOFLAGS='-toolexec=evil x'", "GOFLAGS=-vettool=x", "GOFLAGS=-insecure",
		"GOFLAGS=-C=/w", "GOFLAGS=-pkgdir=/w", "GOFLAGS=-asmflags=x", "GOFLAGS=-gccgoflags=x", "GOFLAGS=-pgo=/w/x", "GOFLAGS=-o=/w/x", "GOFLAGS=-buildmode=plugin",
		"GOFLAGS=-tags=$(evil)", "GOFLAGS=-tags=a\tb", "GOFLAGS=evil",
		"GOTOOLCHAIN=go1.25.3-evil", "GOTOOLCHAIN=path", "GOTOOLCHAIN=local+path", "GOTOOLCHAIN=go1.25.3+path", "GOTOOLCHAIN=../x", "GOTOOLCHAIN=go1.25.3\nGOFLAGS=-x",
		"GO111MODULE=off", "GOWORK=/w/evil/go.work", "GOOS=../x", "GOEXPERIMENT=a b", "GOFIPS140=x/y", "CGO_ENABLED=2", "CGO_ENABLED=",
		"GOMOD=x", "PATH=/w", "LD_PRELOAD=/w/x.so", "HOME=/w", "GIT_SSH_COMMAND=evil", "GOTELEMETRY=on",
	} {
		name, value, _ := strings.Cut(setting, "=")
		p, problems := parse(fmt.Sprintf("[contract.require]\n%s = %q\n", name, value))
		if len(problems) != 1 || len(p.Contract("linux")) != 0 {
			t.Errorf("%s: terms %v, problems %v", setting, termsOf(p, "linux"), problems)
		}
	}
	for _, setting := range []string{
		"CGO_ENABLED=0", "GOFLAGS=-trimpath -mod=readonly -tags=netgo,osusergo", "GOTOOLCHAIN=go1.25.3", "GOTOOLCHAIN=go1.25.3+auto", "GOTOOLCHAIN=local",
		"GO111MODULE=on", "GOWORK=off", "GOSUMDB=sum.golang.org", "GOPRIVATE=*.corp.example.com,git.example.com/team/*", "GOAMD64=v3", "GOEXPERIMENT=synctest,nodwarf5",
	} {
		name, value, _ := strings.Cut(setting, "=")
		p, problems := parse(fmt.Sprintf("[contract.require]\n%s = %q\n", name, value))
		if got := termsOf(p, "linux"); len(problems) != 0 || len(got) != 1 || got[0] != setting {
			t.Errorf("%s: terms %v, problems %v", setting, got, problems)
		}
	}
}

func TestContractMistakes(t *testing.T) {
	for text, want := range map[string]string{
		"[contract]\ngo = \"new\"\n":                                                             `2:7 "new" "new" is no range of Go releases: "new" is no Go version. Write it as in ">=1.25.3 <1.27", or "1.25" for all of its patches.`,
		"[contract]\ngo = \">>1.25\"\n":                                                          `">>" is no comparison`,
		"[contract]\nforbid = \"GOFLAGS\"\n":                                                     `contract.forbid must be a list of texts in quotes.`,
		"[contract]\nforbid = [1]\n":                                                             `contract.forbid must be a list of texts in quotes.`,
		"[contract]\nforbid = [\"PATH\"]\n":                                                      `2:12 "PATH" "PATH" is no variable of the go command.`,
		"[contract]\nforbid = [\"GOOS=linux\"]\nrequire.GOOS = \"linux\"\n":                      `GOOS=linux is required and forbidden`,
		"[contract.require]\nGOFLAG = \"-trimpath\"\n":                                           `did you mean GOFLAGS?`,
		"[contract.os.macos.require]\nCGO_ENABLED = \"0\"\n":                                     `"macos" is no operating system that a go command runs on`,
		"[baseline]\ngrace = \"a while\"\n":                                                      `"a while" is no length of time.`,
		"[baseline]\ngrace = \"900h\"\n":                                                         `900h is more than a week`,
		"[baseline]\nshare = 5\n":                                                                `2:9 "5" share must be from 0 to 1.`,
		"[baseline]\ndistance = nan\n":                                                           `distance must be from 0 to 1.`,
		"[baseline]\ndistance = \"0.3\"\n":                                                       `baseline.distance must be a number, as in 0.3.`,
		"[contract.require]\nGOTOOLCHAIN = \"go1.2.1+auto\"\n":                                   `the go command knows toolchains from Go 1.21 on only`,
		"[contract.require]\nGOTOOLCHAIN = \"go1.25.99\"\n":                                      `there is no release go1.25.99`,
		"[contract.require]\nGOTOOLCHAIN = \"go1.25\"\n":                                         `there is no release go1.25.`,
		"[contract.require]\nGOTOOLCHAIN = \"go1.999\"\n":                                        `there is no release go1.999.`,
		"[contract]\ngo = \">=1.25 <1.26\"\nrequire.GOTOOLCHAIN = \"go1.26.0+auto\"\n":           `the contract wants a Go in >=1.25 <1.26`,
		"[contract]\ngo = \">=1.25\"\n[contract.os.linux]\nrequire.GOTOOLCHAIN = \"go1.24.1\"\n": `the contract wants a Go in >=1.25.`,
		"[contract]\ngo = \">=1.25 <1.26\"\nrequire.GOTOOLCHAIN = \"go1.25.3+auto\"\n":           "",
		"[contract.require]\nGOFLAGS = \"-x\"\n[contract.os.linux]\nforbid = [\"GOOS\",]\n":      "",
	} {
		_, problems := parse(text)
		if want == "" && len(problems) == 0 {
			continue
		}
		if len(problems) != 1 || !strings.Contains(problems[0], want) || want == "" {
			t.Errorf("%q:\n%q\nwant %q", text, problems, want)
		}
	}
}

func TestRanges(t *testing.T) {
	for _, c := range []struct{ text, in, out string }{
		{">=1.25.3 <1.27", "go1.25.3 go1.25.9 go1.26.0 go1.26.8", "go1.25.2 go1.27.0 go1.27rc1 go1.24.13"},
		{"1.25", "go1.25.0 go1.25.9 go1.25rc1", "go1.26.0 go1.24.1"},
		{"=1.25.3", "go1.25.3", "go1.25.4 go1.25.2"},
		{">1.25", "go1.26.0 go1.26rc1", "go1.25.9 go1.25.0"},
		{"<=1.25", "go1.25.9 go1.24.1", "go1.26.0 go1.26rc1"},
		{">= 1.25, < 1.26", "go1.25.0", "go1.26.0 go1.24.9"},
		{"go1.25.3", "go1.25.3", "go1.25.4"},
	} {
		r, err := ParseRange(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		for _, v := range strings.Fields(c.in) {
			if !r.Holds(v) {
				t.Errorf("%q does not hold %s", c.text, v)
			}
		}
		for _, v := range append(strings.Fields(c.out), "", "devel") {
			if r.Holds(v) {
				t.Errorf("%q holds %s", c.text, v)
			}
		}
	}
}

// TestRangeIsMonotonous holds that between two releases of a range there is none
// that is not in it.
func TestRangeIsMonotonous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ops := []string{">=", ">", "<=", "<", "=", ""}
		var words []string
		for range rapid.IntRange(1, 3).Draw(t, "parts") {
			v := fmt.Sprintf("1.%d", rapid.IntRange(20, 27).Draw(t, "minor"))
			if rapid.Bool().Draw(t, "patched") {
				v += fmt.Sprintf(".%d", rapid.IntRange(0, 4).Draw(t, "patch"))
			}
			words = append(words, rapid.SampledFrom(ops).Draw(t, "op")+v)
		}
		r, err := ParseRange(strings.Join(words, " "))
		if err != nil {
			t.Fatal(err)
		}
		entered, left := false, false
		for minor := 21; minor < 29; minor++ {
			for patch := range 6 {
				in := r.Holds(fmt.Sprintf("go1.%d.%d", minor, patch))
				if in && left {
					t.Fatalf("%q has a gap before go1.%d.%d", r.Text, minor, patch)
				}
				left = left || entered && !in
				entered = entered || in
			}
		}
	})
}
