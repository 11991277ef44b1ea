// The list of releases is written by a module of its own: go install ./... in
// the root builds godrift alone.
module godrift.dev/scripts/releases

go 1.26.0
