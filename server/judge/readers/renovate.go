package readers

import (
	"bytes"
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// renovateReads are the sources that Renovate extracts by default, from the
// managers of version 44 (lib/modules/manager of github.com/renovatebot/renovate):
// gomod, dockerfile, docker-compose, github-actions (go-version of setup-go is a
// known input), gitlabci, circleci, azure-pipelines, bitbucket-pipelines,
// cloudbuild, droneci, devcontainer, devbox, asdf, mise, proto. It has none for
// go.work, .go-version, the SDKs of Bazel and Go of Travis.
var renovateReads = []drift.Source{
	drift.SourceGoModGo, drift.SourceGoModToolchain, drift.SourceDockerfileFrom, drift.SourceDockerfileCopyFrom, drift.SourceDockerfileArg,
	drift.SourceComposeImage, drift.SourceGitHubSetupGo, drift.SourceGitHubContainer, drift.SourceGitHubService, drift.SourceGitHubDocker,
	drift.SourceGitLabImage, drift.SourceGitLabService, drift.SourceCircleImage, drift.SourceAzureContainer, drift.SourceBitbucketImage,
	drift.SourceCloudBuildImage, drift.SourceDroneImage, drift.SourceDevcontainerImage, drift.SourceDevcontainerFeature,
	drift.SourceDevboxPackage, drift.SourceToolVersions, drift.SourceMise, drift.SourcePrototools,
}

// readRenovate is Renovate: the pins that it extracts and so can raise, and the
// Go that it runs to tidy modules: the toolchain line of go.mod, then a full
// release on the go line, then the newest 1.x from the go line's minor on
// (gomod/artifacts.ts, getGoConstraints); constraints.go of its own
// configuration comes before them.
func readRenovate(f *folder, name string) []Reading {
	r := Reading{Reader: name}
	r.Sees, r.Ignores = f.extracted(func(p drift.Pin) string {
		switch {
		case f.markedForRenovate(p):
			return notLiteral(p)
		case p.Source == drift.SourceKubernetesImage:
			return "is read where managerFilePatterns of kubernetes are set only"
		case !slices.Contains(renovateReads, p.Source):
			return "is of a kind it has no manager for"
		case p.Source == drift.SourceDockerfileArg && !f.feedsFrom(p):
			return "feeds no FROM"
		}
		return notLiteral(p)
	})
	goLine, toolchain := f.lines(f.nearest("go.mod"))
	switch {
	case isRelease(toolchain.Version) && toolchain.Raw == "go"+toolchain.Version:
		r.Pin, r.Version = toolchain, toolchain.Version
	case isRelease(goLine.Version):
		r.Pin, r.Version = goLine, goLine.Version
	case goLine.Version != "" && numbers(goLine.Version) == goLine.Version:
		r.Pin, r.Version = goLine, "newest in ^"+goLine.Version
	}
	r.Reason = fmt.Sprintf("It can raise %s.", share(r))
	if r.Pin.Source != "" {
		r.Reason = fmt.Sprintf("It tidies modules with the Go of %s, unless constraints.go is set, and can raise %s.", f.at(r.Pin), share(r))
	}
	return []Reading{r}
}

func share(r Reading) string {
	n, all := len(r.Sees), len(r.Sees)+len(r.Ignores)
	switch {
	case all == 0:
		return "no pin, for there is none"
	case n == 0:
		return "no pin here"
	case all == 1:
		return "the one pin here"
	case n == all:
		return fmt.Sprintf("all %d pins", all)
	}
	return fmt.Sprintf("%d of %d pins", n, all)
}

// extracted divides the pins at and below the folder by whether a program reads
// them; why says what keeps it from reading one. What only points at another
// pin, and prose, is left out.
func (f *folder) extracted(why func(drift.Pin) string) (sees []drift.Pin, ignores []drift.IgnoredPin) {
	for _, p := range f.s.Pins {
		if !drift.Within(f.dir, p.Place.File) || p.Role == drift.RoleDocs || p.Meaning == drift.MeaningRef || p.Meaning == drift.MeaningMinEarlyScan ||
			p.Extra["fallback"] != "" {
			continue
		}
		if w := why(p); w != "" {
			ignores = append(ignores, drift.IgnoredPin{Pin: p, Why: w})
		} else {
			sees = append(sees, p)
		}
	}
	return sees, ignores
}

// notLiteral says why a pin of a kind that is read is not read all the same.
func notLiteral(p drift.Pin) string {
	switch p.Meaning {
	case drift.MeaningVar, drift.MeaningUnresolved:
		return "is an expression"
	case drift.MeaningInvalid, drift.MeaningUnknown, drift.MeaningTrapFloat:
		return "holds no version it can raise"
	case drift.MeaningSystem, drift.MeaningLatest, drift.MeaningStable, drift.MeaningOldStable, drift.MeaningDefault:
		return "moves by itself"
	}
	return ""
}

// renovateMark is how a comment tells Renovate's custom managers, such as the
// presets customManagers:githubActionsVersions and :dockerfileVersions, which
// version the line below it holds.
var renovateMark = drift.Pattern(`renovate:\s*datasource=(golang-version|docker|github-(releases|tags))\b`)

// markedForRenovate reports whether such a comment stands above a pin.
func (f *folder) markedForRenovate(p drift.Pin) bool {
	text := f.s.Documents[p.Place.File].Text
	if p.Place.Span.Start > len(text) {
		return false
	}
	line := bytes.LastIndexByte(text[:p.Place.Span.Start], '\n')
	if line < 0 {
		return false
	}
	above := text[bytes.LastIndexByte(text[:line], '\n')+1 : line]
	return renovateMark().Match(above)
}

// feedsFrom reports whether an ARG is used after a FROM of the same file.
func (f *folder) feedsFrom(arg drift.Pin) bool {
	return slices.ContainsFunc(f.byFile[arg.Place.File], func(p drift.Pin) bool {
		return isFrom(p) && p.Extra["name"] != "" && p.Extra["name"] == arg.Extra["name"]
	})
}

// partRenovate tells which pins stay behind when Renovate raises the others.
func partRenovate(f *folder) []Parting {
	return behind(f, readRenovate(f, "Renovate")[0], "everyone else")
}

// behind tells which pins a program leaves behind, if it raises any.
func behind(f *folder, r Reading, others string) []Parting {
	var left []drift.Pin
	for _, i := range r.Ignores {
		if namesVersion(i.Pin) {
			left = append(left, i.Pin)
		}
	}
	if len(r.Sees) == 0 || len(left) == 0 {
		return nil
	}
	return []Parting{{A: r.Reader, B: others, Message: fmt.Sprintf(
		"%s can raise %s, and leaves behind %s.", r.Reader, f.places(r.Sees), f.places(left))}}
}

func namesVersion(p drift.Pin) bool {
	return p.Version != "" && (p.Meaning == drift.MeaningExact || p.Meaning == drift.MeaningLine || p.Meaning == drift.MeaningMin)
}
