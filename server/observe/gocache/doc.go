// Package gocache looks at the go command's build cache: what is in it, whether
// it is whole, and whether it can be used at all. It changes nothing.
//
// The cache ($GOCACHE) holds 256 folders, 00 to ff. In each stand action entries,
// <hash>-a, which say which output an action has, and outputs, <hash>-d, whose name
// is the SHA-256 of their content. An output can also be a folder of that name with
// the one program that has that hash in it. The go command checks the size of a large
// output and not its content, so that a flipped bit is built into programs again and
// again; nothing but reading everything finds it.
//
// Source: cmd/go/internal/cache/cache.go of Go 1.26.
package gocache

import "time"

// Reason says what is wrong with something in the cache. The words are a part
// of the published output.
type Reason string

// The reasons, worst first.
const (
	ReasonContent       Reason = "content"        // an output whose content is not what its name says
	ReasonMixedUp       Reason = "mixed-up"       // an action entry that names the output of another action
	ReasonUnreadable    Reason = "unreadable"     // it cannot be read
	ReasonNotAFile      Reason = "not-a-file"     // a link, pipe or the like, or a folder that is no program
	ReasonSize          Reason = "size"           // an output of another size than its entry says
	ReasonEntry         Reason = "entry"          // an action entry that is none
	ReasonMissingOutput Reason = "missing-output" // an action entry whose output is gone
	ReasonForeign       Reason = "foreign"        // it does not belong into a build cache
)

// Bad is one thing that is wrong.
type Bad struct {
	// Path is absolute.
	Path   string
	Reason Reason
	// Detail says what exactly was found, in a few words.
	Detail string
	// Effect is what the go command does with it.
	Effect string
	// Bytes is the size of the file, of the program inside for a folder.
	Bytes int64
	// Size and Modified are what the name itself stands for: of a program, its folder.
	Size     int64
	Modified time.Time
	// Folder says that it is a folder, and no program of go's.
	Folder bool
	// Entries are the action entries that lead to a bad output: they go with it.
	Entries []string
}

// Harmful reports whether builds can go wrong because of it. The go command
// rebuilds what the others stand for, or passes them over.
func (b Bad) Harmful() bool {
	switch b.Reason {
	case ReasonContent, ReasonMixedUp, ReasonUnreadable, ReasonNotAFile:
		return true
	case ReasonSize, ReasonEntry, ReasonMissingOutput, ReasonForeign:
	}
	return false
}

// effects is what go1.26 was seen to do with each kind of damage.
var effects = map[Reason]string{
	ReasonContent:       "go checks only its size: it is built in as it is, each time, and go never mends it",
	ReasonMixedUp:       "builds fail with \"mismatched import path\", or use the wrong package, until the entry is gone",
	ReasonUnreadable:    "go rebuilds it each time, or fails with an error about something else",
	ReasonNotAFile:      "go rebuilds what it stands for each time, and cannot store it",
	ReasonSize:          "go notices, and rebuilds and replaces it when it is needed",
	ReasonEntry:         "go notices, and rebuilds and replaces it when it is needed",
	ReasonMissingOutput: "go rebuilds the output when it is needed; a trimmed cache can hold such entries",
	ReasonForeign:       "go passes it over, and never removes it",
}
