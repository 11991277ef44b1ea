package drift

// CgoNeed says what becomes of a package with C code where cgo is off.
type CgoNeed string

// The needs.
const (
	CgoRequired CgoNeed = "required" // it cannot be built
	CgoFallback CgoNeed = "fallback" // other files of it are built in place of those with C code
	CgoStub     CgoNeed = "stub"     // it is built, and fails when the program runs
)

// CgoPackage is a package with files that import "C".
type CgoPackage struct {
	// Path is its import path, Dir its folder, Files those that import "C", by name.
	Path  string   `json:"path"`
	Dir   string   `json:"dir"`
	Files []string `json:"files"`
	Need  CgoNeed  `json:"need"`
	// Own says that it is a package of the module itself, Standard that it is one of Go's.
	Own      bool `json:"own,omitempty"`
	Standard bool `json:"standard,omitempty"`
	// Module and Version are of the module it is in, empty for Go's own.
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	// PkgConfig are the packages that its #cgo lines ask pkg-config for.
	PkgConfig []string `json:"pkgConfig,omitempty"`
}

// CgoProgram is a main package with what it links.
type CgoProgram struct {
	Path string `json:"path"`
	// Links are the packages with C code in it, Go's own included.
	Links []string `json:"links"`
}

// CgoNeeds is which packages need cgo in one folder of modules.
type CgoNeeds struct {
	Dir string `json:"dir"`
	// Packages are those that are built here and have C code, own first.
	Packages []CgoPackage `json:"packages"`
	// Programs are the main packages of the module.
	Programs []CgoProgram `json:"programs,omitempty"`
	// OwnOnly says that the dependencies could not be asked, and Problem why.
	OwnOnly bool   `json:"ownOnly,omitempty"`
	Problem string `json:"problem,omitempty"`
}

// Needing are the packages, Go's own aside, that cannot do without cgo.
func (n CgoNeeds) Needing() []CgoPackage {
	var list []CgoPackage
	for _, p := range n.Packages {
		if !p.Standard && p.Need != CgoFallback {
			list = append(list, p)
		}
	}
	return list
}

// CgoState is what is known of cgo in a workspace.
type CgoState struct {
	// Target is what is built for there now.
	Target CgoTarget `json:"target"`
	// Needs are those of the modules, where that was asked.
	Needs []CgoNeeds `json:"needs,omitempty"`
}

// CgoStep is one variable in the picture of what forces what.
type CgoStep struct {
	Variable
	// Text says in a sentence why it has its value.
	Text string `json:"text"`
}

// CgoEffect is one thing that is another in a program with cgo on than with cgo off.
type CgoEffect struct {
	// What is the thing, On and Off how it is; in a few words.
	What string `json:"what"`
	On   string `json:"on"`
	Off  string `json:"off"`
	// Because are the packages that make it so.
	Because []string `json:"because"`
}
