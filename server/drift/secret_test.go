package drift

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestMask(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"GOPROXY", "https://goproxy.example.com,direct", "https://goproxy.example.com,direct"},
		{"GOPROXY", "https://user:hunter2@goproxy.example,direct", "https://***@goproxy.example,direct"},
		{"GOPROXY", "https://a:b@one.example,https://two.example|https://c@three.example/x,off", "https://***@one.example,https://two.example|https://***@three.example/x,off"},
		{"GOPROXY", "https://user:pa/ss@goproxy.example,direct", "https://***@goproxy.example,direct"},
		{"GOPROXY", "https://user:p@ss@goproxy.example:8080/x", "https://***@goproxy.example:8080/x"},
		{"GOPROXY", "http://localhost:3000/mod@v1", "http://localhost:3000/mod@v1"},
		{"GOPROXY", "https://goproxy.example/?token=abc&x=1", "https://goproxy.example/?token=***&x=1"},
		{"GOPROXY", "file:///srv/proxy", "file:///srv/proxy"},
		{"GOSUMDB", "gosum.example.com+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8 https://u:p@sum.example", "gosum.example.com+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8 https://***@sum.example"},
		{"HTTPS_PROXY", "user:secret@proxy.example:3128", "***@proxy.example:3128"},
		{"GOAUTH", "netrc", "netrc"},
		{"GOAUTH", "off", "off"},
		{"GOAUTH", "netrc; git /home/me/src", "netrc; git /home/me/src"},
		{"GOAUTH", "netrc; /opt/helper --pass abc", "netrc; /opt/helper ***"},
		{"NETRC", "/home/me/.netrc", "/home/me/.netrc"},
		{"NETRC", "machine x.example login me password p", "***"},
		{"GITHUB_TOKEN", "abc", "***"},
		{"my_secret", "abc", "***"},
		{"GITHUB_TOKEN", "", ""},
		{"GOFLAGS", "-ldflags=-X=main.key=ghp_0123456789abcdefghijABCDEFGHIJ012345", "-ldflags=-X=main.key=***"},
		{"GOFLAGS", "-mod=mod -tags=integration", "-mod=mod -tags=integration"},
		{"GOFLAGS", "-x=Bearer abcdef123456", "-x=Bearer ***"},
		{"GOFLAGS", "-x=Bearer abcdef", "-x=Bearer abcdef"},
		{"GOFLAGS", "-ldflags=-X=main.token=hunter2secret -race", "-ldflags=-X=main.token=*** -race"},
		{"GOFLAGS", "-ldflags=-X=main.goVersion=1.26", "-ldflags=-X=main.goVersion=1.26"},
		{"GOCACHEPROG", "/x --token=A --key B --dir C", "/x --token=*** --key *** --dir C"},
		{"GOCACHEPROG", "/x -api-key 'A B' --pass C", "/x -api-key *** --pass ***"},
		{"CC", "/x --pass P", "/x --pass ***"},
		{"CC", "gcc -DPASS=P -O2", "gcc -DPASS=*** -O2"},
		{"CC", "gcc -DBYPASS=1 --compass=2 -pass-exit-codes -O2", "gcc -DBYPASS=1 --compass=2 -pass-exit-codes -O2"},
		{"CGO_CFLAGS", `-DTOKEN="a b" -O2`, `-DTOKEN=*** -O2`},
		{"GIT_SSH_COMMAND", "ssh -o pw=hunter2", "ssh -o pw=***"},
		{"X", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abcDEF_-123", "***"},
		{"X", "AKIAIOSFODNN7EXAMPLE", "***"},
		{"X", "d41d8cd98f00b204e9800998ecf8427e", "***"},
		{"GOROOT", "/nix/store/d41d8cd98f00b204e9800998ecf8427e-go-1.26/share/go", "/nix/store/d41d8cd98f00b204e9800998ecf8427e-go-1.26/share/go"},
		{"GOTOOLCHAIN", "go1.25.3+auto", "go1.25.3+auto"},
		{"GOPRIVATE", "git@github.com:me/x,*.corp.example", "git@github.com:me/x,*.corp.example"},
		{"CGO_CFLAGS", "-O2 -g -I/usr/include/x86_64-linux-gnu", "-O2 -g -I/usr/include/x86_64-linux-gnu"},
	} {
		got := Mask(c.name, c.value)
		if got != c.want {
			t.Errorf("Mask(%s, %q) = %q, want %q", c.name, c.value, got, c.want)
		}
		if again := Mask(c.name, got); again != got {
			t.Errorf("Mask(%s, %q) = %q: masking twice must change nothing", c.name, got, again)
		}
	}
}

