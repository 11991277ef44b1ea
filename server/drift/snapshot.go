package drift

import "time"

// Use is one use line of a go.work file.
type Use struct {
	// Dir is the absolute folder of the used module.
	Dir string `json:"dir"`
	// Place covers the path as written.
	Place Place `json:"place"`
}

// Requirement is one module that a go.mod requires.
type Requirement struct {
	Path     string `json:"path"`
	Version  string `json:"version"`
	Indirect bool   `json:"indirect,omitempty"`
	// Go is the go line of that module, empty if it is not known here.
	Go string `json:"go,omitempty"`
}

// Module is one folder in which the go command behaves alike: a module, or the
// workspace that a go.work file describes.
type Module struct {
	Dir string `json:"dir"`
	// File is the go.mod or go.work.
	File string `json:"file"`
	// Path is the module path; empty for a go.work.
	Path string `json:"path,omitempty"`
	// Work is the go.work in effect here, empty if none is.
	Work string `json:"work,omitempty"`
	// Uses are the use lines of a go.work.
	Uses []Use `json:"uses,omitempty"`
	// Selection is what a go command started in Dir runs.
	Selection Selection `json:"selection"`
}

// Snapshot is everything one evaluation looks at. It is never changed after it
// was made; the next one shares what stayed the same.
type Snapshot struct {
	// ID is the hash of the content; the same state has the same ID.
	ID string `json:"id"`
	// Seq counts the snapshots of one running workspace. It takes no part in ID.
	Seq  uint64    `json:"seq"`
	Time time.Time `json:"time"`
	// Root is the workspace folder.
	Root string `json:"root"`
	// Trusted says that programs of this workspace may be run.
	Trusted     bool        `json:"trusted"`
	Environment Environment `json:"environment"`
	// Selection is what a go command started in Root runs.
	Selection Selection `json:"selection"`
	// Others are what Root looks like from the environments of others, sorted by
	// whose they are: the login shell's, where an editor looks.
	Others []Other `json:"others,omitempty"`
	// Modules are sorted by Dir.
	Modules  []Module  `json:"modules"`
	Pins     []Pin     `json:"pins"`
	Problems []Problem `json:"problems"`
	// Tools are the programs that people work on Go code with, those on PATH
	// first and then by path, and ToolPins the places that say which of them to
	// use. They are read after the first snapshot of a workspace is made and take
	// no part in ID: ToolsPending says that they are not, or not any more, what
	// is on disk.
	Tools        []Tool    `json:"tools,omitempty"`
	ToolPins     []ToolPin `json:"toolPins,omitempty"`
	ToolsPending bool      `json:"toolsPending,omitempty"`
	// Cgo is what is known of cgo in Root, nil if nothing is. It comes after the
	// tools, takes no part in ID either, and CgoPending says that it is not there
	// yet, or out of date.
	Cgo        *CgoState `json:"cgo,omitempty"`
	CgoPending bool      `json:"cgoPending,omitempty"`
	// Cache is the build cache of Root, nil while nobody looked. It is looked at with
	// the tools.
	Cache *Cache `json:"cache,omitempty"`
	// Graph is what the go command resolves in Root. It is read after the first
	// snapshot, too, and takes no part in ID; GraphPending says that it is not, or
	// not any more, what the files say.
	Graph        ModuleGraph `json:"graph,omitzero"`
	GraphPending bool        `json:"graphPending,omitempty"`
	// Checkouts are the tops of the git checkouts that Root stands in or holds:
	// what a file in one is for, no file above its top decides.
	Checkouts []string `json:"-"`
	// Digested are the tags that digests were seen beside before: in a commit
	// that this state is compared with, or when it was first looked at.
	Digested []Digested `json:"-"`
	// Documents holds the text of every file that a pin, module, variable
	// layer or problem points into, by file name: go.mod, go.work, .go-version,
	// godrift.toml, the GOENV file, $GOROOT/go.env. Of a file that was looked at
	// and says nothing about Go there is the name without the text.
	Documents map[string]Document `json:"-"`
}

// Module finds the module whose folder holds the given folder: the nearest one
// at or above it.
func (s *Snapshot) Module(dir string) (Module, bool) {
	best := -1
	for i, m := range s.Modules {
		if Within(m.Dir, dir) && (best < 0 || len(m.Dir) > len(s.Modules[best].Dir)) {
			best = i
		}
	}
	if best < 0 {
		return Module{}, false
	}
	return s.Modules[best], true
}

// EventKind says what an Event tells.
type EventKind string

// The kinds of event.
const (
	EventStart       EventKind = "start"       // first evaluation
	EventSaved       EventKind = "saved"       // files changed on disk: Files
	EventEdited      EventKind = "edited"      // a buffer was opened or changed: Buffer
	EventClosed      EventKind = "closed"      // a buffer was closed: Files[0]
	EventEnvironment EventKind = "environment" // somebody reports an environment: Of, Environ; nil if it is no more
	EventTrust       EventKind = "trust"       // Trusted
	EventRescan      EventKind = "rescan"      // changes may have been missed: look at everything
	EventRefresh     EventKind = "refresh"     // a person asked to check again
	EventTools       EventKind = "tools"       // the tools are to be read
	EventCgo         EventKind = "cgo"         // what is known of cgo: Cgo
	EventModules     EventKind = "modules"     // the module graph is to be read
	EventProbe       EventKind = "probe"       // a probe of the user's own says something else
	EventMemory      EventKind = "memory"      // what is remembered changed: the same is judged again
)

// Event is something that happened, with its cause.
type Event struct {
	Kind EventKind
	// Cause is a word for people, such as "rename of go.mod".
	Cause string
	Files []string
	// Buffer is the open document for EventEdited.
	Buffer  Document
	Of      string
	Environ map[string]string
	Trusted bool
	Cgo     *CgoState
}
