// The generator is a module of its own: what it needs must not enter the
// shipped binary's module graph.
module godrift.dev/scripts/gen

go 1.26.0

require godrift.dev v0.0.0

require (
	github.com/bahlo/generic-list-go v0.2.0 // indirect
	github.com/buger/jsonparser v1.1.2 // indirect
	github.com/invopop/jsonschema v0.14.0 // indirect
	github.com/pb33f/ordered-map/v2 v2.3.1 // indirect
	go.yaml.in/yaml/v4 v4.0.0-rc.2 // indirect
)

replace godrift.dev => ../..
