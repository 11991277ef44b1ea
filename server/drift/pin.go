package drift

// Source names the kind of place a pin stands in, such as "go.mod:go". The
// words are part of the published JSON and never change.
type Source string

// The sources that are read today.
const (
	SourceGoModGo         Source = "go.mod:go"
	SourceGoModToolchain  Source = "go.mod:toolchain"
	SourceGoModGodebug    Source = "go.mod:godebug"
	SourceGoWorkGo        Source = "go.work:go"
	SourceGoWorkToolchain Source = "go.work:toolchain"
	SourceGoWorkGodebug   Source = "go.work:godebug"
	SourceGoVersion       Source = ".go-version"
	SourcePolicy          Source = "godrift.toml:go"
)

// sources of version managers, makefiles, scripts, Bazel, hosts and documentation
const (
	SourceToolVersions    Source = ".tool-versions"
	SourceMise            Source = "mise:tools"
	SourceMiseGotoolchain Source = "mise:env:GOTOOLCHAIN"
	SourceMiseLock        Source = "mise.lock"
	SourcePrototools      Source = ".prototools"
	SourceGvmrc           Source = ".gvmrc"
	SourceGoModHeroku     Source = "go.mod:heroku"

	SourceMakeVariable    Source = "makefile:variable"
	SourceMakeImage       Source = "makefile:image"
	SourceMakeBuildArg    Source = "makefile:build-arg"
	SourceMakeDownload    Source = "makefile:download"
	SourceMakeInstall     Source = "makefile:install"
	SourceMakeGotoolchain Source = "makefile:env:GOTOOLCHAIN"

	SourceShellVariable    Source = "shell:variable"
	SourceShellImage       Source = "shell:image"
	SourceShellBuildArg    Source = "shell:build-arg"
	SourceShellDownload    Source = "shell:download"
	SourceShellInstall     Source = "shell:install"
	SourceShellGotoolchain Source = "shell:env:GOTOOLCHAIN"

	SourceBazelDownload    Source = "bazel:go_sdk.download"
	SourceBazelHost        Source = "bazel:go_sdk.host"
	SourceBazelFromFile    Source = "bazel:go_sdk.from_file"
	SourceBazelRegister    Source = "bazel:go_register_toolchains"
	SourceBazelDownloadSDK Source = "bazel:go_download_sdk"
	SourceBazelHostSDK     Source = "bazel:go_host_sdk"
	SourceBazelVariable    Source = "bazel:variable"

	SourceNetlify               Source = "netlify:env:GO_VERSION"
	SourceNetlifyGotoolchain    Source = "netlify:env:GOTOOLCHAIN"
	SourceCloudflare            Source = "cloudflare:env:GO_VERSION"
	SourceCloudflareGotoolchain Source = "cloudflare:env:GOTOOLCHAIN"
	SourceBuildpack             Source = "buildpack:env"
	SourceBuildpackGotoolchain  Source = "buildpack:env:GOTOOLCHAIN"
	SourceGitpod                Source = "gitpod:image"

	SourceDocsText  Source = "docs:text"
	SourceDocsBadge Source = "docs:badge"

	SourceDeclared Source = "godrift.toml:pin"

	SourceHCLVariable          Source = "hcl:variable"
	SourceHCLRuntime           Source = "hcl:runtime"
	SourceHCLImage             Source = "hcl:image"
	SourceHCLToolchain         Source = "hcl:env:GOTOOLCHAIN"
	SourceFlyBuildArg          Source = "fly:build-arg"
	SourceFlyGotoolchain       Source = "fly:env:GOTOOLCHAIN"
	SourceHerokuEnv            Source = "heroku:env"
	SourceHerokuGotoolchain    Source = "heroku:env:GOTOOLCHAIN"
	SourcePromu                Source = "promu:go"
	SourceSnapcraft            Source = "snapcraft:build-snap"
	SourceSnapcraftEnv         Source = "snapcraft:env"
	SourceSnapcraftScript      Source = "snapcraft:script"
	SourceSnapcraftGotoolchain Source = "snapcraft:env:GOTOOLCHAIN"
	SourceTaskfileVariable     Source = "taskfile:variable"
	SourceTaskfileCommand      Source = "taskfile:command"
	SourceTaskfileGotoolchain  Source = "taskfile:env:GOTOOLCHAIN"
	SourceBrewfile             Source = "brewfile"
	SourceConda                Source = "conda:dependency"
	SourceCondaGotoolchain     Source = "conda:env:GOTOOLCHAIN"
	SourcePixi                 Source = "pixi:dependency"
	SourceRenovate             Source = "renovate:constraint"
	SourceAnsible              Source = "ansible:variable"
	SourceAnsibleGotoolchain   Source = "ansible:env:GOTOOLCHAIN"
	SourceApkPackage           Source = "apko:package"
)

