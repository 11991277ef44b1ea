/** Which documents are sent to the server: those that can pin a Go. It knows itself which of them do. */
export const selected = [
  '**/{go.mod,go.work,*.mod,.go-version,godrift.toml,go.env,.tool-versions,mise.lock,.prototools,.gvmrc}',
  '**/go/env',
  '**/{Dockerfile,Dockerfile.*,*.dockerfile,*.Dockerfile,Containerfile,Containerfile.*,Earthfile,.env,.env.*}',
  '**/{Makefile,GNUmakefile,makefile,*.mk,justfile,Jenkinsfile,*.jenkinsfile,WORKSPACE,*.bazel,*.bzl}',
  '**/{devcontainer.json,.devcontainer.json,devbox.json,docker-bake.*,.golangci.*,README*,CONTRIBUTING*}',
  '**/{wrangler.json,wrangler.jsonc,app.json,Brewfile,.Brewfile,renovate.json,renovate.json5,.renovaterc,.renovaterc.*}',
  '**/*.{yml,yaml,toml,nix,sh,bash,envrc}',
];
