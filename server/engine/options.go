package engine

import (
	"cmp"
	"log/slog"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
	"godrift.dev/server/observe/workspace"
)

// World is what an evaluation can see: files, an environment, a host.
type World = workspace.World

// Here is the world of this process; of names whose environment it is.
func Here(of string) World { return workspace.Here(of) }

// The time an Engine waits for more events before it evaluates. A stream of
// events is evaluated at the latest after MaxDelay, however fast they come.
const (
	DefaultQuiet    = 20 * time.Millisecond
	DefaultMaxDelay = 200 * time.Millisecond
)

// Options says what to evaluate. Root and World are required.
type Options struct {
	// Root is the workspace folder, absolute.
	Root string
	// World is the file system, environment and host to look at.
	World World
	// Trusted allows running programs that this workspace could have placed.
	Trusted bool
	// Watch keeps an eye on the disk. Without it the faces' events are all
	// there is.
	Watch bool
	// Quiet and MaxDelay replace the defaults if they are not zero.
	Quiet, MaxDelay time.Duration
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Log takes what went wrong without stopping the work; it may be nil.
	Log *slog.Logger
	// StateDir replaces the user's state folder; the journal of fixes lives there.
	StateDir string
	// NoTools leaves out the programs that people work on Go code with: what is
	// asked about is the files alone.
	NoTools bool
	// Before reads a file as it was in the commit that is compared with, which
	// BeforeName names as the end of a sentence; nil if there is none.
	Before     func(file string) ([]byte, error)
	BeforeName string
	// Editor carries out what only an editor can; nil if there is none.
	Editor Editor
	// Memory remembers the saved states of a trusted workspace, off the way of
	// every report, and is what rules compare with; nil if nothing is remembered.
	Memory *Memory
	// Record has Evaluate store what it finds; an Engine with a Memory always
	// does.
	Record bool
	// Forgot is told why Evaluate could not remember; nil if nobody asks.
	Forgot func(error)
	// Settle replaces, if it is not zero, the time that a workspace has to be
	// quiet before its state is remembered.
	Settle time.Duration
	// Evaluated is told of every evaluation of an Engine that ended, with its times, right
	// before its report goes out: what follows from the report belongs to it. It is called from the engine's own goroutine and must not block;
	// nil if nobody measures.
	Evaluated func(drift.Evaluation)
}

func (o Options) withDefaults() Options {
	o.Quiet = cmp.Or(o.Quiet, DefaultQuiet)
	o.MaxDelay = cmp.Or(o.MaxDelay, DefaultMaxDelay)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// workspace is what is passed on to the observers, who know nothing of policies:
// the files that the policy declares to be pins are told them here.
func (o Options) workspace() workspace.Options {
	look := o.cacheLook()
	return workspace.Options{
		Cache: look.look, CacheFiles: look.files,
		Root: o.Root, World: o.World, Trusted: o.Trusted, Before: o.Before, BeforeName: o.BeforeName,
		Declared: func(doc drift.Document) []drift.DeclaredPin {
			p, _ := policy.Parse(doc)
			return p.Pins()
		},
	}
}