// Sources of container files: Dockerfiles, compose, bake, Cloud Build, Earthly,
// development containers, devbox, Nix, Kubernetes and what is like it.
const (
	SourceDockerfileFrom         Source = "dockerfile:from"
	SourceDockerfileCopyFrom     Source = "dockerfile:copy-from"
	SourceDockerfileMount        Source = "dockerfile:mount"
	SourceDockerfileArg          Source = "dockerfile:arg"
	SourceDockerfileEnv          Source = "dockerfile:env"
	SourceDockerfileArgToolchain Source = "dockerfile:arg:GOTOOLCHAIN"
	SourceDockerfileToolchain    Source = "dockerfile:env:GOTOOLCHAIN"
	SourceDockerfileDownload     Source = "dockerfile:download"
	SourceDockerfileInstall      Source = "dockerfile:install"
	SourceDockerfileRun          Source = "dockerfile:run"

	SourceComposeImage     Source = "compose:image"
	SourceComposeBuildArg  Source = "compose:build-arg"
	SourceComposeEnv       Source = "compose:env"
	SourceComposeToolchain Source = "compose:env:GOTOOLCHAIN"

	SourceBakeVariable  Source = "bake:variable"
	SourceBakeBuildArg  Source = "bake:build-arg"
	SourceBakeContext   Source = "bake:context"
	SourceBakeMatrix    Source = "bake:matrix"
	SourceBakeToolchain Source = "bake:env:GOTOOLCHAIN"

	SourceCloudBuildImage        Source = "cloudbuild:image"
	SourceCloudBuildSubstitution Source = "cloudbuild:substitution"
	SourceCloudBuildBuildArg     Source = "cloudbuild:build-arg"
	SourceCloudBuildEnv          Source = "cloudbuild:env"
	SourceCloudBuildToolchain    Source = "cloudbuild:env:GOTOOLCHAIN"
	SourceCloudBuildScript       Source = "cloudbuild:script"

	SourceEarthlyFrom         Source = "earthfile:from"
	SourceEarthlyCopyFrom     Source = "earthfile:copy-from"
	SourceEarthlyMount        Source = "earthfile:mount"
	SourceEarthlyArg          Source = "earthfile:arg"
	SourceEarthlyEnv          Source = "earthfile:env"
	SourceEarthlyArgToolchain Source = "earthfile:arg:GOTOOLCHAIN"
	SourceEarthlyToolchain    Source = "earthfile:env:GOTOOLCHAIN"
	SourceEarthlyDownload     Source = "earthfile:download"
	SourceEarthlyInstall      Source = "earthfile:install"
	SourceEarthlyRun          Source = "earthfile:run"
	SourceEarthlyHanded       Source = "earthfile:target-arg"

	SourceDevcontainerImage     Source = "devcontainer:image"
	SourceDevcontainerFeature   Source = "devcontainer:feature"
	SourceDevcontainerBuildArg  Source = "devcontainer:build-arg"
	SourceDevcontainerEnv       Source = "devcontainer:env"
	SourceDevcontainerToolchain Source = "devcontainer:env:GOTOOLCHAIN"

	SourceDotenv          Source = "dotenv:variable"
	SourceDotenvToolchain Source = "dotenv:env:GOTOOLCHAIN"

	SourceDevboxPackage   Source = "devbox:package"
	SourceDevboxToolchain Source = "devbox:env:GOTOOLCHAIN"
	SourceNixPackage      Source = "nix:package"
	SourceNixVariable     Source = "nix:variable"
	SourceNixToolchain    Source = "nix:env:GOTOOLCHAIN"

	SourceKubernetesImage     Source = "kubernetes:image"
	SourceKubernetesParameter Source = "kubernetes:parameter"
	SourceKubernetesEnv       Source = "kubernetes:env"
	SourceKubernetesToolchain Source = "kubernetes:env:GOTOOLCHAIN"

	SourceGoreleaserProgram   Source = "goreleaser:gobinary"
	SourceGoreleaserBuildArg  Source = "goreleaser:build-arg"
	SourceGoreleaserEnv       Source = "goreleaser:env"
	SourceGoreleaserToolchain Source = "goreleaser:env:GOTOOLCHAIN"
)