func TestMaskText(t *testing.T) {
	in := `go: golang.org/toolchain: reading "https://me:hunter2@goproxy.example/golang.org/": 403 Forbidden (https://tok@b.example)`
	want := `go: golang.org/toolchain: reading "https://***@goproxy.example/golang.org/": 403 Forbidden (https://***@b.example)`
	if got := MaskText(in); got != want {
		t.Errorf("MaskText = %q, want %q", got, want)
	}
	for _, c := range []struct{ in, want string }{
		{`reason = "password=hunter2"`, `reason = "password=***"`},
		{`token = "hunter2"`, `token = ***`},
		{"Authorization: Basic abc", "Authorization: Basic ***"},
		{"authorization=hunter2", "authorization=***"},
		{"basic dXNlcjpodW50ZXIyMTIzNDU2", "basic ***"},
		{"basic strings cannot have new lines", "basic strings cannot have new lines"},
		{"a bearer certificate, basic authentication", "a bearer certificate, basic authentication"},
		{"basic 1.25.3-corp", "basic 1.25.3-corp"},
	} {
		if got := MaskText(c.in); got != c.want {
			t.Errorf("MaskText(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	plain := "go: go.mod requires go >= 1.25.0 (running go 1.24.13; GOTOOLCHAIN=local)"
	if got := MaskText(plain); got != plain {
		t.Errorf("MaskText(%q) = %q", plain, got)
	}
}

func TestMaskFileInFlow(t *testing.T) {
	for in, want := range map[string]string{
		`variables: {GO_VERSION: "1.20", NPM_TOKEN: "s3cretVALUE"}`: `variables: {GO_VERSION: "1.20", NPM_TOKEN: ***}`,
		`{api_key: abc, go: 1.25}`:                                  `{api_key: ***, go: 1.25}`,
		`{"go":"1.25","password":"x y"}`:                            `{"go":"1.25","password":***}`,
		`with: {token: ${{ secrets.T }}, go-version: 1.25}`:         `with: {token: ${{ secrets.T }}, go-version: 1.25}`,
		`{ go-version: 1.25.3, cache: true }`:                       `{ go-version: 1.25.3, cache: true }`,
	} {
		got := MaskFile(in)
		if got != want {
			t.Errorf("MaskFile(%q) = %q, want %q", in, got, want)
		}
		if again := MaskFile(got); again != got {
			t.Errorf("masked twice, %q becomes %q", got, again)
		}
	}
}

func TestMaskFile(t *testing.T) {
	in := " env:\n-  password: hunter2\n+  password: \"hunter2\"\n   token: ${{ secrets.TOKEN }}\n   go-version: 1.26\n // https://u:hunter2@x.example\n"
	want := " env:\n-  password: ***\n+  password: ***\n   token: ${{ secrets.TOKEN }}\n   go-version: 1.26\n // https://***@x.example\n"
	if got := MaskFile(in); got != want {
		t.Errorf("MaskFile = %q, want %q", got, want)
	}
	if got := MaskFile(want); got != want {
		t.Errorf("masked again: %q", got)
	}
}

// FuzzMask: no user's part of a URL survives, and masking twice is masking
// once.
func FuzzMask(f *testing.F) {
	f.Add("GOPROXY", "user", "password", "https://x.example,direct")
	f.Add("HTTP_PROXY", "u", "p@:q", "")
	f.Add("GOAUTH", "git", "dir", "; netrc")
	f.Add("CC", "--key", "--token=a", " --pass=\"b -DPASS=c")
	f.Add("X", "Authorization: basic", "bearer x=", "basic abc")
	f.Add("X", "eyJ", "AKIA", "|https://")
	f.Fuzz(func(t *testing.T, name, user, password, rest string) {
		once := Mask(name, rest)
		if twice := Mask(name, once); twice != once {
			t.Fatalf("Mask(%q, %q) = %q, masked again %q", name, rest, once, twice)
		}
		const needle = "Zq7needle"
		if strings.ContainsAny(user+password, " \t\r\n\"'`<>/?#,|;=&") || strings.Contains(user, ":") {
			return
		}
		value := "https://" + user + ":" + password + needle + "@host.example/path," + "direct"
		if got := Mask("GOPROXY", value); strings.Contains(got, needle) {
			t.Fatalf("Mask(GOPROXY, %q) = %q shows the password", value, got)
		}
	})
}

func TestDigestsAreNoSecrets(t *testing.T) {
	for text, want := range map[string]string{
		"FROM golang:1.26-alpine@sha256:0123abcd AS build": "FROM golang:1.26-alpine@sha256:0123abcd AS build",
		"image: golang:1.26@sha256:01 u:pass@host, x:y@h":  "image: golang:1.26@sha256:01 ***@host, ***@h",
		"registry.example.com:5000/golang:1.26@sha256:01":  "registry.example.com:5000/golang:1.26@sha256:01",
	} {
		if got := MaskText(text); got != want {
			t.Errorf("MaskText(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestSecretWords holds that what is looked for before an expression is asked is in
// everything that the expression matches.
func TestSecretWords(t *testing.T) {
	fragments := []string{
		"token", "Secret", "PASSWD", "passphrase", "credentials", "api_key", "ApiKey", "access", "private", "-key", "_key", "key", "signature", "sig", "auth", "pass", "pw",
		"Bearer ", "basic:", "authorization", "Authorization: ", "=", ":", " ", "--", "-", "'", "\"", "abcdef1234567890", "x", "D", "\n",
		"ghp_", "gho_", "github_pat_", "glpat-", "xoxb-", "AKIA", "ASIA", "AIza", "npm_", "pypi-", "hf_", "sk-", "eyJ", ".", "ABCDEFGHIJKLMNOP0123456789abcdefghijkl", "_", "?", "&",
	}
	lower := func(words []string) func(string) bool {
		return func(text string) bool { return holds(strings.ToLower(text), words) }
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments), 1, 8).Draw(t, "fragments"), "")
		for _, c := range []struct {
			pattern *regexp.Regexp
			holds   func(string) bool
		}{
			{authorization(), lower([]string{"authorization"})},
			{schemeToken(), lower(schemeWords)},
			{secretFlag(), func(text string) bool { return hasFlag(text) && lower(secretWords)(text) }},
			{secretParameter(), func(text string) bool { return strings.Contains(text, "=") && lower(secretWords)(text) }},
			{knownToken(), func(text string) bool { return holds(text, tokenWords) }},
		} {
			if c.pattern.MatchString(text) && !c.holds(text) {
				t.Fatalf("%q matches %s, which is not asked", text, c.pattern)
			}
		}
	})
}
