package knowntools

// All lists the tools that godrift knows, in the order in which they are shown.
//
// Where the releases come from: the go line of each module's go.mod; Delve's
// pkg/goversion/compat.go (MinSupportedVersionOfGo…, MaxSupportedVersionOfGo…);
// the table Supported in gopls' internal/util/goversion.
// They were looked at on 2026-11-22.
// Not every release is listed: one that is not is judged by the nearest one
// below it with the same major and minor.
var All = []Tool{
	{
		Name: "gopls", Package: "golang.org/x/tools/gopls", Editor: true, Types: true,
		Releases: []Release{
			{Version: "v0.24.0", Build: "go1.27.0", Least: "go1.21"},
			{Version: "v0.23.0", Build: "go1.26.0", Least: "go1.21"},
			{Version: "v0.22.0", Build: "go1.26.0", Least: "go1.21"},
			{Version: "v0.21.1", Build: "go1.25.0", Least: "go1.21"},
			{Version: "v0.21.0", Build: "go1.25.0", Least: "go1.21"},
			{Version: "v0.20.0", Build: "go1.24.2", Least: "go1.21"},
			{Version: "v0.19.1", Build: "go1.24.2", Least: "go1.21"},
			{Version: "v0.18.1", Build: "go1.23.4", Least: "go1.21"},
			{Version: "v0.17.1", Build: "go1.23.1", Least: "go1.21"},
			{Version: "v0.16.2", Build: "go1.19", Least: "go1.19"},
			{Version: "v0.15.3", Build: "go1.18", Least: "go1.19"},
			{Version: "v0.14.2", Build: "go1.18", Least: "go1.18"},
		},
	},
	{
		Name: "dlv", Package: "github.com/go-delve/delve/cmd/dlv", Editor: true,
		Releases: []Release{
			{Version: "v1.27.2", Build: "go1.25.0", Least: "go1.25", Most: "go1.27"},
			{Version: "v1.27.1", Build: "go1.25.0", Least: "go1.25", Most: "go1.27"},
			{Version: "v1.26.2", Build: "go1.24", Least: "go1.24", Most: "go1.26"},
			{Version: "v1.26.0", Build: "go1.24", Least: "go1.24", Most: "go1.26"},
			{Version: "v1.25.2", Build: "go1.22.0", Least: "go1.22", Most: "go1.25"},
			{Version: "v1.25.1", Build: "go1.22.0", Least: "go1.22", Most: "go1.25"},
			{Version: "v1.25.0", Build: "go1.21", Least: "go1.21", Most: "go1.24"},
			{Version: "v1.24.2", Build: "go1.21", Least: "go1.21", Most: "go1.24"},
			{Version: "v1.24.0", Build: "go1.21", Least: "go1.21", Most: "go1.24"},
			{Version: "v1.23.1", Build: "go1.21", Least: "go1.21", Most: "go1.23"},
			{Version: "v1.23.0", Build: "go1.21", Least: "go1.21", Most: "go1.23"},
			{Version: "v1.22.1", Build: "go1.21", Least: "go1.19", Most: "go1.22"},
			{Version: "v1.22.0", Build: "go1.21", Least: "go1.19", Most: "go1.22"},
			{Version: "v1.21.0", Build: "go1.16", Least: "go1.18", Most: "go1.21"},
			{Version: "v1.20.2", Build: "go1.16", Least: "go1.18", Most: "go1.20"},
			{Version: "v1.20.0", Build: "go1.16", Least: "go1.18", Most: "go1.20"},
		},
	},
	{
		Name: "golangci-lint", Package: "github.com/golangci/golangci-lint/v2/cmd/golangci-lint",
		Formerly: []string{"github.com/golangci/golangci-lint/cmd/golangci-lint"}, Types: true, Export: true,
		Releases: []Release{
			{Version: "v2.15.0", Build: "go1.26.0"},
			{Version: "v2.11.4", Build: "go1.25.0"},
			{Version: "v2.9.0", Build: "go1.25.0"},
			{Version: "v2.5.0", Build: "go1.24.0"},
			{Version: "v2.4.0", Build: "go1.24.0"},
			{Version: "v2.1.6", Build: "go1.23.0"},
			{Version: "v1.64.8", Build: "go1.23.0"},
			{Version: "v1.62.2", Build: "go1.22.1"},
			{Version: "v1.59.1", Build: "go1.21"},
		},
	},
	{
		Name: "staticcheck", Package: "honnef.co/go/tools/cmd/staticcheck", Types: true, Export: true,
		Releases: []Release{
			{Version: "v0.8.2", Build: "go1.26.0"},
			{Version: "v0.7.0", Build: "go1.25.0"},
			{Version: "v0.6.1", Build: "go1.23"},
			{Version: "v0.5.1", Build: "go1.22.1"},
			{Version: "v0.4.7", Build: "go1.19"},
		},
	},
	{
		Name: "govulncheck", Package: "golang.org/x/vuln/cmd/govulncheck", Types: true, Export: true,
		Releases: []Release{
			{Version: "v1.8.0", Build: "go1.26.0"},
			{Version: "v1.6.0", Build: "go1.25.0"},
			{Version: "v1.4.0", Build: "go1.25.0"},
			{Version: "v1.2.0", Build: "go1.25.0"},
			{Version: "v1.1.4", Build: "go1.22.0"},
			{Version: "v1.0.4", Build: "go1.18"},
		},
	},
	{Name: "mockgen", Package: "go.uber.org/mock/mockgen", Formerly: []string{"github.com/golang/mock/mockgen"}, Types: true, Export: true},
	{Name: "deadcode", Package: "golang.org/x/tools/cmd/deadcode", Types: true, Export: true},
	{Name: "stringer", Package: "golang.org/x/tools/cmd/stringer", Types: true, Export: true},
	{Name: "errcheck", Package: "github.com/kisielk/errcheck", Types: true, Export: true},
	{Name: "gofumpt", Package: "mvdan.cc/gofumpt"},
	{Name: "goimports", Package: "golang.org/x/tools/cmd/goimports"},
	{Name: "gci", Package: "github.com/daixiang0/gci"},
	{Name: "revive", Package: "github.com/mgechev/revive"},
	{Name: "gotestsum", Package: "gotest.tools/gotestsum"},
	{Name: "gomodifytags", Package: "github.com/fatih/gomodifytags"},
	{Name: "gotests", Package: "github.com/cweill/gotests/gotests"},
	{Name: "impl", Package: "github.com/josharian/impl"},
	{Name: "goplay", Package: "github.com/haya14busa/goplay/cmd/goplay"},
	{Name: "protoc-gen-go", Package: "google.golang.org/protobuf/cmd/protoc-gen-go"},
	{Name: "protoc-gen-go-grpc", Package: "google.golang.org/grpc/cmd/protoc-gen-go-grpc"},
	{Name: "sqlc", Package: "github.com/sqlc-dev/sqlc/cmd/sqlc"},
	{Name: "wire", Package: "github.com/google/wire/cmd/wire", Types: true, Export: true},
	{Name: "buf", Package: "github.com/bufbuild/buf/cmd/buf"},
	{Name: "ko", Package: "github.com/google/ko"},
	{Name: "air", Package: "github.com/air-verse/air", Formerly: []string{"github.com/cosmtrek/air"}},
	{Name: "goreleaser", Package: "github.com/goreleaser/goreleaser/v2", Formerly: []string{"github.com/goreleaser/goreleaser"}},
}

// exports lists from which Go on the export data of packages has a form that
// older releases of golang.org/x/tools cannot read, newest first. Measured with
// an analyzer (nilness) of each release: v0.20.0 and v0.24.0 work under go1.21 to
// go1.23 and fail under go1.24.9, go1.25.3 and go1.26.2; v0.25.0 and v0.26.0 work
// under all of them.
var exports = []struct{ since, least string }{
	{"go1.24", "v0.25.0"},
}
