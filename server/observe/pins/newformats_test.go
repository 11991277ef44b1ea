package pins

import "testing"

// embeddedCases are commands within the files of CI systems.
var embeddedCases = []formatCase{
	{"installers", ".github/workflows/a.yml", `jobs:
  a:
    env: {GO_VERSION: 1.25.3, MINOR: "1.24"}
    steps:
      - run: go install golang.org/dl/go1.25.4@latest && go1.25.4 download
      - run: |
          curl -sSfL https://go.dev/dl/go1.26.6.linux-amd64.tar.gz | tar xz # go1.1.linux-amd64.tar.gz
          curl -O "https://dl.google.com/go/go${GO_VERSION}.linux-amd64.tar.gz"
          go env -w GOTOOLCHAIN=go1.25.3+auto
          gvm install go1.22.1
          echo "GO_VERSION=1.26.1" >> "$GITHUB_ENV"
          echo "golang:1.2 go1.3.linux-amd64.tar.gz"
          docker run --rm -v "$PWD:/src" \
            golang:1.23-alpine go build
          docker run golang:${{ env.MINOR }} go version
          curl https://go.dev/dl/go${{ steps.x.outputs.version }}.linux-amd64.tar.gz
          docker run golang:$UNKNOWN
          é=1; GOTOOLCHAIN=local go test ./...
`, `
3:23-29 github:env build "1.25.3" exact 1.25.3 [name: GO_VERSION]
3:39-43 github:env build "1.24" line 1.24 [name: MINOR]
5:41-47 github:run build "1.25.4" exact 1.25.4
7:42-48 github:run build "1.26.6" exact 1.26.6
8:47-60 github:run build "${GO_VERSION}" var 1.25.3 [fromLine: 3] [name: GO_VERSION]
9:33-46 github:env:GOTOOLCHAIN build "go1.25.3+auto" setting go1.25.3+auto
10:23-31 github:run build "go1.22.1" exact 1.22.1
11:28-34 github:run build "1.26.1" exact 1.26.1 [name: GO_VERSION]
14:20-24 github:run build "1.23" line 1.23 [variant: alpine]
15:29-45 github:run build "${{ env.MINOR }}" var 1.24 [fromLine: 3] [name: env.MINOR]
18:29-34 github:env:GOTOOLCHAIN build "local" setting local
`},
	{"matrix in a command", ".github/workflows/b.yml", `jobs:
  a:
    strategy: {matrix: {go: ["1.24", '1.25']}}
    steps:
      - run: >-
          docker run
          golang:${{ matrix.go }}-bookworm
          go version
      - run: "docker pull golang:1.22.3\ngo version"
      - run: 'GO_VERSION=1.21.1 ./build.sh'
`, `
3:31-35 github:matrix test "1.24" line 1.24
3:39-43 github:matrix test "1.25" line 1.25
7:18-34 github:run test "${{ matrix.go }}" var [name: matrix.go] [variant: bookworm]
9:34-40 github:run build "1.22.3" exact 1.22.3
10:26-32 github:run build "1.21.1" exact 1.21.1 [name: GO_VERSION]
`},
	{"decoys", ".github/workflows/c.yml", `jobs:
  a:
    steps:
      - run: echo golang:1.22
      - run: grep -r "golang:1.21" . || true
      - run: |
          if [ "$GO_VERSION" = 1.22.3 ]; then exit 1; fi
          HUGO_VERSION=1.22.3
          GO_VERSION=$(go env GOVERSION)
          GOTOOLCHAIN=$X go test
      - name: golang 1.22
        uses: x/y@v1
        with: {script: "docker run golang:1.22"}
`, ""},
	{"script", ".gitlab-ci.yml", `variables: {GO_VERSION: "1.25.3"}
default:
  before_script: [go env -w GOTOOLCHAIN=local]
.setup: &setup
  - wget -q https://go.dev/dl/go${GO_VERSION}.linux-amd64.tar.gz
build:
  image: alpine
  script:
    - *setup
    - docker run golang:1.24.1 go build
    - |
      export GO_VERSION=1.26.1
      wget https://go.dev/dl/go$GO_VERSION.linux-amd64.tar.gz
`, `
1:26-32 gitlab:variable build "1.25.3" exact 1.25.3 [name: GO_VERSION]
3:41-46 gitlab:env:GOTOOLCHAIN build "local" setting local
5:33-46 gitlab:script build "${GO_VERSION}" var 1.25.3 [fromLine: 1] [name: GO_VERSION]
10:25-31 gitlab:script build "1.24.1" exact 1.24.1
12:25-31 gitlab:script build "1.26.1" exact 1.26.1 [name: GO_VERSION]
13:32-43 gitlab:script build "$GO_VERSION" var 1.26.1 [fromLine: 12] [name: GO_VERSION]
`},
	{"run", ".circleci/config.yml", `version: 2.1
jobs:
  a:
    parameters: {go: {type: string, default: "1.25.1"}}
    environment: {GO_VERSION: 1.24.2}
    steps:
      - run: curl -O https://go.dev/dl/go1.25.3.linux-amd64.tar.gz
      - run:
          name: golang
          command: |
            curl -O https://go.dev/dl/go<< parameters.go >>.linux-amd64.tar.gz
            curl -O https://go.dev/dl/go${GO_VERSION}.linux-amd64.tar.gz
            cat <<EOF
`, `
4:47-53 circleci:parameter build "1.25.1" exact 1.25.1 [name: go]
5:31-37 circleci:env build "1.24.2" exact 1.24.2 [name: GO_VERSION]
7:42-48 circleci:run build "1.25.3" exact 1.25.3
11:41-60 circleci:run build "<< parameters.go >>" var 1.25.1 [fromLine: 4] [name: parameters.go]
12:41-54 circleci:run build "${GO_VERSION}" var 1.24.2 [fromLine: 5] [name: GO_VERSION]
`},
	{"scripts", "azure-pipelines.yml", `variables:
  goVersion: 1.25.3
  go.version: 1.24.1
steps:
  - script: curl -O https://go.dev/dl/go$(goVersion).linux-amd64.tar.gz
  - bash: |
      curl -O https://go.dev/dl/go$GO_VERSION.linux-amd64.tar.gz
      curl -O https://go.dev/dl/go$(cat .go-version).linux-amd64.tar.gz
      go install golang.org/dl/go1.22.3@latest
  - task: Bash@3
    inputs:
      targetType: inline
      script: |
        docker run golang:1.23.4 go version
`, `
2:14-20 azure:variable build "1.25.3" exact 1.25.3 [name: goVersion]
3:15-21 azure:variable build "1.24.1" exact 1.24.1 [name: go.version]
5:41-53 azure:script build "$(goVersion)" var 1.25.3 [fromLine: 2] [name: goVersion]
7:35-46 azure:script build "$GO_VERSION" var 1.24.1 [fromLine: 3] [name: GO_VERSION]
9:34-40 azure:script build "1.22.3" exact 1.22.3
14:27-33 azure:script build "1.23.4" exact 1.23.4
`},
	{"travis", ".travis.yml", "language: generic\nbefore_install:\n  - eval \"$(gimme 1.25.3)\"\n  - export GOTOOLCHAIN=local\nscript: docker run golang:1.24 go test\n", `
3:19-25 travis:script build "1.25.3" exact 1.25.3
4:24-29 travis:env:GOTOOLCHAIN build "local" setting local
5:27-31 travis:script build "1.24" line 1.24
`},
	{"drone", ".woodpecker.yml", "steps:\n  a:\n    image: alpine\n    commands:\n      - wget https://go.dev/dl/go1.25.3.linux-amd64.tar.gz\n", `
5:34-40 drone:command build "1.25.3" exact 1.25.3
`},
	{"buildkite", ".buildkite/pipeline.yaml", "steps:\n  - command: GOTOOLCHAIN=go1.25.3 go test ./...\n  - commands:\n      - docker run golang:1.24.1 go vet\n", `
2:26-34 buildkite:env:GOTOOLCHAIN build "go1.25.3" setting go1.25.3
4:27-33 buildkite:command build "1.24.1" exact 1.24.1
`},
	{"cirrus", ".cirrus.yml", "task:\n  env: {GO_VERSION: 1.25.3}\n  install_script:\n    - fetch https://go.dev/dl/go${GO_VERSION}.freebsd-amd64.tar.gz\n    - pkg install go122\n", `
2:21-27 cirrus:env build "1.25.3" exact 1.25.3 [name: GO_VERSION]
4:33-46 cirrus:script build "${GO_VERSION}" var 1.25.3 [fromLine: 2] [name: GO_VERSION]
`},
	{"bitbucket", "bitbucket-pipelines.yml", "image: atlassian/default-image:4\npipelines:\n  default:\n    - step:\n        script:\n          - curl -O https://go.dev/dl/go1.25.3.linux-amd64.tar.gz\n          - pipe: a/b:1.2\n", `
6:41-47 bitbucket:script build "1.25.3" exact 1.25.3
`},
	{"cloud build", "cloudbuild.yaml", "substitutions: {_GO: 1.25.3}\nsteps:\n- name: gcr.io/cloud-builders/docker\n  script: |\n    docker run golang:1.24.1 go test\n- name: ubuntu\n  entrypoint: bash\n  args: ['-c', 'curl -O https://go.dev/dl/go${_GO}.linux-amd64.tar.gz']\n", `
1:22-28 cloudbuild:substitution build "1.25.3" exact 1.25.3 [name: _GO]
5:23-29 cloudbuild:script build "1.24.1" exact 1.24.1
8:45-51 cloudbuild:script build "${_GO}" var 1.25.3 [fromLine: 1] [name: _GO]
`},
	{"appveyor", "appveyor.yml", "stack: go 1.22\ninstall:\n  - ps: Invoke-WebRequest https://go.dev/dl/go1.25.3.windows-amd64.zip\n  - cmd: go version\n", `
1:11-15 appveyor:stack build "1.22" line 1.22
3:47-53 appveyor:script build "1.25.3" exact 1.25.3
`},
}