// sources of CI systems and of what they run
const (
	SourceGitHubSetupGo     Source = "github:setup-go"
	SourceGitHubVersionFile Source = "github:go-version-file"
	SourceGitHubMatrix      Source = "github:matrix"
	SourceGitHubEnv         Source = "github:env"
	SourceGitHubGotoolchain Source = "github:env:GOTOOLCHAIN"
	SourceGitHubInput       Source = "github:input"
	SourceGitHubWith        Source = "github:with"
	SourceGitHubContainer   Source = "github:container"
	SourceGitHubService     Source = "github:service"
	SourceGitHubDocker      Source = "github:docker"
	SourceGitHubBuildArg    Source = "github:build-arg"
	SourceGitHubRun         Source = "github:run"

	SourceGitLabImage       Source = "gitlab:image"
	SourceGitLabService     Source = "gitlab:service"
	SourceGitLabVariable    Source = "gitlab:variable"
	SourceGitLabMatrix      Source = "gitlab:matrix"
	SourceGitLabInput       Source = "gitlab:input"
	SourceGitLabGotoolchain Source = "gitlab:env:GOTOOLCHAIN"
	SourceGitLabScript      Source = "gitlab:script"

	SourceAzureTask        Source = "azure:task"
	SourceAzureContainer   Source = "azure:container"
	SourceAzureVariable    Source = "azure:variable"
	SourceAzureMatrix      Source = "azure:matrix"
	SourceAzureParameter   Source = "azure:parameter"
	SourceAzureGotoolchain Source = "azure:env:GOTOOLCHAIN"
	SourceAzureScript      Source = "azure:script"

	SourceCircleImage       Source = "circleci:image"
	SourceCircleParameter   Source = "circleci:parameter"
	SourceCircleOrb         Source = "circleci:orb"
	SourceCircleExecutor    Source = "circleci:executor"
	SourceCircleMatrix      Source = "circleci:matrix"
	SourceCircleEnv         Source = "circleci:env"
	SourceCircleGotoolchain Source = "circleci:env:GOTOOLCHAIN"
	SourceCircleRun         Source = "circleci:run"

	SourceTravisGo          Source = "travis:go"
	SourceTravisEnv         Source = "travis:env"
	SourceTravisGotoolchain Source = "travis:env:GOTOOLCHAIN"
	SourceTravisScript      Source = "travis:script"

	SourceJenkinsImage       Source = "jenkins:image"
	SourceJenkinsTool        Source = "jenkins:tool"
	SourceJenkinsEnv         Source = "jenkins:env"
	SourceJenkinsScript      Source = "jenkins:sh"
	SourceJenkinsBuildArg    Source = "jenkins:build-arg"
	SourceJenkinsGotoolchain Source = "jenkins:env:GOTOOLCHAIN"

	SourceAppVeyorStack       Source = "appveyor:stack"
	SourceAppVeyorEnv         Source = "appveyor:env"
	SourceAppVeyorGotoolchain Source = "appveyor:env:GOTOOLCHAIN"
	SourceAppVeyorScript      Source = "appveyor:script"

	SourceDroneImage           Source = "drone:image"
	SourceDroneGotoolchain     Source = "drone:env:GOTOOLCHAIN"
	SourceDroneMatrix          Source = "drone:matrix"
	SourceDroneEnv             Source = "drone:env"
	SourceDroneCommand         Source = "drone:command"
	SourceBuildkiteImage       Source = "buildkite:image"
	SourceBuildkiteEnv         Source = "buildkite:env"
	SourceBuildkiteGotoolchain Source = "buildkite:env:GOTOOLCHAIN"
	SourceBuildkiteCommand     Source = "buildkite:command"
	SourceCirrusImage          Source = "cirrus:image"
	SourceCirrusEnv            Source = "cirrus:env"
	SourceCirrusMatrix         Source = "cirrus:matrix"
	SourceCirrusGotoolchain    Source = "cirrus:env:GOTOOLCHAIN"
	SourceCirrusScript         Source = "cirrus:script"
	SourceBitbucketImage       Source = "bitbucket:image"
	SourceBitbucketScript      Source = "bitbucket:script"
	SourceBitbucketGotoolchain Source = "bitbucket:env:GOTOOLCHAIN"

	SourceSemaphoreImage         Source = "semaphore:image"
	SourceSemaphoreEnv           Source = "semaphore:env"
	SourceSemaphoreMatrix        Source = "semaphore:matrix"
	SourceSemaphoreCommand       Source = "semaphore:command"
	SourceSemaphoreGotoolchain   Source = "semaphore:env:GOTOOLCHAIN"
	SourceCodeBuildRuntime       Source = "codebuild:runtime"
	SourceCodeBuildEnv           Source = "codebuild:env"
	SourceCodeBuildCommand       Source = "codebuild:command"
	SourceCodeBuildGotoolchain   Source = "codebuild:env:GOTOOLCHAIN"
	SourceReadTheDocs            Source = "readthedocs:golang"
	SourceReadTheDocsCommand     Source = "readthedocs:command"
	SourceReadTheDocsGotoolchain Source = "readthedocs:env:GOTOOLCHAIN"

	SourcePreCommit   Source = "pre-commit:language_version"
	SourceGolangciRun Source = "golangci:run.go"

	SourceGolangciGofumpt     Source = "golangci:gofumpt"
	SourceGolangciStaticcheck Source = "golangci:staticcheck"
	SourceGolangciGosimple    Source = "golangci:gosimple"
	SourceGolangciStylecheck  Source = "golangci:stylecheck"
	SourceGolangciUnused      Source = "golangci:unused"

	SourceAppEngineRuntime     Source = "appengine:runtime"
	SourceAppEngineVersion     Source = "appengine:runtime_version"
	SourceAppEngineEnv         Source = "appengine:env"
	SourceAppEngineGotoolchain Source = "appengine:env:GOTOOLCHAIN"
)

