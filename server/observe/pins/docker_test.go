package pins

import (
	"strings"
	"testing"
	"time"
)

func TestIsDockerfile(t *testing.T) {
	for rel, want := range map[string]bool{
		"Dockerfile": true, "a/b/Dockerfile": true, "Containerfile": true, "dockerfile": true, "Dockerfile.dev": true, "Dockerfile-alpine": true,
		"dev.Dockerfile": true, "build.dockerfile": true, "x.containerfile": true, "Dockerfile.1.26": true, "a/Containerfile.fedora": true,
		"Dockerfile.dockerignore": false, "Dockerfile.md": false, "dockerfile_test.go": false, "Dockerfiles": false, "myDockerfile": false,
		"Dockerfile/x": false, "docker": false, "": false, "dockerfile.go": false, "notes/Dockerfile.yaml": false,
	} {
		if got := isDockerfile(rel); got != want {
			t.Errorf("isDockerfile(%q) = %v", rel, got)
		}
	}
	if n := testing.AllocsPerRun(100, func() { isDockerfile("server/observe/pins/testdata/very/deep/build.Dockerfile") }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDockerfileBytes(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"crlf", "ARG GO_VERSION=1.26.1\r\nFROM \\\r\n  golang:${GO_VERSION}\r\n", `1:16-22 dockerfile:arg ship "1.26.1" exact 1.26.1 [name: GO_VERSION]
3:10-23 dockerfile:from ship "${GO_VERSION}" var 1.26.1 [fromLine: 1] [name: GO_VERSION]
`},
		{"mark", "\xef\xbb\xbfFROM golang:1.26.1", "1:13-19 dockerfile:from ship \"1.26.1\" exact 1.26.1\n"},
		{"multibyte", "RUN echo äöü\nENV X=\"ü\" GO_VERSION=\"1.26\"\n", "2:24-28 dockerfile:env ship \"1.26\" line 1.26 [name: GO_VERSION]\n"},
		{"tabs", "FROM\t--platform=x\tgolang:1.26.1\tAS\tx\n", "1:26-32 dockerfile:from ship \"1.26.1\" exact 1.26.1\n"},
		{"continued version", "FROM golang:1.2\\\n6.1\n", "1:13-21 dockerfile:from ship \"1.2\\\\\\n6.1\" exact 1.26.1\n"},
		{"half typed", "FROM golang:1.26\nRUN \\", "1:13-17 dockerfile:from ship \"1.26\" line 1.26\n"},
		{"open quote", "FROM \"golang:1.26\nENV GO_VERSION='1.25\n", `1:14-18 dockerfile:from ship "1.26" line 1.26
2:17-21 dockerfile:env ship "1.25" line 1.25 [name: GO_VERSION]
`},
		{"empty", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := document("/w/Dockerfile", []byte(c.content))
			pins, problems := ParseDockerfile(doc)
			sound(t, doc, pins, problems)
			// The column of a version that goes on in the next line is that of its start.
			if got := describe(doc, pins, problems); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

// TestDockerfileLinear guards against work that grows with the square of the
// input.
func TestDockerfileLinear(t *testing.T) {
	for _, unit := range []string{
		"FROM golang AS a\n", "FROM a\n", "${", "ARG A=$A$A\n", "ENV A=${A:-${B}} ", "RUN <<E\n", "RUN go1.2 \\\n", "\\\n", "COPY --from=a\n",
		"RUN X=1 GO_VERSION=1 \\\n", "\"", "RUN ${a:-\"", "# a=b\n", "ARG GO_VERSION=${GO_VERSION:-1.2}\nFROM golang:$GO_VERSION AS x\n",
	} {
		doc := document("/w/Dockerfile", []byte("FROM golang:1.26 AS a\n"+strings.Repeat(unit, 300_000/len(unit))))
		start := startClock()
		pins, problems := ParseDockerfile(doc)
		sound(t, doc, pins, problems)
		if took := start.stop(); took > 5*time.Second {
			t.Errorf("%d bytes of %q took %v", len(doc.Text), unit, took)
		} else {
			t.Logf("%q: %v, %d pins", unit, took, len(pins))
		}
	}
}

func FuzzDockerfile(f *testing.F) { fuzz(f, "Dockerfile") }
