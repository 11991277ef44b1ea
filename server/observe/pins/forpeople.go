package pins

// forPeople names the formats whose pins can tell people which Go to develop
// with: only these can hold a pin of drift.RoleDevelop.
var forPeople = map[string]bool{
	"go.mod": true, "go.work": true, "go.mod of another name": true, ".go-version": true, ".tool-versions": true, "mise.toml": true, "mise.lock": true,
	".prototools": true, ".gvmrc": true, "devcontainer.json": true, "devbox.json": true, "Nix": true, ".gitpod.yml": true, "pre-commit": true,
	"Dockerfile": true, "compose": true, ".env": true, "bake": true, "shell script": true,
	"Brewfile": true, "conda": true, "pixi.toml": true,
}

// ForPeople reports whether a file can tell people which Go to develop with, by
// its path relative to the workspace's root, with slashes.
func ForPeople(rel string) bool {
	f := Of(rel)
	return f != nil && forPeople[f.Name]
}
