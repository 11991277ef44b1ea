package web

import (
	"context"
	"time"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// Source is what the server shows and changes. Its methods are called from many
// goroutines at once.
type Source interface {
	// Workspaces are those that are watched now, in the order they are shown.
	Workspaces() []Workspace
	// Ready says whether every workspace has been looked at and what is remembered
	// can be read; if not, the reasons name workspaces by their names.
	Ready(ctx context.Context) (ready bool, reasons []string)
	// Alerts is a document about what fires, is silenced and waits to be sent.
	Alerts(ctx context.Context) (any, error)
	// Silence keeps alerts from being sent for a while, and returns the document
	// of Alerts.
	Silence(ctx context.Context, s Silence) (any, error)
}

// Workspace is one folder that is watched.
type Workspace struct {
	// Name is what people call it; Root is the folder, absolute.
	Name, Root string
	// Engine keeps its report, and Options are what the engine was made with:
	// their World and Memory serve the buttons, too.
	Engine  *engine.Engine
	Options engine.Options
	// Mender carries out what the buttons ask for. Without one they are refused.
	Mender *engine.Mender
	// Page answers what the page asks.
	Page Asker
}

// Asker answers what the page asks about one workspace, with a document. An
// engine.Page does.
type Asker interface {
	Ask(ctx context.Context, q tell.PageQuestion) (any, error)
}

// Silence is what is not to be alerted about, and for how long. An empty Rule or
// Workspace stands for all.
type Silence struct {
	Rule      string
	Workspace string
	For       time.Duration
	Reason    string
}
