// Package pins reads the files that say which Go to use. Each format stands in
// a file of its own and turns bytes into pins and problems: a half-typed file
// yields the pins that can be read, never a panic and never nothing.
//
// Nothing here touches a disk or judges what it reads.
package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// Format is one kind of file that pins a Go version.
type Format struct {
	// Name is what people call the format.
	Name string
	// Match reports whether a file is of this format, by its path relative to
	// the workspace's root, with slashes.
	Match func(rel string) bool
	// Parse reads one file. Spans are bytes of doc.Text. It looks at no other
	// file, so that its result holds as long as the text does.
	Parse func(doc drift.Document) ([]drift.Pin, []drift.Problem)
	// Resolve completes the pins of one file with what stands in other files of
	// the same repository, such as a build argument that a compose file sets
	// for a Dockerfile; nil for formats whose files stand alone. All pins are
	// given by file name, as Parse left them. It is called again whenever any
	// of them changed, and it changes none of its arguments.
	Resolve func(pins []drift.Pin, all map[string][]drift.Pin) []drift.Pin
}

// Formats lists the formats. A file belongs to the first one that matches.
var Formats = []Format{
	{Name: "go.mod", Match: base("go.mod"), Parse: ParseGoMod},
	{Name: "go.work", Match: base("go.work"), Parse: ParseGoWork},
	{Name: ".go-version", Match: base(".go-version"), Parse: ParseGoVersion},
	{Name: ".tool-versions", Match: base(".tool-versions"), Parse: ParseToolVersions},
	{Name: "mise.toml", Match: isMise, Parse: ParseMise},
	{Name: "mise.lock", Match: base("mise.lock"), Parse: ParseMiseLock},
	{Name: ".prototools", Match: base(".prototools"), Parse: ParsePrototools},
	{Name: "GitHub workflow", Match: matchWorkflow, Parse: ParseWorkflow, Resolve: resolveWorkflow},
	{Name: "GitLab CI", Match: matchGitLab, Parse: ParseGitLab},
	{Name: "CircleCI", Match: matchCircleCI, Parse: ParseCircleCI},
	{Name: "Azure pipeline", Match: matchAzure, Parse: ParseAzure},
	{Name: "Travis CI", Match: matchTravis, Parse: ParseTravis},
	{Name: "Jenkinsfile", Match: matchJenkins, Parse: ParseJenkins},
	{Name: "AppVeyor", Match: matchAppVeyor, Parse: ParseAppVeyor},
	{Name: "Drone CI", Match: matchDrone, Parse: ParseDrone},
	{Name: "Buildkite", Match: matchBuildkite, Parse: ParseBuildkite},
	{Name: "Cirrus CI", Match: matchCirrus, Parse: ParseCirrus},
	{Name: "Bitbucket", Match: matchBitbucket, Parse: ParseBitbucket},
	{Name: "Semaphore", Match: matchSemaphore, Parse: ParseSemaphore},
	{Name: "AWS CodeBuild", Match: matchCodeBuild, Parse: ParseCodeBuild},
	{Name: "Read the Docs", Match: matchReadTheDocs, Parse: ParseReadTheDocs},
	{Name: "pre-commit", Match: matchPreCommit, Parse: ParsePreCommit},
	{Name: "golangci-lint", Match: matchGolangci, Parse: ParseGolangci},
	{Name: "App Engine", Match: matchAppEngine, Parse: ParseAppEngine},
	{Name: "Dockerfile", Match: isDockerfile, Parse: ParseDockerfile, Resolve: resolveDockerfile},
	{Name: "compose", Match: isCompose, Parse: ParseCompose, Resolve: resolveCompose},
	{Name: ".env", Match: isDotenv, Parse: ParseDotenv},
	{Name: "devcontainer.json", Match: isDevcontainer, Parse: ParseDevcontainer},
	{Name: "devbox.json", Match: base("devbox.json"), Parse: ParseDevbox},
	{Name: "Nix", Match: isNix, Parse: ParseNix},
	{Name: "bake", Match: isBake, Parse: ParseBake},
	{Name: "HCL", Match: isHCL, Parse: ParseHCL},
	{Name: "Cloud Build", Match: isCloudBuild, Parse: ParseCloudBuild},
	{Name: "Earthfile", Match: base("Earthfile"), Parse: ParseEarthfile},
	{Name: "goreleaser", Match: isGoreleaser, Parse: ParseGoreleaser},
	{Name: "Bazel", Match: isBazel, Parse: ParseBazel},
	{Name: "promu", Match: matchPromu, Parse: ParsePromu},
	{Name: "snapcraft", Match: matchSnapcraft, Parse: ParseSnapcraft},
	{Name: "Taskfile", Match: matchTaskfile, Parse: ParseTaskfile},
	{Name: "makefile", Match: isMakefile, Parse: ParseMakefile},
	{Name: "shell script", Match: isShell, Parse: ParseShell},
	{Name: "go.mod of another name", Match: isModFile, Parse: ParseModFile},
	{Name: "netlify.toml", Match: base("netlify.toml"), Parse: ParseNetlify},
	{Name: "wrangler.toml", Match: base("wrangler.toml"), Parse: ParseCloudflare},
	{Name: "wrangler.json", Match: isWranglerJSON, Parse: ParseWranglerJSON},
	{Name: "fly.toml", Match: isFly, Parse: ParseFly},
	{Name: "app.json", Match: base("app.json"), Parse: ParseHerokuApp},
	{Name: "project.toml", Match: base("project.toml"), Parse: ParseProject},
	{Name: ".gitpod.yml", Match: isGitpod, Parse: ParseGitpod},
	{Name: ".gvmrc", Match: base(".gvmrc"), Parse: ParseGvmrc},
	{Name: "Brewfile", Match: isBrewfile, Parse: ParseBrewfile},
	{Name: "conda", Match: matchConda, Parse: ParseConda},
	{Name: "pixi.toml", Match: base("pixi.toml"), Parse: ParsePixi},
	{Name: "Renovate", Match: isRenovate, Parse: ParseRenovate},
	{Name: "documentation", Match: isDoc, Parse: ParseDocs},
	{Name: "Ansible", Match: matchAnsible, Parse: ParseAnsible},
	{Name: "Kubernetes", Match: isAnyYAML, Parse: ParseKubernetes},
}

// base matches files of one name in any folder.
func base(name string) func(string) bool {
	return func(rel string) bool {
		head, ok := strings.CutSuffix(rel, name)
		return ok && (head == "" || head[len(head)-1] == '/')
	}
}