func TestEmbeddedCommands(t *testing.T) {
	for _, c := range embeddedCases {
		t.Run(c.name, func(t *testing.T) { runCases(t, Of(c.file).Parse, []formatCase{c}) })
	}
}

func FuzzEmbeddedCommands(f *testing.F) { fuzzCases(f, ParseWorkflow, embeddedCases[:3]) }

// newerCases are of the formats that came after the census of pins.
var newerCases = []formatCase{
	{"number", ".promu.yml", "go:\n  # the newest\n  version: 1.26\nrepository: {path: x}\n", "\n3:12-16 promu:go ship \"1.26\" line 1.26\n"},
	{"zero", ".promu.yml", "go: {version: 1.20, cgo: true}\n", "\n1:15-19 promu:go ship \"1.20\" line 1.20\n"},
	{"quoted", ".promu-cgo.yml", "build:\n  version: 1.2\ngo:\n  cgo: true\n  version: '1.25.3'\n", "\n5:13-19 promu:go ship \"1.25.3\" exact 1.25.3\n"},

	{"tools", ".readthedocs.yaml", "version: 2\nbuild:\n  os: ubuntu-24.04\n  tools:\n    golang: \"1.25\"\n    python: \"3.12\"\n", "\n5:14-18 readthedocs:golang build \"1.25\" line 1.25\n"},
	{"float", ".readthedocs.yml", "build: {tools: {golang: 1.20}}\n", "\n1:25-29 readthedocs:golang build \"1.20\" trap-float 1.2 [written: 1.20]\n"},
	{"jobs", ".readthedocs.yaml", "build:\n  tools: {golang: latest}\n  jobs:\n    pre_build:\n      - go install golang.org/dl/go1.25.3@latest\n    build:\n      html: [GOTOOLCHAIN=local make]\n", "\n2:19-25 readthedocs:golang build \"latest\" latest\n5:36-42 readthedocs:command build \"1.25.3\" exact 1.25.3\n7:26-31 readthedocs:env:GOTOOLCHAIN build \"local\" setting local\n"},

	{"runtime", "buildspec.yml", "version: 0.2\nphases:\n  install:\n    runtime-versions:\n      golang: 1.22\n      nodejs: 20\n", "\n5:15-19 codebuild:runtime build \"1.22\" line 1.22 [unquoted: true]\n"},
	{"wild", "ci/buildspec-test.yaml", "phases:\n  install: {runtime-versions: {golang: \"1.x\"}}\n", "\n2:41-44 codebuild:runtime build \"1.x\" latest 1\n"},
	{"commands", "buildspec.yml", "env:\n  variables: {GO_VERSION: \"1.25.3\", GOTOOLCHAIN: local}\nphases:\n  install:\n    runtime-versions: {golang: 1.20}\n    commands:\n      - wget https://go.dev/dl/go${GO_VERSION}.linux-amd64.tar.gz\n", "\n2:28-34 codebuild:env build \"1.25.3\" exact 1.25.3 [name: GO_VERSION]\n2:50-55 codebuild:env:GOTOOLCHAIN build \"local\" setting local\n5:32-36 codebuild:runtime build \"1.20\" trap-float 1.2 [written: 1.20]\n7:34-47 codebuild:command build \"${GO_VERSION}\" var 1.25.3 [fromLine: 2] [name: GO_VERSION]\n"},

	{"launch", "fly.toml", "app = 'é'\n\n[build]\n  [build.args]\n    GO_VERSION = '1.25.3'\n\n[env]\n  GO_VERSION = '1'\n", "\n5:19-25 fly:build-arg ship \"1.25.3\" exact 1.25.3 [name: GO_VERSION]\n"},
	{"image", "fly.staging.toml", "[build]\ndockerfile = \"deploy/Dockerfile\"\nargs = { BASE = \"golang:1.25-alpine\", GO_VERSION = \"1.24\", HUGO_VERSION = \"1.2\" }\n", "\n3:25-29 fly:build-arg ship \"1.25\" line 1.25 [dockerfile: deploy/Dockerfile] [name: BASE] [variant: alpine]\n3:53-57 fly:build-arg ship \"1.24\" line 1.24 [dockerfile: deploy/Dockerfile] [name: GO_VERSION]\n"},
	{"toolchain", "fly.toml", "build.args.GOTOOLCHAIN = \"local\"\n[build]\nbuilder = \"golang:1.2\"\n", "\n1:27-32 fly:env:GOTOOLCHAIN ship \"local\" setting local [name: GOTOOLCHAIN]\n"},

	{"snaps", "snap/snapcraft.yaml", "parts:\n  a:\n    plugin: go\n    build-snaps: [go/1.25/stable, node/20/stable]\n", "\n4:22-26 snapcraft:build-snap ship \"1.25\" line 1.25\n"},
	{"condition", "snapcraft.yaml", "parts:\n  a:\n    build-snaps:\n      - on amd64: [go/1.24]\n      - go/latest/edge\n    build-environment:\n      - GOTOOLCHAIN: local\n", "\n4:23-27 snapcraft:build-snap ship \"1.24\" line 1.24\n5:12-18 snapcraft:build-snap ship \"latest\" latest\n7:22-27 snapcraft:env:GOTOOLCHAIN ship \"local\" setting local\n"},
	{"channel", "snapcraft.yaml", "parts:\n  a: {plugin: go, go-channel: 1.22/stable}\n  b:\n    plugin: nil\n    override-build: |\n      curl -O https://go.dev/dl/go1.25.3.linux-amd64.tar.gz\n", "\n2:31-35 snapcraft:build-snap ship \"1.22\" line 1.22\n6:35-41 snapcraft:script ship \"1.25.3\" exact 1.25.3\n"},

	{"variables", "Taskfile.yml", "version: '3'\nvars:\n  GO_VERSION: 1.25.3\n  HUGO_VERSION: 1.2\nenv:\n  GOTOOLCHAIN: local\ntasks:\n  build:\n    cmds:\n      - docker run golang:{{.GO_VERSION}}-alpine go build\n      - task: x\n        vars: {GO_VERSION: '1.24'}\n", "\n3:15-21 taskfile:variable build \"1.25.3\" exact 1.25.3 [name: GO_VERSION]\n6:16-21 taskfile:env:GOTOOLCHAIN build \"local\" setting local\n10:27-42 taskfile:command build \"{{.GO_VERSION}}\" var 1.25.3 [fromLine: 3] [name: GO_VERSION] [variant: alpine]\n12:29-33 taskfile:variable build \"1.24\" line 1.24 [name: GO_VERSION]\n"},
	{"worked out", "Taskfile.dist.yaml", "vars:\n  GO_VERSION: {sh: cat .go-version}\ntasks:\n  a: docker run golang:{{.GO_VERSION}} go build\n", ""},
	{"task", "tasks/Taskfile.build.yml", "tasks:\n  a:\n    env: {GOTOOLCHAIN: go1.25.3}\n    vars:\n      GO_VERSION: '1.26.1'\n    cmd: curl -O https://go.dev/dl/go{{ .GO_VERSION }}.linux-amd64.tar.gz\n", "\n3:24-32 taskfile:env:GOTOOLCHAIN build \"go1.25.3\" setting go1.25.3\n5:20-26 taskfile:variable build \"1.26.1\" exact 1.26.1 [name: GO_VERSION]\n6:38-55 taskfile:command build \"{{ .GO_VERSION }}\" var 1.26.1 [fromLine: 5] [name: GO_VERSION]\n"},

	{"formula", "Brewfile", "# brew \"go@1.1\"\ntap \"x/y\"\nbrew \"go@1.25\", link: true\nbrew 'golangci-lint'\n", "\n3:10-14 brewfile develop \"1.25\" line 1.25\n"},
	{"newest", "Brewfile", "brew \"go\"\nbrew \"go-task@1.2\"\ncask \"go@1.2\"\n", ""},
	{"patch", "Brewfile", "  brew 'go@1.25.3' # é\nbrew \"go@", "\n1:12-18 brewfile develop \"1.25.3\" invalid 1.25.3 [why: Homebrew has a formula for a minor and none for a patch: write go@1.25]\n"},

	{"dependencies", "environment.yml", "name: x\ndependencies:\n  - python=3.12\n  - go=1.25\n  - conda-forge::go-cgo=1.24.3=h1\n  - pip: [x==1.2]\n", "\n4:8-12 conda:dependency develop \"1.25\" line 1.25\n5:25-31 conda:dependency develop \"1.24.3\" exact 1.24.3\n"},
	{"comparisons", "conda/environment-dev.yaml", "dependencies: [\"go>=1.21\", go==1.22.3, \"go 1.25.*\", gotests=1.2]\nvariables: {GOTOOLCHAIN: local}\n", "\n1:19-25 conda:dependency develop \">=1.21\" range >=1.21\n1:32-38 conda:dependency develop \"1.22.3\" exact 1.22.3\n1:44-50 conda:dependency develop \"1.25.*\" line 1.25\n2:26-31 conda:env:GOTOOLCHAIN develop \"local\" setting local\n"},
	{"bare", "environment.yml", "dependencies:\n  - go\n  - golangci-lint=1.55\n", ""},

	{"pixi", "pixi.toml", "[dependencies]\ngo = \">=1.22,<1.26\"\npython = \"3.12\"\n[feature.x.dependencies]\ngo = \"1.25.*\"\n", "\n2:7-19 pixi:dependency develop \">=1.22,<1.26\" range >=1.22,<1.26\n5:7-13 pixi:dependency develop \"1.25.*\" line 1.25\n"},
	{"table", "pixi.toml", "[dependencies]\ngo-cgo = { version = \"==1.25.3\", channel = \"conda-forge\" }\n", "\n2:25-31 pixi:dependency develop \"1.25.3\" exact 1.25.3\n"},
	{"any", "pixi.toml", "[dependencies]\ngo = \"*\"\n[tasks]\ngo = \"go build\"\n", ""},

	{"constraints", "renovate.json", "{\"constraints\": {\"go\": \"1.25.3\", \"npm\": \"1.2\"}}\n", "\n1:25-31 renovate:constraint build \"1.25.3\" exact 1.25.3\n"},
	{"comments", ".github/renovate.json5", "// go\n{\"constraints\": {\"go\": \"~1.25.0\"}, // é\n \"packageRules\": [{\"constraints\": {\"go\": \"1.24\"}}],}\n", "\n2:25-32 renovate:constraint build \"~1.25.0\" range ~1.25.0\n3:43-47 renovate:constraint build \"1.24\" line 1.24\n"},
	{"other", ".renovaterc", "{\"go\": \"1.2\", \"constraintsFiltering\": \"strict\"}\n", ""},

	{"vars", "wrangler.jsonc", "{\n  // é\n  \"vars\": {\"GO_VERSION\": \"1.25.3\", \"X\": \"1.2\"},\n  \"env\": {\"preview\": {\"vars\": {\"GO_VERSION\": \"1.24\", \"GOTOOLCHAIN\": \"local\"}}},\n}\n", "\n3:27-33 cloudflare:env:GO_VERSION build \"1.25.3\" exact 1.25.3\n4:47-51 cloudflare:env:GO_VERSION build \"1.24\" line 1.24\n4:70-75 cloudflare:env:GOTOOLCHAIN build \"local\" setting local\n"},
	{"none", "wrangler.json", "{\"name\": \"GO_VERSION\", \"vars\": {\"GO_VERSION\": 1.2}}\n", ""},
	{"range", "wrangler.json", "{\"vars\":{\"GO_VERSION\":\"^1.21\"}}", "\n1:24-29 cloudflare:env:GO_VERSION build \"^1.21\" range ^1.21\n"},

	{"value", "app.json", "{\"env\": {\"GOVERSION\": {\"description\": \"x\", \"value\": \"go1.25.3\"}, \"GOTOOLCHAIN\": \"local\"}}\n", "\n1:54-62 heroku:env ship \"go1.25.3\" exact 1.25.3\n1:82-87 heroku:env:GOTOOLCHAIN ship \"local\" setting local\n"},
	{"text", "app.json", "{\n\"env\": {\"GOVERSION\": \"go1.25\"}\n}", "\n2:23-29 heroku:env ship \"go1.25\" line 1.25\n"},
	{"none", "app.json", "{\"env\": {\"GOVERSION\": {\"required\": true}}, \"GOVERSION\": \"1.2\"}", ""},

	{"sem-version", ".semaphore/semaphore.yml", "version: v1.0\nblocks:\n  - task:\n      prologue:\n        commands: [checkout, sem-version go 1.25]\n      jobs:\n        - commands: [go test ./...]\n", "\n5:45-49 semaphore:command build \"1.25\" line 1.25\n"},
	{"matrix", ".semaphore/pr.yml", "agent:\n  containers:\n    - {name: main, image: 'golang:1.24'}\nblocks:\n  - task:\n      env_vars:\n        - {name: GOTOOLCHAIN, value: local}\n        - name: GO_VERSION\n          value: \"1.25.1\"\n      jobs:\n        - matrix: [{env_var: GO, values: [\"1.24\", \"1.25\"]}]\n          commands: [sem-version go $GO]\n", "\n3:35-39 semaphore:image build \"1.24\" line 1.24\n7:38-43 semaphore:env:GOTOOLCHAIN build \"local\" setting local\n9:19-25 semaphore:env build \"1.25.1\" exact 1.25.1 [name: GO_VERSION]\n11:44-48 semaphore:matrix test \"1.24\" line 1.24\n11:52-56 semaphore:matrix test \"1.25\" line 1.25\n12:37-40 semaphore:command test \"$GO\" var [name: GO]\n"},
	{"other versions", ".semaphore/semaphore.yml", "blocks:\n  - task: {jobs: [{commands: [sem-version node 1.25, sem-version ruby 1.2, \"# golang\"]}]}\n", ""},

	{"registry image", "ci/tasks/test.yml", "platform: linux\nimage_resource:\n  type: registry-image\n  source: {repository: golang, tag: \"1.25.3-alpine\"}\nrun: {path: go}\n", "\n4:38-44 kubernetes:image test \"1.25.3\" exact 1.25.3 [variant: alpine]\n"},
	{"resource", "pipeline.yml", "resources:\n- name: go-image\n  type: registry-image\n  source:\n    repository: docker.io/library/golang\n    tag: 1.25\n- name: other\n  type: registry-image\n  source: {repository: alpine, tag: '3.20'}\n", "\n6:10-14 kubernetes:image build \"1.25\" line 1.25 [unquoted: true]\n"},
	{"workflow for others", "scripts/golangci-lint.yml", "on: push\njobs:\n  lint:\n    steps:\n      - uses: actions/setup-go@v6\n        with:\n          go-version: 1.26.x\n", "\n7:23-29 github:setup-go build \"1.26.x\" line 1.26\n"},
	{"melange", "x.yaml", "package: {name: x}\nenvironment:\n  contents:\n    packages: [busybox, go-1.25, go-bindata]\npipeline:\n  - uses: go/build\n    with: {go-package: go-1.24, packages: .}\n  - pipeline: [{uses: go/install, with: {go-package: 'go~1.23'}}]\n", "\n4:28-32 apko:package ship \"1.25\" line 1.25\n7:27-31 apko:package ship \"1.24\" line 1.24\n8:58-62 apko:package ship \"1.23\" line 1.23\n"},
	{"apko", "apko.yaml", "contents:\n  packages:\n    - go=1.25.3-r0\n    - golangci-lint=1.2\n", "\n3:10-16 apko:package ship \"1.25.3\" exact 1.25.3\n"},

	{"defaults", "roles/golang/defaults/main.yml", "---\ngo_version: 1.25.3\ngolang_version: \"1.24\"\nhugo_version: 1.2\ngo_checksum: sha256:00\n", "\n2:13-19 ansible:variable build \"1.25.3\" exact 1.25.3 [name: go_version]\n3:18-22 ansible:variable build \"1.24\" line 1.24 [name: golang_version]\n"},
	{"playbook", "ansible/site.yml", "- hosts: all\n  vars:\n    go_version: 1.20\n  environment: {GOTOOLCHAIN: local}\n  roles:\n    - {role: gantsign.golang, golang_version: '1.25.3'}\n  tasks:\n    - docker_container: {name: b, image: 'golang:1.24'}\n", "\n3:17-21 ansible:variable build \"1.20\" trap-float 1.2 [name: go_version] [written: 1.20]\n4:30-35 ansible:env:GOTOOLCHAIN build \"local\" setting local\n6:48-54 ansible:variable build \"1.25.3\" exact 1.25.3 [name: golang_version]\n8:50-54 kubernetes:image build \"1.24\" line 1.24\n"},
	{"templates", "group_vars/all.yml", "go_version: \"{{ lookup('file', '.go-version') }}\"\ngolang_version: latest\n", "\n2:17-23 ansible:variable build \"latest\" latest [name: golang_version]\n"},

	{"variables", "infra/variables.tf", "variable \"go_version\" {\n  type    = string # é\n  default = \"1.25.3\"\n}\nvariable \"hugo_version\" { default = \"1.2\" }\n", "\n3:14-20 hcl:variable build \"1.25.3\" exact 1.25.3 [name: go_version]\n"},
	{"runtime", "main.tf", "resource \"google_cloudfunctions2_function\" \"f\" {\n  build_config {\n    runtime     = \"go125\"\n    environment_variables = { GOTOOLCHAIN = \"local\" }\n  }\n}\nlocals { go_version = 1.20 }\n", "\n3:20-25 hcl:runtime ship \"go125\" line 1.25\n4:46-51 hcl:env:GOTOOLCHAIN build \"local\" setting local\n7:23-27 hcl:variable build \"1.20\" trap-float 1.2 [name: go_version] [written: 1.20]\n"},
	{"image", "jobs/api.nomad.hcl", "job \"x\" { group \"g\" { task \"t\" {\n  config { image = \"golang:1.25-alpine\" }\n  env { A = \"golang:1.2\" }\n} } }\ngo_version = var.x\n", "\n2:28-32 hcl:image build \"1.25\" line 1.25 [variant: alpine]\n"},

	{"ruby", "Vagrantfile", "GO_VERSION = \"1.25.3\"\n$golang_version = '1.24' # é\nVagrant.configure(\"2\") do |config|\n  config.vm.provision \"shell\", inline: <<-SHELL\n    curl -sL https://go.dev/dl/go1.23.4.linux-amd64.tar.gz | tar xz\n    curl -sL https://go.dev/dl/go#{GO_VERSION}.linux-amd64.tar.gz\n  SHELL\nend\n", "\n1:15-21 shell:variable develop \"1.25.3\" exact 1.25.3 [name: GO_VERSION]\n2:20-24 shell:variable develop \"1.24\" line 1.24 [name: golang_version]\n5:34-40 shell:download develop \"1.23.4\" exact 1.23.4\n"},
	{"version", "test/Vagrantfile", "if GO_VERSION == \"1.2\"\nend\ngo_version=\"1.22.1\"\n", "\n3:13-19 shell:variable develop \"1.22.1\" exact 1.22.1 [name: go_version]\n"},

	{"inline", "compose.yaml", "services:\n  é:\n    build:\n      dockerfile_inline: |\n        ARG GO_VERSION=1.25.3\n        FROM golang:${GO_VERSION}-alpine AS b\n        FROM golang:1.24\n", "\n5:24-30 dockerfile:arg build \"1.25.3\" exact 1.25.3 [name: GO_VERSION]\n6:21-34 dockerfile:from build \"${GO_VERSION}\" var 1.25.3 [fromLine: 5] [name: GO_VERSION] [variant: alpine]\n7:21-25 dockerfile:from ship \"1.24\" line 1.24\n"},
	{"archive", "flake.nix", "{ outputs = { }: {\n  go = prev.go_1_26.overrideAttrs (_: rec {\n    version = \"1.26.6\";\n    src = prev.fetchurl { url = \"https://go.dev/dl/go${version}.src.tar.gz\"; };\n  });\n  other = { version = \"1.2\"; };\n}; }\n", "\n2:13-20 nix:package develop \"go_1_26\" line 1.26\n3:16-22 nix:variable develop \"1.26.6\" exact 1.26.6 [name: version]\n"},
}

func TestNewerFormats(t *testing.T) {
	for _, c := range newerCases {
		t.Run(c.file, func(t *testing.T) { runCases(t, Of(c.file).Parse, []formatCase{c}) })
	}
}

func FuzzNewerFormats(f *testing.F) {
	for _, c := range newerCases {
		f.Add(c.file, []byte(c.content))
	}
	f.Fuzz(func(t *testing.T, file string, content []byte) {
		format := Of(file)
		if format == nil {
			return
		}
		doc := document(file, content)
		pins, problems := format.Parse(doc)
		sound(t, doc, pins, problems)
	})
}
