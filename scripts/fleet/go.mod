// What proves the rules, dashboards and configurations of shared/observability
// is a module of its own: go install ./... in the root builds godrift alone.
module godrift.dev/scripts/fleet

go 1.26.0

require go.yaml.in/yaml/v4 v4.0.0
