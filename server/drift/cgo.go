package drift

import "time"

// CgoVerdict says what becomes of a package with C code for a target when
// CGO_ENABLED is 1 and everything else is as it is.
type CgoVerdict string

// The verdicts.
const (
	CgoWorks       CgoVerdict = "works"       // go build makes a program for the target
	CgoFails       CgoVerdict = "fails"       // go build stops: see Cause
	CgoWrong       CgoVerdict = "wrong"       // go build succeeds, and the program is for another system
	CgoUnsupported CgoVerdict = "unsupported" // Go has no cgo for the target
	CgoUntried     CgoVerdict = "untried"     // a compiler is there; it was not started
)

// CgoCause says why C code cannot be built.
type CgoCause string

// The causes.
const (
	CgoNoCompiler    CgoCause = "no-compiler"    // the C compiler is not found
	CgoNoHelper      CgoCause = "no-helper"      // the C++ or Fortran compiler, or a program that the C compiler starts, is not found
	CgoOtherMachine  CgoCause = "other-machine"  // the compiler builds for another machine
	CgoNoMultilib    CgoCause = "no-multilib"    // the compiler knows the machine; the C library for it is not installed
	CgoNoHeader      CgoCause = "no-header"      // a header is not installed
	CgoNoLibrary     CgoCause = "no-library"     // a library is not installed
	CgoNoPkgConfig   CgoCause = "no-pkg-config"  // pkg-config is not found
	CgoNoPackage     CgoCause = "no-package"     // pkg-config does not know a package
	CgoTooOld        CgoCause = "too-old"        // something is older than what is asked for
	CgoFlag          CgoCause = "flag"           // the compiler or linker refuses a flag
	CgoForbiddenFlag CgoCause = "forbidden-flag" // the go command refuses a flag
	CgoExcluded      CgoCause = "excluded"       // with cgo off, no Go file is left
	CgoSources       CgoCause = "c-sources"      // C files in a package where cgo is off
	CgoUndefined     CgoCause = "undefined"      // a symbol is in none of the libraries
	CgoNoPort        CgoCause = "unsupported"    // Go has no cgo for the target
	CgoBadVariable   CgoCause = "bad-variable"   // a variable cannot be read, or names a relative path
	CgoTimedOut      CgoCause = "timed-out"      // the compiler did not end
	CgoSource        CgoCause = "source"         // the C code itself is wrong
	CgoUnknownCause  CgoCause = "unknown"        // none of these
)

// CgoProblem is what a failure text means.
type CgoProblem struct {
	Cause CgoCause `json:"cause"`
	// Name is what is missing or refused: a program, header, library, package or
	// flag; empty if the text names none.
	Name string `json:"name,omitempty"`
	// Message says it in one sentence.
	Message string `json:"message"`
	// Remedies are what can be done, the likeliest first.
	Remedies []CgoRemedy `json:"remedies,omitempty"`
	// Line is the part of the text that tells it, clipped.
	Line string `json:"line,omitempty"`
}

// CgoRemedy is one thing that can be done about a problem.
type CgoRemedy struct {
	// Text says it in a few words.
	Text string `json:"text"`
	// Command is what to type for it; empty if there is no single command.
	Command string `json:"command,omitempty"`
	// CC is the value of CC that mends it; empty if none does.
	CC string `json:"cc,omitempty"`
	// Proven says that a program was compiled with CC and is for the target.
	Proven bool `json:"proven,omitempty"`
}

// CgoCompiler is the C compiler that the go command uses for a target.
type CgoCompiler struct {
	// CC is the variable with its layer.
	CC Variable `json:"cc"`
	// Path is the program it leads to, absolute; empty if there is none.
	Path string `json:"path,omitempty"`
	// Version is the first line that the compiler says of itself, and Machine what
	// it builds for (-dumpmachine). Both are empty if it was not started.
	Version string `json:"version,omitempty"`
	Machine string `json:"machine,omitempty"`
}

// CgoTarget is how one GOOS/GOARCH stands.
type CgoTarget struct {
	GOOS   string `json:"goos"`
	GOARCH string `json:"goarch"`
	// Native says that it is this machine.
	Native bool `json:"native,omitempty"`
	// Enabled is CGO_ENABLED for this target as the go command computes it, and
	// Why says in a sentence what made it so.
	Enabled Variable `json:"enabled"`
	Why     string   `json:"why"`
	// Compiler is what would compile.
	Compiler CgoCompiler `json:"compiler"`
	// Verdict is what happens with CGO_ENABLED=1, Problem why it is not
	// CgoWorks.
	Verdict CgoVerdict  `json:"verdict"`
	Problem *CgoProblem `json:"problem,omitempty"`
	// Built says what was compiled and linked, read from the file: "ELF x86-64".
	Built string `json:"built,omitempty"`
	// Output is what the compiler printed, masked and bounded.
	Output string `json:"output,omitempty"`
	// Cached says that the compiler was tried before and nothing changed since.
	Cached bool `json:"cached,omitempty"`
	// Took is how long the trial took.
	Took time.Duration `json:"took,omitempty"`
}

// On reports whether cgo is on for the target without anybody doing anything.
func (t CgoTarget) On() bool { return t.Enabled.Value == "1" }
