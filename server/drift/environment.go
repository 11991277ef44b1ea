package drift

// LayerKind says where the value of a variable comes from.
type LayerKind string

// The layers, strongest first.
const (
	LayerProcess LayerKind = "process" // the process environment
	LayerGOENV   LayerKind = "goenv"   // the file that go env -w writes
	LayerGoEnv   LayerKind = "go.env"  // $GOROOT/go.env
	LayerDefault LayerKind = "default" // computed by the go command
	LayerNone    LayerKind = ""        // no variable is spoken of
)

// Layer is one value of a variable and where it stands.
type Layer struct {
	Kind  LayerKind `json:"layer"`
	Value string    `json:"value"`
	File  string    `json:"file,omitempty"`
	Line  int       `json:"line,omitempty"` // from 1; 0 if File is empty
}

// Variable is one variable of the go command with the value it uses and the
// values in weaker layers that this one hides.
type Variable struct {
	Name string `json:"name"`
	Layer
	Shadowed []Layer `json:"shadowed,omitempty"`
}

// Origin says how a toolchain got onto this machine.
type Origin string

// The origins.
const (
	OriginPath     Origin = "PATH"
	OriginSDK      Origin = "sdk"      // ~/sdk/go*, as golang.org/dl installs
	OriginModCache Origin = "modcache" // golang.org/toolchain in GOMODCACHE
	OriginGobin    Origin = "gobin"    // ~/go/bin/go1.*
	OriginMise     Origin = "mise"
	OriginAsdf     Origin = "asdf"
	OriginGoenv    Origin = "goenv"
	OriginGvm      Origin = "gvm"
	OriginSystem   Origin = "system" // /usr/local/go, /usr/lib/go-*, Homebrew and the like
)

// Toolchain is one Go that can run.
type Toolchain struct {
	// Version is as runtime.Version prints it, with the "go" prefix and any
	// suffix ("go1.25.3-corp.7"); empty if it could not be read.
	Version    string `json:"version"`
	GOROOT     string `json:"goroot"`
	Executable string `json:"path"`
	Origin     Origin `json:"origin"`
	// Shim says that Executable is a script which chooses a Go when it runs,
	// so that nothing is known without running it.
	Shim bool `json:"shim,omitempty"`
}

// How says in which way the go command comes to the toolchain it runs.
type How string

// The ways.
const (
	HowLocal    How = "local"    // the go that was started
	HowPath     How = "path"     // a goX.Y.Z on PATH
	HowModCache How = "modcache" // a downloaded toolchain
	HowDownload How = "download" // it would be downloaded now
	HowError    How = "error"    // the go command stops
	HowNoGo     How = "nogo"     // there is no go on PATH
)

// GivenRoot reports whether a variable of the process is GOROOT as a go command that
// switches to another toolchain sets it for that one
// (cmd/go/internal/toolchain/exec.go execGoToolchain): no shell had a hand in it.
func GivenRoot(name string, how How) bool {
	return name == "GOROOT" && (how == HowModCache || how == HowPath)
}

// Step is one link of the explanation of a Selection, as a sentence.
type Step struct {
	Text string `json:"text"`
	// File and Line (from 1) name what decided this step, if a file did.
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	// Layer is set if a variable decided this step.
	Layer LayerKind `json:"layer,omitempty"`
}

// Selection is the toolchain the go command will run in Dir, or the error it
// will print, with the steps that led there.
type Selection struct {
	Dir string `json:"dir"`
	// Go is the go that PATH finds, before any switch; nil if there is none.
	Go *Toolchain `json:"go"`
	// Selected is the third word of what "go version" would print, for example
	// "go1.25.3"; empty on error. For HowDownload it is what would be fetched.
	Selected string `json:"selected"`
	// GOROOT is that of the selected toolchain; empty if it is not known.
	GOROOT string `json:"goroot"`
	How    How    `json:"how"`
	// Error is exactly what "go version" prints on standard error when it
	// stops, without "go: downloading" lines; empty if it does not stop.
	Error string `json:"error"`
	// LoadError is what commands that load modules (go build, go list -m)
	// print when they stop although "go version" does not, for example
	// "go: go.mod requires go >= 1.25.0 (running go 1.24.13; GOTOOLCHAIN=local)".
	LoadError string `json:"loadError,omitempty"`
	Steps     []Step `json:"steps"`
	// Decider is the place that made the choice what it is: the toolchain or
	// go line, or the GOENV line. Its File is empty if nothing in a file did.
	Decider Place `json:"decider,omitzero"`
}

// Host is what never changes while the process lives.
type Host struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
}

// Environment is the environment of somebody: an editor, a terminal, a
// command line, a CI job, a monitor.
type Environment struct {
	// Of is "editor", "login shell", "terminal", "cli", "ci" or "monitor"; of several
	// terminals each has its own name after a colon.
	Of   string `json:"of"`
	Host Host   `json:"host"`
	// Variables holds every variable that "go env" prints in the workspace's
	// folder, less GOGCCFLAGS, sorted by name.
	Variables []Variable `json:"variables"`
	// Error is what "go env" prints when it cannot tell them all; Variables
	// then holds what can be told without it.
	Error string `json:"error,omitempty"`
	// Toolchains are the Gos within reach: those on PATH first and in its
	// order, then the others by origin and version.
	Toolchains []Toolchain `json:"toolchains"`
	// GOENV is the file that go env -w writes; empty if there is none.
	GOENV string `json:"goenv"`
}

// Other is the environment of somebody else than the one a snapshot was made
// for, and the Go that runs there.
type Other struct {
	Environment Environment `json:"environment"`
	// Selection is what a go command started in the snapshot's Root runs.
	Selection Selection `json:"selection"`
}

// OfLoginShell is whose environment it is that a new login shell gives.
const OfLoginShell = "login shell"

// OfMonitor is whose environment it is that a monitor was started with.
const OfMonitor = "monitor"

// Lookup finds a variable by name.
func (e *Environment) Lookup(name string) (Variable, bool) {
	for _, v := range e.Variables {
		if v.Name == name {
			return v, true
		}
	}
	return Variable{}, false
}
