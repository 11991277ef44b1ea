package rules

import (
	"fmt"
	"go/version"
	"strings"

	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/knowntools"
)

// tool-too-old reports a debugger or language server whose release does not
// support the Go that runs here.
//
// # Why it matters
//
// Delve knows the insides of the programs that it debugs, and refuses those that
// a Go built which it does not know. The limit is in its own version: building
// it anew does not help. gopls gives up Go releases that are too old. What each
// release supports is compiled into godrift, from the sources of Delve and
// gopls, and dated.
//
// # Example
//
// go1.26.8 runs here, and dlv is of 2024:
//
//	dlv v1.22.1 in /home/me/go/bin does not support go1.26.8, which runs here. It stops with "Version of Delve is too old for Go version go1.26.8 (maximum supported version 1.22, suppress this error with --check-go-version=false)".
//
// # How to fix it
//
// Install a release that supports this Go. godrift builds it with the Go that
// runs here; the old program is kept, and undo brings it back.
//
// # How to silence it
//
// Accept it in godrift.toml.
var toolTooOld = Rule{
	Code: "tool-too-old", Title: "A tool does not support the Go that runs",
	Group: GroupTools, Severity: drift.SeverityWarning,
	Check: checkToolTooOld,
}

func checkToolTooOld(in Input) []Found {
	running := in.runs()
	if running == "" {
		return nil
	}
	var found []Found
	for _, t := range in.started() {
		k, ok := in.known(t)
		r, limited := supports(k, t.Version)
		if !ok || !limited || r.Supports(running) {
			continue
		}
		f := toolFound(t, in.mainPlace(), fmt.Sprintf("%s does not support %s, which runs here.%s",
			standing(t), running, saysOfSupport(k, r, running)))
		f.Fixes, f.Severity = in.rebuild(t, k, running, ""), in.bad(t, k)
		if _, any := k.For(running); len(f.Fixes) == 0 && any {
			f.Message += " Install one that does, in the way that this one was installed."
		}
		found = append(found, Found{Finding: f, Cause: t.Path})
	}
	return found
}

// supports is what a version of a tool is known to support; what is older than
// all that is known supports no newer Go than those do.
func supports(k knowntools.Tool, v string) (knowntools.Release, bool) {
	if r, ok := k.At(v); ok {
		return r, r.Least != "" || r.Most != ""
	}
	if n := len(k.Releases); n > 0 && semver.IsValid(v) && semver.Compare(v, k.Releases[n-1].Version) < 0 && k.Releases[n-1].Most != "" {
		return knowntools.Release{Version: v, Most: k.Releases[n-1].Most}, true
	}
	return knowntools.Release{}, false
}

// saysOfSupport is what a tool prints at a Go that it does not support, as a
// sentence; empty if its words are not known.
func saysOfSupport(k knowntools.Tool, r knowntools.Release, running string) string {
	minor := strings.TrimPrefix(version.Lang(running), "go")
	switch {
	case k.Name == "gopls":
		return fmt.Sprintf(" It says: Found Go version %s, which is not supported by this version of gopls.", minor)
	case r.Least == "":
		return ""
	case r.Most != "" && version.Compare(version.Lang(running), r.Most) > 0:
		return fmt.Sprintf(" It stops with \"Version of Delve is too old for Go version %s (maximum supported version %s, suppress this error with --check-go-version=false)\".", running, strings.TrimPrefix(r.Most, "go"))
	}
	return fmt.Sprintf(" It stops with \"Go version %s is too old for this version of Delve (minimum supported version %s, suppress this error with --check-go-version=false)\".", running, strings.TrimPrefix(r.Least, "go"))
}
