// Package monitor is the face that stays: it keeps an engine for each of the user's
// workspaces and one for the machine itself, so that what changes is seen when it
// changes, by whomever, and remembered.
//
// The engines are told of changes by the system. Because such news can be lost, each
// workspace is looked at again at intervals, and once a day everything about it is read
// anew: modules, tools, the C compiler and a part of the build cache.
//
// There is one monitor for a state folder. It obeys the user's own configuration and
// nothing of a repository's: the folders that a person names there or on the command
// line are trusted.
package monitor
