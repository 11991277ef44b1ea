package pins

import (
	"slices"
	"sync"
)

// extensions are those that the names of a format's files can have, by the
// format's name: its Match is asked about such files only. The empty extension
// stands for names without a dot. A format without a row is asked about every
// file, which is felt in a large repository.
var extensions = map[string][]string{
	"go.mod":                 {".mod"},
	"go.work":                {".work"},
	".go-version":            {".go-version"},
	".tool-versions":         {".tool-versions"},
	"mise.toml":              {".toml"},
	"mise.lock":              {".lock"},
	".prototools":            {".prototools"},
	"GitHub workflow":        yamlExtensions,
	"GitLab CI":              yamlExtensions,
	"CircleCI":               yamlExtensions,
	"Azure pipeline":         yamlExtensions,
	"Travis CI":              yamlExtensions,
	"AppVeyor":               yamlExtensions,
	"Drone CI":               yamlExtensions,
	"Buildkite":              yamlExtensions,
	"Cirrus CI":              yamlExtensions,
	"Bitbucket":              yamlExtensions,
	"pre-commit":             yamlExtensions,
	"golangci-lint":          {".yml", ".yaml", ".toml", ".json"},
	"App Engine":             yamlExtensions,
	"compose":                yamlExtensions,
	"devcontainer.json":      {".json"},
	"devbox.json":            {".json"},
	"Nix":                    {".nix"},
	"bake":                   {".hcl", ".json"},
	"Cloud Build":            yamlExtensions,
	"Earthfile":              {""},
	"goreleaser":             yamlExtensions,
	"Bazel":                  {"", ".bazel", ".bzlmod", ".bzl"},
	"shell script":           {".sh", ".bash", ".envrc", ""},
	"Semaphore":              yamlExtensions,
	"AWS CodeBuild":          yamlExtensions,
	"Read the Docs":          yamlExtensions,
	"HCL":                    {".tf", ".tfvars", ".hcl", ".nomad"},
	"promu":                  yamlExtensions,
	"snapcraft":              yamlExtensions,
	"Taskfile":               yamlExtensions,
	"wrangler.json":          {".json", ".jsonc"},
	"fly.toml":               {".toml"},
	"app.json":               {".json"},
	"Brewfile":               {"", ".Brewfile"},
	"conda":                  yamlExtensions,
	"pixi.toml":              {".toml"},
	"Renovate":               {".json", ".json5", ".renovaterc"},
	"Ansible":                yamlExtensions,
	"go.mod of another name": {".mod"},
	"netlify.toml":           {".toml"},
	"wrangler.toml":          {".toml"},
	"project.toml":           {".toml"},
	".gitpod.yml":            yamlExtensions,
	".gvmrc":                 {".gvmrc"},
	"documentation":          {".md", ".markdown", ".mkd", ".mdx", ".rst", ".adoc", ".txt", ".org", ""},
	"Kubernetes":             yamlExtensions,
}

var yamlExtensions = []string{".yml", ".yaml"}

// shortlists are the formats to ask about a file by the extension of its name,
// in the order of the list.
type shortlists struct {
	of map[string][]*Format
	// other are those to ask about files with any other extension.
	other []*Format
}

var shortlisted = sync.OnceValue(func() *shortlists {
	s := &shortlists{of: map[string][]*Format{}}
	for _, list := range extensions {
		for _, ext := range list {
			s.of[ext] = nil
		}
	}
	for i := range Formats {
		f := &Formats[i]
		own, limited := extensions[f.Name]
		if !limited {
			s.other = append(s.other, f)
		}
		for ext := range s.of {
			if !limited || slices.Contains(own, ext) {
				s.of[ext] = append(s.of[ext], f)
			}
		}
	}
	return s
})

// Of returns the format of a file, named relative to the workspace's root and
// with slashes; nil if it is of none. It keeps no part of the name.
func Of(rel string) *Format {
	s := shortlisted()
	list, ok := s.of[extension(rel)]
	if !ok {
		list = s.other
	}
	for _, f := range list {
		if f.Match(rel) {
			return f
		}
	}
	return nil
}

// extension is the last element of a path from its last dot on; empty if it has
// none.
func extension(rel string) string {
	for i := len(rel) - 1; i >= 0 && rel[i] != '/'; i-- {
		if rel[i] == '.' {
			return rel[i:]
		}
	}
	return ""
}
