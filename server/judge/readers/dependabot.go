package readers

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// dependabotReads are the sources that Dependabot raises: images of the docker
// and docker-compose ecosystems, written out
// (https://docs.github.com/code-security/dependabot/ecosystems-supported-by-dependabot).
// Its gomod ecosystem raises modules, neither the go line nor the toolchain line
// (dependabot-core issues 9057 and 13520) nor .go-version (15252), and its
// github-actions one the action, not what it is given.
var dependabotReads = []drift.Source{
	drift.SourceDockerfileFrom, drift.SourceComposeImage, drift.SourceKubernetesImage,
}

// readDependabot is Dependabot: the pins that it can raise where
// .github/dependabot.yml has their ecosystem, and the Go that it runs to tidy
// modules: its own, or a newer one that go.mod asks for, as its updater sets
// GOTOOLCHAIN=local+auto (go_modules/Dockerfile of
// github.com/dependabot/dependabot-core).
func readDependabot(f *folder, name string) []Reading {
	r := Reading{Reader: name}
	r.Sees, r.Ignores = f.extracted(func(p drift.Pin) string {
		if !slices.Contains(dependabotReads, p.Source) {
			return "is of a kind it does not raise"
		}
		return notLiteral(p)
	})
	goLine, toolchain := f.lines(f.nearest("go.mod"))
	r.Pin = goLine
	if toolchain.Version != "" && !belowGoLine(toolchain, goLine) {
		r.Pin = toolchain
	}
	r.Reason = fmt.Sprintf("It can raise %s, where dependabot.yml has their ecosystem.", share(r))
	if r.Pin.Version != "" {
		r.Version = r.Pin.Version + " or newer"
		r.Reason = fmt.Sprintf("It tidies modules with its own Go, or what %s asks for, and can raise %s.", f.at(r.Pin), share(r))
	}
	return []Reading{r}
}

// partDependabot tells which pins stay behind when Dependabot raises the others.
func partDependabot(f *folder) []Parting {
	return behind(f, readDependabot(f, "Dependabot")[0], "everyone else")
}