// Role says what a pin decides.
type Role string

// The roles.
const (
	RoleFloor   Role = "floor"   // the least Go a module accepts: the go line
	RoleBuild   Role = "build"   // the Go that builds in CI
	RoleShip    Role = "ship"    // the Go that builds what is released
	RoleTest    Role = "test"    // a Go of a test matrix
	RoleLint    Role = "lint"    // the language version a linter assumes
	RoleDevelop Role = "develop" // the Go people develop with
	RoleDocs    Role = "docs"    // what the documentation tells people
)

// Meaning is how the program that reads a pin understands its text. The words
// are part of the published JSON and never change.
type Meaning string

// The meanings.
const (
	MeaningDefault      Meaning = "default"       // toolchain default: never switch
	MeaningExact        Meaning = "exact"         // exactly this release
	MeaningInvalid      Meaning = "invalid"       // the reader refuses this
	MeaningLang         Meaning = "lang"          // language version a linter assumes
	MeaningLatest       Meaning = "latest"        // newest stable release
	MeaningLine         Meaning = "line"          // newest patch release of major.minor
	MeaningMin          Meaning = "min"           // least release accepted
	MeaningMinEarlyScan Meaning = "min-earlyscan" // what only the go command's early scan takes for the go line
	MeaningOldStable    Meaning = "oldstable"     // the minor before the newest
	MeaningRange        Meaning = "range"         // semver range, in Version
	MeaningRef          Meaning = "ref"           // the version stands in another file
	MeaningSetting      Meaning = "setting"       // a GOTOOLCHAIN value
	MeaningStable       Meaning = "stable"        // newest stable release, setup-go's word
	MeaningSystem       Meaning = "system"        // whatever is on PATH
	MeaningTrapFloat    Meaning = "trap-float"    // a YAML number: Version is what the reader really gets
	MeaningUnknown      Meaning = "unknown"       // no version can be read
	MeaningUnresolved   Meaning = "unresolved"    // a variable without a value here
	MeaningVar          Meaning = "var"           // a variable; Version is its value if known
)

// Pin is one place that says which Go to use.
type Pin struct {
	Source Source `json:"source"`
	Role   Role   `json:"role"`
	// Place covers exactly the version text, quotes and prefixes such as
	// "golang:" left out; a toolchain line's "go1.25.3" is covered whole.
	Place Place `json:"place"`
	// Raw is the text in the file.
	Raw     string  `json:"raw"`
	Meaning Meaning `json:"meaning"`
	// Version is what the reader takes from Raw, without a "go" or "v" prefix
	// and without a suffix such as "-corp.7". Empty if there is none.
	Version string `json:"version,omitempty"`
	// Extra holds facts that only some formats have, for example "suffix",
	// "why", "fallback".
	Extra map[string]string `json:"extra,omitempty"`
}

// Problem is something that stopped a file, or a part of it, from being read.
// The rest of the file is read all the same.
type Problem struct {
	Place   Place  `json:"place"`
	Message string `json:"message"`
}
